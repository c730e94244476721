/**
 * `npm run soak [-- models mutants miri tests scenarios]`: the checks that take long, all or those named.
 * models: loom, every interleaving · mutants: each seeded fault must be caught · miri: the crates with unsafe code, interpreted
 * by a nightly that rustup installs when it is missing · tests: all tests with NEURONBUS_SOAK=1 · scenarios: each
 * `__test__/soak/*.mjs`, some minutes long, must exit with 0.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, main, node, root, run, say } from './lib/run.mjs';
import { checkRust } from './lib/toolchain.mjs';
import { runMiri } from './miri.mjs';
import { runModels, runMutants } from './mutants.mjs';
import { ensure } from './setup.mjs';
import { cargoTest, conclude, vitest } from './test.mjs';

const env = { NEURONBUS_SOAK: '1' };

/** @type {Record<string, () => Promise<import('./test.mjs').Tally[]>>} */
const parts = {
  models: async () => [await runModels()],
  mutants: async () => [await runMutants()],
  miri: async () => [await runMiri()],
  tests: async () => [await cargoTest(['--workspace', '--release'], env), await vitest([], env)],
  scenarios: runScenarios,
};

await main(async () => {
  const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(parts);
  const unknown = chosen.find((name) => !(name in parts));
  if (unknown !== undefined) throw new Failure(`There is no part ${unknown}: ${Object.keys(parts).join(', ')}.`);
  await checkRust();
  await ensure('addon', 'dist');
  const tallies = [];
  for (const name of chosen) tallies.push(...(await parts[name]()));
  conclude(tallies);
});

async function runScenarios() {
  const folder = join(root, '__test__', 'soak');
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.mjs')) : [];
  if (files.length === 0) throw new Failure('There is no scenario in __test__/soak.');
  const tally = { passed: 0, failed: 0 };
  for (const name of files.sort()) {
    say(`scenario ${name} …`);
    const code = await run(node, ['--expose-gc', join(folder, name)], { env });
    tally[code === 0 ? 'passed' : 'failed'] += 1;
  }
  return [tally];
}
