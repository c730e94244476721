/**
 * `npm test`: builds what is stale, then the tests of all crates and of the package, and prints the sum of both last.
 * `npm test -- rust [cargo test arguments]` or `npm test -- ts [vitest arguments]` runs one half.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { main, node, root, run, tool } from './lib/run.mjs';
import { checkRust } from './lib/toolchain.mjs';
import { ensure } from './setup.mjs';

/** @typedef {{passed: number, failed: number}} Tally */

/** Runs `cargo test` and adds up what its binaries report. @returns {Promise<Tally>} */
export async function cargoTest(args = ['--workspace'], env = {}) {
  await checkRust();
  const tally = { passed: 0, failed: 0 };
  const onLine = (line) => {
    const found = /^test result: .* (\d+) passed; (\d+) failed;/.exec(line);
    tally.passed += Number(found?.[1] ?? 0);
    tally.failed += Number(found?.[2] ?? 0);
  };
  const code = await run('cargo', ['test', '--locked', '--no-fail-fast', ...args], { onLine, env });
  return withCode(tally, code);
}

/** Runs vitest. @returns {Promise<Tally>} */
export async function vitest(args = [], env = {}) {
  const report = join(root, 'build', 'vitest.json');
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await run(node, [tool('vitest'), 'run', ...reporters, ...args], { env });
  return withCode(readReport(report), code);
}

/** Prints the sum as the last line and sets the exit code. */
export function conclude(tallies) {
  const sum = (key) => tallies.reduce((total, tally) => total + tally[key], 0);
  process.stdout.write(`\n${sum('passed')} passed, ${sum('failed')} failed\n`);
  if (sum('failed') > 0) process.exitCode = 1;
}

/** A run that ended badly without a failed test (it did not compile, say) counts as one failure. */
function withCode({ passed, failed }, code) {
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed };
}

function readReport(path) {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(path, 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

if (process.argv[1] === join(root, 'scripts', 'test.mjs')) {
  await main(async () => {
    const [half, ...args] = process.argv.slice(2);
    if (half === 'rust') return conclude([await cargoTest(args.length > 0 ? args : undefined)]);
    await ensure();
    if (half === 'ts') return conclude([await vitest(args)]);
    conclude([await cargoTest(), await vitest()]);
  });
}
