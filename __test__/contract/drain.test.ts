/** Draining, and closing in time. */
import { NeuronBus } from 'neuronbus';
import { expect, test } from 'vitest';
import {
  anyBus,
  deaf,
  expectBalance,
  listener,
  manualBus,
  pattern,
  refuses,
  rejects,
  startedBus,
  until,
} from './helpers.js';

test('Life: close() drains: what was fired is delivered, in manual and in started mode', async () => {
  for (const bus of [manualBus(), startedBus()]) {
    const sender = deaf(bus, 'sender');
    const { neuron, heard } = listener(bus);
    bus.connect(sender, neuron);
    for (let i = 0; i < 500; i++) sender.fire(neuron, pattern(i % 90, i));
    await bus.close();
    expect(heard).toHaveLength(500);
    expect(bus.stats()).toMatchObject({ fired: 500, delivered: 500, inFlight: 0 });
  }
});

test('Life: close() drains for at most closeTimeoutMs and counts the rest as closed', async () => {
  for (const start of [false, true]) {
    const bus = anyBus({ closeTimeoutMs: 60, arenaBytes: 2 ** 16, tickMs: start ? 1_000 : 0 });
    const membrane = { refractoryTicks: 2 ** 32 - 1, leak: 1 };
    const sleepy = bus.register({ name: 'sleepy', membrane });
    const sender = deaf(bus, 'sender');
    bus.connect(sender, sleepy, { weight: 1, stdp: false });
    sender.fire(sleepy, 'wakes');
    bus.tick();
    if (start) bus.start();
    for (let i = 0; i < 5; i++) sender.fire(sleepy, pattern(100));
    const begin = performance.now();
    await bus.close();
    const took = performance.now() - begin;
    expect(took).toBeGreaterThan(40);
    expect(took).toBeLessThan(2_000);
    expect(bus.stats()).toMatchObject({ delivered: 1, inFlight: 0, dropped: { closed: 5 } });
  }
});

test('Life: closeTimeoutMs 0 does not wait', async () => {
  const bus = manualBus({ closeTimeoutMs: 0 });
  const sleepy = bus.register({ name: 's', membrane: { refractoryTicks: 1_000_000, leak: 1 } });
  bus.connect(sleepy, sleepy, { weight: 1, stdp: false });
  sleepy.fire(sleepy, 'a');
  bus.tick();
  sleepy.fire(sleepy, 'b');
  await bus.close();
  expect(bus.stats().dropped.closed).toBe(1);
});

test('Life: `using` closes at once: what is on its way is counted as closed', () => {
  let outer: NeuronBus;
  {
    using bus = new NeuronBus({ arenaBytes: 2 ** 16 });
    outer = bus;
    const neuron = deaf(bus, 'n');
    neuron.fire(neuron, 'x', { direct: true });
  }
  expect(outer.stats()).toMatchObject({ fired: 1, inFlight: 0, dropped: { closed: 1 } });
  refuses('E_CLOSED', () => outer.tick());
});

test('Life: `await using` drains and closes', async () => {
  let outer: NeuronBus;
  {
    await using bus = new NeuronBus({ arenaBytes: 2 ** 16 });
    outer = bus;
    const neuron = deaf(bus, 'n');
    neuron.fire(neuron, 'x', { direct: true });
  }
  expect(outer.stats()).toMatchObject({ fired: 1, delivered: 1, dropped: { closed: 0 } });
});

test('Life: drain() ticks until nothing is in flight, and takes new spikes meanwhile', async () => {
  for (const bus of [manualBus(), startedBus()]) {
    let left = 50;
    const echo = deaf(bus, 'echo', {
      onSpike: (_, self) => {
        if (--left > 0) self.fire(self, 'again', { direct: true });
      },
    });
    echo.fire(echo, 'first', { direct: true });
    await bus.drain();
    expect(left).toBe(0);
    expect(bus.stats()).toMatchObject({ fired: 50, delivered: 50, inFlight: 0 });
    await bus.drain();
  }
});

test('Life: drain() inside a handler resolves after it', async () => {
  for (const bus of [manualBus(), startedBus()]) {
    const draining: Promise<void>[] = [];
    const neuron = deaf(bus, 'n', { onSpike: () => draining.push(bus.drain()) });
    for (let i = 0; i < 3; i++) neuron.fire(neuron, i, { direct: true });
    if (!isStarted(bus)) bus.tick();
    await until(() => draining.length === 3);
    await Promise.all(draining);
    expect(bus.stats().inFlight).toBe(0);
  }
});

test('Life: drain() waits out refractory receivers', async () => {
  for (const bus of [manualBus(), startedBus()]) {
    const heard: number[] = [];
    const cell = bus.register(
      { name: 'cell', membrane: { refractoryTicks: 7, leak: 1 } },
      { onSpike: (spike) => heard.push(spike.sequence) },
    );
    const sender = deaf(bus, 'sender');
    bus.connect(sender, cell, { weight: 1, stdp: false });
    for (let i = 0; i < 20; i++) sender.fire(cell, i);
    await bus.drain();
    expect(heard).toEqual(Array.from({ length: 20 }, (_, i) => i));
  }
});

test('Life: a drain that waits while the bus is disposed rejects with E_CLOSED', async () => {
  const bus = startedBus({ tickMs: 1_000 });
  const neuron = deaf(bus, 'n');
  neuron.fire(neuron, 'x', { direct: true });
  const draining = bus.drain();
  bus[Symbol.dispose]();
  await rejects('E_CLOSED', draining);
});

test('closing hundreds of buses one after the other leaves nothing behind that works', async () => {
  for (let i = 0; i < 200; i++) {
    const bus = new NeuronBus({ arenaBytes: 2 ** 16 });
    const neuron = deaf(bus, 'n');
    if (i % 2 === 0) bus.start();
    neuron.fire(neuron, pattern(100), { direct: true });
    if (i % 3 === 0) bus[Symbol.dispose]();
    else await bus.close();
    expectBalance(bus);
  }
});

function isStarted(bus: NeuronBus): boolean {
  try {
    bus.tick(0);
    return false;
  } catch {
    return true;
  }
}
