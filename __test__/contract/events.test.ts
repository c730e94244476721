/** Events and handlers that misbehave. */
import { type AgentCard, Neuron, type NeuronBus, type NeuronHandlers, Synapse } from 'neuronbus';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { call, deaf, listener, manualBus, refuses, startedBus, turn, until } from './helpers.js';

/** What became an unhandled rejection. */
const unhandled: unknown[] = [];
const collect = (reason: unknown): void => void unhandled.push(reason);
let others: NodeJS.UnhandledRejectionListener[] = [];

// The test runner's own listeners would fail the run: the rejections here are the promised behaviour.
beforeEach(() => {
  unhandled.length = 0;
  others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', collect);
});

afterEach(async () => {
  await turn();
  process.removeAllListeners('unhandledRejection');
  for (const other of others) process.on('unhandledRejection', other);
});

class Oops extends Error {}

/** Misbehaviour, made anew for each bus. */
const BAD: [string, () => NeuronHandlers][] = [
  ['onSpike throws', () => ({ onSpike: oops })],
  ['onSpikes throws', () => ({ onSpikes: oops })],
  ['onSpike rejects', () => ({ onSpike: oopsLater })],
  ['onSpikes rejects', () => ({ onSpikes: oopsLater })],
  ['tick throws', () => ({ tick: once(oops) })],
  ['tick rejects', () => ({ tick: once(oopsLater) })],
];

function oops(): void {
  throw new Oops();
}

async function oopsLater(): Promise<void> {
  await turn();
  throw new Oops();
}

/** Does something the first time only. */
function once(act: () => unknown): () => unknown {
  let calls = 0;
  return () => (calls++ === 0 ? act() : undefined);
}

test.each(BAD)(
  '%s: the loop goes on, the error event tells error and neuron, it is counted once',
  async (_, handlers) => {
    for (const bus of [manualBus(), startedBus()]) {
      const told: [unknown, unknown][] = [];
      bus.on('error', (error, neuron) => told.push([error, neuron]));
      const bad = deaf(bus, 'bad', handlers());
      const { neuron, texts } = listener(bus);
      bad.fire(bad, 'x', { direct: true });
      bad.fire(neuron, 'goes on', { direct: true });
      await bus.drain();
      await until(() => told.length > 0);
      expect(texts).toEqual(['goes on']);
      expect(told).toEqual([[expect.any(Oops), bad]]);
      expect(bus.stats()).toMatchObject({ delivered: 2, handlerErrors: 1 });
    }
    expect(unhandled).toEqual([]);
  },
);

test('without an error listener the error is re-thrown as an unhandled rejection, and counted', async () => {
  for (const bus of [manualBus(), startedBus()]) {
    unhandled.length = 0;
    const bad = deaf(bus, 'bad', {
      onSpike: (spike) => {
        if (spike.text() === 'sync') throw new Oops('sync');
        return Promise.reject(new Oops('async'));
      },
    });
    const { neuron, texts } = listener(bus);
    bad.fire(bad, 'sync', { direct: true });
    bad.fire(bad, 'async', { direct: true });
    bad.fire(neuron, 'goes on', { direct: true });
    await bus.drain();
    await until(() => unhandled.length === 2);
    expect(unhandled.map((error) => (error instanceof Oops ? error.message : error))).toEqual(['sync', 'async']);
    expect(texts).toEqual(['goes on']);
    expect(bus.stats()).toMatchObject({ delivered: 3, handlerErrors: 2 });
  }
});

test('a handler that never settles holds nothing up: neither tick, nor drain, nor close', async () => {
  for (const bus of [manualBus(), startedBus()]) {
    const never = deaf(bus, 'never', { onSpike: () => new Promise(() => {}) });
    for (let i = 0; i < 10; i++) never.fire(never, i, { direct: true });
    await bus.drain();
    expect(bus.stats()).toMatchObject({ delivered: 10, handlerErrors: 0 });
    await bus.close();
  }
});

test('a handler may throw anything: undefined, null, a string', async () => {
  const bus = manualBus();
  const told: unknown[] = [];
  bus.on('error', (error) => told.push(error));
  const things = [undefined, null, 'text', 0];
  const bad = deaf(bus, 'bad', {
    onSpike: (spike) => {
      throw things[spike.sequence];
    },
  });
  for (const _ of things) bad.fire(bad, 'x', { direct: true });
  bus.tick();
  expect(told).toEqual(things);
});

test('every listener is called, in the order of on; off removes one; on and off return the bus', () => {
  const bus = manualBus();
  const order: string[] = [];
  const first = (): void => void order.push('first');
  const second = (): void => void order.push('second');
  expect(bus.on('drop', first)).toBe(bus);
  bus.on('drop', second);
  const neuron = deaf(bus, 'n');
  neuron.fire(99, 'x');
  bus.tick();
  expect(bus.off('drop', first)).toBe(bus);
  bus.off('drop', () => {});
  neuron.fire(99, 'x');
  bus.tick();
  expect(order).toEqual(['first', 'second', 'second']);
});

test('a listener that throws stops neither the bus nor the other listeners', async () => {
  const bus = manualBus();
  const told: string[] = [];
  bus.on('drop', () => {
    throw new Oops('listener');
  });
  bus.on('drop', ({ reason }) => told.push(reason));
  const neuron = deaf(bus, 'n');
  neuron.fire(99, 'x');
  neuron.fire(98, 'x');
  bus.tick();
  expect(told).toEqual(['unknown', 'unknown']);
  await until(() => unhandled.length === 2);
});

test('a drop listener may fire: the spike goes out in the next tick', () => {
  const bus = manualBus();
  const { neuron, texts } = listener(bus);
  bus.on('drop', ({ reason }) => neuron.fire(neuron, reason, { direct: true }));
  neuron.fire(99, 'x');
  bus.tick();
  expect(texts).toEqual([]);
  bus.tick();
  expect(texts).toEqual(['unknown']);
});

test('listeners may come and go while they are called', () => {
  const bus = manualBus();
  let calls = 0;
  const self = (): void => {
    calls++;
    bus.off('drop', self);
    bus.on('drop', () => calls++);
  };
  bus.on('drop', self);
  const neuron = deaf(bus, 'n');
  for (let i = 0; i < 3; i++) {
    neuron.fire(99, 'x');
    bus.tick();
  }
  expect(calls).toBe(3);
});

test('the prune event tells a synapse with its last weight; the error event a neuron', () => {
  const bus = manualBus();
  const told: unknown[] = [];
  bus.on('prune', (synapse) => told.push(synapse));
  bus.on('error', (_, neuron) => told.push(neuron));
  const bad = deaf(bus, 'bad', {
    onSpike: () => {
      throw new Oops();
    },
  });
  bus.connect(bad, bad, { weight: 0.005 });
  bad.fire(bad, 'x', { direct: true });
  bus.tick();
  bus.prune();
  expect(told[0]).toBeInstanceOf(Neuron);
  expect(told[1]).toBeInstanceOf(Synapse);
});

test.each<[unknown, unknown]>([
  ['spike', () => {}],
  ['', () => {}],
  [null, () => {}],
  [undefined, () => {}],
  ['__proto__', () => {}],
  ['drop', undefined],
  ['drop', null],
  ['drop', {}],
])('Life: on(%s, %s) is refused', (event, handler) => {
  const bus: NeuronBus = manualBus();
  refuses('E_OUT_OF_RANGE', () => call(bus, 'on', event, handler));
});

test('Life: off of an unknown event is refused', () => {
  refuses('E_OUT_OF_RANGE', () => call(manualBus(), 'off', 'spike', () => {}));
});

test('left can be listened to; nothing tells of it while there are no neurons of other threads', () => {
  const bus = manualBus();
  const cards: AgentCard[] = [];
  const heard = (card: AgentCard): void => void cards.push(card);
  expect(bus.on('left', heard)).toBe(bus);
  bus.unregister(deaf(bus, 'own'));
  bus.tick();
  expect(bus.off('left', heard)).toBe(bus);
  expect(cards).toEqual([]);
});
