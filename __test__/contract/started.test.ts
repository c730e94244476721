/** Started mode: a thread ticks, handlers run on this event loop (NB-10, NB-11, NB-13, defect 9). */
import { type Neuron, NeuronBus, type Spike } from 'neuronbus';
import { expect, test } from 'vitest';
import { anyBus, deaf, expectBalance, listener, pattern, sleep, startedBus, turn, until } from './helpers.js';

/** Fires as the credit allows. */
async function fireAll(
  sender: Neuron,
  target: Neuron,
  count: number,
  payload: (i: number) => Buffer | string,
): Promise<void> {
  for (let i = 0; i < count; i++) {
    if (!sender.tryFire(target, payload(i), { direct: true })) {
      await sender.ready();
      i--;
    }
  }
}

test('a started bus delivers without a tick by hand; handlers run on this event loop, never inside fire', async () => {
  const bus = startedBus();
  let inside = false;
  const calls: boolean[] = [];
  const neuron = deaf(bus, 'n', { onSpike: () => calls.push(inside) });
  inside = true;
  for (let i = 0; i < 100; i++) neuron.fire(neuron, i, { direct: true });
  expect(calls).toEqual([]);
  inside = false;
  await bus.drain();
  expect(calls).toHaveLength(100);
  expect(calls.includes(true)).toBe(false);
});

test('defect 9 NB-13 200,000 spikes cross the thread, each checked, in order', async () => {
  const bus = startedBus();
  const sender = deaf(bus, 'sender');
  let [next, bad] = [0, 0];
  const receiver = deaf(bus, 'receiver', {
    onSpikes: (batch) => {
      for (const spike of batch) if (spike.sequence !== next++ || spike.text() !== `m${spike.sequence}`) bad++;
    },
  });
  await fireAll(sender, receiver, 200_000, (i) => `m${i}`);
  await bus.drain();
  expect([next, bad]).toEqual([200_000, 0]);
}, 30_000);

test('large payloads cross intact, and the arena is empty afterwards', async () => {
  const bus = startedBus({ arenaBytes: 2 ** 22 });
  const sender = deaf(bus, 'sender');
  let bad = 0;
  const receiver = deaf(bus, 'receiver', {
    onSpike: (spike) => {
      if (!spike.payload.equals(pattern((spike.sequence * 97) % 60_000, spike.sequence))) bad++;
    },
  });
  for (let i = 0; i < 2_000; i++) {
    const payload = pattern((i * 97) % 60_000, i);
    await sender.ready({ bytes: Math.max(1, payload.length) });
    sender.fire(receiver, payload, { direct: true });
  }
  await bus.drain();
  expect(bad).toBe(0);
  expect(bus.arena.used).toBe(0);
}, 30_000);

test('Time: per pair order is kept among many senders and receivers that answer each other', async () => {
  const bus = startedBus({ axonSlots: 64 });
  const last = new Map<string, number>();
  let wrong = 0;
  const hear = (spike: Spike, self: Neuron): void => {
    const key = `${spike.source}>${self.id}`;
    if (spike.sequence <= (last.get(key) ?? -1)) wrong++;
    last.set(key, spike.sequence);
    if (spike.payload.length < 9) self.tryFire(spike.source, `${spike.text()}.`, { direct: true });
  };
  const neurons = Array.from({ length: 20 }, (_, i) => deaf(bus, `n${i}`, { onSpike: hear }));
  for (let i = 0; i < 4_000; i++) {
    const [from, to] = [neurons[i % 20], neurons[(i * 7) % 20]];
    if (from !== undefined && to !== undefined) from.tryFire(to, 'x', { direct: true });
    if (i % 500 === 0) await turn();
  }
  await bus.drain();
  expect(wrong).toBe(0);
  expectBalance(bus);
});

test('start() twice does nothing more; stop() twice neither; stop() without start', async () => {
  const bus = anyBus({ arenaBytes: 2 ** 16 });
  await bus.stop();
  bus.start();
  bus.start();
  const { neuron, texts } = listener(bus);
  neuron.fire(neuron, 'x', { direct: true });
  await bus.drain();
  await Promise.all([bus.stop(), bus.stop()]);
  await bus.stop();
  expect(texts).toEqual(['x']);
});

test('stop() keeps what is in flight; start() goes on with it; so does tick()', async () => {
  const bus = startedBus();
  const { neuron, texts } = listener(bus);
  for (let round = 0; round < 30; round++) {
    for (let i = 0; i < 20; i++) neuron.fire(neuron, `${round}.${i}`, { direct: true });
    await bus.stop();
    expectBalance(bus);
    if (round % 3 === 0) bus.tick();
    for (let i = 20; i < 25; i++) neuron.fire(neuron, `${round}.${i}`, { direct: true });
    bus.start();
  }
  await bus.drain();
  expect(texts).toEqual(Array.from({ length: 750 }, (_, i) => `${Math.floor(i / 25)}.${i % 25}`));
});

test('stop() that nobody awaits, and tick() at once', async () => {
  const bus = startedBus();
  const { neuron, texts } = listener(bus);
  for (let i = 0; i < 50; i++) {
    neuron.fire(neuron, `${i}`, { direct: true });
    if (i % 7 === 0) await turn();
    void bus.stop();
    bus.tick();
    expectBalance(bus);
    bus.start();
  }
  await bus.drain();
  expect(texts).toEqual(Array.from({ length: 50 }, (_, i) => `${i}`));
});

test('drain() goes on when the bus is stopped, and when it is started meanwhile', async () => {
  for (const first of [true, false]) {
    const bus = anyBus({ arenaBytes: 2 ** 16 });
    if (first) bus.start();
    let left = 2_000;
    const neuron = deaf(bus, 'n', {
      onSpike: (_, self) => {
        if (--left > 0) self.fire(self, 'x', { direct: true });
      },
    });
    neuron.fire(neuron, 'x', { direct: true });
    const draining = bus.drain();
    await turn();
    if (first) await bus.stop();
    else bus.start();
    await draining;
    expect(left).toBe(0);
  }
});

test('start and stop inside a handler', async () => {
  const bus = startedBus();
  const waits: Promise<void>[] = [];
  const neuron = deaf(bus, 'n', {
    onSpike: () => {
      waits.push(bus.stop());
      bus.start();
    },
  });
  for (let i = 0; i < 10; i++) neuron.fire(neuron, i, { direct: true });
  await bus.drain();
  await Promise.all(waits);
  expect(bus.stats()).toMatchObject({ delivered: 10, inFlight: 0 });
});

test('start() in a handler of a tick by hand either works or is refused as E_REENTRANT; the bus stays sound', async () => {
  const bus = anyBus({ arenaBytes: 2 ** 16 });
  const told: unknown[] = [];
  bus.on('error', (error) => told.push(error));
  const neuron = deaf(bus, 'n', { onSpike: () => bus.start() });
  neuron.fire(neuron, 'x', { direct: true });
  bus.tick();
  for (const error of told) expect(error).toMatchObject({ code: 'E_REENTRANT' });
  bus.start();
  neuron.fire(neuron, 'y', { direct: true });
  await bus.drain();
  expect(bus.stats().delivered).toBe(2);
});

test('Room: an event loop that is behind pauses delivery to itself; nothing is lost, the inbox is bounded', async () => {
  const bus = startedBus({ axonSlots: 65_536 });
  const sender = deaf(bus, 'sender');
  let [heard, bad] = [0, 0];
  const receiver = deaf(bus, 'receiver', {
    onSpike: (spike) => {
      if (spike.sequence !== heard++) bad++;
    },
  });
  for (let i = 0; i < 60_000; i++) sender.fire(receiver, i, { direct: true });
  const end = performance.now() + 100;
  while (performance.now() < end);
  expect(heard).toBe(0);
  await bus.drain();
  expect([heard, bad]).toEqual([60_000, 0]);
});

test('ready resolves in started mode whenever credit comes back, a thousand times over', async () => {
  const bus = startedBus({ axonSlots: 2 });
  const { neuron, heard } = listener(bus);
  const sender = deaf(bus, 'sender');
  await fireAll(sender, neuron, 2_000, (i) => `${i}`);
  await bus.drain();
  expect(heard.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 2_000 }, (_, i) => i));
}, 20_000);

test('ready, drain and tick handlers: many waiters at once', async () => {
  const bus = startedBus({ axonSlots: 4 });
  const { neuron } = listener(bus);
  const senders = Array.from({ length: 10 }, (_, i) => deaf(bus, `s${i}`));
  await Promise.all(senders.map((sender) => fireAll(sender, neuron, 200, (i) => `${i}`)));
  await Promise.all([bus.drain(), bus.drain(), bus.drain()]);
  expect(bus.stats().delivered).toBe(2_000);
});

test('drop and prune events reach this event loop in started mode', async () => {
  const bus = startedBus({ prune: { everyTicks: 1 } });
  const told: string[] = [];
  bus.on('drop', ({ reason }) => told.push(reason));
  bus.on('prune', ({ pre, post }) => told.push(`prune ${pre} ${post}`));
  const neuron = deaf(bus, 'n');
  bus.connect(neuron, neuron, { weight: 0.005 });
  neuron.fire(77, 'x');
  neuron.fire(neuron, 'x', { direct: true });
  await bus.drain();
  await until(() => told.length >= 2);
  expect(told.sort()).toEqual(['prune 0 0', 'unknown']);
});

test('registering, connecting, unregistering under traffic', async () => {
  const bus = startedBus({ axonSlots: 16 });
  const hub = listener(bus, 'hub');
  for (let round = 0; round < 200; round++) {
    const guest = deaf(bus, 'guest', {
      onSpike: (spike, self) => void self.tryFire(spike.source, 'back', { direct: true }),
    });
    bus.connect(hub.neuron, guest, { weight: 0.5 });
    hub.neuron.tryFire(guest, `${round}`);
    guest.fire(hub.neuron, pattern(round), { direct: true });
    if (round % 3 === 0) await turn();
    bus.unregister(guest);
  }
  await bus.drain();
  expectBalance(bus);
  expect(bus.discover({})).toHaveLength(1);
  expect(bus.arena.used).toBe(0);
});

test('Arena: payloads of a started bus come back when nothing is on its way', async () => {
  const bus = startedBus({ arenaBytes: 2 ** 20 });
  const { neuron } = listener(bus);
  for (let i = 0; i < 500; i++) {
    await neuron.ready({ bytes: 20_000 });
    neuron.fire(neuron, pattern(20_000), { direct: true });
  }
  await bus.drain();
  expect(bus.arena.used).toBe(0);
  bus.arena.reset();
});

test('many started buses at once', async () => {
  const buses = Array.from({ length: 12 }, () => {
    const bus = new NeuronBus({ arenaBytes: 2 ** 16, axonSlots: 16 });
    bus.start();
    return bus;
  });
  const counts = buses.map((bus) => {
    const { neuron, heard } = listener(bus);
    for (let i = 0; i < 10; i++) neuron.fire(neuron, i, { direct: true });
    return heard;
  });
  await Promise.all(buses.map((bus) => bus.close()));
  expect(counts.map(({ length }) => length)).toEqual(buses.map(() => 10));
});

// A machine that is busy otherwise may hold up any timer once; a loop that starves them does so each time.
test('a flood of spikes starves no timer: 1 ms intervals go on', { retry: 3 }, async () => {
  const bus = startedBus({ axonSlots: 4_096 });
  const receiver = deaf(bus, 'receiver', { onSpike: (_, self) => void self.tryFire(self, 'x', { direct: true }) });
  const gaps: number[] = [];
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    gaps.push(now - last);
    last = now;
  }, 1);
  for (let i = 0; i < 2_000; i++) receiver.fire(receiver, 'x', { direct: true });
  await sleep(700);
  clearInterval(timer);
  const { delivered } = bus.stats();
  bus[Symbol.dispose]();
  expect(delivered).toBeGreaterThan(10_000);
  expect(gaps.length).toBeGreaterThan(20);
  expect(Math.max(...gaps)).toBeLessThan(100);
});
