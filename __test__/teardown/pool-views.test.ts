/** Memory of pools that are gone: whoever holds a view of it may go on reading. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';

const PROGRAMS = fileURLToPath(new URL('../helpers/pool-programs.mjs', import.meta.url));

interface End {
  readonly code: number | null;
  readonly said: Record<string, unknown>[];
  readonly stderr: string;
}

/** Runs one of the programs to its end; one that does not end in time is killed. */
function run(name: string): Promise<End> {
  const child = spawn(process.execPath, ['--expose-gc', PROGRAMS, name], { timeout: 50_000, killSignal: 'SIGKILL' });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  return new Promise((resolve) => {
    child.on('close', (code) => {
      const said = stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => ({ ...Object(JSON.parse(line)) }));
      resolve({ code, said, stderr });
    });
  });
}

test.concurrent('NP-2 views outlive their pool: what they held stays, and they can be written to', async () => {
  expect(await run('viewsOutlive')).toEqual({ code: 0, said: [{ gone: true, same: true, written: true }], stderr: '' });
});

test.concurrent('NP-7 rows from before growth and pruning stay readable, also when their pool is gone', async () => {
  expect(await run('oldRows')).toEqual({ code: 0, said: [{ same: true, arrays: 20 }], stderr: '' });
});

test.concurrent('pools that come and go do not leave their memory behind', async () => {
  const { code, said, stderr } = await run('churn');
  expect([code, stderr]).toEqual([0, '']);
  const rss = said[0]?.['rss'];
  if (!Array.isArray(rss)) throw new Error('no samples');
  const samples = rss.map(Number);
  // A round makes 30 pools with 0.8 MB of synapses, twice each: what two rounds leave behind would be seen.
  expect((samples.at(-1) ?? 0) - (samples[1] ?? 0), `MiB: ${samples.join(' ')}`).toBeLessThan(40);
  expect(said[0]?.['kept']).toEqual(Array(6).fill(1_000));
});

test.concurrent('a process ends while a pool and its views are alive', async () => {
  expect(await run('exitAlive')).toEqual({ code: 7, said: [{ ends: true }], stderr: '' });
});

test.concurrent('workers end while their pools tick on several threads', async () => {
  expect(await run('threadsInWorkers')).toEqual({ code: 0, said: [{ alive: true }], stderr: '' });
});

const IN_A_WORKER = `
  const { parentPort } = require('node:worker_threads');
  import('neuronbus').then(({ NeuronPool }) => {
    globalThis.pool = NeuronPool.withRandomConnectivity('p', 500, 0.05);
    globalThis.views = [pool.membrane, pool.synapses, pool.rowPtr];
    const input = new Int16Array(500).fill(20_000);
    let spikes = 0;
    for (let tick = 0; tick < 50; tick++) spikes += pool.tick(input);
    parentPort.postMessage({ spikes, membrane: pool.membrane });
    setInterval(() => pool.tick(input), 0);
  });
`;

test('a worker with a pool is terminated; a column that it posted is a copy', async () => {
  for (let round = 0; round < 5; round++) {
    const worker = new Worker(IN_A_WORKER, { eval: true });
    const message = await new Promise<{ spikes: number; membrane: Int16Array }>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    expect(message.spikes).toBeGreaterThan(0);
    expect(message.membrane.length).toBe(500);
    await worker.terminate();
    expect(message.membrane.every((membrane) => membrane >= -32_768)).toBe(true);
  }
});
