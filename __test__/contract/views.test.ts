/** Batches and views: what lives how long. */
import { Axon, type Spike, SpikeBatch } from 'neuronbus';
import { expect, test } from 'vitest';
import { call, deaf, manualBus, pattern, refuses } from './helpers.js';

test('a batch: length, buffer of length × 64 bytes, contiguous, zero-copy; at(i); iterable', () => {
  using axon = new Axon({ slots: 8 });
  using reader = axon.reader();
  for (let i = 0; i < 3; i++) axon.publish({ sequence: i, payload: `p${i}` });
  using batch = reader.poll();
  expect(batch).toBeInstanceOf(SpikeBatch);
  expect([batch.length, batch.buffer.length, batch.lagged]).toEqual([3, 192, 0]);
  expect([...batch].map((spike) => spike.text())).toEqual(['p0', 'p1', 'p2']);
  for (let i = 0; i < 3; i++) {
    expect(batch.at(i).bytes.equals(batch.buffer.subarray(i * 64, i * 64 + 64))).toBe(true);
    expect(batch.at(i).bytes.buffer).toBe(batch.buffer.buffer);
    expect(batch.at(i).bytes.byteOffset).toBe(batch.buffer.byteOffset + i * 64);
    expect(batch.at(i).payload.buffer).toBe(batch.buffer.buffer);
  }
});

test('the spikes of one batch are distinct objects while it is held', () => {
  using axon = new Axon({ slots: 8 });
  using reader = axon.reader();
  for (let i = 0; i < 5; i++) axon.publish({ sequence: i });
  const batch = reader.poll();
  const spikes = [...batch];
  expect(new Set(spikes).size).toBe(5);
  expect(spikes.map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3, 4]);
});

test('at refuses an index outside', () => {
  using axon = new Axon({ slots: 8 });
  using reader = axon.reader();
  axon.publish({});
  const batch = reader.poll();
  for (const index of [1, -1, 0.5, Number.NaN, '0', null, undefined])
    refuses('E_OUT_OF_RANGE', () => call(batch, 'at', index));
});

test('a released batch throws E_STATE; release twice is quiet; using and the next poll release too', () => {
  using axon = new Axon({ slots: 8 });
  using reader = axon.reader();
  for (let i = 0; i < 4; i++) axon.publish({});
  const first = reader.poll(1);
  first.release();
  first.release();
  refuses('E_STATE', () => first.at(0));
  refuses('E_STATE', () => first.buffer);
  refuses('E_STATE', () => [...first]);
  const second = reader.poll(1);
  reader.poll(1);
  refuses('E_STATE', () => second.at(0));
  const third = reader.poll(1);
  third[Symbol.dispose]();
  refuses('E_STATE', () => third.at(0));
});

test('a reliable reader’s batch lies in the ring, its gate moves at release', () => {
  using axon = new Axon({ slots: 2 });
  using reader = axon.reader();
  axon.publish({ payload: 'a' });
  axon.publish({ payload: 'b' });
  const batch = reader.poll();
  expect(axon.tryPublish({ payload: 'c' })).toBe(false);
  expect(batch.at(0).text()).toBe('a');
  batch.release();
  expect(axon.tryPublish({ payload: 'c' })).toBe(true);
});

test('a lossy reader’s batch is its private copy', () => {
  using axon = new Axon({ slots: 2 });
  using reader = axon.reader({ mode: 'lossy' });
  axon.publish({ payload: 'a' });
  const batch = reader.poll();
  for (let i = 0; i < 10; i++) axon.publish({ payload: 'z' });
  expect(batch.at(0).text()).toBe('a');
});

test('copy() owns its bytes: inline and arena payloads, bytes, fields; also a copy of a copy', async () => {
  const bus = manualBus();
  const kept: Spike[] = [];
  const sender = deaf(bus, 'sender');
  const receiver = deaf(bus, 'receiver', { onSpike: (spike) => kept.push(spike.copy()) });
  bus.connect(sender, receiver);
  bus.advance(3);
  sender.fire(receiver, 'small', { priority: 5, kind: 'inhibitory' });
  sender.fire(receiver, pattern(999));
  bus.tick();
  for (let i = 0; i < 3_000; i++) {
    sender.fire(receiver, pattern(60, i));
    if (i % 100 === 0) bus.tick();
    kept.length = 2;
  }
  await bus.close();
  const [small, large] = kept.map((spike) => spike.copy());
  expect(small).toMatchObject({ sequence: 0, priority: 5, kind: 'inhibitory', source: 0, target: 1 });
  expect([small?.text(), small?.timestampNs, small?.bytes.length]).toEqual(['small', 3_000_000n, 64]);
  expect(large?.payload.equals(pattern(999))).toBe(true);
});

test('a handler’s batch is released when the handler returns', () => {
  const bus = manualBus();
  const batches: SpikeBatch[] = [];
  const sender = deaf(bus, 'sender');
  const receiver = deaf(bus, 'receiver', {
    onSpikes: (batch) => {
      batches.push(batch);
      expect(batch.buffer.length).toBe(batch.length * 64);
    },
  });
  bus.connect(sender, receiver);
  for (let i = 0; i < 3; i++) sender.fire(receiver, i);
  bus.tick();
  expect(batches.map(({ length }) => length)).toEqual([3]);
  for (const batch of batches) refuses('E_STATE', () => batch.at(0));
});

test('a handler may release its batch itself, and then has no more of it', () => {
  const bus = manualBus();
  const caught: unknown[] = [];
  bus.on('error', (error) => caught.push(error));
  const sender = deaf(bus, 'sender');
  const receiver = deaf(bus, 'receiver', {
    onSpikes: (batch) => {
      batch.release();
      batch.at(0);
    },
  });
  bus.connect(sender, receiver);
  sender.fire(receiver, 'x');
  bus.tick();
  expect(caught).toMatchObject([{ code: 'E_STATE' }]);
});

test('onSpikes gets one call per batch instead of onSpike', () => {
  const bus = manualBus();
  const calls: string[] = [];
  const sender = deaf(bus, 'sender');
  const receiver = deaf(bus, 'receiver', {
    onSpikes: (batch, self) => calls.push(`${self.card.name} ${batch.length} ${batch.lagged}`),
    onSpike: () => calls.push('onSpike'),
  });
  bus.connect(sender, receiver);
  for (let i = 0; i < 10; i++) sender.fire(receiver, i);
  bus.tick();
  expect(calls).toEqual(['receiver 10 0']);
});

test('payload is a view of exact length over the arena; two looks share memory', () => {
  const bus = manualBus();
  const sender = deaf(bus, 'sender');
  const seen: boolean[] = [];
  const receiver = deaf(bus, 'receiver', {
    onSpike: (spike) => {
      const [first, second] = [spike.payload, spike.payload];
      seen.push(first.length === 123 && first.buffer === second.buffer && first.byteOffset === second.byteOffset);
    },
  });
  bus.connect(sender, receiver);
  sender.fire(receiver, pattern(123));
  bus.tick();
  expect(seen).toEqual([true]);
});

test('after bus.close() views of the arena are detached: length 0', async () => {
  const bus = manualBus();
  const views: Buffer[] = [];
  const sender = deaf(bus, 'sender');
  const receiver = deaf(bus, 'receiver', { onSpike: (spike) => views.push(spike.payload) });
  bus.connect(sender, receiver);
  sender.fire(receiver, pattern(200));
  bus.tick();
  const lease = bus.arena.read(bus.arena.write(pattern(300)));
  views.push(lease.bytes);
  expect(views.map(({ length }) => length)).toEqual([200, 300]);
  await bus.close();
  expect(views.map(({ length }) => length)).toEqual([0, 0]);
  expect(lease.bytes.length).toBe(0);
  lease.release();
});

test('a tag that no spike has is refused when it is read: only memory that somebody else writes can hold it', () => {
  using axon = new Axon({ slots: 2 });
  using reader = axon.reader();
  axon.publish({ payload: 'x' });
  using batch = reader.poll();
  const spike = batch.at(0);
  const tagAt = 16;
  const length = 2;
  batch.buffer[tagAt] = (length << 2) | 3;
  expect(refuses('E_OUT_OF_RANGE', () => spike.kind).detail).toMatchObject({ value: `${(length << 2) | 3}` });
  expect(spike.text()).toBe('x');
  for (const code of [48, 62]) {
    batch.buffer[tagAt] = code << 2;
    expect(spike.kind).toBe('excitatory');
    for (const read of [() => spike.payload, () => spike.text(), () => spike.json(), () => spike.copy()])
      expect(refuses('E_OUT_OF_RANGE', read).detail).toMatchObject({ value: `${code << 2}` });
  }
});
