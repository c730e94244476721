/** Calls from inside calls: getters, toJSON, predicates and listeners that reach back into the bus. */
import type { Neuron, NeuronBus } from 'neuronbus';
import { expect, test } from 'vitest';
import { call, deaf, expectBalance, listener, manualBus, pattern, refuses, startedBus, until } from './helpers.js';

function pair(): { bus: NeuronBus; sender: Neuron; neuron: Neuron; texts: string[]; sequences: () => number[] } {
  const bus = manualBus();
  const sender = deaf(bus, 'sender');
  const { neuron, texts, heard } = listener(bus);
  bus.connect(sender, neuron);
  return { bus, sender, neuron, texts, sequences: () => heard.map(({ sequence }) => sequence) };
}

test('a payload whose toJSON fires: both arrive whole, numbered in the order of their firing', () => {
  const { bus, sender, neuron, texts, sequences } = pair();
  const payload = {
    toJSON: () => {
      sender.fire(neuron, 'inner');
      return 'outer';
    },
  };
  call(sender, 'fire', neuron, payload);
  bus.tick();
  expect(texts).toEqual(['inner', '"outer"']);
  expect(sequences()).toEqual([0, 1]);
});

test('a payload whose toJSON disposes of the bus: E_CLOSED', () => {
  const { bus, sender, neuron } = pair();
  refuses('E_CLOSED', () => call(sender, 'fire', neuron, { toJSON: () => bus[Symbol.dispose]() ?? 'x' }));
  expect(bus.stats().fired).toBe(0);
});

test('a payload whose toJSON unregisters its sender: E_UNKNOWN_NEURON', () => {
  const { bus, sender, neuron } = pair();
  refuses('E_UNKNOWN_NEURON', () => call(sender, 'fire', neuron, { toJSON: () => bus.unregister(sender) ?? 'x' }));
  expectBalance(bus);
});

test('a payload whose toJSON unregisters its target: refused or a counted drop, never delivered to another', () => {
  const { bus, sender, neuron } = pair();
  const toJSON = (): string => {
    bus.unregister(neuron);
    return 'x';
  };
  try {
    call(sender, 'fire', neuron, { toJSON });
  } catch (error) {
    expect(error).toMatchObject({ code: 'E_UNKNOWN_NEURON' });
  }
  const next = listener(bus, 'next');
  bus.connect(sender, next.neuron);
  bus.tick(2);
  expect(next.texts).toEqual([]);
  expectBalance(bus);
});

test('getters in options are read once, and may throw: nothing has happened then', () => {
  const { bus, sender, neuron, texts } = pair();
  let reads = 0;
  const options = {
    get priority(): number {
      reads++;
      return 3;
    },
  };
  sender.fire(neuron, 'x', options);
  expect(reads).toBe(1);
  const bad = {
    get direct(): boolean {
      throw new TypeError('getter');
    },
  };
  expect(() => sender.fire(neuron, 'y', bad)).toThrow(TypeError);
  bus.tick();
  expect(texts).toEqual(['x']);
  expect(bus.stats().fired).toBe(1);
});

test('a predicate may fire, connect, disconnect, register filters and neurons, and unregister its receiver', () => {
  const bus = manualBus();
  const sender = deaf(bus, 'sender');
  const { neuron, texts } = listener(bus);
  const acts: (() => void)[] = [
    () => sender.fire(neuron, 'more'),
    () => void bus.connect(sender, sender),
    () => bus.registerFilter('other', () => true),
    () => void deaf(bus, 'new'),
    () => void bus.disconnect(sender, sender),
    () => bus.unregister(neuron),
  ];
  bus.registerFilter('acts', (spike) => {
    acts[spike.sequence]?.();
    expectBalance(bus);
    return true;
  });
  bus.connect(sender, neuron, { filters: [{ type: 'custom', name: 'acts' }] });
  for (let i = 0; i < 8; i++) sender.fire(neuron, `${i}`);
  bus.tick(3);
  expectBalance(bus);
  expect(texts).toEqual(['0', '1', '2', '3', '4']);
  expect(bus.stats().dropped.left).toBe(4);
});

const VERDICTS: [string, () => boolean][] = [
  ['passes', () => true],
  ['refuses', () => false],
  [
    'throws',
    () => {
      throw new Error('predicate');
    },
  ],
];

test.each(VERDICTS)(
  'a predicate that unregisters its receiver, or disposes of the bus, and %s: each spike is counted once',
  (_, verdict) => {
    for (const onSpikes of [false, true]) {
      for (const end of ['unregister', 'dispose']) {
        const bus = manualBus();
        bus.on('error', () => {});
        const sender = deaf(bus, 'sender');
        let calls = 0;
        const count = (): void => void calls++;
        const neuron = deaf(bus, 'n', onSpikes ? { onSpikes: count } : { onSpike: count });
        bus.registerFilter('ends', (spike) => {
          if (spike.sequence !== 2) return true;
          if (end === 'dispose') bus[Symbol.dispose]();
          else bus.unregister(neuron);
          return verdict();
        });
        bus.connect(sender, neuron, { filters: [{ type: 'custom', name: 'ends' }] });
        for (let i = 0; i < 6; i++) sender.fire(neuron, pattern(60));
        bus.tick();
        expectBalance(bus);
        const { delivered, dropped, inFlight } = bus.stats();
        expect([delivered + dropped.left + dropped.closed + dropped.filtered, inFlight]).toEqual([6, 0]);
        expect(dropped[end === 'dispose' ? 'closed' : 'left']).toBeGreaterThanOrEqual(3);
        expect(calls).toBeLessThanOrEqual(2);
      }
    }
  },
);

test('handlers may register, connect, prune, advance, poll readers and look at the books', () => {
  const bus = manualBus();
  let calls = 0;
  const errors: unknown[] = [];
  bus.on('error', (error) => errors.push(error));
  const busy = deaf(bus, 'busy', {
    onSpike: (_, self) => {
      calls++;
      const child = deaf(bus, `child ${calls}`);
      bus.connect(self, child, { weight: 0.005 });
      bus.advance(1);
      self.broadcast(pattern(60));
      using reader = self.reader();
      reader.poll();
      bus.prune();
      bus.arena.release(bus.arena.write(pattern(50)));
      bus.discover({});
      bus.unregister(child);
      expectBalance(bus);
    },
  });
  for (let i = 0; i < 5; i++) busy.fire(busy, i, { direct: true });
  bus.tick(3);
  expect(errors).toEqual([]);
  expect(calls).toBe(5);
});

test('a handler that empties its own batch by firing until refused, at every spike', () => {
  const bus = manualBus({ axonSlots: 8 });
  let calls = 0;
  const greedy = deaf(bus, 'greedy', {
    onSpike: (_, self) => {
      if (++calls > 500) return;
      while (self.tryFire(self, 'x', { direct: true }));
      expectBalance(bus);
    },
  });
  greedy.fire(greedy, 'x', { direct: true });
  bus.tick(200);
  expect(calls).toBeGreaterThan(500);
  expectBalance(bus);
});

test('a synchronous wait inside a handler of a started bus loses nothing', async () => {
  const bus = startedBus();
  const sender = deaf(bus, 'sender');
  const heard: number[] = [];
  const slow = deaf(bus, 'slow', {
    onSpike: (spike) => {
      const end = performance.now() + 2;
      while (performance.now() < end);
      heard.push(spike.sequence);
    },
  });
  for (let i = 0; i < 100; i++) sender.fire(slow, pattern(i), { direct: true });
  await until(() => heard.length === 100, 5_000);
  expect(heard).toEqual(Array.from({ length: 100 }, (_, i) => i));
});
