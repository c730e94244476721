/** P11: what it takes to start a bus with 1,024 neurons: time, resident and virtual memory. Each round is a fresh process. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type Bench, main } from '../lib/measure.js';

const SCRIPT = join(import.meta.dirname, 'p11-start.js');

type Figure = 'ms' | 'residentMb' | 'virtualMb';

function start(figure: Figure): Promise<number> {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', SCRIPT], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the start failed: ${stderr}`);
  const found: Record<Figure, number> = JSON.parse(stdout);
  return Promise.resolve(found[figure]);
}

function bench(id: string, what: string, unit: string, aim: number, figure: Figure): () => Bench {
  return () => ({
    verdicts: [{ id, what: `start of a bus with 1,024 neurons: ${what}`, aim }],
    unit,
    better: 'lower',
    topology: `a fresh process of Node ${process.versions.node} for each round`,
    ours: { name: 'neuronbus', figure: () => start(figure) },
  });
}

await main(
  bench('P11a', 'constructor, register and start', 'ms', 50, 'ms'),
  bench('P11b', "resident memory above Node's own", 'MB', 40, 'residentMb'),
  bench('P11c', "virtual memory above Node's own", 'MB', 600, 'virtualMb'),
);
