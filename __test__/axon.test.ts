/** The ring alone, through its public door. */
import { Axon, type AxonReader, BackPressureError, ClosedError, type SpikeBatch, type SpikeInit } from 'neuronbus';
import { describe, expect, it } from 'vitest';
import { codeOf } from './helpers/bus.js';
import { frame, frames, numbersOf } from './helpers/frames.js';

function drain(reader: AxonReader): number[] {
  const got: number[] = [];
  for (let batch = reader.poll(); batch.length > 0; batch = reader.poll()) got.push(...numbersOf(batch.buffer));
  return got;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

describe('publishing', () => {
  it('NB-1 lays a spike out as the golden hex says', () => {
    const axon = new Axon({ slots: 2 });
    const reader = axon.reader();
    axon.publish({
      timestampNs: 0x0102030405060708n,
      sequence: 0x0a0b0c0d,
      source: 0x1112,
      target: 0x2122,
      kind: 'inhibitory',
      priority: 0x33,
      payload: 'hi',
    });
    const golden = `0807060504030201${'0d0c0b0a'}${'1211'}${'2221'}${'0d'}${'33'}${'6869'}${'00'.repeat(44)}`;
    expect(reader.poll().buffer.toString('hex')).toBe(golden);
  });

  it('NB-5 takes what is not given as zero, excitatory and empty', () => {
    const axon = new Axon({ slots: 2 });
    const reader = axon.reader();
    axon.publish({});
    const spike = reader.poll().at(0);
    expect(spike.bytes.toString('hex')).toBe(`${'00'.repeat(16)}04${'00'.repeat(47)}`);
    expect([spike.kind, spike.priority, spike.payload.length, spike.timestampNs]).toEqual(['excitatory', 0, 0, 0n]);
  });

  it('NB-5 reads every field back', () => {
    const axon = new Axon({ slots: 2 });
    const reader = axon.reader();
    const init = {
      timestampNs: 2n ** 64n - 1n,
      sequence: 2 ** 32 - 1,
      source: 65_534,
      target: 65_535,
      kind: 'modulatory',
      priority: 255,
      payload: Uint8Array.of(1, 2, 3),
    } satisfies SpikeInit;
    axon.publish(init);
    const spike = reader.poll().at(0);
    const { timestampNs, sequence, source, target, kind, priority } = spike;
    expect({ timestampNs, sequence, source, target, kind, priority, payload: Uint8Array.from(spike.payload) }).toEqual(
      init,
    );
  });

  it.each([0, 1, 6, 45, 46])('NB-7 carries %i bytes inline, exactly', (length) => {
    const axon = new Axon({ slots: 2 });
    const reader = axon.reader();
    const payload = Uint8Array.from({ length }, (_, i) => 255 - i);
    axon.publish({ payload });
    expect(Uint8Array.from(reader.poll().at(0).payload)).toEqual(payload);
  });

  it('NB-7 refuses 47 bytes: a bare axon has no arena', () => {
    expect(codeOf(() => new Axon().publish({ payload: new Uint8Array(47) }))).toBe('E_OUT_OF_RANGE');
    expect(codeOf(() => new Axon().publish({ payload: 'é'.repeat(24) }))).toBe('E_OUT_OF_RANGE');
  });

  it('NB-8 takes a payload that begins with 0xA0 as data', () => {
    const axon = new Axon({ slots: 2 });
    const reader = axon.reader();
    axon.publish({ payload: Uint8Array.of(0xa0, 1, 2) });
    expect([...reader.poll().at(0).payload]).toEqual([0xa0, 1, 2]);
  });

  it('NB-6 takes 64 bytes as they are, also legacy frames and from any offset', () => {
    const axon = new Axon({ slots: 4 });
    const reader = axon.reader();
    const memory = new Uint8Array(67);
    const legacy = memory.subarray(3);
    legacy.fill(7, 18);
    axon.publish(legacy);
    const spike = reader.poll().at(0);
    expect(spike.payload.length).toBe(46);
    expect(Uint8Array.from(spike.bytes)).toEqual(legacy);
  });

  it.each([
    ['unknown kind', 3 | (1 << 2)],
    ['arena reference', 63 << 2],
    ['length code 48', 48 << 2],
    ['length code 62', 62 << 2],
    ['modulatory without three bytes', 2 | (3 << 2)],
  ])('NB-2 refuses a record with an %s', (_, tag) => {
    const axon = new Axon({ slots: 4 });
    const reader = axon.reader();
    const record = new Uint8Array(64);
    record[16] = tag;
    expect(codeOf(() => axon.publish(record))).toBe('E_OUT_OF_RANGE');
    expect(codeOf(() => axon.tryPublish(record))).toBe('E_OUT_OF_RANGE');
    const batch = frames(0, 3);
    batch[64 + 16] = tag;
    expect(codeOf(() => axon.publishBatch(batch))).toBe('E_OUT_OF_RANGE');
    expect(reader.poll().length).toBe(0);
  });

  it('NB-2 takes a modulatory spike of three bytes', () => {
    const axon = new Axon({ slots: 4 });
    const reader = axon.reader();
    const record = new Uint8Array(64);
    record[16] = 2 | (4 << 2);
    axon.publish(record);
    expect(reader.poll().at(0).kind).toBe('modulatory');
  });
});

describe('NB-12 capacity', () => {
  it.each([0, 1, 3, 100, -2, 2.5, NaN, Infinity, 2 ** 25])('refuses %d slots', (slots) => {
    expect(codeOf(() => new Axon({ slots }))).toBe('E_OUT_OF_RANGE');
  });

  it('is 1,024 by default', () => {
    expect(new Axon().slots).toBe(1_024);
    expect(new Axon({ slots: undefined }).slots).toBe(1_024);
  });
});

describe('reliable readers', () => {
  it('NB-13 get everything in order across many wraps', () => {
    const axon = new Axon({ slots: 16 });
    const reader = axon.reader();
    const got: number[] = [];
    for (let i = 0; i < 5_000; i++) {
      axon.publish(frame(i));
      if (i % 11 === 0) got.push(...drain(reader));
    }
    got.push(...drain(reader));
    expect(got).toEqual(range(0, 5_000));
  });

  it.each([4, 8, 64])('NB-14 %i of them each see all', (count) => {
    const axon = new Axon({ slots: 64 });
    const readers = Array.from({ length: count }, () => axon.reader());
    axon.publishBatch(frames(0, 64));
    for (const reader of readers) expect(drain(reader)).toEqual(range(0, 64));
  });

  it('NB-14 there are at most 64, and a closed one makes room', () => {
    const axon = new Axon({ slots: 64 });
    const readers = Array.from({ length: 64 }, () => axon.reader());
    expect(codeOf(() => axon.reader())).toBe('E_BUSY');
    expect(codeOf(() => readers[0]?.clone())).toBe('E_BUSY');
    expect(() => axon.reader({ mode: 'lossy' })).not.toThrow();
    readers[17]?.close();
    expect(() => axon.reader()).not.toThrow();
  });

  it('NB-15 a clone goes on where the original stands', () => {
    const axon = new Axon({ slots: 32 });
    const reader = axon.reader();
    axon.publishBatch(frames(0, 20));
    expect(reader.poll(10).length).toBe(10);
    const clone = reader.clone();
    expect(drain(clone)).toEqual(range(10, 20));
    expect(drain(reader)).toEqual(range(10, 20));
  });

  it('NB-15 a clone of a reader that holds a batch protects what it will read', () => {
    const axon = new Axon({ slots: 8 });
    const reader = axon.reader();
    axon.publishBatch(frames(0, 8));
    reader.poll(3);
    const clone = reader.clone();
    reader.close();
    expect(axon.tryPublish(frame(8))).toBe(true);
    expect(axon.tryPublish(frame(9))).toBe(true);
    expect(axon.tryPublish(frame(10))).toBe(true);
    expect(axon.tryPublish(frame(11))).toBe(false);
    expect(drain(clone)).toEqual(range(3, 11));
  });

  it('NB-18 hold the writer back when the ring is full', () => {
    const axon = new Axon({ slots: 4 });
    const reader = axon.reader();
    for (let i = 0; i < 4; i++) axon.publish(frame(i));
    expect(() => axon.publish(frame(4))).toThrow(BackPressureError);
    expect(axon.tryPublish(frame(4))).toBe(false);
    expect(codeOf(() => axon.publishBatch(frames(4, 1)))).toBe('E_BACK_PRESSURE');
    const batch = reader.poll(1);
    expect(axon.tryPublish(frame(4))).toBe(false);
    batch.release();
    expect(axon.tryPublish(frame(4))).toBe(true);
    expect(drain(reader)).toEqual([1, 2, 3, 4]);
  });

  it('let the writer go on when they close', () => {
    const axon = new Axon({ slots: 2 });
    const reader = axon.reader();
    axon.publishBatch(frames(0, 2));
    expect(axon.tryPublish(frame(2))).toBe(false);
    reader.close();
    expect(axon.tryPublish(frame(2))).toBe(true);
  });

  it('start at now', () => {
    const axon = new Axon({ slots: 8 });
    axon.publishBatch(frames(0, 5));
    const [reliable, lossy] = [axon.reader(), axon.reader({ mode: 'lossy' })];
    axon.publish(frame(5));
    expect([drain(reliable), drain(lossy)]).toEqual([[5], [5]]);
  });

  it('a writer without readers never waits', () => {
    const axon = new Axon({ slots: 2 });
    for (let i = 0; i < 100; i++) expect(axon.tryPublish(frame(i))).toBe(true);
  });

  it('one that attaches to a ring that ran alone is never passed', () => {
    for (let before = 0; before < 40; before++) {
      const axon = new Axon({ slots: 4 });
      for (let i = 0; i < before; i++) axon.publish(frame(i));
      const reader = axon.reader();
      let published = 0;
      while (published < 9 && axon.tryPublish(frame(before + published))) published++;
      expect(published).toBe(4);
      expect(drain(reader)).toEqual(range(before, before + 4));
    }
  });
});

describe('batches', () => {
  it('NB-16 are seen whole', () => {
    const axon = new Axon({ slots: 64 });
    const reader = axon.reader({ mode: 'lossy' });
    axon.publishBatch(frames(0, 40));
    expect(reader.poll().length).toBe(40);
  });

  it('NB-16 refuse all if there is no room for all', () => {
    const axon = new Axon({ slots: 8 });
    const reader = axon.reader();
    axon.publishBatch(frames(0, 5));
    expect(codeOf(() => axon.publishBatch(frames(5, 4)))).toBe('E_BACK_PRESSURE');
    axon.publishBatch(frames(5, 3));
    expect(drain(reader)).toEqual(range(0, 8));
  });

  it('NB-16 wrap around the end of the ring', () => {
    const axon = new Axon({ slots: 8 });
    const reader = axon.reader();
    for (let first = 0; first < 60; first += 6) {
      axon.publishBatch(frames(first, 6));
      expect(drain(reader)).toEqual(range(first, first + 6));
    }
  });

  it('take the first records, as many as asked for', () => {
    const axon = new Axon({ slots: 8 });
    const reader = axon.reader();
    axon.publishBatch(frames(0, 6), 4);
    axon.publishBatch(frames(4, 2), 0);
    axon.publishBatch(new Uint8Array(0));
    expect(drain(reader)).toEqual(range(0, 4));
  });

  it('are refused when they are longer than the ring, or no records', () => {
    const axon = new Axon({ slots: 4 });
    expect(codeOf(() => axon.publishBatch(frames(0, 5)))).toBe('E_OUT_OF_RANGE');
    expect(codeOf(() => axon.publishBatch(frames(0, 5), 5))).toBe('E_OUT_OF_RANGE');
    expect(codeOf(() => axon.publishBatch(frames(0, 5), 4))).toBe('none');
    expect(codeOf(() => axon.publishBatch(new Uint8Array(65)))).toBe('E_OUT_OF_RANGE');
    expect(codeOf(() => axon.publishBatch(frames(0, 2), 3))).toBe('E_OUT_OF_RANGE');
    expect(codeOf(() => axon.publishBatch(frames(0, 2), -1))).toBe('E_OUT_OF_RANGE');
    expect(codeOf(() => axon.publishBatch(frames(0, 2), 0.5))).toBe('E_OUT_OF_RANGE');
  });

  it('NB-17 a poll keeps to its maximum', () => {
    const axon = new Axon({ slots: 16 });
    const readers = [axon.reader(), axon.reader({ mode: 'lossy' })];
    axon.publishBatch(frames(0, 10));
    for (const reader of readers)
      expect([reader.poll(3), reader.poll(3), reader.poll(9)].map(({ length }) => length)).toEqual([3, 3, 4]);
  });

  it('have distinct spikes while they are held', () => {
    const axon = new Axon({ slots: 8 });
    const reader = axon.reader();
    axon.publishBatch(frames(0, 3));
    const batch = reader.poll();
    const spikes = [...batch];
    expect(new Set(spikes).size).toBe(3);
    expect(spikes.map((spike) => Number(spike.timestampNs))).toEqual([0, 1, 2]);
    expect(batch.at(1)).toBe(spikes[1]);
    expect(batch.buffer.length).toBe(192);
    expect(batch.buffer.buffer).toBe(spikes[0]?.bytes.buffer);
  });

  it('give nothing after their release', () => {
    const axon = new Axon({ slots: 8 });
    const reader = axon.reader();
    axon.publishBatch(frames(0, 3));
    const batch = reader.poll();
    batch.release();
    batch.release();
    expect(codeOf(() => batch.at(0))).toBe('E_STATE');
    expect(codeOf(() => batch.buffer)).toBe('E_STATE');
    expect(codeOf(() => [...batch])).toBe('E_STATE');
  });

  it('are released by the next poll, and a late release of an old one is harmless', () => {
    const axon = new Axon({ slots: 4 });
    const reader = axon.reader();
    axon.publishBatch(frames(0, 4));
    const first = reader.poll(2);
    const second = reader.poll(2);
    expect(codeOf(() => first.at(0))).toBe('E_STATE');
    first.release();
    axon.publishBatch(frames(4, 2));
    expect(axon.tryPublish(frame(6))).toBe(false);
    expect(numbersOf(second.buffer)).toEqual([2, 3]);
  });

  it('are released by using', () => {
    const axon = new Axon({ slots: 2 });
    const reader = axon.reader();
    axon.publishBatch(frames(0, 2));
    {
      using batch: SpikeBatch = reader.poll();
      expect(batch.length).toBe(2);
      expect(axon.tryPublish(frame(2))).toBe(false);
    }
    expect(axon.tryPublish(frame(2))).toBe(true);
  });

  it.each([-1, 3, 0.5, NaN, '0'])('refuse the index %s', (index) => {
    const axon = new Axon({ slots: 8 });
    const reader = axon.reader();
    axon.publishBatch(frames(0, 3));
    expect(codeOf(() => Reflect.apply(reader.poll().at, reader.poll(), [index]))).toMatch(/E_OUT_OF_RANGE|E_STATE/);
  });

  it('copies own their bytes', () => {
    const axon = new Axon({ slots: 2 });
    const reader = axon.reader();
    axon.publish({ payload: 'first', sequence: 9, source: 4 });
    const view = reader.poll().at(0);
    const copy = view.copy();
    axon.publish({ payload: 'other' });
    reader.poll();
    axon.publish({ payload: 'third' });
    expect([copy.text(), copy.sequence, copy.source, copy.payload.toString()]).toEqual(['first', 9, 4, 'first']);
    expect(copy.copy().bytes.equals(copy.bytes)).toBe(true);
  });
});

describe('lossy readers', () => {
  it('NB-18 count exactly what they lost', () => {
    const axon = new Axon({ slots: 64 });
    const reader = axon.reader({ mode: 'lossy' });
    for (let i = 0; i < 1_000; i++) axon.publish(frame(i));
    const batch = reader.poll();
    expect(batch.lagged + batch.length).toBe(1_000);
    expect(numbersOf(batch.buffer)).toEqual(range(batch.lagged, 1_000));
    expect(batch.length).toBeGreaterThanOrEqual(32);
    expect(reader.poll().lagged).toBe(0);
  });

  it('lose nothing that still stands in the ring before the writer comes near', () => {
    const axon = new Axon({ slots: 64 });
    const reader = axon.reader({ mode: 'lossy' });
    axon.publishBatch(frames(0, 64));
    expect(reader.poll().lagged).toBe(0);
  });

  it('have private copies: a later publish does not change them', () => {
    const axon = new Axon({ slots: 2 });
    const reader = axon.reader({ mode: 'lossy' });
    axon.publish(frame(0));
    const batch = reader.poll();
    for (let i = 1; i < 10; i++) axon.publish(frame(i));
    expect(numbersOf(batch.buffer)).toEqual([0]);
  });

  it('NB-15 a clone counts its own loss', () => {
    const axon = new Axon({ slots: 4 });
    const reader = axon.reader({ mode: 'lossy' });
    axon.publish(frame(0));
    const clone = reader.clone();
    expect(drain(reader)).toEqual([0]);
    for (let i = 1; i < 9; i++) axon.publish(frame(i));
    const [a, b] = [reader.poll(), clone.poll()];
    expect([a.lagged + a.length, b.lagged + b.length]).toEqual([8, 9]);
  });

  it('copy a large backlog in pieces', () => {
    const axon = new Axon({ slots: 8_192 });
    const reader = axon.reader({ mode: 'lossy' });
    axon.publishBatch(frames(0, 8_192));
    expect(drain(reader)).toEqual(range(0, 8_192));
  });
});

describe('waiting', () => {
  it('an iteration goes by batches and ends with the axon', async () => {
    const axon = new Axon({ slots: 16 });
    const reader = axon.reader();
    const got: number[] = [];
    const reading = (async () => {
      for await (const batch of reader) got.push(...numbersOf(batch.buffer));
    })();
    for (let i = 0; i < 50; i++) {
      axon.publish(frame(i));
      if (i % 3 === 0) await Promise.resolve();
      if (i % 10 === 9) await new Promise(setImmediate);
    }
    axon.close();
    await reading;
    expect(got).toEqual(range(0, 50));
  });

  it('what was left at the close is given first', async () => {
    const axon = new Axon({ slots: 16 });
    const readers = [axon.reader(), axon.reader({ mode: 'lossy' })];
    axon.publishBatch(frames(0, 12));
    axon.close();
    for (const reader of readers) {
      const got: number[] = [];
      for await (const batch of reader) got.push(...numbersOf(batch.buffer));
      expect(got).toEqual(range(0, 12));
      expect(reader.poll().length).toBe(0);
    }
  });

  it('two readers wait at once', async () => {
    const axon = new Axon({ slots: 16 });
    const next = [axon.reader(), axon.reader({ mode: 'lossy' })].map((reader) => reader[Symbol.asyncIterator]().next());
    axon.publish(frame(3));
    const batches = await Promise.all(next);
    expect(batches.map(({ done }) => done)).toEqual([false, false]);
  });

  it('a reader that closes ends its iteration', async () => {
    const axon = new Axon({ slots: 4 });
    const reader = axon.reader();
    const next = reader[Symbol.asyncIterator]().next();
    reader.close();
    expect((await next).done).toBe(true);
  });

  it('return ends an iteration that waits', async () => {
    const axon = new Axon({ slots: 4 });
    const iterator = axon.reader()[Symbol.asyncIterator]();
    const next = iterator.next();
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
    expect((await next).done).toBe(true);
  });

  it('leaving a loop releases at the next poll, and the reader goes on', async () => {
    const axon = new Axon({ slots: 8 });
    const reader = axon.reader();
    axon.publishBatch(frames(0, 4));
    for await (const batch of reader) {
      expect(batch.length).toBe(4);
      break;
    }
    axon.publish(frame(4));
    expect(drain(reader)).toEqual([4]);
  });
});

describe('the end', () => {
  it('a closed axon takes nothing and gives no readers', () => {
    const axon = new Axon();
    axon.close();
    axon.close();
    expect(() => axon.publish(frame(0))).toThrow(ClosedError);
    expect(codeOf(() => axon.tryPublish(frame(0)))).toBe('E_CLOSED');
    expect(codeOf(() => axon.publishBatch(frames(0, 1)))).toBe('E_CLOSED');
    expect(codeOf(() => axon.reader())).toBe('E_CLOSED');
  });

  it('a closed reader does not poll', () => {
    const reader = new Axon().reader();
    reader.close();
    reader.close();
    expect(codeOf(() => reader.poll())).toBe('E_CLOSED');
    expect(codeOf(() => reader.clone())).toBe('E_CLOSED');
  });

  it('using closes both', () => {
    let [kept, read]: [Axon | undefined, AxonReader | undefined] = [undefined, undefined];
    {
      using axon = new Axon();
      using reader = axon.reader();
      [kept, read] = [axon, reader];
    }
    expect([codeOf(() => kept?.publish({})), codeOf(() => read?.poll())]).toEqual(['E_CLOSED', 'E_CLOSED']);
  });
});
