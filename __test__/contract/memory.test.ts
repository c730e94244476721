/** NB-9: what a spike costs in memory when it is gone: nothing. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Axon } from 'neuronbus';
import { expect, test } from 'vitest';
import { manualBus } from './helpers.js';

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

/** Bytes in use in the heap and beside it, garbage collected. */
function inUse(): number {
  if (typeof collect !== 'function') throw new Error('no garbage collection by hand');
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** How much more is in use after `work` has been done `times` times; once is for the engine to settle. */
function growth(work: () => void, times: number): number {
  for (let i = 0; i < times / 10; i++) work();
  const before = inUse();
  for (let i = 0; i < times; i++) work();
  return inUse() - before;
}

const MAX_GROWTH = 512 * 1_024;
const ROUND = 1_000;
const PRIORITY_AT = 17;

test('NB-9 a million spikes through a bare axon leave nothing behind', () => {
  using axon = new Axon({ slots: 2_048 });
  using reliable = axon.reader();
  using lossy = axon.reader({ mode: 'lossy' });
  const frame = Buffer.alloc(64);
  frame[PRIORITY_AT] = 1;
  let read = 0;
  const work = (): void => {
    for (let i = 0; i < ROUND; i++) axon.publish(frame);
    for (const reader of [reliable, lossy]) {
      for (let batch = reader.poll(); batch.length > 0; batch = reader.poll()) {
        for (const spike of batch) read += spike.priority;
      }
    }
  };
  expect(growth(work, 1_000)).toBeLessThan(MAX_GROWTH);
  expect(read).toBe(1_100 * ROUND * 2);
});

test('NB-9 a million spikes through a bus leave nothing behind, inline or in the arena', () => {
  const bus = manualBus();
  let heard = 0;
  const a = bus.register(
    { name: 'a', membrane: { threshold: 1e9 } },
    { onSpike: (spike) => (heard += spike.payload.length) },
  );
  const large = Buffer.alloc(100);
  const work = (): void => {
    for (let i = 0; i < ROUND; i++) a.fire(a, i % 10 === 0 ? large : 'hello', { direct: true });
    bus.tick();
  };
  expect(growth(work, 1_000)).toBeLessThan(MAX_GROWTH);
  expect([heard, bus.arena.used]).toEqual([1_100 * (100 * 100 + 900 * 5), 0]);
});
