/** The ring alone (NB-12 … NB-20, defect 1). */
import { Axon, type AxonReader } from 'neuronbus';
import { expect, test } from 'vitest';
import { call, refuses, turn } from './helpers.js';

/** Frames whose sequence counts from `first`, whose payload can be checked. */
function frames(count: number, first = 0): Buffer {
  const bytes = Buffer.alloc(count * 64);
  for (let i = 0; i < count; i++) {
    bytes.writeUInt32LE(first + i, i * 64 + 8);
    bytes[i * 64 + 16] = 47 << 2;
    for (let word = 0; word < 11; word++) bytes.writeUInt32LE((first + i) ^ (word * 0x9e37), i * 64 + 18 + word * 4);
  }
  return bytes;
}

/** All that a reader has now; each spike is checked for wholeness. */
function take(reader: AxonReader, max?: number): { sequences: number[]; lagged: number } {
  const result: { sequences: number[]; lagged: number } = { sequences: [], lagged: 0 };
  for (;;) {
    const batch = reader.poll(max);
    result.lagged += batch.lagged;
    for (const spike of batch) {
      const { sequence, payload } = spike;
      for (let word = 0; word < 11; word++) {
        if (payload.readInt32LE(word * 4) !== (sequence ^ (word * 0x9e37)))
          throw new Error(`spike ${sequence} is torn`);
      }
      result.sequences.push(sequence);
    }
    if (batch.length === 0) return result;
  }
}

const upTo = (end: number, begin = 0): number[] => Array.from({ length: end - begin }, (_, i) => begin + i);

test('NB-13 100,000 spikes arrive in order across many wraps', () => {
  using axon = new Axon({ slots: 64 });
  using reader = axon.reader();
  let next = 0;
  for (let first = 0; first < 100_000; first += 40) {
    axon.publishBatch(frames(40, first));
    const { sequences } = take(reader);
    expect(sequences).toEqual(upTo(first + 40, first));
    next += sequences.length;
  }
  expect(next).toBe(100_000);
});

test('NB-14 4 and 8 readers each get all, in order', () => {
  for (const count of [4, 8]) {
    using axon = new Axon({ slots: 256 });
    const readers = Array.from({ length: count }, () => axon.reader());
    for (let i = 0; i < 200; i++) axon.publish({ sequence: i, payload: frames(1, i).subarray(18, 62) });
    for (const reader of readers) {
      const sequences: number[] = [];
      for (let batch = reader.poll(); batch.length > 0; batch = reader.poll()) {
        sequences.push(...[...batch].map((spike) => spike.sequence));
      }
      expect(sequences).toEqual(upTo(200));
    }
  }
});

test.each(['reliable', 'lossy'] as const)('NB-15 the clone of a %s reader starts where its original stands', (mode) => {
  using axon = new Axon({ slots: 64 });
  using reader = axon.reader({ mode });
  axon.publishBatch(frames(20));
  expect(reader.poll(10).length).toBe(10);
  using clone = reader.clone();
  expect(take(clone).sequences).toEqual(upTo(20, 10));
  expect(take(reader).sequences).toEqual(upTo(20, 10));
});

test('NB-15 a clone keeps what it has not read: the writer waits for it', () => {
  using axon = new Axon({ slots: 4 });
  const reader = axon.reader();
  axon.publishBatch(frames(4));
  expect(reader.poll(2).length).toBe(2);
  const clone = reader.clone();
  take(reader);
  expect(axon.tryPublish({ sequence: 4 })).toBe(true);
  expect(axon.tryPublish({ sequence: 5 })).toBe(true);
  expect(axon.tryPublish({ sequence: 6 })).toBe(false);
  expect(clone.poll(2).at(0).sequence).toBe(2);
  clone.close();
  expect(axon.tryPublish({ sequence: 6 })).toBe(true);
});

test('NB-16 publishBatch is all or nothing: no room for all means none is seen', () => {
  using axon = new Axon({ slots: 8 });
  using reader = axon.reader();
  axon.publishBatch(frames(5));
  refuses('E_BACK_PRESSURE', () => axon.publishBatch(frames(4, 5)));
  expect(take(reader).sequences).toEqual(upTo(5));
  axon.publishBatch(frames(8, 5));
  expect(take(reader).sequences).toEqual(upTo(13, 5));
});

test('NB-16 publishBatch of more than slots is E_OUT_OF_RANGE; of none does nothing; count picks the first ones', () => {
  using axon = new Axon({ slots: 4 });
  using reader = axon.reader();
  refuses('E_OUT_OF_RANGE', () => axon.publishBatch(frames(5)));
  axon.publishBatch(frames(5), 4);
  expect(take(reader).sequences).toEqual(upTo(4));
  axon.publishBatch(new Uint8Array(0));
  axon.publishBatch(frames(2), 0);
  expect(reader.poll().length).toBe(0);
  for (const count of [3, -1, 0.5, Number.NaN, null, '1'])
    refuses('E_OUT_OF_RANGE', () => call(axon, 'publishBatch', frames(2), count));
  for (const bytes of [63, 65, 1]) refuses('E_OUT_OF_RANGE', () => axon.publishBatch(new Uint8Array(bytes)));
});

test('NB-16 one bad record in a batch refuses the batch', () => {
  using axon = new Axon({ slots: 4 });
  using reader = axon.reader();
  const bad = frames(3);
  bad[64 + 16] = 3;
  refuses('E_OUT_OF_RANGE', () => axon.publishBatch(bad));
  expect(reader.poll().length).toBe(0);
});

test('NB-17 poll honours max, and gives length 0 when nothing came', () => {
  using axon = new Axon({ slots: 16 });
  using reader = axon.reader();
  expect(reader.poll().length).toBe(0);
  axon.publishBatch(frames(7));
  expect([3, 3, 3, 3].map((max) => reader.poll(max).length)).toEqual([3, 3, 1, 0]);
  for (const max of [0, -1, 1.5, Number.NaN, '1', null]) refuses('E_OUT_OF_RANGE', () => call(reader, 'poll', max));
});

test('NB-18 defect 1 a lapped lossy reader is told exactly how many it lost, and reads no torn or reordered spike', () => {
  for (const slots of [2, 8, 64]) {
    using axon = new Axon({ slots });
    using reader = axon.reader({ mode: 'lossy' });
    let [published, seen, lost, last] = [0, 0, 0, -1];
    for (let round = 1; round < 400; round++) {
      const count = 1 + ((round * 7) % slots);
      axon.publishBatch(frames(count, published));
      published += count;
      if (round % 5 > 1) continue;
      const { sequences, lagged } = take(reader, 1 + (round % 9));
      for (const sequence of sequences) {
        expect(sequence).toBeGreaterThan(last);
        last = sequence;
      }
      [seen, lost] = [seen + sequences.length, lost + lagged];
      expect(seen + lost).toBe(published);
    }
    expect(lost).toBeGreaterThan(0);
    expect(seen).toBeGreaterThan(0);
  }
});

test('NB-18 what a lossy reader lost is told once, by the batch that follows the gap', () => {
  using axon = new Axon({ slots: 4 });
  using reader = axon.reader({ mode: 'lossy' });
  axon.publishBatch(frames(4));
  axon.publishBatch(frames(4, 4));
  const batch = reader.poll();
  expect(batch.lagged + batch.length).toBe(8);
  expect(batch.lagged).toBeGreaterThanOrEqual(4);
  expect(batch.at(batch.length - 1).sequence).toBe(7);
  expect(reader.poll().lagged).toBe(0);
});

test('NB-20 a full ring makes the writer wait for a reliable reader, and for no lossy one', () => {
  using axon = new Axon({ slots: 4 });
  axon.reader({ mode: 'lossy' });
  for (let i = 0; i < 100; i++) axon.publish({ sequence: i });
  const reader = axon.reader();
  for (let i = 0; i < 4; i++) axon.publish({ sequence: i });
  expect(axon.tryPublish({})).toBe(false);
  refuses('E_BACK_PRESSURE', () => axon.publish({}));
  const batch = reader.poll(1);
  expect(axon.tryPublish({})).toBe(false);
  batch.release();
  expect(axon.tryPublish({})).toBe(true);
  reader.close();
  for (let i = 0; i < 100; i++) axon.publish({ sequence: i });
});

test('Readers: a reader starts at now', () => {
  using axon = new Axon({ slots: 8 });
  axon.publishBatch(frames(5));
  using reliable = axon.reader();
  using lossy = axon.reader({ mode: 'lossy' });
  axon.publish({ sequence: 77 });
  for (const reader of [reliable, lossy]) {
    const batch = reader.poll();
    expect([batch.length, batch.lagged, batch.at(0).sequence]).toEqual([1, 0, 77]);
  }
});

test('Readers: after axon.close() a reader gives what is left, then its iteration ends, a drained ring polls length 0', async () => {
  for (const mode of ['reliable', 'lossy'] as const) {
    const axon = new Axon({ slots: 8 });
    const [iterated, polled] = [axon.reader({ mode }), axon.reader({ mode })];
    axon.publishBatch(frames(5));
    axon.close();
    const got: number[] = [];
    for await (const batch of iterated) got.push(...[...batch].map((spike) => spike.sequence));
    expect(got).toEqual(upTo(5));
    expect(polled.poll().length).toBe(5);
    expect(polled.poll().length).toBe(0);
    polled.close();
    refuses('E_CLOSED', () => polled.poll());
    refuses('E_CLOSED', () => polled.clone());
    polled.close();
  }
});

test('Readers: close() ends an iteration that waits', async () => {
  const axon = new Axon({ slots: 8 });
  const reader = axon.reader();
  const all = (async (): Promise<number> => {
    let count = 0;
    for await (const batch of reader) count += batch.length;
    return count;
  })();
  await turn();
  axon.publishBatch(frames(3));
  await turn();
  axon.close();
  expect(await all).toBe(3);
});

test('Readers: closing the reader ends its iteration; the writer goes on', async () => {
  using axon = new Axon({ slots: 2 });
  const reader = axon.reader();
  const iterator = reader[Symbol.asyncIterator]();
  const next = iterator.next();
  await turn();
  reader.close();
  expect((await next).done).toBe(true);
  for (let i = 0; i < 10; i++) axon.publish({ sequence: i });
});

test('a modulatory record carries exactly 3 bytes on a bare axon too', () => {
  using axon = new Axon({ slots: 8 });
  axon.publish({ kind: 'modulatory', payload: Uint8Array.of(1, 2, 3) });
  for (const payload of ['', 'ab', 'abcd'])
    refuses('E_OUT_OF_RANGE', () => axon.publish({ kind: 'modulatory', payload }));
});

test('NB-14 64 reliable readers are possible; one more is refused and changes nothing; a closed one makes room', () => {
  using axon = new Axon({ slots: 8 });
  const readers = Array.from({ length: 64 }, () => axon.reader());
  refuses('E_BUSY', () => axon.reader());
  refuses('E_BUSY', () => readers[0]?.clone());
  axon.reader({ mode: 'lossy' }).close();
  readers[7]?.close();
  axon.reader().close();
  axon.publish({ sequence: 5 });
  expect(readers[63]?.poll().at(0).sequence).toBe(5);
});
