/** The one ring of TypeScript against a naive model, also where the halves of its cursors turn over. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LossyCursor, ReliableCursor, RingMemory, RingPublisher } from '../dist/axon/index.js';
import { loadWord, RING, storeWord } from '../dist/native/index.js';
import { frame, numberOf } from './helpers/frames.js';

/** A ring whose cursors stand at a position, as if so many spikes had been published. */
function ringAt(slots: number, position: number): RingMemory {
  const buffer = new SharedArrayBuffer(RingMemory.bytes(slots));
  const memory = RingMemory.format(buffer, 0, slots);
  memory.storeCommit(position, 0);
  memory.storeIntent(position, 0);
  return memory;
}

function claim(memory: RingMemory): number {
  const gate = memory.claimGate();
  memory.storeGate(gate, memory.commit, memory.gate(gate));
  return gate;
}

/** What a ring must do, without any memory: a list. */
class Model {
  readonly published: number[] = [];
  readonly gates: Map<number, number> = new Map();

  readonly slots: number;

  constructor(slots: number) {
    this.slots = slots;
  }

  get floor(): number {
    return Math.min(this.published.length, ...this.gates.values());
  }

  room(count: number): boolean {
    return this.gates.size === 0 || this.published.length + count - this.floor <= this.slots;
  }
}

interface Bench {
  readonly memory: RingMemory;
  readonly publisher: RingPublisher;
  readonly model: Model;
  readonly start: number;
  readonly readers: Map<number, ReliableCursor>;
  readonly lossy: { cursor: LossyCursor; seen: number; lost: number; began: number }[];
}

type Step = (bench: Bench) => void;

const publish: fc.Arbitrary<Step> = fc.constant(({ memory, publisher, model, start }) => {
  const slot = publisher.claim();
  expect(slot >= 0).toBe(model.room(1));
  if (slot < 0) return;
  expect(slot).toBe((start + model.published.length) % model.slots);
  memory.region.bytes.set(frame(start + model.published.length), slot * 64);
  publisher.commit();
  model.published.push(start + model.published.length);
});

const publishMany: fc.Arbitrary<Step> = fc.nat().map((size) => ({ memory, publisher, model, start }) => {
  const count = (size % model.slots) + 1;
  const first = publisher.claimBatch(count);
  expect(first >= 0).toBe(model.room(count));
  if (first < 0) return;
  for (let i = 0; i < count; i++) {
    const value = start + model.published.length;
    memory.region.bytes.set(frame(value), ((first + i) % model.slots) * 64);
    model.published.push(value);
  }
  const before = memory.commit;
  publisher.commitBatch(count);
  expect(memory.commit).toBe(before + count);
});

const attach: fc.Arbitrary<Step> = fc.constant(({ memory, model, readers }) => {
  if (readers.size >= 6) return;
  const gate = claim(memory);
  readers.set(gate, new ReliableCursor(memory, gate));
  model.gates.set(gate, model.published.length);
});

const detach: fc.Arbitrary<Step> = fc.nat().map((pick) => ({ memory, model, readers }) => {
  const gate = [...readers.keys()][pick % Math.max(1, readers.size)];
  if (gate === undefined) return;
  memory.freeGate(gate);
  readers.delete(gate);
  model.gates.delete(gate);
});

const read: fc.Arbitrary<Step> = fc
  .tuple(fc.nat(), fc.nat())
  .map(([pick, most]) => ({ memory, model, readers, start }) => {
    const gate = [...readers.keys()][pick % Math.max(1, readers.size)];
    const cursor = gate === undefined ? undefined : readers.get(gate);
    if (gate === undefined || cursor === undefined) return;
    const at = model.gates.get(gate) ?? 0;
    expect(cursor.position).toBe(start + at);
    const count = Math.min(cursor.available(), (most % model.slots) + 1);
    for (let i = 0; i < count; i++) {
      const slot = (cursor.position + i) % model.slots;
      expect(numberOf(memory.region.bytes, slot * 64)).toBe(model.published[at + i]);
    }
    if (count === 0) expect(at).toBe(model.published.length);
    cursor.take(count);
    cursor.release(cursor.position);
    expect(memory.gate(gate)).toBe(start + at + count);
    model.gates.set(gate, at + count);
  });

const watch: fc.Arbitrary<Step> = fc.constant(({ memory, model, lossy }) => {
  if (lossy.length < 3)
    lossy.push({ cursor: new LossyCursor(memory, memory.commit), seen: 0, lost: 0, began: model.published.length });
});

const look: fc.Arbitrary<Step> = fc.tuple(fc.nat(), fc.nat()).map(([pick, most]) => ({ model, lossy }) => {
  const reader = lossy[pick % Math.max(1, lossy.length)];
  if (reader === undefined) return;
  const { first, length, lagged } = reader.cursor.take((most % (2 * model.slots)) + 1);
  reader.lost += lagged;
  const from = reader.began + reader.seen + reader.lost;
  const region = reader.cursor.region(length);
  for (let i = 0; i < length; i++) expect(numberOf(region.bytes, (first + i) * 64)).toBe(model.published[from + i]);
  reader.seen += length;
  expect(reader.began + reader.seen + reader.lost).toBeLessThanOrEqual(model.published.length);
  if (length === 0) expect(reader.began + reader.seen + reader.lost).toBe(model.published.length);
  // Nothing is given up that the writer was not about to overwrite.
  if (lagged > 0) expect(model.published.length - from).toBeLessThanOrEqual(model.slots);
});

const steps = fc.array(
  fc.oneof({ arbitrary: publish, weight: 6 }, publishMany, attach, detach, { arbitrary: read, weight: 4 }, watch, look),
  { maxLength: 120 },
);
const slots = fc.integer({ min: 1, max: 6 }).map((power) => 2 ** power);
const starts = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 2 ** 32 - 150, max: 2 ** 32 + 3 }),
  fc.integer({ min: 2 ** 31 - 100, max: 2 ** 31 + 3 }),
  fc.integer({ min: 5 * 2 ** 32 - 64, max: 5 * 2 ** 32 }),
);

describe('NB-13 NB-14 NB-16 NB-18 the ring', () => {
  it('does what a list does, from any position', () => {
    fc.assert(
      fc.property(slots, starts, steps, (size, origin, list) => {
        // A ring that has run alone stands at any position whose slot is that of the model.
        const start = origin - (origin % size);
        const memory = ringAt(size, start);
        const bench: Bench = {
          memory,
          publisher: new RingPublisher(memory),
          model: new Model(size),
          start,
          readers: new Map(),
          lossy: [],
        };
        for (const step of list) step(bench);
        expect(memory.commit).toBe(start + bench.model.published.length);
        expect(memory.intent).toBeLessThanOrEqual(memory.commit + Math.max(size, RING.intentBlock));
      }),
      { numRuns: 600 },
    );
  });

  it('warns in blocks: at most 64 ahead, at most half the ring', () => {
    for (const size of [2, 4, 64, 128, 1_024]) {
      const memory = ringAt(size, 0);
      const publisher = new RingPublisher(memory);
      for (let i = 0; i < 3 * size; i++) {
        publisher.claim();
        expect(memory.intent).toBeGreaterThan(i);
        expect(memory.intent - i).toBeLessThanOrEqual(Math.max(1, Math.min(64, size / 2)));
        publisher.commit();
      }
    }
  });

  it('a claim that is not committed changes nothing that readers get', () => {
    const memory = ringAt(4, 0);
    const publisher = new RingPublisher(memory);
    const cursor = new ReliableCursor(memory, claim(memory));
    expect([publisher.claim(), publisher.claim(), publisher.claim()]).toEqual([0, 0, 0]);
    expect(cursor.available()).toBe(0);
    expect(publisher.position).toBe(0);
  });

  it('NB-18 a lossy reader that is lapped between its two looks counts what it lost and goes on', () => {
    const size = 8;
    const { region } = ringAt(size, 0);
    const publisher = new RingPublisher(new RingMemory(region.buffer, 0));
    const publish = (): void => {
      region.bytes.set(frame(publisher.position), publisher.claim() * 64);
      publisher.commit();
    };
    /** While a reader looks at the one cursor, the writer goes three rings on, once. */
    class Overtaken extends RingMemory {
      ahead = 3 * size;

      override get intent(): number {
        const seen = super.intent;
        for (; this.ahead > 0; this.ahead--) publish();
        return seen;
      }
    }
    const cursor = new LossyCursor(new Overtaken(region.buffer, 0), 0);
    let at = 0;
    do {
      const { first, length, lagged } = cursor.take(4 * size);
      at += lagged;
      for (let i = 0; i < length; i++) expect(numberOf(cursor.region(length).bytes, (first + i) * 64)).toBe(at++);
    } while (!cursor.drained);
    expect(at).toBe(3 * size);
  });

  it('a publisher goes on where the memory stands', () => {
    const memory = ringAt(8, 0);
    const first = new RingPublisher(memory);
    for (let i = 0; i < 5; i++) {
      first.claim();
      first.commit();
    }
    const second = new RingPublisher(memory);
    expect([second.position, second.claim()]).toEqual([5, 5]);
  });
});

describe('gates', () => {
  it('are claimed once each, the lowest free first, in both halves of the bitmap', () => {
    const memory = ringAt(2, 0);
    expect(Array.from({ length: RING.maxReaders }, () => memory.claimGate())).toEqual(
      Array.from({ length: 64 }, (_, i) => i),
    );
    expect(memory.claimGate()).toBe(-1);
    for (const gate of [63, 31, 32, 0]) memory.freeGate(gate);
    expect([0, 0, 0, 0, 0].map(() => memory.claimGate())).toEqual([0, 31, 32, 63, -1]);
  });

  it('the lowest one in use counts, and none is as good as the writer', () => {
    const memory = ringAt(64, 40);
    expect(memory.lowestGate(40)).toBe(40);
    const gates = Array.from({ length: 40 }, () => claim(memory));
    memory.storeGate(gates[37] ?? 0, 12, 40);
    memory.storeGate(gates[3] ?? 0, 20, 40);
    expect(memory.lowestGate(40)).toBe(12);
    memory.freeGate(gates[37] ?? 0);
    expect(memory.lowestGate(40)).toBe(20);
  });
});

describe('words of 64 bits', () => {
  const values = fc.oneof(
    fc.nat({ max: 2 ** 31 }),
    fc.maxSafeNat(),
    fc.integer({ min: 2 ** 32 - 3, max: 2 ** 32 + 3 }),
  );

  it('are read as they were stored, whichever half changed', () => {
    const buffer = new SharedArrayBuffer(16);
    const [halves, longs] = [new Int32Array(buffer), new BigInt64Array(buffer)];
    fc.assert(
      fc.property(fc.array(values, { minLength: 1 }), (list) => {
        longs[1] = 0n;
        let previous = 0;
        for (const value of list) {
          storeWord(halves, longs, 2, value, previous);
          expect([loadWord(halves, 2), longs[1]]).toEqual([value, BigInt(value)]);
          previous = value;
        }
      }),
    );
  });
});

describe('the layout', () => {
  it('NB-19 keeps what different threads write in different pairs of cache lines: 128 bytes and more apart', () => {
    const written = [RING.slotCount, RING.intent, RING.commit, RING.waiters, RING.gates, RING.gates + RING.gateStride];
    for (const [i, at] of written.slice(1).entries()) expect(at - (written[i] ?? 0)).toBeGreaterThanOrEqual(128);
    expect(RING.gateStride).toBeGreaterThanOrEqual(128);
    expect(RING.slots).toBe(RING.gates + RING.maxReaders * RING.gateStride);
    expect([RING.slots % 128, RING.slotBytes]).toEqual([0, 64]);
  });
});
