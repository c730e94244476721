/** What fire refuses, what the cortex drops, and the books of both (NB-40, NB-44, NB-47). */
import type { DropEvent, ErrorCode } from 'neuronbus';
import { expect, test } from 'vitest';
import { call, deaf, dropped, listener, manualBus, pattern, refuses } from './helpers.js';

/** A bus, a sender and what the drop event tells. */
function scene(): { bus: ReturnType<typeof manualBus>; sender: ReturnType<typeof deaf>; told: DropEvent[] } {
  const bus = manualBus();
  const told: DropEvent[] = [];
  bus.on('drop', (event) => told.push(event));
  return { bus, sender: deaf(bus, 'sender'), told };
}

test('NB-47 unknown: a raw id is looked up by the cortex; no such neuron is a counted drop, told before tick returns', () => {
  const { bus, sender, told } = scene();
  sender.fire(77, 'x');
  sender.fire(65_534, pattern(100), { direct: true });
  expect(told).toEqual([]);
  bus.tick();
  expect(told).toEqual([
    { reason: 'unknown', source: 0, target: 77, sequence: 0 },
    { reason: 'unknown', source: 0, target: 65_534, sequence: 1 },
  ]);
  expect(bus.stats()).toMatchObject({ fired: 2, inFlight: 0, dropped: { unknown: 2 } });
});

test('notConnected: unicast needs a synapse or direct', () => {
  const { bus, sender, told } = scene();
  const { neuron, texts } = listener(bus);
  sender.fire(neuron, 'x');
  sender.fire(neuron, 'y', { direct: true });
  bus.tick();
  expect(told).toEqual([{ reason: 'notConnected', source: 0, target: neuron.id, sequence: 0 }]);
  expect(texts).toEqual(['y']);
});

test('noSynapse: a broadcast without any counts 1, target 0xFFFF', () => {
  const { bus, sender, told } = scene();
  sender.broadcast('x');
  bus.tick();
  expect(told).toEqual([{ reason: 'noSynapse', source: 0, target: 0xffff, sequence: 0 }]);
  expect(bus.stats()).toMatchObject({ fired: 1, dropped: { noSynapse: 1 } });
});

test('filtered: by the cortex and by a predicate, both told with their target', () => {
  const { bus, sender, told } = scene();
  const { neuron } = listener(bus);
  bus.registerFilter('no', () => false);
  bus.connect(sender, neuron, { filters: [{ type: 'priority', min: 5 }] });
  sender.fire(neuron, 'x');
  bus.tick();
  bus.connect(sender, neuron, { filters: [{ type: 'custom', name: 'no' }] });
  sender.broadcast('y');
  bus.tick();
  expect(told).toEqual([
    { reason: 'filtered', source: 0, target: neuron.id, sequence: 0 },
    { reason: 'filtered', source: 0, target: neuron.id, sequence: 1 },
  ]);
});

test('left: the receiver was unregistered meanwhile: while the spike is on its way, while it waits, and by a handler before', () => {
  const { bus, sender, told } = scene();
  const gone = deaf(bus, 'gone');
  bus.connect(sender, gone);
  sender.fire(gone, 'on its way');
  bus.unregister(gone);
  bus.tick();
  expect(bus.stats().dropped.unknown + bus.stats().dropped.left).toBe(1);
  expect(bus.stats().dropped.left).toBe(1);

  const sleepy = bus.register({ name: 'sleepy', membrane: { refractoryTicks: 9 } });
  bus.connect(sender, sleepy, { weight: 1, stdp: false });
  for (const text of ['a', 'b', 'c']) sender.fire(sleepy, text);
  bus.tick();
  sender.fire(sleepy, 'd');
  bus.tick();
  expect(bus.stats().deferred).toBe(1);
  bus.unregister(sleepy);
  bus.tick();
  expect(bus.stats()).toMatchObject({ deferred: 0, dropped: { left: 2 } });

  const victim = deaf(bus, 'victim', { onSpike: () => expect.unreachable('it has left') });
  const killer = deaf(bus, 'killer', { onSpike: () => bus.unregister(victim) });
  sender.fire(killer, 'now', { direct: true });
  sender.fire(victim, 'late', { direct: true });
  bus.tick();
  expect(bus.stats().dropped.left).toBe(3);
  expect(told.filter(({ reason }) => reason === 'left').map(({ sequence }) => sequence)).toEqual([0, 4, 6]);
});

test('left: a neuron that unregisters itself in its handler takes no more; the rest of its spikes are drops', () => {
  const { bus, sender, told } = scene();
  let calls = 0;
  const once = deaf(bus, 'once', {
    onSpike: (_, self) => {
      calls++;
      bus.unregister(self);
    },
  });
  for (let i = 0; i < 5; i++) sender.fire(once, i, { direct: true });
  bus.tick();
  expect(calls).toBe(1);
  expect(bus.stats()).toMatchObject({ delivered: 1, dropped: { left: 4 } });
  expect(told).toHaveLength(4);
});

test('spikes that a sender fired before it was unregistered are still delivered', () => {
  const { bus, sender } = scene();
  const { neuron, texts, heard } = listener(bus);
  bus.connect(sender, neuron);
  sender.fire(neuron, 'testament', { direct: true });
  sender.fire(neuron, pattern(500), { direct: true });
  const { id } = sender;
  bus.unregister(sender);
  refuses('E_UNKNOWN_NEURON', () => sender.fire(neuron, 'ghost'));
  bus.tick();
  expect(texts[0]).toBe('testament');
  expect(heard[1]?.payload.equals(pattern(500))).toBe(true);
  expect(heard.map(({ source }) => source)).toEqual([id, id]);
});

test('a sender may unregister itself inside its handler: what it fired is delivered', () => {
  const { bus, sender } = scene();
  const { neuron, texts } = listener(bus);
  const leaving = deaf(bus, 'leaving', {
    onSpike: (_, self) => {
      self.fire(neuron, 'bye', { direct: true });
      bus.unregister(self);
    },
  });
  sender.fire(leaving, 'go', { direct: true });
  bus.tick(2);
  expect(texts).toEqual(['bye']);
});

test('direct needs no synapse and then leaves the membrane alone; where a synapse exists its weight applies', () => {
  const { bus, sender } = scene();
  const cell = bus.register({ name: 'cell', membrane: { leak: 1 } });
  sender.fire(cell, 'x', { direct: true });
  bus.tick();
  expect(cell.potential).toBe(0);
  bus.connect(sender, cell, { weight: 0.25 });
  sender.fire(cell, 'x', { direct: true });
  bus.tick();
  expect(cell.potential).toBe(0.25);
  expect(bus.stats().delivered).toBe(2);
});

test('closed: what is left at close is counted so, and told', async () => {
  const bus = manualBus({ closeTimeoutMs: 0 });
  const told: DropEvent[] = [];
  bus.on('drop', (event) => told.push(event));
  const sender = deaf(bus, 'sender');
  const sleepy = bus.register({ name: 'sleepy', membrane: { refractoryTicks: 2 ** 32 - 1, leak: 1 } });
  bus.connect(sender, sleepy, { weight: 1, stdp: false });
  sender.fire(sleepy, 'a');
  bus.tick();
  sender.fire(sleepy, 'b');
  sender.fire(sleepy, pattern(300));
  await bus.close();
  expect(bus.stats()).toMatchObject({ fired: 3, delivered: 1, inFlight: 0, dropped: { closed: 2 } });
  expect(told.map(({ reason, sequence }) => `${reason} ${sequence}`)).toEqual(['closed 1', 'closed 2']);
});

test('a drop event is called only while someone listens; off ends it', () => {
  const { bus, sender, told } = scene();
  const more: DropEvent[] = [];
  const keep = (event: DropEvent): void => void more.push(event);
  bus.on('drop', keep);
  sender.fire(99, 'x');
  bus.tick();
  bus.off('drop', keep);
  sender.fire(99, 'y');
  bus.tick();
  expect([told.length, more.length, bus.stats().dropped.unknown]).toEqual([2, 1, 2]);
});

const BAD_FIRE: [string, unknown[], ErrorCode][] = [
  ['no target', [undefined, 'x'], 'E_OUT_OF_RANGE'],
  ['null', [null, 'x'], 'E_OUT_OF_RANGE'],
  ['a name', ['listener', 'x'], 'E_OUT_OF_RANGE'],
  ['a card', [{ id: 1 }, 'x'], 'E_OUT_OF_RANGE'],
  ['−1', [-1, 'x'], 'E_OUT_OF_RANGE'],
  ['1.5', [1.5, 'x'], 'E_OUT_OF_RANGE'],
  ['NaN', [Number.NaN, 'x'], 'E_OUT_OF_RANGE'],
  ['NB-3 the broadcast id 0xFFFF', [0xffff, 'x'], 'E_OUT_OF_RANGE'],
  ['65,536', [65_536, 'x'], 'E_OUT_OF_RANGE'],
  ['a BigInt', [1n, 'x'], 'E_OUT_OF_RANGE'],
  ['no payload', [1], 'E_OUT_OF_RANGE'],
  ['options null', [1, 'x', null], 'E_OUT_OF_RANGE'],
  ['options a string', [1, 'x', 'direct'], 'E_OUT_OF_RANGE'],
  ['options an array', [1, 'x', []], 'E_OUT_OF_RANGE'],
  ['an unknown key', [1, 'x', { prio: 3 }], 'E_UNKNOWN_OPTION'],
  ['kind unknown', [1, 'x', { kind: 'calm' }], 'E_OUT_OF_RANGE'],
  ['kind null', [1, 'x', { kind: null }], 'E_OUT_OF_RANGE'],
  ['kind a number', [1, 'x', { kind: 0 }], 'E_OUT_OF_RANGE'],
  ['priority −1', [1, 'x', { priority: -1 }], 'E_OUT_OF_RANGE'],
  ['priority 256', [1, 'x', { priority: 256 }], 'E_OUT_OF_RANGE'],
  ['priority 1.5', [1, 'x', { priority: 1.5 }], 'E_OUT_OF_RANGE'],
  ['priority a string', [1, 'x', { priority: '9' }], 'E_OUT_OF_RANGE'],
  ['priority null', [1, 'x', { priority: null }], 'E_OUT_OF_RANGE'],
  ['direct a number', [1, 'x', { direct: 1 }], 'E_OUT_OF_RANGE'],
  ['direct null', [1, 'x', { direct: null }], 'E_OUT_OF_RANGE'],
];

test.each(BAD_FIRE)('NB-40 fire and tryFire refuse %s; any other error counts nowhere', (_, args, code) => {
  const { bus, sender } = scene();
  listener(bus);
  for (const door of ['fire', 'tryFire']) {
    const error = refuses(code, () => call(sender, door, ...args));
    expect(error.message).toMatch(/allowed|neuron/);
  }
  if (args.length === 3) refuses(code, () => call(sender, 'broadcast', ...args.slice(1)));
  expect(bus.stats()).toMatchObject({ fired: 0, refused: 0, inFlight: 0 });
  expect(sender.sequence).toBe(0);
  sender.fire(1, 'works', { kind: undefined, priority: undefined, direct: undefined });
  bus.tick();
  expect(dropped(bus.stats())).toBe(1);
});

test('fire refuses stale handles and handles of another bus: E_UNKNOWN_NEURON, as sender and as target', () => {
  const { bus, sender } = scene();
  const other = manualBus();
  const [foreign, stale] = [deaf(other, 'foreign'), deaf(bus, 'stale')];
  bus.unregister(stale);
  for (const target of [foreign, stale]) {
    refuses('E_UNKNOWN_NEURON', () => sender.fire(target, 'x'));
    refuses('E_UNKNOWN_NEURON', () => sender.tryFire(target, 'x'));
  }
  refuses('E_UNKNOWN_NEURON', () => stale.fire(sender, 'x'));
  refuses('E_UNKNOWN_NEURON', () => stale.tryFire(sender, 'x'));
  refuses('E_UNKNOWN_NEURON', () => stale.broadcast('x'));
  refuses('E_UNKNOWN_NEURON', () => stale.reader());
  refuses('E_UNKNOWN_NEURON', () => bus.unregister(stale));
  refuses('E_UNKNOWN_NEURON', () => bus.unregister(foreign));
  for (const verb of ['connect', 'disconnect', 'synapse'])
    for (const pair of [
      [sender, foreign],
      [foreign, sender],
      [sender, stale],
      [stale, sender],
    ])
      refuses('E_UNKNOWN_NEURON', () => call(bus, verb, ...pair));
  expect(bus.stats().fired).toBe(0);
});

test('drops beyond what is told of one by one are told of together: the counts add up to the books', () => {
  const [senders, each] = [65, 1_024];
  const bus = manualBus({ maxNeurons: 128 });
  const lone: number[] = [];
  const together: number[] = [];
  bus.on('drop', ({ count, sequence }) => (count === undefined ? lone.push(sequence) : together.push(count)));
  const neurons = Array.from({ length: senders }, (_, i) => deaf(bus, `n${i}`));
  for (const neuron of neurons) for (let i = 0; i < each; i++) neuron.fire(60_000, '', { direct: true });
  bus.tick();
  const { dropped } = bus.stats();
  expect(dropped.unknown).toBe(senders * each);
  expect(lone.length).toBe(65_536);
  expect(lone.length + together.reduce((sum, count) => sum + count, 0)).toBe(senders * each);
});
