/**
 * The loom models, and the faults that they must catch. A crate lists its seeded faults in `tests/mutants.txt`: per line the
 * name of a `cfg!(mutant = "name")` and the model in `tests/loom.rs` that must fail under it; `#` begins a comment.
 * Usage: node scripts/mutants.mjs [name …]   (without names: all models unmutated, then every mutant)
 */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, main, root, run, say } from './lib/run.mjs';
import { checkRust } from './lib/toolchain.mjs';
import { conclude } from './test.mjs';

const target = join(root, 'target', 'loom');
const crates = readdirSync(join(root, 'crates')).filter((crate) =>
  existsSync(join(root, 'crates', crate, 'tests/loom.rs')),
);

/** Runs the models of every crate as they are. @returns {Promise<import('./test.mjs').Tally>} */
export async function runModels() {
  const tally = { passed: 0, failed: 0 };
  for (const crate of crates) {
    say(`loom models of ${crate} …`);
    const { code, passed, failed } = await loom(crate, []);
    tally.passed += passed;
    tally.failed += code !== 0 || passed === 0 ? Math.max(failed, 1) : 0;
  }
  return tally;
}

/** Runs every mutant (or those named); one that its model does not catch is a failure. @returns {Promise<import('./test.mjs').Tally>} */
export async function runMutants(names = []) {
  const all = crates.flatMap(listed);
  const chosen = all.filter(({ name }) => names.length === 0 || names.includes(name));
  if (chosen.length === 0) throw new Failure(`No such mutant. Known: ${all.map(({ name }) => name).join(', ')}.`);
  const tally = { passed: 0, failed: 0 };
  for (const mutant of chosen) {
    const verdict = await judge(mutant);
    say(`${mutant.crate} ${mutant.name}: ${verdict}`);
    tally[verdict.startsWith('caught') ? 'passed' : 'failed'] += 1;
  }
  return tally;
}

function listed(crate) {
  const path = join(root, 'crates', crate, 'tests/mutants.txt');
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  const rows = lines.map((line) => line.replace(/#.*/, '').trim().split(/\s+/)).filter(([name]) => name !== '');
  return rows.map(([name, model]) => ({ crate, name, model }));
}

async function judge({ crate, name, model }) {
  if (model === undefined) return 'ERROR, mutants.txt names no model';
  const { code, started, passed } = await loom(crate, ['--exact', model], name);
  if (!started) return `ERROR, there is no model ${model} or it does not compile`;
  return code !== 0 && passed === 0 ? `caught by ${model}` : `SURVIVED ${model}`;
}

/** One run of `tests/loom.rs`. The mutant is switched on in our crates only, so that loom itself is built once. */
async function loom(crate, filter, mutant) {
  const result = { started: false, passed: 0, failed: 0 };
  const onLine = (line) => {
    if (/^running [1-9]\d* test/.test(line)) result.started = true;
    const found = /^test result: .* (\d+) passed; (\d+) failed;/.exec(line);
    if (found) [result.passed, result.failed] = [Number(found[1]), Number(found[2])];
  };
  const env = {
    RUSTFLAGS: '--cfg loom',
    CARGO_TARGET_DIR: target,
    CARGO_PROFILE_RELEASE_LTO: 'off',
    ...(mutant && { RUSTC_WORKSPACE_WRAPPER: wrapper(mutant) }),
  };
  const manifest = join(root, 'crates', crate, 'Cargo.toml');
  const args = ['test', '--locked', '--release', '--manifest-path', manifest, '--test', 'loom', '--', ...filter];
  const code = await run('cargo', args, { env, onLine, quiet: mutant !== undefined });
  return { code, ...result };
}

function wrapper(mutant) {
  if (process.platform === 'win32') throw new Failure('Mutants are run on Linux or macOS.');
  const path = join(target, 'mutants', mutant);
  mkdirSync(join(target, 'mutants'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\nexec "$@" --cfg 'mutant="${mutant}"'\n`);
  chmodSync(path, 0o755);
  return path;
}

if (process.argv[1] === join(root, 'scripts', 'mutants.mjs')) {
  await main(async () => {
    await checkRust();
    const names = process.argv.slice(2);
    conclude([...(names.length > 0 ? [] : [await runModels()]), await runMutants(names)]);
  });
}
