/**
 * `node scripts/check-bare.mjs`: the populations build without the standard library, for a machine without an operating system
 * (FE-17). rustup adds the target where it is missing; where neither is to be had, the crate is built for this machine alone.
 */
import { capture, Failure, main, run, say } from './lib/run.mjs';
import { checkRust } from './lib/toolchain.mjs';

const TARGET = 'wasm32-unknown-unknown';
const CHECK = ['check', '--locked', '-p', 'neuronbus-connectome', '--no-default-features'];

await main(async () => {
  await checkRust();
  const bare = (await isInstalled()) || (await run('rustup', ['target', 'add', TARGET])) === 0;
  if (!bare) say(`${TARGET} is not to be had here: its build is left to machines that have it.`);
  const code = await run('cargo', bare ? [...CHECK, '--target', TARGET] : CHECK);
  if (code !== 0) throw new Failure('The populations need more than a bare machine has.');
});

/** Whether the standard library of the target, whose core part we need, is there. */
async function isInstalled() {
  const { code, text } = await capture('rustup', ['target', 'list', '--installed']);
  return code === 0 && text.split('\n').includes(TARGET);
}
