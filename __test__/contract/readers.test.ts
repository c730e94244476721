/** Readers of a neuron's axon (NB-14, NB-15, NB-18, NB-40). */
import type { AxonReader, Spike } from 'neuronbus';
import { expect, test } from 'vitest';
import { call, deaf, listener, manualBus, pattern, refuses, startedBus, turn, until } from './helpers.js';

/** Copies of all that a reader has now. */
function take(reader: AxonReader): { spikes: Spike[]; lagged: number } {
  const spikes: Spike[] = [];
  let lagged = 0;
  for (let batch = reader.poll(); batch.length + batch.lagged > 0; batch = reader.poll()) {
    spikes.push(...[...batch].map((spike) => spike.copy()));
    lagged += batch.lagged;
  }
  return { spikes, lagged };
}

test('NB-40 reader() sees all that its neuron fires, whatever becomes of it: delivered, dropped, broadcast, large', () => {
  const bus = manualBus();
  const sender = deaf(bus, 'sender');
  const { neuron } = listener(bus);
  bus.connect(sender, neuron);
  using reader = sender.reader();
  sender.fire(neuron, 'delivered');
  sender.fire(99, 'dropped');
  sender.broadcast('all', { priority: 9 });
  sender.fire(neuron, pattern(700));
  bus.tick();
  const { spikes } = take(reader);
  expect(spikes.map(({ sequence, target }) => [sequence, target])).toEqual([
    [0, neuron.id],
    [1, 99],
    [2, 0xffff],
    [3, neuron.id],
  ]);
  expect(spikes.slice(0, 3).map((spike) => spike.text())).toEqual(['delivered', 'dropped', 'all']);
});

test('Readers: the payload of a held batch of a reliable reader stays readable', () => {
  const bus = manualBus({ arenaBytes: 2 ** 18 });
  const sender = deaf(bus, 'sender');
  const { neuron } = listener(bus);
  bus.connect(sender, neuron);
  using reader = sender.reader();
  sender.fire(neuron, pattern(700));
  const batch = reader.poll();
  const held = batch.length > 0 ? batch : reader.poll();
  for (let i = 0; i < 50; i++) {
    bus.tick();
    sender.fire(neuron, pattern(700, i + 2));
  }
  expect(held.at(0).payload.equals(pattern(700))).toBe(true);
  held.release();
});

test('Readers: reader() is reliable unless mode is lossy; it starts at now', () => {
  const bus = manualBus({ axonSlots: 4 });
  const [sender, mute] = [deaf(bus, 'sender'), deaf(bus, 'mute')];
  const direct = { direct: true };
  sender.fire(mute, 'before', direct);
  bus.tick();
  using reliable = sender.reader();
  using lossy = sender.reader({ mode: 'lossy' });
  sender.fire(mute, 'now', direct);
  bus.tick();
  expect(take(reliable).spikes.map((spike) => spike.text())).toEqual(['now']);
  expect(take(lossy).spikes.map((spike) => spike.text())).toEqual(['now']);
});

test('Readers: it starts at now, also when what was fired before is not routed yet', () => {
  for (const mode of ['reliable', 'lossy'] as const) {
    const bus = manualBus();
    const [sender, mute] = [deaf(bus, 'sender'), deaf(bus, 'mute')];
    sender.fire(mute, 'before', { direct: true });
    using reader = sender.reader({ mode });
    sender.fire(mute, 'after', { direct: true });
    bus.tick();
    expect(take(reader).spikes.map((spike) => spike.text())).toEqual(['after']);
  }
});

test('NB-18 Readers: a lossy reader holds nobody back, and is told exactly what it missed', () => {
  const bus = manualBus({ axonSlots: 8 });
  const [sender, mute] = [deaf(bus, 'sender'), deaf(bus, 'mute')];
  using reader = sender.reader({ mode: 'lossy' });
  let [seen, lost, last] = [0, 0, -1];
  for (let i = 1; i <= 200; i++) {
    sender.fire(mute, `${i}`, { direct: true });
    bus.tick();
    if (i % 20 !== 0) continue;
    const { spikes, lagged } = take(reader);
    for (const { sequence } of spikes) {
      expect(sequence).toBeGreaterThan(last);
      last = sequence;
    }
    seen += spikes.length;
    lost += lagged;
    expect(seen + lost).toBe(i);
  }
  expect(lost).toBeGreaterThan(0);
});

test('Readers: a spike whose arena payload is gone by then counts as lagged for a lossy reader', () => {
  const bus = manualBus();
  const sender = deaf(bus, 'sender');
  const { neuron } = listener(bus);
  bus.connect(sender, neuron);
  using reader = sender.reader({ mode: 'lossy' });
  sender.fire(neuron, 'small');
  sender.fire(neuron, pattern(300));
  sender.fire(neuron, 'small too');
  bus.tick();
  bus.tick();
  const { spikes, lagged } = take(reader);
  expect(spikes.length + lagged).toBe(3);
  for (const spike of spikes)
    expect(spike.payload.length === 300 ? spike.payload.equals(pattern(300)) : true).toBe(true);
  const expected = spikes.some(({ sequence }) => sequence === 1) ? 0 : 1;
  expect(lagged).toBe(expected);
});

test('Readers: a lossy reader’s batch is its private copy: it keeps its bytes while the ring goes round', () => {
  const bus = manualBus({ axonSlots: 4 });
  const [sender, mute] = [deaf(bus, 'sender'), deaf(bus, 'mute')];
  using reader = sender.reader({ mode: 'lossy' });
  sender.fire(mute, 'keep me', { direct: true });
  sender.fire(mute, pattern(90), { direct: true });
  let batch = reader.poll();
  if (batch.length === 0) batch = reader.poll();
  expect(batch.length).toBe(2);
  for (let i = 0; i < 30; i++) {
    bus.tick();
    sender.fire(mute, `${i}`, { direct: true });
  }
  expect(batch.at(0).text()).toBe('keep me');
  expect(batch.at(1).payload.equals(pattern(90))).toBe(true);
});

test('Readers: an iteration is woken in manual and in started mode', async () => {
  for (const bus of [manualBus(), startedBus()]) {
    const [sender, mute] = [deaf(bus, 'sender'), deaf(bus, 'mute')];
    const iterator = sender.reader()[Symbol.asyncIterator]();
    for (let i = 0; i < 3; i++) {
      const next = iterator.next();
      await turn();
      sender.fire(mute, i, { direct: true });
      if (bus.stats().ticks >= 0 && !isStarted(bus)) bus.tick();
      const { value } = await next;
      expect(value?.at(0).sequence).toBe(i);
    }
    await iterator.return?.();
  }
});

function isStarted(bus: { tick(n: number): unknown }): boolean {
  try {
    bus.tick(0);
    return false;
  } catch {
    return true;
  }
}

test('NB-14 8 reliable readers of one neuron each get all, in order, and payloads intact (started)', async () => {
  const bus = startedBus({ axonSlots: 64 });
  const [sender, mute] = [deaf(bus, 'sender'), deaf(bus, 'mute')];
  const readers = Array.from({ length: 8 }, () => sender.reader());
  const reading = readers.map(async (reader) => {
    let next = 0;
    for await (const batch of reader) {
      for (const spike of batch) {
        if (spike.sequence !== next++ || !spike.payload.equals(pattern(spike.sequence % 100, spike.sequence)))
          return -1;
      }
      if (next === 2_000) break;
    }
    return next;
  });
  for (let i = 0; i < 2_000; i++) {
    await sender.ready();
    sender.fire(mute, pattern(i % 100, i), { direct: true });
  }
  expect(await Promise.all(reading)).toEqual(Array.from({ length: 8 }, () => 2_000));
  for (const reader of readers) reader.close();
  await bus.drain();
});

test('NB-15 clone of a neuron’s reader', () => {
  const bus = manualBus();
  const [sender, mute] = [deaf(bus, 'sender'), deaf(bus, 'mute')];
  using reader = sender.reader();
  for (let i = 0; i < 20; i++) sender.fire(mute, i, { direct: true });
  bus.tick();
  reader.poll(10).release();
  using clone = reader.clone();
  expect(take(clone).spikes.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 10 }, (_, i) => 10 + i));
  expect(take(reader).spikes).toHaveLength(10);
});

test('Life: options of neuron.reader are refused: null, a wrong mode, an unknown key', () => {
  const bus = manualBus();
  const sender = deaf(bus, 'sender');
  for (const options of [null, 3, { mode: 'fast' }, { mode: null }])
    refuses('E_OUT_OF_RANGE', () => call(sender, 'reader', options));
  refuses('E_UNKNOWN_OPTION', () => call(sender, 'reader', { lossy: true }));
});

test('NB-14 a 65th reliable reader of a neuron is refused; the others go on', () => {
  const bus = manualBus();
  const [sender, mute] = [deaf(bus, 'sender'), deaf(bus, 'mute')];
  const readers: AxonReader[] = [];
  expect(() => {
    for (let i = 0; i < 65; i++) readers.push(sender.reader());
  }).toThrow();
  refuses('E_BUSY', () => sender.reader());
  sender.fire(mute, 'x', { direct: true });
  bus.tick();
  for (const reader of readers) expect(reader.poll().length).toBe(1);
  for (const reader of readers) reader.close();
  sender.reader().close();
});

test('Readers: on a started bus a reader that is polled by hand sees all', async () => {
  const bus = startedBus();
  const [sender, mute] = [deaf(bus, 'sender'), deaf(bus, 'mute')];
  const reader = sender.reader();
  for (let i = 0; i < 100; i++) sender.fire(mute, i, { direct: true });
  const got: number[] = [];
  await until(() => {
    got.push(...take(reader).spikes.map(({ sequence }) => sequence));
    return got.length >= 100;
  });
  expect(got).toEqual(Array.from({ length: 100 }, (_, i) => i));
  reader.close();
});
