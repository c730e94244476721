/** The columns of a pool as typed arrays over its own memory (NP-2, NP-6, NP-7). */
import type { NeuronPool } from 'neuronbus';
import { describe, expect, test } from 'vitest';
import { drive, firings, MODES, placeOf, RESET, random, snapshot, wired, writeSynapse } from '../helpers/pool.js';
import { call } from './helpers.js';

const COLUMNS = ['membrane', 'threshold', 'leak', 'refractory', 'flags', 'trace', 'rowPtr', 'synapses'] as const;

describe.each(MODES)('live both ways (%s)', (mode) => {
  test('what a tick does shows in views that were taken before', () => {
    const pool = random(4, 0, { mode });
    const { membrane, refractory, trace } = pool;
    pool.tick(drive(4, (at) => at === 1));
    expect([membrane[1], refractory[1]]).toEqual([RESET, 2]);
    expect(trace[1]).toBeGreaterThan(0);
    pool.tick();
    expect(refractory[1]).toBe(1);
  });

  test('what is written counts in the next tick: membrane, threshold, refractory, leak, synapses, rows', () => {
    const pool = wired(4, [{ source: 0, target: 1, weight: 60 }], { mode });
    pool.refractory[2] = 1;
    expect(
      firings(
        pool,
        1,
        drive(4, (at) => at === 2),
      ),
    ).toEqual([[]]);
    pool.threshold[3] = -18_000;
    pool.membrane[0] = -14_000;
    pool.leak[0] = 2;
    expect(firings(pool, 1)).toEqual([[0, 3]]);
    writeSynapse(pool, placeOf(4, 0, 1), { weight: 10 });
    pool.threshold[3] = 0;
    expect(firings(pool, 30).flat()).not.toContain(3);
    const { rowPtr, synapses } = pool;
    rowPtr.fill(0);
    rowPtr[4] = synapses.length / 8;
    pool.tick(drive(4, (at) => at === 0, 30_000));
    expect(firings(pool, 10).flat()).toEqual([]);
  });
});

test('every view is one and the same array, however often it is read, and its memory is its own', () => {
  const pool = random(5, 0.5);
  const before = COLUMNS.map((name) => pool[name]);
  firings(
    pool,
    50,
    drive(5, () => true),
  );
  expect(pool.pruneDead()).toBe(0);
  expect(pool.synaptogenesis(0)).toBe(0);
  for (const [at, name] of COLUMNS.entries()) expect(pool[name]).toBe(before[at]);
  expect(new Set(before.map(({ buffer }) => buffer)).size).toBe(COLUMNS.length);
  for (const { buffer, byteLength, byteOffset } of before)
    expect([buffer.byteLength, byteOffset]).toEqual([byteLength, 0]);
});

test('properties cannot be replaced', () => {
  const pool = random(5, 0.5);
  for (const name of ['rowPtr', 'synapses'] as const) expect(Reflect.set(pool, name, new Uint8Array(8))).toBe(false);
});

function grown(): { pool: NeuronPool; rowPtr: Uint32Array; synapses: Uint8Array } {
  const pool = random(30, 0.2);
  pool.tick(drive(30, () => true));
  return { pool, rowPtr: pool.rowPtr, synapses: pool.synapses };
}

test.each([
  ['growth', (pool: NeuronPool) => pool.synaptogenesis(255)],
  [
    'a prune',
    (pool: NeuronPool) => {
      for (let place = 0; place < 40; place += 3) writeSynapse(pool, place, { maturity: 0 });
      return pool.pruneDead();
    },
  ],
])(
  'NP-7 after %s there are new arrays of rows; the old ones stay as they were and mean nothing any more',
  (_, change) => {
    const { pool, rowPtr, synapses } = grown();
    const copies = [rowPtr.slice(), synapses.slice()];
    const { membrane } = pool;
    expect(change(pool)).toBeGreaterThan(0);
    expect(pool.rowPtr).not.toBe(rowPtr);
    expect(pool.synapses).not.toBe(synapses);
    expect(pool.membrane).toBe(membrane);
    expect(rowPtr).toEqual(copies[0]);
    for (const at of synapses.keys()) if (at % 8 !== 5) expect(synapses[at]).toBe(copies[1]?.[at]);
    const before = snapshot(pool);
    rowPtr.fill(0xffff_ffff);
    synapses.fill(0xff);
    expect(snapshot(pool)).toEqual(before);
    expect(pool.rowPtr.at(-1)).toBe(pool.synapses.length / 8);
  },
);

/** Calls that hand memory over to another owner, as far as this Node.js has them. */
const MOVES: [string, (view: Int16Array | Int8Array | Uint8Array | Uint32Array) => unknown][] = [
  ['structuredClone', (view) => structuredClone(view, { transfer: [view.buffer] as ArrayBuffer[] })],
  [
    'structuredClone of the buffer',
    (view) => structuredClone(view.buffer, { transfer: [view.buffer] as ArrayBuffer[] }),
  ],
  ['postMessage', (view) => new MessageChannel().port1.postMessage(view, [view.buffer] as ArrayBuffer[])],
  ['transfer', (view) => call(view.buffer, 'transfer')],
  ['transferToFixedLength', (view) => call(view.buffer, 'transferToFixedLength')],
];

describe.each(MOVES)('by %s', (_, move) => {
  test.each(COLUMNS)('the memory of %s stays the one of its pool', (name) => {
    const pool = random(8, 0.5);
    const before = snapshot(pool);
    const view = pool[name];
    try {
      move(view);
    } catch {
      // Refused: as good.
    }
    expect(pool[name]).toBe(view);
    expect(snapshot(pool)).toEqual(before);
    expect(pool.tick(drive(8, () => true))).toBe(8);
    expect(pool.membrane[0]).toBe(RESET);
  });
});
