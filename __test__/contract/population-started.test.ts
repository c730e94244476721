/** Pools on a started bus: they tick with it, on this event loop. */
import type { Payload } from 'neuronbus';
import { expect, test } from 'vitest';
import { deaf, expectBalance, listener, sleep, startedBus, turn, until } from './helpers.js';
import { fired, ids, list, put, quietPool } from './population-scene.js';

const range = [0, 16] as const;

test('tickMs 0: what comes in is taken, and what fires goes out', async () => {
  const bus = startedBus();
  const pool = quietPool();
  const sender = deaf(bus, 'sender');
  const ear = listener(bus);
  const cell = put(bus, pool, { input: { range, weight: 60 }, output: { range, to: ear.neuron } });
  bus.connect(cell, ear.neuron, { weight: 1, stdp: false });
  for (let i = 0; i < 8; i++) {
    const { tick } = pool.stats();
    sender.fire(cell, list(2 * i), { direct: true });
    await until(() => ear.heard.length === i + 1);
    expect(pool.stats().tick).toBeGreaterThan(tick);
  }
  expect(ear.heard.map(({ payload }) => ids(payload))).toEqual(Array.from({ length: 8 }, (_, i) => [2 * i]));
  await bus.drain();
  expectBalance(bus);
});

test('tickMs 0: at most one tick of the pool in a turn of the event loop', async () => {
  const bus = startedBus();
  const pool = quietPool();
  const sender = deaf(bus, 'sender');
  const cell = put(bus, pool, { input: { range, weight: 60 } });
  for (let i = 0; i < 50; i++) {
    const { tick } = pool.stats();
    sender.fire(cell, list(1), { direct: true });
    await turn();
    expect(pool.stats().tick - tick).toBeLessThanOrEqual(2);
  }
});

test('tickMs 1: the pool ticks with every tick of the bus, also while nothing comes; a wait is made up', async () => {
  const bus = startedBus({ tickMs: 1 });
  const pool = quietPool();
  const before = bus.stats().ticks;
  put(bus, pool, { steps: 3 });
  const after = bus.stats().ticks;
  await until(() => pool.stats().tick >= 60);
  const end = performance.now() + 30;
  while (performance.now() < end);
  await bus.stop();
  const { ticks } = bus.stats();
  const told = pool.stats().tick / 3;
  // One more or less: the tick that was under way when it was registered.
  expect(told).toBeLessThanOrEqual(ticks - before + 1);
  expect(told).toBeGreaterThanOrEqual(ticks - after - 1);
});

test('tickMs 1: two pools play ping-pong for a while, and the books balance when they are stopped', async () => {
  const bus = startedBus({ tickMs: 1 });
  const pools = [quietPool(16, { refractory: 0 }), quietPool(16, { refractory: 0 })];
  const cells = pools.map((pool, at) => put(bus, pool, { input: { range, weight: 60 }, output: { range } }, `${at}`));
  const [left, right] = cells;
  if (left === undefined || right === undefined) throw new Error('two pools');
  bus.connect(left, right, { weight: 1, stdp: false });
  bus.connect(right, left, { weight: 1, stdp: false });
  left.fire(left, list(3), { direct: true });
  await until(() => right.sequence >= 10);
  await bus.stop();
  expectBalance(bus);
  expect(left.sequence - right.sequence).toBeLessThanOrEqual(2);
});

test('a pool that was registered before the start, and stays over stop and start', async () => {
  const bus = startedBus();
  await bus.stop();
  const pool = quietPool();
  const cell = put(bus, pool, { input: { range, weight: 60 } });
  const sender = deaf(bus, 'sender');
  bus.tick();
  expect(pool.stats().tick).toBe(1);
  for (let i = 0; i < 3; i++) {
    const { tick } = pool.stats();
    bus.start();
    sender.fire(cell, list(1), { direct: true });
    await until(() => pool.stats().tick > tick);
    await bus.stop();
  }
});

test('unregister while started: it ticks no longer', async () => {
  const bus = startedBus({ tickMs: 1 });
  const pool = quietPool();
  const cell = put(bus, pool, {});
  await until(() => pool.stats().tick > 3);
  bus.unregister(cell);
  const { tick } = pool.stats();
  await sleep(20);
  expect(pool.stats().tick).toBe(tick);
  put(bus, pool, {});
  await until(() => pool.stats().tick > tick);
});

test('a map that throws does not stop it: the event tells, the next tick comes', async () => {
  const bus = startedBus({ tickMs: 1 });
  const errors: unknown[] = [];
  bus.on('error', (error) => errors.push(error));
  const pool = quietPool(16, { refractory: 0 });
  // Below rest: it fires in every tick.
  pool.threshold[2] = -20_000;
  const map = (): Payload => {
    throw new Error('no');
  };
  put(bus, pool, { output: { range, map } });
  await until(() => errors.length >= 5);
  await bus.stop();
  expect(bus.stats().handlerErrors).toBe(errors.length);
  expect(fired(pool)).toEqual([2]);
});

test('a pool that fires on while the bus drains for its end: that is no error, and nothing is left over', async () => {
  const bus = startedBus({ tickMs: 1 });
  const errors: unknown[] = [];
  bus.on('error', (error) => errors.push(error));
  const pool = quietPool(16, { refractory: 0 });
  // Below rest: it fires in every tick.
  pool.threshold[2] = -20_000;
  const cell = put(bus, pool, { output: { range } });
  const { neuron } = listener(bus);
  bus.connect(cell, neuron, { weight: 1, stdp: false });
  await until(() => cell.sequence > 5);
  await bus.close();
  expect(errors).toEqual([]);
  expect(bus.stats()).toMatchObject({ handlerErrors: 0, inFlight: 0 });
});

test('close() inside a map of a pool', async () => {
  const bus = startedBus({ tickMs: 1 });
  const pool = quietPool();
  pool.threshold[2] = -20_000;
  let closing: Promise<void> | undefined;
  put(bus, pool, {
    output: {
      range,
      map: () => {
        closing ??= bus.close();
        return undefined;
      },
    },
  });
  await until(() => closing !== undefined);
  await closing;
  expectBalance(bus);
  const { tick } = pool.stats();
  await sleep(10);
  expect(pool.stats().tick).toBe(tick);
});
