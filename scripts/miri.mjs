/**
 * The tests of the crates with unsafe code under Miri, which finds undefined behaviour where it is executed: reads of what is not
 * there or not written, broken rules of aliasing, data races. What it covers and what not: docs/ordering.md, section 7.
 */
import { join } from 'node:path';
import { capture, Failure, must, root, run, say } from './lib/run.mjs';

/** The nightly whose Miri is used: it is a part of no stable toolchain, and its verdicts change with its version. */
export const MIRI_TOOLCHAIN = 'nightly-2026-10-30';

const target = join(root, 'target', 'miri');
const common = {
  CARGO_TARGET_DIR: target,
  // Of its own: the one that all projects share may be replaced by another toolchain, and then what was built on it is void.
  MIRI_SYSROOT: join(target, 'sysroot'),
  // Miri does not optimise, and warns where it is told to.
  CARGO_PROFILE_TEST_OPT_LEVEL: '0',
  // Under Miri code has the features that it was compiled for; the arena copies otherwise with AVX.
  ...(process.arch === 'x64' && { RUSTFLAGS: '-Ctarget-feature=+avx' }),
};

/**
 * Tree Borrows takes a whole of atomics as one; Stacked Borrows visits each atomic of it with each reference, which takes
 * minutes for one write to an arena, and so gets the smallest tests of the ring only.
 */
const tree = '-Zmiri-tree-borrows -Zmiri-tree-borrows-no-precise-interior-mut';
// The longest first.
const jobs = [
  { name: 'arena, tree borrows', flags: tree, args: ['-p', 'neuronbus-arena', '--lib', '--tests'] },
  { name: 'axon, tree borrows', flags: tree, args: ['-p', 'neuronbus-axon', '--lib', '--tests'] },
  {
    name: 'axon, stacked borrows',
    flags: '',
    args: ['-p', 'neuronbus-axon', '--test', 'region', '--test', 'nb_20', '--', '--skip', 'hostile_cursors'],
  },
];

/** Runs all jobs, two at a time. @returns {Promise<import('./test.mjs').Tally>} */
export async function runMiri() {
  await install();
  const packages = ['-p', 'neuronbus-axon', '-p', 'neuronbus-arena'];
  await must('Miri could not build its standard library', 'cargo', [`+${MIRI_TOOLCHAIN}`, 'miri', 'setup'], {
    env: common,
  });
  const build = [`+${MIRI_TOOLCHAIN}`, 'miri', 'test', '--locked', ...packages, '--lib', '--tests', '--no-run'];
  await must('The tests could not be built for Miri', 'cargo', build, { env: common });
  const waiting = [...jobs];
  const tally = { passed: 0, failed: 0 };
  const work = async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      const { passed, failed } = await runJob(job);
      tally.passed += passed;
      tally.failed += failed;
    }
  };
  await Promise.all([work(), work()]);
  return tally;
}

/** One run of `cargo miri test`, silent unless it fails. */
async function runJob({ name, flags, args }) {
  const begin = Date.now();
  const tally = { passed: 0, failed: 0, ignored: 0 };
  const lines = [];
  const onLine = (line) => {
    lines.push(line);
    const found = /^test result: .* (\d+) passed; (\d+) failed; (\d+) ignored;/.exec(line);
    if (found === null) return;
    tally.passed += Number(found[1]);
    tally.failed += Number(found[2]);
    tally.ignored += Number(found[3]);
  };
  // Not isolated: tests wait by the clock of the machine.
  const env = { ...common, MIRIFLAGS: `-Zmiri-disable-isolation ${flags}` };
  const call = [`+${MIRI_TOOLCHAIN}`, 'miri', 'test', '--locked', '--no-fail-fast', ...args];
  const code = await run('cargo', call, { env, onLine, quiet: true });
  // Undefined behaviour ends a test program before it reports.
  if (code !== 0 || tally.passed === 0) tally.failed = Math.max(tally.failed, 1);
  if (tally.failed > 0) process.stdout.write(`${lines.join('\n')}\n`);
  const seconds = Math.round((Date.now() - begin) / 1000);
  say(`miri, ${name}: ${tally.passed} passed, ${tally.failed} failed, ${tally.ignored} ignored, ${seconds} s`);
  return tally;
}

/** Sees to it that the toolchain is there, with Miri and the sources of std. */
async function install() {
  const { code, text } = await capture('rustup', ['component', 'list', '--installed', '--toolchain', MIRI_TOOLCHAIN]);
  if (code === 127) {
    throw new Failure(
      `Miri comes with ${MIRI_TOOLCHAIN} of Rust, and rustup, which installs that, was not found: https://rustup.rs.`,
    );
  }
  if (code === 0 && /^miri/m.test(text) && /^rust-src/m.test(text)) return;
  say(`${MIRI_TOOLCHAIN} with Miri …`);
  const args = ['toolchain', 'install', MIRI_TOOLCHAIN, '--profile', 'minimal', '-c', 'miri', '-c', 'rust-src'];
  await must(`rustup could not install ${MIRI_TOOLCHAIN} with miri and rust-src`, 'rustup', args);
}
