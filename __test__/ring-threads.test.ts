/** The ring across worker threads: one writer, reliable and lossy readers, every message verified. */
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { LossyCursor, ReliableCursor, RingMemory, RingPublisher } from '../dist/axon/index.js';
import { numberOf } from './helpers/frames.js';

const AXON = new URL('../dist/axon/index.js', import.meta.url).href;

/** Publishes `total` records from `start` on, in batches of changing length where there is room. */
const WRITER = `
const { workerData, parentPort } = require('node:worker_threads');
import(workerData.axon).then(({ RingMemory, RingPublisher }) => {
  const { buffer, total, start, batches } = workerData;
  const memory = new RingMemory(buffer, 0);
  const ring = new RingPublisher(memory);
  const words = new BigUint64Array(buffer, memory.region.base, memory.slots * 8);
  const write = (slot, value) => { for (let i = 0; i < 8; i++) if (i !== 1 && i !== 2) words[slot * 8 + i] = BigInt(value); };
  const nap = new Int32Array(new SharedArrayBuffer(4));
  let spins = 0;
  const wait = () => { if (++spins % 64 === 0) Atomics.wait(nap, 0, 0, 0.2); };
  parentPort.postMessage('ready');
  for (let at = 0; at < total; ) {
    const count = batches ? Math.min(1 + (at % 7), memory.slots, total - at) : 1;
    const first = batches ? ring.claimBatch(count) : ring.claim();
    if (first < 0) { wait(); continue; }
    for (let i = 0; i < count; i++) write((first + i) & memory.mask, start + at + i);
    if (batches) ring.commitBatch(count); else ring.commit();
    at += count;
  }
  memory.close();
  parentPort.postMessage('done');
});
`;

interface Run {
  readonly slots: number;
  readonly total: number;
  readonly start: number;
  readonly batches: boolean;
}

function fresh({ slots, start }: Run): RingMemory {
  const memory = RingMemory.format(new SharedArrayBuffer(RingMemory.bytes(slots)), 0, slots);
  memory.storeIntent(start, 0);
  memory.storeCommit(start, 0);
  return memory;
}

function launch(memory: RingMemory, run: Run): { worker: Worker; exited: Promise<number> } {
  const worker = new Worker(WRITER, { eval: true, workerData: { ...run, axon: AXON, buffer: memory.region.buffer } });
  const exited = new Promise<number>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', resolve);
  });
  return { worker, exited };
}

async function breathe(): Promise<void> {
  await new Promise(setImmediate);
}

const RUNS: [string, Run][] = [
  ['one by one', { slots: 256, total: 60_000, start: 0, batches: false }],
  ['in batches', { slots: 64, total: 60_000, start: 0, batches: true }],
  ['across the turn of the low half', { slots: 64, total: 30_000, start: 2 ** 32 - 15_040, batches: false }],
  ['in batches across the turn', { slots: 16, total: 30_000, start: 2 ** 32 - 15_040, batches: true }],
];

/** The stress of NB-18, 20 M with `NEURONBUS_SOAK=1`. For lossy readers alone: a reliable one would check every spike of it. */
const STRESS: [string, Run] = [
  'two million or more',
  { slots: 64, total: process.env['NEURONBUS_SOAK'] === '1' ? 20_000_000 : 2_000_000, start: 0, batches: false },
];

describe('NB-13 NB-14 NB-20 one writer, many readers, several threads', () => {
  it.each(RUNS)('reliable readers get everything in order, %s', async (_, run) => {
    const memory = fresh(run);
    const cursors = Array.from({ length: 3 }, () => {
      const gate = memory.claimGate();
      memory.storeGate(gate, run.start, 0);
      return { cursor: new ReliableCursor(memory, gate), next: run.start };
    });
    const { exited } = launch(memory, run);
    while (cursors.some(({ next }) => next < run.start + run.total)) {
      for (const reader of cursors) {
        const count = reader.cursor.available();
        for (let i = 0; i < count; i++) {
          const slot = (reader.cursor.position + i) & memory.mask;
          expect(numberOf(memory.region.bytes, slot * 64)).toBe(reader.next++);
        }
        reader.cursor.take(count);
        reader.cursor.release(reader.cursor.position);
      }
      await breathe();
    }
    expect(await exited).toBe(0);
    expect([memory.closed, memory.commit]).toEqual([true, run.start + run.total]);
  });

  it.each([...RUNS, STRESS])('NB-18 lossy readers never see a torn spike and count every loss, %s', async (_, run) => {
    const memory = fresh(run);
    const cursor = new LossyCursor(memory, run.start);
    const { exited } = launch(memory, run);
    let next = run.start;
    let [seen, lost] = [0, 0];
    while (!memory.closed || !cursor.drained) {
      // At first, and once in a while, it waits until it is lapped, so that on no machine this tests nothing.
      const lapped = Math.min(next + 2 * run.slots, run.start + run.total);
      while (seen % 9 === 0 && memory.commit < lapped) await breathe();
      const { first, length, lagged } = cursor.take(1 + (seen % 50));
      const { bytes } = cursor.region(length);
      next += lagged;
      for (let i = 0; i < length; i++) expect(numberOf(bytes, (first + i) * 64)).toBe(next++);
      [seen, lost] = [seen + length, lost + lagged];
      if (length === 0) await breathe();
    }
    expect(await exited).toBe(0);
    expect(seen + lost).toBe(run.total);
    expect(seen).toBeGreaterThan(0);
    expect(lost, 'it was never lapped').toBeGreaterThan(0);
  });

  it('NB-16 a reader that polls meanwhile sees a batch whole or not at all', async () => {
    const run = { slots: 64, total: 7 * 3_000, start: 0, batches: false };
    const memory = fresh(run);
    const publisher = new RingPublisher(memory);
    const watcher = new Worker(
      `const { workerData, parentPort } = require('node:worker_threads');
       import(workerData.axon).then(({ RingMemory }) => {
         const memory = new RingMemory(workerData.buffer, 0);
         let odd = 0, looks = 0;
         parentPort.postMessage('ready');
         while (!memory.closed) { if (memory.commit % 8 !== 0) odd++; looks++; }
         parentPort.postMessage({ odd, looks });
       });`,
      { eval: true, workerData: { axon: AXON, buffer: memory.region.buffer } },
    );
    await new Promise((resolve) => watcher.once('message', resolve));
    const verdict = new Promise<unknown>((resolve) => watcher.once('message', resolve));
    for (let i = 0; i < 20_000; i++) {
      publisher.claimBatch(8);
      publisher.commitBatch(8);
    }
    memory.close();
    expect(await verdict).toMatchObject({ odd: 0 });
    expect(memory.commit).toBe(160_000);
  });
});
