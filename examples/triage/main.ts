/**
 * `npm start [-- [--json] [DIR]]`: the triage of a directory. Imports: its parts.
 */
import type { Sum } from './agents/aggregator.js';
import { Interrupt } from './interrupt.js';
import { checkDirectory, HELP, type Options, parseOptions, Refusal } from './options.js';
import { Progress } from './report/progress.js';
import { table } from './report/table.js';
import { countFiles } from './tree.js';
import { triage } from './triage.js';

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(HELP);
  else process.exitCode = await run(options);
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(`triage: ${error.message}\n`);
  process.exitCode = error.exitCode;
}

async function run({ directory, json }: Options): Promise<number> {
  await checkDirectory(directory);
  const interrupt = new Interrupt();
  const { signal } = interrupt;
  const finished = new AbortController();
  let progress: Progress | undefined;
  const onStart = (sum: Sum): void => {
    progress = watch(directory, sum, AbortSignal.any([signal, finished.signal]));
  };
  try {
    const report = await triage({ directory, signal, onStart });
    progress?.end();
    process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : table(report));
  } finally {
    progress?.end();
    finished.abort();
  }
  return interrupt.exitCode;
}

/** Shows progress while the files are being counted and parsed. */
function watch(directory: string, sum: Sum, stop: AbortSignal): Progress {
  const progress = new Progress(process.stderr, sum);
  const counted = (): void => {
    progress.total++;
  };
  void countFiles(Buffer.from(directory), stop, counted);
  return progress;
}
