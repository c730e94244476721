/** Custom filters and spikes that were under way when their synapse changed or went (NB-30). */
import type { Neuron, NeuronBus } from 'neuronbus';
import { expect, test } from 'vitest';
import { deaf, manualBus, startedBus, until } from './helpers.js';

const NO = { type: 'custom', name: 'no' } as const;
const FIRST = { type: 'custom', name: 'first' } as const;

/** A bus whose filter `no` lets nothing through and whose filter `first` lets sequence 0 through; `asked` are those they saw. */
function filtered(
  make: (options?: object) => NeuronBus = manualBus,
  options = {},
): { bus: NeuronBus; asked: number[] } {
  const bus = make(options);
  const asked: number[] = [];
  const ask = (sequence: number): number => asked.push(sequence);
  bus.registerFilter('no', (spike) => ask(spike.sequence) < 0);
  bus.registerFilter('first', (spike) => ask(spike.sequence) > 0 && spike.sequence === 0);
  return { bus, asked };
}

/** A neuron that keeps the sequence numbers it hears, and does something at the first. */
function ear(bus: NeuronBus, atFirst: (self: Neuron) => void = () => {}): { neuron: Neuron; heard: number[] } {
  const heard: number[] = [];
  const neuron = deaf(bus, 'ear', {
    onSpike: (spike, self) => {
      heard.push(spike.sequence);
      if (heard.length === 1) atFirst(self);
    },
  });
  return { neuron, heard };
}

function fireFive(sender: Neuron, target: Neuron): void {
  for (let i = 0; i < 5; i++) sender.fire(target, i);
}

test('NB-30 the predicate is asked for what its sender fired before it was unregistered', () => {
  const { bus } = filtered();
  const [a, { neuron: b, heard }] = [deaf(bus, 'a'), ear(bus)];
  bus.connect(a, b, { filters: [NO] });
  a.fire(b, 'x');
  bus.unregister(a);
  bus.tick();
  expect(heard).toEqual([]);
  expect(bus.stats().dropped.filtered).toBe(1);
});

test.each<[string, (bus: NeuronBus, a: Neuron, b: Neuron) => void]>([
  ['disconnect', (bus, a, b) => void bus.disconnect(a, b)],
  ['unregister of the sender', (bus, a) => bus.unregister(a)],
  ['prune', (bus) => expect(bus.prune()).toBe(1)],
  ['a setter of other filters', (bus, a, b) => void bus.connect(a, b, { filters: [] })],
  [
    'disconnect and connect',
    (bus, a, b) => {
      bus.disconnect(a, b);
      bus.connect(a, b);
    },
  ],
])('NB-30 the predicate is asked for what stands in the inbox at %s', (_, act) => {
  const { bus, asked } = filtered();
  const a = deaf(bus, 'a');
  const { neuron: b, heard } = ear(bus, (self) => act(bus, a, self));
  bus.connect(a, b, { weight: 0.001, filters: [FIRST] });
  fireFive(a, b);
  bus.tick();
  expect(asked).toEqual([0, 1, 2, 3, 4]);
  expect(heard).toEqual([0]);
  expect(bus.stats()).toMatchObject({ delivered: 1, dropped: { filtered: 4 }, inFlight: 0 });
});

test('NB-30 what stands in the inbox is not asked by a filter that came later', () => {
  const { bus, asked } = filtered();
  const a = deaf(bus, 'a');
  const { neuron: b, heard } = ear(bus, (self) => bus.connect(a, self, { filters: [NO] }));
  bus.connect(a, b);
  fireFive(a, b);
  bus.tick();
  expect([heard, asked]).toEqual([[0, 1, 2, 3, 4], []]);
  a.fire(b, 'x');
  bus.tick();
  expect([heard.length, asked]).toEqual([5, [5]]);
});

test('NB-30 the predicate is asked until the id of a sender that left is given again, and not afterwards', () => {
  const { bus, asked } = filtered();
  const a = deaf(bus, 'a');
  const { neuron: b, heard } = ear(bus);
  bus.connect(a, b, { filters: [NO] });
  a.fire(b, 'old');
  bus.unregister(a);
  bus.tick(2);
  const next = deaf(bus, 'next');
  expect(next.id).toBe(a.id);
  next.fire(b, 'new', { direct: true });
  bus.tick();
  expect([heard, asked]).toEqual([[0], [0]]);
  expect(bus.synapse(next, b)).toBeUndefined();
});

test('NB-30 a started bus that prunes by itself bypasses no predicate while its event loop is behind', async () => {
  const { bus } = filtered(startedBus, { prune: { below: 0.5, everyTicks: 1 } });
  const [a, { neuron: b, heard }] = [deaf(bus, 'a'), ear(bus)];
  const slow = deaf(bus, 'slow', {
    onSpike: () => {
      const end = performance.now() + 5;
      while (performance.now() < end);
    },
  });
  for (let round = 0; round < 5; round++) {
    bus.connect(a, b, { weight: 0.5, filters: [NO] });
    a.fire(slow, 'x', { direct: true });
    for (let i = 0; i < 300; i++) a.fire(b, i);
    await bus.drain();
    await until(() => bus.synapse(a, b) === undefined);
  }
  expect(heard).toEqual([]);
  expect(bus.stats()).toMatchObject({ delivered: 5, handlerErrors: 0 });
});
