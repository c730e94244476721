/** The same bits for any number of threads, in both engines (FE-13, FE-16). */
import { Worker } from 'node:worker_threads';
import { type SynapseInputs, SynapticPropagationEngine } from 'neuronbus';
import { expect, test } from 'vitest';
import { all, bits, chance, drive, lively, tangle } from '../helpers/burst.js';
import { refuses } from './helpers.js';

const THREADS = [1, 2, 4];

test('FE-13 FE-16 bursts that are large enough for threads have the same bits with 1, 2 and 4', () => {
  // Above the sizes at which threads are woken, for neurons and for synapses.
  const neurons = 70_000;
  const runs = THREADS.map((threads) => {
    const engine = lively(neurons, 8, { threads, ledger: 1 });
    expect(engine.options.threads).toBe(threads);
    const fired = Array.from({ length: 6 }, () => drive(engine, neurons).length);
    return { fired, last: engine.ledger(0), bits: bits(engine) };
  });
  expect(runs[0]?.fired.at(-1)).toBeGreaterThan(5_000);
  for (const other of runs.slice(1)) expect(other).toEqual(runs[0]);
});

test('FE-13 FE-16 propagations that are large enough for threads have the same bits with 1, 2 and 4', () => {
  const neurons = 20_000;
  const synapses = tangle(neurons, 10);
  const below = chance(5);
  const areas = Uint32Array.from({ length: neurons }, () => below(17));
  const fired = Uint32Array.from({ length: neurons }, () => below(neurons));
  const results = THREADS.flatMap((threads) =>
    [false, true].map((merge) => {
      const engine = new SynapticPropagationEngine({ threads, merge });
      engine.buildIndex(synapses);
      engine.setNeuronMapping(all(neurons), areas);
      return { result: engine.propagate(fired), stats: engine.stats() };
    }),
  );
  expect(results[0]?.result.targets.length).toBeGreaterThan(150_000);
  for (const [at, other] of results.entries()) expect(other).toEqual(results[at % 2]);
});

test('FE-16 a number of threads that there cannot be is refused', () => {
  for (const threads of [0, 65, 1.5, Number.NaN, '2', null, 2 ** 40]) {
    refuses('E_OUT_OF_RANGE', () => Reflect.construct(SynapticPropagationEngine, [{ threads }]));
  }
});

test.each(['0', '1'])(
  'FE-1 the raw view: 12 bytes a synapse, by ascending source (NEURONBUS_FALLBACK=%s)',
  (fallback) => {
    process.env['NEURONBUS_FALLBACK'] = fallback;
    const engine = new SynapticPropagationEngine();
    delete process.env['NEURONBUS_FALLBACK'];
    expect(engine.synapses.length).toBe(0);
    const synapses: SynapseInputs = { ...tangle(6, 20), valid: Uint8Array.from({ length: 120 }, (_, at) => at % 3) };
    engine.buildIndex(synapses);
    const data = new DataView(engine.synapses.buffer);
    const found = Array.from({ length: engine.synapses.length / 12 }, (_, n) => [
      data.getUint32(n * 12, true),
      data.getUint32(n * 12 + 4, true),
      ...Array.from({ length: 4 }, (_none, byte) => data.getUint8(n * 12 + 8 + byte)),
    ]);
    const { sources, targets, weights, conductances, types } = synapses;
    const given = Array.from(sources, (source, n) => [source, targets[n], weights[n], conductances[n], types[n], 1]);
    const valid = given.filter((_, at) => at % 3 !== 0);
    expect(found).toEqual(valid.sort(([one = 0], [other = 0]) => one - other));
    engine.synapses.fill(0);
    expect(engine.synapses.some((byte) => byte > 0)).toBe(true);
  },
);

const IN_A_WORKER = `
  const { parentPort } = require('node:worker_threads');
  import('neuronbus').then(({ BurstEngine }) => {
    globalThis.engine = new BurstEngine({ threads: 4, rateHz: 1000 });
    const ids = engine.addNeurons({ thresholds: new Float32Array(100_000).fill(1) });
    let bursts = 0;
    engine.on('burst', ({ fired }) => {
      engine.inject(ids, 1);
      if (++bursts === 5) parentPort.postMessage(fired.length);
    });
    engine.inject(ids, 1);
    engine.start();
    setInterval(() => {}, 1_000);
  });
`;

test('FE-16 a worker whose engine bursts on threads of its own is terminated, and its engine with it', async () => {
  for (let round = 0; round < 3; round++) {
    const worker = new Worker(IN_A_WORKER, { eval: true });
    const fired = await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    expect(fired).toBe(100_000);
    await worker.terminate();
  }
});
