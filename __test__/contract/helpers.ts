/**
 * What the outside tests share. Every bus made here is put to the test of the books after each test, and once more after its close.
 */
import {
  type BusOptions,
  type BusStats,
  type ErrorCode,
  type Neuron,
  NeuronBus,
  NeuronBusError,
  type NeuronHandlers,
  type Spike,
} from 'neuronbus';
import { afterEach, expect } from 'vitest';

const made: NeuronBus[] = [];

/** A bus driven by hand, with a small arena, a clock that the test moves, and books that are checked when the test is over. */
export function manualBus(options: BusOptions = {}): NeuronBus {
  return anyBus({ arenaBytes: 2 ** 20, clock: 'manual', ...options });
}

/** A bus whose books are checked when the test is over. */
export function anyBus(options?: BusOptions): NeuronBus {
  const bus = new NeuronBus(options);
  made.push(bus);
  return bus;
}

/** The same, started. */
export function startedBus(options: BusOptions = {}): NeuronBus {
  const bus = anyBus({ arenaBytes: 2 ** 20, ...options });
  bus.start();
  return bus;
}

afterEach(async () => {
  for (const bus of made.splice(0)) {
    // A started bus is balanced only when it is quiet: after its close.
    await bus.close();
    expectBalance(bus);
    expect(bus.stats().inFlight).toBe(0);
  }
});

/** The sum of all drops. */
export function dropped({ dropped: reasons }: BusStats): number {
  return Object.values(reasons).reduce((sum, count) => sum + count, 0);
}

/** fired = delivered + refused + Σ dropped + inFlight. */
export function expectBalance(bus: NeuronBus): void {
  const stats = bus.stats();
  const { fired, delivered, refused, inFlight } = stats;
  expect(fired, JSON.stringify(stats)).toBe(delivered + refused + dropped(stats) + inFlight);
}

/** A neuron that keeps what it hears. */
export interface Listener {
  readonly neuron: Neuron;
  readonly heard: Spike[];
  readonly texts: string[];
}

/** A neuron that never fires and keeps copies of all it hears. */
export function listener(bus: NeuronBus, name = 'listener'): Listener {
  const heard: Spike[] = [];
  const texts: string[] = [];
  const onSpike = (spike: Spike): void => {
    heard.push(spike.copy());
    texts.push(spike.text());
  };
  return { neuron: deaf(bus, name, { onSpike }), heard, texts };
}

/** A neuron whose membrane never reaches its threshold, so that it is never refractory. */
export function deaf(bus: NeuronBus, name: string, handlers?: NeuronHandlers): Neuron {
  return bus.register({ name, membrane: { threshold: 1e9 } }, handlers);
}

/** What a call throws. */
export function thrown(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

/** What a promise rejects with. */
export async function rejected(promise: Promise<unknown>): Promise<unknown> {
  const done = Symbol('done');
  const result = await promise.then(
    () => done,
    (error: unknown) => ({ error }),
  );
  if (typeof result === 'symbol') throw new Error('nothing was rejected');
  return result.error;
}

/** A NeuronBusError with this code. */
export function expectCode(error: unknown, code: ErrorCode | readonly ErrorCode[]): NeuronBusError {
  if (!(error instanceof NeuronBusError)) throw new Error(`no NeuronBusError but ${String(error)}`);
  expect(error).toBeInstanceOf(Error);
  expect([code].flat(), `${error.code}: ${error.message}`).toContain(error.code);
  expect(error.detail).toBeTypeOf('object');
  expect(error.message.length).toBeGreaterThan(0);
  return error;
}

/** Asserts that a call throws a NeuronBusError with this code. */
export function refuses(code: ErrorCode | readonly ErrorCode[], call: () => unknown): NeuronBusError {
  return expectCode(thrown(call), code);
}

/** Asserts that a promise rejects with a NeuronBusError with this code. */
export async function rejects(code: ErrorCode, promise: Promise<unknown>): Promise<NeuronBusError> {
  return expectCode(await rejected(promise), code);
}

/** Calls a method with arguments of any type, as plain JavaScript could. */
export function call(target: object, method: string, ...args: unknown[]): unknown {
  const found: unknown = Reflect.get(target, method);
  if (typeof found !== 'function') throw new Error(`${method} is no method`);
  return Reflect.apply(found, target, args);
}

/** Makes an object with arguments of any type, as plain JavaScript could. */
export function construct(type: new (...args: never[]) => object, ...args: unknown[]): object {
  return Reflect.construct(type, args);
}

/** The next turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Waits until something holds; fails after `limitMs`. */
export async function until(holds: () => boolean, limitMs = 3_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`it did not come true in ${limitMs} ms: ${holds.toString()}`);
    await sleep(1);
  }
}

/** Some milliseconds. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** Bytes that tell where they are: intact or not is seen from the outside. */
export function pattern(length: number, seed = 1): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + seed * 17 + (i >> 8)) & 0xff;
  return bytes;
}
