/** Room and back-pressure: credit, waiting queues, ready (NB-39). */
import { BackPressureError, type Neuron, type NeuronBus, OutOfSpaceError } from 'neuronbus';
import { expect, test } from 'vitest';
import { call, deaf, expectBalance, listener, manualBus, pattern, refuses } from './helpers.js';

/** Fires until it is refused; returns how many went. */
function flood(sender: Neuron, target: Neuron | number, most = 1e6): number {
  let count = 0;
  while (count < most && sender.tryFire(target, `${count}`)) count++;
  return count;
}

/** A receiver that is refractory from now on, for `refractoryTicks` ticks. */
function refractory(bus: NeuronBus, refractoryTicks: number): { neuron: Neuron; texts: string[] } {
  const texts: string[] = [];
  const card = { name: 'refractory', membrane: { refractoryTicks, leak: 1 } };
  const neuron = bus.register(card, { onSpike: (spike) => texts.push(spike.text()) });
  bus.connect(neuron, neuron, { weight: 1, stdp: false });
  neuron.fire(neuron, 'first');
  bus.tick();
  return { neuron, texts };
}

test('Room: credit for axonSlots spikes that are not done, 1,024 by default; fire then throws, tryFire returns false', () => {
  for (const axonSlots of [undefined, 2, 16]) {
    const bus = manualBus({ axonSlots });
    const sender = deaf(bus, 'sender');
    const { neuron } = listener(bus);
    bus.connect(sender, neuron);
    expect(flood(sender, neuron)).toBe(axonSlots ?? 1_024);
    const error = refuses('E_BACK_PRESSURE', () => sender.fire(neuron, 'x'));
    expect(error).toBeInstanceOf(BackPressureError);
    refuses('E_BACK_PRESSURE', () => sender.broadcast('x'));
    expect(sender.tryFire(neuron, 'x')).toBe(false);
    bus.tick();
    expect(flood(sender, neuron)).toBe(axonSlots ?? 1_024);
  }
});

test('Room: each neuron has credit of its own', () => {
  const bus = manualBus({ axonSlots: 4 });
  const [a, b] = [deaf(bus, 'a'), deaf(bus, 'b')];
  expect(flood(a, b)).toBe(4);
  expect(flood(b, a)).toBe(4);
});

test('Room: tryFire means nothing else by false: everything else throws, also without credit', async () => {
  const bus = manualBus({ axonSlots: 2 });
  const [a, b] = [deaf(bus, 'a'), deaf(bus, 'b')];
  const other = deaf(manualBus(), 'other');
  flood(a, b);
  refuses('E_OUT_OF_RANGE', () => call(a, 'tryFire', b, undefined));
  refuses('E_UNKNOWN_OPTION', () => call(a, 'tryFire', b, 'x', { urgent: true }));
  refuses('E_UNKNOWN_NEURON', () => a.tryFire(other, 'x'));
  bus.unregister(b);
  refuses('E_UNKNOWN_NEURON', () => a.tryFire(b, 'x'));
  await bus.close();
  refuses('E_CLOSED', () => a.tryFire(b.id, 'x'));
});

test('Room: a spike is done when it is dropped, too', () => {
  const bus = manualBus({ axonSlots: 2 });
  const a = deaf(bus, 'a');
  for (let i = 0; i < 5; i++) {
    expect(flood(a, 99)).toBe(2);
    bus.tick();
  }
  expect(bus.stats().dropped.unknown).toBe(10);
});

test('NB-39 Room: waiting spikes keep their credit: the sender can observe it', () => {
  const bus = manualBus({ axonSlots: 4 });
  const sender = deaf(bus, 'sender');
  const { neuron, texts } = refractory(bus, 5);
  bus.connect(sender, neuron, { weight: 0.01 });
  flood(sender, neuron);
  bus.tick();
  expect(bus.stats()).toMatchObject({ deferred: 4, inFlight: 4 });
  expect(sender.tryFire(neuron, 'x')).toBe(false);
  bus.tick(4);
  expect(sender.tryFire(neuron, 'x')).toBe(false);
  bus.tick();
  expect(texts).toEqual(['first', '0', '1', '2', '3']);
  expect(sender.tryFire(neuron, 'x')).toBe(true);
});

test('Room: a full waiting queue (deferSlots) leaves the spike at the head of its sender’s axon, and holds back that sender only', () => {
  const bus = manualBus({ deferSlots: 3 });
  const [blocked, free] = [deaf(bus, 'blocked'), deaf(bus, 'free')];
  const { neuron, texts } = refractory(bus, 6);
  const ear = listener(bus, 'ear');
  for (const sender of [blocked, free])
    for (const to of [neuron, ear.neuron]) bus.connect(sender, to, { weight: 0.01 });
  for (let i = 0; i < 5; i++) blocked.fire(neuron, `b${i}`);
  blocked.fire(ear.neuron, 'behind');
  free.fire(ear.neuron, 'passes');
  bus.tick();
  expect(bus.stats()).toMatchObject({ deferred: 3, inFlight: 6 });
  expect(ear.texts).toEqual(['passes']);
  free.fire(ear.neuron, 'again');
  bus.tick();
  expect(ear.texts).toEqual(['passes', 'again']);
  bus.tick(10);
  expect(texts).toEqual(['first', 'b0', 'b1', 'b2', 'b3', 'b4']);
  expect(ear.texts).toEqual(['passes', 'again', 'behind']);
});

test('Room: deferSlots is 64 by default', () => {
  const bus = manualBus();
  const sender = deaf(bus, 'sender');
  const { neuron, texts } = refractory(bus, 5);
  bus.connect(sender, neuron, { weight: 0.001 });
  for (let i = 0; i < 100; i++) sender.fire(neuron, `${i}`);
  bus.tick();
  expect(bus.stats()).toMatchObject({ deferred: 64, inFlight: 100 });
  bus.tick(6);
  expect(texts.slice(1)).toEqual(Array.from({ length: 100 }, (_, i) => `${i}`));
});

test('Room: a broadcast takes one credit and goes to each target once, also when some must wait', () => {
  const bus = manualBus({ axonSlots: 2, deferSlots: 1 });
  const sender = deaf(bus, 'sender');
  const busy = refractory(bus, 4);
  const ears = [listener(bus, 'one'), listener(bus, 'two')];
  for (const { neuron } of [busy, ...ears]) bus.connect(sender, neuron, { weight: 0.01 });
  sender.broadcast('b0');
  sender.broadcast('b1');
  expect(sender.tryFire(busy.neuron, 'x')).toBe(false);
  bus.tick(3);
  expectBalance(bus);
  expect(sender.tryFire(busy.neuron, 'x')).toBe(false);
  bus.tick(8);
  expect(busy.texts).toEqual(['first', 'b0', 'b1']);
  for (const { texts } of ears) expect(texts).toEqual(['b0', 'b1']);
  expect(bus.stats()).toMatchObject({ inFlight: 0, refused: 2 });
});

test('Room: refused attempts use no sequence number', () => {
  const bus = manualBus({ axonSlots: 2, arenaBytes: 2 ** 16 });
  const sender = deaf(bus, 'sender');
  const { neuron, heard } = listener(bus);
  bus.connect(sender, neuron);
  expect(flood(sender, neuron)).toBe(2);
  refuses('E_BACK_PRESSURE', () => sender.fire(neuron, 'x'));
  bus.tick();
  refuses('E_OUT_OF_SPACE', () => sender.fire(neuron, pattern(2 ** 17)));
  sender.fire(neuron, 'y');
  bus.tick();
  expect(heard.map(({ sequence }) => sequence)).toEqual([0, 1, 2]);
  expect(bus.stats()).toMatchObject({ fired: 6, refused: 3, delivered: 3 });
});

test('Room: a payload that finds no room in the arena throws E_OUT_OF_SPACE from fire, tryFire and broadcast', () => {
  const bus = manualBus({ arenaBytes: 2 ** 16 });
  const sender = deaf(bus, 'sender');
  const { neuron, heard } = listener(bus);
  bus.connect(sender, neuron);
  sender.fire(neuron, pattern(40_000));
  for (const attempt of [
    () => sender.fire(neuron, pattern(40_000)),
    () => sender.tryFire(neuron, pattern(40_000)),
    () => sender.broadcast(pattern(40_000)),
  ])
    expect(refuses('E_OUT_OF_SPACE', attempt)).toBeInstanceOf(OutOfSpaceError);
  expect(bus.stats()).toMatchObject({ fired: 4, refused: 3 });
  bus.tick();
  sender.fire(neuron, pattern(40_000, 2));
  bus.tick();
  expect(heard.map(({ payload }) => payload.equals(pattern(40_000)))).toEqual([true, false]);
});

test('Room: without credit a large payload is back-pressure, and takes nothing from the arena', () => {
  const bus = manualBus({ axonSlots: 2 });
  const [a, b] = [deaf(bus, 'a'), deaf(bus, 'b')];
  flood(a, b);
  refuses('E_BACK_PRESSURE', () => a.fire(b, pattern(5_000)));
  expect(a.tryFire(b, pattern(5_000))).toBe(false);
  expect(bus.arena.used).toBe(0);
});

test('Room: a reliable reader that does not read holds back the writer, and loses nothing', () => {
  const bus = manualBus({ axonSlots: 4 });
  const sender = deaf(bus, 'sender');
  const { neuron } = listener(bus);
  bus.connect(sender, neuron);
  const reader = sender.reader();
  const got: string[] = [];
  let sent = 0;
  for (let i = 0; i < 10; i++) {
    sent += flood(sender, neuron);
    bus.tick();
  }
  expect(sent).toBeGreaterThanOrEqual(4);
  expect(sent).toBeLessThanOrEqual(8);
  for (let i = 0; i < 10; i++) {
    for (const spike of reader.poll()) got.push(`${spike.sequence}`);
    sent += flood(sender, neuron);
    bus.tick();
  }
  for (let batch = reader.poll(); batch.length > 0; batch = reader.poll())
    for (const spike of batch) got.push(`${spike.sequence}`);
  expect(got).toEqual(Array.from({ length: sent }, (_, i) => `${i}`));
  flood(sender, neuron);
  reader.close();
  bus.tick();
  expect(flood(sender, neuron)).toBe(4);
});
