import { expect, test } from 'vitest';
import { anyBus, deaf, listener, rejected, sleep, startedBus, turn, until } from './helpers.js';

test('ready aborts in started mode', async () => {
  const bus = startedBus({ axonSlots: 2, tickMs: 500 });
  const { neuron } = listener(bus);
  while (neuron.tryFire(neuron, 'x', { direct: true }));
  const controller = new AbortController();
  const wait = neuron.ready({ signal: controller.signal });
  setTimeout(() => controller.abort('enough'), 5);
  expect(await rejected(wait)).toBe('enough');
});

test('tickMs: a fixed rate: about as many ticks as periods, tick handlers in each, late ones counted', async () => {
  const bus = startedBus({ tickMs: 2 });
  let calls = 0;
  deaf(bus, 'ticker', { tick: () => calls++ });
  await sleep(200);
  const { ticks, lateTicks } = bus.stats();
  expect(ticks).toBeGreaterThan(20);
  expect(ticks + lateTicks).toBeLessThanOrEqual(140);
  await until(() => calls >= ticks - 20);
  await bus.stop();
  expect(calls).toBeLessThanOrEqual(bus.stats().ticks);
});

test('tickMs: a tick handler is told of the ticks since its registration, not of earlier ones', async () => {
  const bus = startedBus({ tickMs: 1 });
  await sleep(100);
  let calls = 0;
  const before = bus.stats().ticks;
  deaf(bus, 'late', { tick: () => calls++ });
  await sleep(30);
  await bus.stop();
  expect(calls).toBeGreaterThan(0);
  expect(calls).toBeLessThanOrEqual(bus.stats().ticks - before + 1);
});

test('tickMs: ticks by hand before start() are not told of again', async () => {
  const bus = anyBus({ arenaBytes: 2 ** 16, tickMs: 20 });
  let calls = 0;
  deaf(bus, 'ticker', { tick: () => calls++ });
  bus.tick(100);
  expect(calls).toBe(100);
  bus.start();
  await sleep(70);
  await bus.stop();
  expect(calls).toBeGreaterThan(100);
  expect(calls).toBeLessThanOrEqual(bus.stats().ticks);
});

// A thread that is not run in the very moment of the look has not counted yet.
test('tickMs: ticks and lateTicks together are the periods that have passed', { retry: 3 }, async () => {
  for (const tickMs of [1, 0.05]) {
    const bus = startedBus({ tickMs });
    const begin = performance.now();
    const first = bus.stats();
    await sleep(250);
    const last = bus.stats();
    const periods = (performance.now() - begin) / tickMs;
    const counted = last.ticks + last.lateTicks - first.ticks - first.lateTicks;
    expect(counted).toBeGreaterThan(periods * 0.8 - 20);
    expect(counted).toBeLessThan(periods * 1.05 + 20);
    await bus.close();
  }
});

test('tickMs: refractoriness then means time', async () => {
  const bus = anyBus({ arenaBytes: 2 ** 16, tickMs: 5 });
  const times: number[] = [];
  const cell = bus.register(
    { name: 'cell', membrane: { refractoryTicks: 9, leak: 1 } },
    { onSpike: () => times.push(performance.now()) },
  );
  const sender = deaf(bus, 'sender');
  bus.connect(sender, cell, { weight: 1, stdp: false });
  bus.start();
  for (let i = 1; i <= 3; i++) {
    sender.fire(cell, i);
    await until(() => times.length === i);
  }
  expect((times[2] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(60);
});

test('tickMs 0: a tick handler runs at most once per turn of the event loop; fired tells of the time since its last call', async () => {
  const bus = startedBus();
  const turns: number[] = [];
  let fired = 0;
  const cell = bus.register(
    { name: 'cell', membrane: { refractoryTicks: 0, leak: 1 } },
    {
      tick: (_, crossed) => {
        turns.push(performance.nodeTiming.uvMetricsInfo.loopCount);
        if (crossed) fired++;
      },
    },
  );
  const sender = deaf(bus, 'sender');
  bus.connect(sender, cell, { weight: 1, stdp: false });
  let sent = 0;
  for (const end = performance.now() + 300; performance.now() < end; sent++) {
    sender.fire(cell, sent);
    await (sent % 50 === 0 ? sleep(2) : turn());
  }
  await bus.drain();
  await until(() => fired > 0);
  expect(turns.length).toBeGreaterThan(10);
  expect(new Set(turns).size).toBe(turns.length);
  expect(fired).toBeLessThanOrEqual(sent);
});

test.each([1, 2])(
  'tickMs: stop() tells of every tick, also of those that the event loop was behind with (%d ms)',
  async (tickMs) => {
    const bus = anyBus({ arenaBytes: 2 ** 16, tickMs });
    const told: number[] = [0, 0];
    const both = [0, 1].map((which) =>
      deaf(bus, `${which}`, { tick: () => told.splice(which, 1, (told[which] ?? 0) + 1) }),
    );
    bus.start();
    await sleep(5);
    const end = performance.now() + 60;
    while (performance.now() < end);
    await bus.stop();
    const { ticks } = bus.stats();
    expect(ticks).toBeGreaterThan(20);
    expect(told).toEqual([ticks, ticks]);
    bus.tick(2);
    expect(told).toEqual([ticks + 2, ticks + 2]);
    bus.start();
    await sleep(10);
    await bus.stop();
    expect(told).toEqual(both.map(() => bus.stats().ticks));
  },
);

test('tickMs 0: after stop() a tick handler has been told that its neuron fired', async () => {
  const bus = startedBus();
  const fired: boolean[] = [];
  const cell = bus.register({ name: 'cell', membrane: { leak: 1 } }, { tick: (_, crossed) => fired.push(crossed) });
  const sender = deaf(bus, 'sender');
  bus.connect(sender, cell, { weight: 1 });
  await sleep(5);
  sender.fire(cell, 'x');
  const end = performance.now() + 20;
  while (performance.now() < end);
  await bus.stop();
  expect(fired.filter((each) => each)).toEqual([true]);
});

test('tickMs 0: an idle bus does not tick: it sleeps', async () => {
  const bus = startedBus();
  deaf(bus, 'idle', { tick: () => {} });
  await sleep(50);
  const before = bus.stats().ticks;
  await sleep(200);
  expect(bus.stats().ticks - before).toBeLessThan(10);
});

test('NB-11 an idle started bus costs less than 5 % of a core over 1 s', async () => {
  const bus = startedBus();
  const { neuron } = listener(bus);
  neuron.fire(neuron, 'x', { direct: true });
  await bus.drain();
  await sleep(100);
  const before = process.cpuUsage();
  await sleep(1_000);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1e6).toBeLessThan(0.05);
});
