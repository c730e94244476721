/** Closing: in every state, from everywhere, and what is left afterwards. */
import type { Neuron, NeuronBus, NeuronHandlers } from 'neuronbus';
import { expect, test } from 'vitest';
import {
  call,
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

test('Life: after close every method but close() and stats() throws E_CLOSED', async () => {
  const bus = manualBus();
  const [a, b] = [deaf(bus, 'a'), deaf(bus, 'b')];
  const synapse = bus.connect(a, b);
  const silent = (): void => {};
  bus.on('drop', silent);
  await bus.close();
  const calls: [string, unknown[]][] = [
    ['register', [{ name: 'x' }]],
    ['unregister', [a]],
    ['connect', [a, b]],
    ['disconnect', [a, b]],
    ['synapse', [a, b]],
    ['synapses', []],
    ['discover', [{}]],
    ['tick', []],
    ['tick', [0]],
    ['start', []],
    ['prune', []],
    ['registerFilter', ['x', () => true]],
    ['on', ['drop', silent]],
    ['off', ['drop', silent]],
    ['advance', [1]],
  ];
  for (const [method, args] of calls) refuses('E_CLOSED', () => call(bus, method, ...args));
  for (const method of ['stop', 'drain']) {
    const result = call(bus, method);
    if (!(result instanceof Promise)) throw new Error(`${method} gives no promise`);
    await rejects('E_CLOSED', result);
  }
  refuses('E_CLOSED', () => a.fire(b, 'x'));
  refuses('E_CLOSED', () => a.tryFire(b, 'x'));
  refuses('E_CLOSED', () => a.broadcast('x'));
  refuses('E_CLOSED', () => a.reader());
  refuses('E_CLOSED', () => a.potential);
  await rejects('E_CLOSED', a.ready());
  refuses('E_CLOSED', () => synapse.weight);
  refuses('E_CLOSED', () => synapse.stdp);
  refuses('E_CLOSED', () => synapse.filters);
  refuses('E_CLOSED', () => Reflect.set(synapse, 'weight', 0.5));
  expect(bus.stats().fired).toBe(0);
  await bus.close();
});

test('Life: E_CLOSED comes before complaints about arguments', async () => {
  const bus = manualBus();
  await bus.close();
  refuses('E_CLOSED', () => call(bus, 'register', null));
  refuses('E_CLOSED', () => call(bus, 'tick', -1));
  refuses('E_CLOSED', () => call(bus, 'connect', null, null));
});

test('Life: E_CLOSED comes before complaints about arguments of fire', async () => {
  const bus = manualBus();
  const [a, b] = [deaf(bus, 'a'), deaf(bus, 'b')];
  const stale = deaf(bus, 'stale');
  bus.unregister(stale);
  await bus.close();
  for (const method of ['fire', 'tryFire']) {
    refuses('E_CLOSED', () => call(a, method, null, 'x'));
    refuses('E_CLOSED', () => call(a, method, stale, 'x'));
    refuses('E_CLOSED', () => call(a, method, 70_000, 'x'));
    refuses('E_CLOSED', () => call(a, method, b, 'x', { bad: 1 }));
    refuses('E_CLOSED', () => call(a, method, b, undefined));
  }
  refuses('E_CLOSED', () => call(a, 'broadcast', 'x', { kind: 'calm' }));
  refuses('E_CLOSED', () => call(a, 'broadcast', undefined));
});

test('Life: a payload that closes the bus while it is made into JSON is not fired', async () => {
  const bus = manualBus();
  const [a, b] = [deaf(bus, 'a'), deaf(bus, 'b')];
  const closings: Promise<void>[] = [];
  const payload = {
    toJSON: () => {
      closings.push(bus.close());
      return 'late';
    },
  };
  refuses('E_CLOSED', () => call(a, 'fire', b, payload, { direct: true }));
  await Promise.all(closings);
  expect(bus.stats()).toMatchObject({ fired: 0, inFlight: 0 });
});

test('Life: close() twice, and at once, is one close', async () => {
  const bus = startedBus();
  const neuron = deaf(bus, 'n');
  neuron.fire(neuron, 'x', { direct: true });
  await Promise.all([bus.close(), bus.close(), bus.close()]);
  await bus.close();
  bus[Symbol.dispose]();
  await bus[Symbol.asyncDispose]();
  expect(bus.stats()).toMatchObject({ fired: 1, delivered: 1 });
});

test('Life: from close() on fire throws E_CLOSED, also in the handlers that still run', async () => {
  for (const bus of [manualBus(), startedBus()]) {
    const caught: unknown[] = [];
    bus.on('error', (error) => caught.push(error));
    const echo = deaf(bus, 'echo', { onSpike: (spike, self) => self.fire(spike.source, 'x', { direct: true }) });
    for (let i = 0; i < 3; i++) echo.fire(echo, i, { direct: true });
    const closing = bus.close();
    refuses('E_CLOSED', () => echo.fire(echo, 'late'));
    refuses('E_CLOSED', () => echo.tryFire(echo, 'late'));
    await closing;
    expect(caught.length).toBeGreaterThanOrEqual(1);
    for (const error of caught) expect(error).toMatchObject({ code: 'E_CLOSED' });
    expect(bus.stats().delivered).toBeGreaterThanOrEqual(3);
  }
});

const DOORS: [string, (act: () => void) => NeuronHandlers][] = [
  ['onSpike', (act) => ({ onSpike: act })],
  ['onSpikes', (act) => ({ onSpikes: act })],
  ['tick', (act) => ({ tick: act })],
];

test.each(DOORS)('Life: close() works inside a handler (%s), manual and started', async (_, handlers) => {
  for (const bus of [manualBus(), startedBus()]) {
    const closings: Promise<void>[] = [];
    const closer = deaf(
      bus,
      'closer',
      handlers(() => closings.push(bus.close())),
    );
    const { neuron, texts } = listener(bus);
    for (let i = 0; i < 5; i++) closer.fire(closer, i, { direct: true });
    closer.fire(neuron, 'after', { direct: true });
    if (!isStarted(bus)) bus.tick();
    await until(() => closings.length > 0);
    await Promise.all(closings);
    expect(texts).toEqual(['after']);
    expectBalance(bus);
    expect(bus.stats()).toMatchObject({ fired: 6, delivered: 6, inFlight: 0 });
  }
});

test.each(DOORS)(
  'Life: disposing works inside a handler (%s), manual and started: the rest is closed',
  async (_, handlers) => {
    for (const bus of [manualBus(), startedBus()]) {
      const closer = deaf(
        bus,
        'closer',
        handlers(() => bus[Symbol.dispose]()),
      );
      for (let i = 0; i < 5; i++) closer.fire(closer, pattern(60), { direct: true });
      if (!isStarted(bus)) bus.tick();
      await until(() => isClosed(bus));
      expectBalance(bus);
      const { delivered, dropped, inFlight } = bus.stats();
      expect([delivered + dropped.closed, inFlight]).toEqual([5, 0]);
    }
  },
);

test('Life: close() inside a drop listener, an error listener, a prune listener and a predicate', async () => {
  const scenes: ((bus: NeuronBus, n: Neuron, act: () => void) => void)[] = [
    (bus, n, act) => {
      bus.on('drop', act);
      n.fire(99, 'x');
    },
    (bus, n, act) => {
      bus.on('error', act);
      const bad = deaf(bus, 'bad', {
        onSpike: () => {
          throw new Error('bad');
        },
      });
      n.fire(bad, 'x', { direct: true });
    },
    (bus, n, act) => {
      bus.registerFilter('act', () => {
        act();
        return true;
      });
      bus.connect(n, n, { filters: [{ type: 'custom', name: 'act' }] });
      n.fire(n, 'x');
    },
    (bus, n, act) => {
      bus.on('prune', act);
      bus.connect(n, n, { weight: 0.005 });
      bus.prune();
    },
  ];
  for (const scene of scenes) {
    for (const make of [(): NeuronBus => manualBus(), (): NeuronBus => startedBus()]) {
      for (const dispose of [false, true]) {
        const bus = make();
        let acted = 0;
        const act = (): void => {
          acted++;
          if (dispose) bus[Symbol.dispose]();
          else void bus.close();
        };
        scene(bus, deaf(bus, 'n'), act);
        if (acted === 0 && !isStarted(bus)) bus.tick();
        await until(() => acted > 0);
        await bus.close();
        expectBalance(bus);
        expect(bus.stats().inFlight).toBe(0);
      }
    }
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

function isClosed(bus: NeuronBus): boolean {
  try {
    bus.discover({});
    return false;
  } catch {
    return true;
  }
}
