/** `npm run lint`: every check that needs no test run. All of them run; the failed ones are named at the end. */
import { Failure, main, node, run, say, tool } from './lib/run.mjs';
import { checkRust } from './lib/toolchain.mjs';
import { ensure } from './setup.mjs';

/** @type {{name: string, program: string, args: () => string[], env?: object}[]} */
const checks = [
  { name: 'rustfmt', program: 'cargo', args: () => ['fmt', '--all', '--check'] },
  {
    name: 'clippy',
    program: 'cargo',
    args: () => ['clippy', '--workspace', '--all-targets', '--locked', '--', '-D', 'warnings'],
  },
  {
    name: 'rustdoc',
    program: 'cargo',
    args: () => ['doc', '--workspace', '--no-deps', '--locked'],
    env: { RUSTDOCFLAGS: '-D warnings' },
  },
  { name: 'bare machine', program: node, args: () => ['scripts/check-bare.mjs'] },
  { name: 'biome', program: node, args: () => [tool('@biomejs/biome', 'biome'), 'check', '--error-on-warnings'] },
  { name: 'types of ts and tests', program: node, args: () => types('tsconfig.test.json') },
  { name: 'types of examples and benches', program: node, args: () => [...types('tsconfig.apps.json'), '--noEmit'] },
  { name: 'imports', program: node, args: () => ['scripts/check-dag.mjs'] },
  { name: 'platform packages', program: node, args: () => ['scripts/platform-packages.mjs', '--check'] },
];

function types(project) {
  return [tool('typescript', 'tsc'), '--noEmit', '-p', project];
}

await main(async () => {
  await ensure('dist');
  await checkRust();
  const failed = [];
  for (const { name, program, args, env } of checks) {
    say(`${name} …`);
    if ((await run(program, args(), { env })) !== 0) failed.push(name);
  }
  if (failed.length > 0) throw new Failure(`${failed.length} of ${checks.length} checks failed: ${failed.join(', ')}.`);
  say(`all ${checks.length} checks hold.`);
});
