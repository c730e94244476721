/** Integrate and fire (NB-38, NB-39, defect 8). */
import type { Membrane, Neuron, NeuronBus } from 'neuronbus';
import { expect, test } from 'vitest';
import { deaf, manualBus, refuses } from './helpers.js';

interface Cell {
  readonly bus: NeuronBus;
  readonly neuron: Neuron;
  readonly heard: string[];
  /** How often its membrane fired, as its tick handler is told. */
  readonly fired: boolean[];
  /** Fires excitatory (> 0) or inhibitory (< 0) spikes of these weights at it, and ticks. */
  feed(...weights: number[]): void;
}

function cell(membrane: Partial<Membrane> = {}): Cell {
  const bus = manualBus();
  const [heard, fired]: [string[], boolean[]] = [[], []];
  const neuron = bus.register(
    { name: 'cell', membrane },
    { onSpike: (spike) => heard.push(spike.text()), tick: (_, crossed) => fired.push(crossed) },
  );
  const stdp = { wMax: 100, aPlus: 0, aMinus: 0 };
  const feed = (...weights: number[]): void => {
    for (const weight of weights) {
      const sender = deaf(bus, 'sender');
      bus.connect(sender, neuron, { weight: Math.abs(weight), stdp });
      sender.fire(neuron, String(weight), { kind: weight > 0 ? 'excitatory' : 'inhibitory' });
    }
    bus.tick();
  };
  return { bus, neuron, heard, fired, feed };
}

test('NB-38 the defaults are readable: threshold 1, rest 0, leak 0.95, refractory 2 ticks, floor rest − 1', () => {
  expect(cell().neuron.card.membrane).toEqual({ threshold: 1, rest: 0, leak: 0.95, refractoryTicks: 2, floor: -1 });
  expect(cell({ rest: -3, threshold: 0 }).neuron.card.membrane.floor).toBe(-4);
});

test('NB-38 0.8 then inhibitory 0.5 gives 0.3', () => {
  const { neuron, feed } = cell({ leak: 1 });
  feed(0.8);
  expect(neuron.potential).toBeCloseTo(0.8, 6);
  feed(-0.5);
  expect(neuron.potential).toBeCloseTo(0.3, 6);
});

test('NB-38 the potential after a tick with one 0.5 is 0.475', () => {
  const { neuron, feed } = cell();
  feed(0.5);
  expect(neuron.potential).toBeCloseTo(0.475, 6);
});

test('NB-38 0.5 + 0.5 in one tick gives 0.95 and does not fire', () => {
  const { neuron, feed, fired } = cell();
  feed(0.5, 0.5);
  expect(neuron.potential).toBeCloseTo(0.95, 6);
  expect(fired).toEqual([false]);
});

test('NB-38 0.5 + 0.6 in one tick fires, and the potential is back at rest', () => {
  const { neuron, feed, fired } = cell();
  feed(0.5, 0.6);
  expect(neuron.potential).toBe(0);
  expect(fired).toEqual([true]);
});

test('NB-38 the comparison is p ≥ threshold, after the leak', () => {
  const exact = cell({ leak: 1 });
  exact.feed(1);
  expect(exact.fired).toEqual([true]);
  const leaked = cell({ leak: 0.5 });
  leaked.feed(1.5);
  expect(leaked.fired).toEqual([false]);
  expect(leaked.neuron.potential).toBeCloseTo(0.75, 6);
});

test('NB-38 leak: p = rest + (p − rest)·leak each tick, also when nothing comes', () => {
  const { bus, neuron, feed } = cell({ rest: -2, threshold: 5, leak: 0.5 });
  feed(4);
  expect(neuron.potential).toBeCloseTo(0, 6);
  bus.tick();
  expect(neuron.potential).toBeCloseTo(-1, 6);
  bus.tick(2);
  expect(neuron.potential).toBeCloseTo(-1.75, 6);
});

test('leak 1 is none; leak 0 forgets all', () => {
  const keeps = cell({ leak: 1 });
  keeps.feed(0.5);
  keeps.bus.tick(1_000);
  expect(keeps.neuron.potential).toBe(0.5);
  const forgets = cell({ leak: 0 });
  forgets.feed(0.5);
  expect(forgets.neuron.potential).toBe(0);
});

test('a fresh membrane stands at rest', () => {
  expect(cell({ rest: 0.25 }).neuron.potential).toBe(0.25);
});

test('the floor acts after each spike: −5 then + 0.4 gives floor + 0.4, in one tick', () => {
  const { neuron, feed } = cell({ leak: 1 });
  feed(-5, 0.4);
  expect(neuron.potential).toBeCloseTo(-0.6, 6);
});

test('the floor is settable, and lies at rest − 1 by default', () => {
  const low = cell({ leak: 1, floor: -3 });
  low.feed(-2, -2, -2);
  expect(low.neuron.potential).toBe(-3);
  const usual = cell({ leak: 1, rest: 0.5 });
  usual.feed(-2, -2);
  expect(usual.neuron.potential).toBe(-0.5);
});

test('NB-39 defect 8 a neuron that fires in tick k takes nothing in k+1 … k+N; it comes from tick k+N+1 on', () => {
  for (const refractoryTicks of [0, 1, 2, 5]) {
    const { bus, heard, feed } = cell({ refractoryTicks });
    feed(2);
    expect(heard).toEqual(['2']);
    feed(0.125);
    for (let silent = 0; silent < refractoryTicks; silent++) {
      expect(heard).toEqual(['2']);
      expect(bus.stats().deferred).toBe(1);
      bus.tick();
    }
    expect(heard).toEqual(['2', '0.125']);
    expect(bus.stats().deferred).toBe(0);
  }
});

test('NB-39 what arrives meanwhile waits, first in first out, before newer spikes', () => {
  const { heard, feed } = cell({ refractoryTicks: 2 });
  feed(2);
  feed(0.1);
  feed(0.2);
  feed(0.3);
  expect(heard).toEqual(['2', '0.1', '0.2', '0.3']);
});

test('NB-39 a deferred spike is integrated when it is delivered, not before', () => {
  const { bus, neuron, feed } = cell({ refractoryTicks: 1, leak: 1 });
  feed(2);
  feed(0.5);
  expect(neuron.potential).toBe(0);
  bus.tick();
  expect(neuron.potential).toBe(0.5);
});

test('NB-39 deferred spikes that make it fire again keep the rest waiting', () => {
  const { bus, heard, feed } = cell({ refractoryTicks: 2 });
  feed(2);
  feed(2, 3);
  bus.tick();
  const seen: number[] = [];
  for (let i = 0; i < 4; i++) {
    bus.tick();
    seen.push(heard.length);
  }
  expect(heard).toEqual(['2', '2', '3']);
  expect(seen.at(-1)).toBe(3);
});

test('NB-38 all spikes of the tick in which it fires are taken in that tick', () => {
  const { heard, feed } = cell();
  feed(2, 2, 2);
  expect(heard).toEqual(['2', '2', '2']);
});

test('a neuron that never fires is never refractory', () => {
  const { heard, feed, bus } = cell({ threshold: 1e9 });
  for (let i = 0; i < 10; i++) feed(1);
  expect(heard).toHaveLength(10);
  expect(bus.stats().deferred).toBe(0);
});

test('fired tells whether the neuron fired since the last call', () => {
  const { bus, fired, feed } = cell();
  feed(0.5);
  feed(2);
  bus.tick(2);
  expect(fired).toEqual([false, true, false, false]);
});

test('the potential is that of the last tick; a stale handle has none', () => {
  const { bus, neuron, feed } = cell();
  feed(0.5);
  bus.unregister(neuron);
  refuses('E_UNKNOWN_NEURON', () => neuron.potential);
});
