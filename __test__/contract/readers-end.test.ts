/** How readers of axons end: with their neuron, with their bus, by themselves (NB-15, NB-42). */
import type { AxonReader, Spike } from 'neuronbus';
import { expect, test } from 'vitest';
import { deaf, manualBus, pattern, refuses, turn } from './helpers.js';

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

/** Reads to the end of the iteration. */
async function all(reader: AxonReader): Promise<number[]> {
  const sequences: number[] = [];
  for await (const batch of reader) sequences.push(...[...batch].map((spike) => spike.sequence));
  return sequences;
}

test('Readers: after bus.close() the readers of its neurons give what is left, then their iterations end', async () => {
  for (const mode of ['reliable', 'lossy'] as const) {
    const bus = manualBus();
    const [sender, mute] = [deaf(bus, 'sender'), deaf(bus, 'mute')];
    const [iterated, polled] = [sender.reader({ mode }), sender.reader({ mode })];
    for (let i = 0; i < 5; i++) sender.fire(mute, i, { direct: true });
    bus.tick();
    await bus.close();
    expect(await all(iterated)).toEqual([0, 1, 2, 3, 4]);
    expect(polled.poll().length).toBe(5);
    expect(polled.poll().length).toBe(0);
    polled.close();
    refuses('E_CLOSED', () => polled.poll());
  }
});

test('Readers: an iteration that waits ends at bus.close()', async () => {
  const bus = manualBus();
  const [sender, mute] = [deaf(bus, 'sender'), deaf(bus, 'mute')];
  const reading = all(sender.reader());
  await turn();
  sender.fire(mute, 'x', { direct: true });
  bus.tick();
  await turn();
  await bus.close();
  expect(await reading).toEqual([0]);
});

test('Readers: the readers of an unregistered neuron give what is left, then end', async () => {
  const bus = manualBus();
  const [sender, mute] = [deaf(bus, 'sender'), deaf(bus, 'mute')];
  const [reader, waiting] = [sender.reader(), sender.reader()];
  sender.fire(mute, 'x', { direct: true });
  bus.tick();
  const reading = all(waiting);
  bus.unregister(sender);
  bus.tick(2);
  expect(await all(reader)).toEqual([0]);
  expect(await reading).toEqual([0]);
});

test('NB-42 Readers: a reader that is closed late, unread, keeps neither payloads nor the id of a neuron that left', () => {
  for (const read of [false, true]) {
    const bus = manualBus({ maxNeurons: 3 });
    const mute = deaf(bus, 'mute');
    for (let i = 0; i < 10; i++) {
      const sender = deaf(bus, 'sender');
      const reader = sender.reader();
      sender.fire(mute, pattern(300), { direct: true });
      sender.fire(mute, 'x', { direct: true });
      bus.tick();
      bus.unregister(sender);
      if (read) expect(take(reader).spikes).toHaveLength(2);
      reader.close();
      bus.tick(3);
    }
    expect(bus.arena.used).toBe(0);
  }
});

test('NB-15 Readers: the reader of a neuron that left may be cloned; the next owner of its id is not held back', () => {
  const bus = manualBus({ maxNeurons: 2, axonSlots: 2 });
  const mute = deaf(bus, 'mute');
  const sender = deaf(bus, 'sender');
  const reader = sender.reader();
  sender.fire(mute, 'testament', { direct: true });
  bus.tick();
  bus.unregister(sender);
  bus.tick(3);
  const next = deaf(bus, 'next');
  expect(next.id).toBe(sender.id);
  const clone = reader.clone();
  for (const each of [reader, clone]) expect(take(each).spikes.map((spike) => spike.text())).toEqual(['testament']);
  for (let i = 0; i < 10; i++) {
    next.fire(mute, i, { direct: true });
    bus.tick();
  }
  clone.close();
  reader.close();
  next.fire(mute, 'x', { direct: true });
  bus.tick();
  expect(bus.stats().delivered).toBe(12);
});

test('Readers: a reader may be cloned after bus.close(), for what is left', async () => {
  const bus = manualBus();
  const [sender, mute] = [deaf(bus, 'sender'), deaf(bus, 'mute')];
  const reader = sender.reader();
  sender.fire(mute, 'x', { direct: true });
  bus.tick();
  await bus.close();
  expect(take(reader.clone()).spikes).toHaveLength(1);
  expect(take(reader).spikes).toHaveLength(1);
});

test('Readers: breaking out of an iteration leaves the reader usable', async () => {
  const bus = manualBus();
  const [sender, mute] = [deaf(bus, 'sender'), deaf(bus, 'mute')];
  using reader = sender.reader();
  sender.fire(mute, 'a', { direct: true });
  bus.tick();
  for await (const batch of reader) {
    expect(batch.length).toBe(1);
    break;
  }
  sender.fire(mute, 'b', { direct: true });
  bus.tick();
  expect(take(reader).spikes.map((spike) => spike.text())).toEqual(['b']);
});

test('Readers: reader and bus closed in any order, twice', async () => {
  const bus = manualBus();
  const sender = deaf(bus, 'sender');
  const [before, after] = [sender.reader(), sender.reader({ mode: 'lossy' })];
  before.close();
  before.close();
  await bus.close();
  after.close();
  after.close();
  refuses('E_CLOSED', () => sender.reader());
});

test('Readers: closing its bus while a batch is held', async () => {
  const bus = manualBus();
  const [sender, mute] = [deaf(bus, 'sender'), deaf(bus, 'mute')];
  const reader = sender.reader();
  sender.fire(mute, 'inline', { direct: true });
  sender.fire(mute, pattern(300), { direct: true });
  bus.tick();
  const batch = reader.poll();
  await bus.close();
  expect(batch.at(0).text()).toBe('inline');
  expect(batch.at(1).payload.length).toBe(0);
  batch.release();
  reader.close();
});
