/** Engines that run by themselves: at a rate, with listeners, to their stop (FE-13, FE-20). */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Burst, BurstEngine } from 'neuronbus';
import { afterEach, expect, test, vi } from 'vitest';
import { edges, f32, u32 } from '../helpers/burst.js';
import { refuses, sleep, until } from './helpers.js';

const made: BurstEngine[] = [];

afterEach(async () => {
  for (const engine of made.splice(0)) await engine.stop();
});

/** Two neurons that fire each other for ever. */
function pingPong(rateHz: number): BurstEngine {
  const engine = new BurstEngine({ rateHz, ledger: 4 });
  made.push(engine);
  engine.addNeurons({ thresholds: f32(1, 1) });
  engine.addSynapses(edges([0, 1], [1, 0]));
  engine.inject(u32(0), 1);
  return engine;
}

/** Holds the event loop up. */
function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

test('FE-20 a started engine bursts at its rate, and its listeners hear of each burst, in order', async () => {
  const engine = pingPong(200);
  const heard: Burst[] = [];
  engine.on('burst', (burst) => heard.push(burst));
  expect(engine.started).toBe(false);
  const begin = performance.now();
  engine.start();
  engine.start();
  expect(engine.started).toBe(true);
  await until(() => heard.length >= 20);
  await engine.stop();
  const { bursts, lateBursts } = engine.stats();
  const periods = (performance.now() - begin) / 5;
  expect(bursts + lateBursts).toBeLessThanOrEqual(periods + 1);
  expect(bursts).toBe(heard.length);
  expect(heard.map(({ fired }) => [...fired])).toEqual(heard.map((_, at) => [at % 2]));
  expect(Object.keys(heard[0]?.phases ?? {})).toContain('dynamics');
  await sleep(30);
  expect([engine.stats().bursts, engine.started]).toEqual([bursts, false]);
});

test('FE-13 30 bursts a second, unless it is told otherwise', async () => {
  const engine = new BurstEngine();
  made.push(engine);
  expect(engine.options.rateHz).toBe(30);
  engine.start();
  await sleep(310);
  await engine.stop();
  const { bursts, lateBursts } = engine.stats();
  expect(bursts + lateBursts).toBeGreaterThanOrEqual(8);
  expect(bursts + lateBursts).toBeLessThanOrEqual(60);
});

test('of the bursts that are late ten in a row are made up for, and the others are counted', async () => {
  const engine = pingPong(1_000);
  const turns: number[] = [];
  engine.start();
  const begin = performance.now();
  block(100);
  let turn = 0;
  engine.on('burst', () => {
    turn++;
    queueMicrotask(() => {
      if (turn > 0) turns.push(turn);
      turn = 0;
    });
  });
  await until(() => turns.length > 2);
  await engine.stop();
  const { bursts, lateBursts } = engine.stats();
  expect(turns[0]).toBe(10);
  expect(Math.max(...turns)).toBeLessThanOrEqual(10);
  expect(lateBursts).toBeGreaterThanOrEqual(85);
  expect(bursts + lateBursts).toBeLessThanOrEqual(performance.now() - begin + 1);
});

test('burst() by hand is refused while it is started, and possible again when it is stopped', async () => {
  const engine = pingPong(500);
  engine.start();
  refuses('E_STATE', () => engine.burst());
  engine.inject(u32(1), 0.5);
  await engine.stop();
  await engine.stop();
  expect([...engine.burst().fired]).toEqual([0]);
});

test('a listener may change the engine, stop it, and start it again', async () => {
  const engine = pingPong(1_000);
  let heard = 0;
  engine.on('burst', () => {
    heard++;
    refuses('E_STATE', () => engine.burst());
    if (heard === 3) {
      void engine.stop();
      engine.start();
    }
    if (heard === 8) {
      engine.addNeurons({ thresholds: f32(1) });
      void engine.stop();
    }
  });
  engine.start();
  // Late bursts of one turn come after another: none after the stop.
  block(30);
  await until(() => heard >= 8);
  await sleep(20);
  expect([heard, engine.stats().bursts, engine.stats().neurons]).toEqual([8, 8, 3]);
});

test('however often it is stopped and started, it waits for one burst', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  try {
    const engine = pingPong(100);
    engine.on('burst', () => {
      void engine.stop();
      engine.start();
    });
    engine.start();
    for (let burst = 1; burst <= 5; burst++) {
      vi.advanceTimersByTime(10);
      expect([engine.stats().bursts, vi.getTimerCount()]).toEqual([burst, 1]);
    }
    await engine.stop();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test('FE-13 on time to the millisecond, however its period falls between them', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  try {
    for (const rateHz of [30, 7, 1, 144, 1_000, 59.94]) {
      const engine = pingPong(rateHz);
      engine.start();
      vi.advanceTimersByTime(10_000);
      await engine.stop();
      expect(Math.abs(engine.stats().bursts - 10 * rateHz), `${rateHz}`).toBeLessThanOrEqual(1);
      expect(engine.stats().lateBursts).toBe(0);
    }
  } finally {
    vi.useRealTimers();
  }
});

test('a listener that was taken off hears nothing, one that was put on twice hears twice until then', async () => {
  const engine = pingPong(1_000);
  let heard = 0;
  const listener = (): void => void heard++;
  engine.on('burst', listener);
  engine.on('burst', listener);
  engine.off('burst', listener);
  engine.off('burst', () => {});
  engine.start();
  await until(() => heard > 3);
  engine.off('burst', listener);
  const before = engine.stats().bursts;
  expect(heard).toBe(before);
  await until(() => engine.stats().bursts > before + 3);
  expect(heard).toBe(before);
});

test('listeners are called in the order in which they came, and of one that came twice the last place goes', async () => {
  const engine = pingPong(1_000);
  const heard: string[] = [];
  const [one, other] = ['one', 'other'].map((name) => (): void => void heard.push(name));
  if (one === undefined || other === undefined) throw new Error('no listeners');
  for (const listener of [one, other, one]) engine.on('burst', listener);
  engine.off('burst', one);
  engine.start();
  await until(() => heard.length >= 4);
  expect(heard.slice(0, 4)).toEqual(['one', 'other', 'one', 'other']);
});

test('FE-19 a rule that throws while it is started is heard, and the bursts go on', async () => {
  const engine = pingPong(500);
  const errors: unknown[] = [];
  let bursts = 0;
  engine.on('error', (error) => errors.push(error));
  engine.on('burst', () => bursts++);
  engine.use({
    name: 'throws',
    update: ({ burst }) => {
      if (burst % 2 === 1) throw burst;
    },
  });
  engine.start();
  await until(() => bursts >= 6);
  await engine.stop();
  expect(errors.slice(0, 3)).toEqual([1, 3, 5]);
  expect(engine.stats().bursts).toBe(bursts);
});

test('a rule of a started engine may stop it', async () => {
  const engine = pingPong(1_000);
  engine.use({ name: 'stops', update: () => void engine.stop() });
  engine.start();
  await until(() => !engine.started);
  await sleep(20);
  expect(engine.stats().bursts).toBe(1);
});

const PROGRAMS = fileURLToPath(new URL('../helpers/burst-programs.mjs', import.meta.url));

function program(name: string): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [PROGRAMS, name], { timeout: 20_000, encoding: 'utf8' });
}

test('a program that forgets stop() ends', () => {
  const { status, stdout, stderr } = program('forgets');
  expect([status, JSON.parse(stdout), stderr]).toEqual([0, { code: 0, ran: true }, '']);
});

test('FE-19 an error of a rule that nobody hears is an unhandled rejection', () => {
  const { status, stderr } = program('unheard');
  expect(status).toBe(1);
  expect(stderr).toContain('from a rule');
});
