/** Bursts: who fires when, by the documents and by an oracle, and what an engine tells of itself (FE-15, FE-16, FE-20 to FE-22). */
import fc from 'fast-check';
import { BurstEngine, type SynapseInputs } from 'neuronbus';
import { expect, test } from 'vitest';
import {
  all,
  bits,
  drive,
  edges,
  f32,
  lively,
  mixed,
  NaiveBursts,
  run,
  tangle,
  u8,
  u16,
  u32,
  wired,
} from '../helpers/burst.js';

test('FE-3 FE-20 what fires in a burst reaches its targets in the next', () => {
  const engine = wired(3, [0, 1], [1, 2]);
  engine.inject(u32(0), 1);
  expect(Array.from({ length: 4 }, () => [...engine.burst().fired])).toEqual([[0], [1], [2], []]);
  expect(engine.stats()).toMatchObject({ neurons: 3, synapses: 2, bursts: 4, firings: 3, lateBursts: 0 });
});

test('FE-20 every phase of a burst has its time, in microseconds', () => {
  const { phases } = lively(2_000, 20).burst();
  const names = ['injection', 'dynamics', 'ledger', 'plasticity', 'propagation', 'swap'];
  expect(Object.keys(phases)).toEqual(names);
  for (const time of Object.values(phases)) expect(time).toBeGreaterThanOrEqual(0);
  expect(phases.dynamics).toBeGreaterThan(0);
});

test('FE-20 injections add up in the order of the calls, an id twice twice, and go with the burst', () => {
  const engine = wired(2);
  engine.inject(u32(0, 1, 0), 0.25);
  engine.inject(u32(1), f32(0.5));
  expect([...engine.burst().fired]).toEqual([]);
  expect([...engine.potentials()]).toEqual([0.5, 0.75]);
  engine.burst();
  expect([...engine.potentials()]).toEqual([0.5, 0.75]);
});

test('FE-9 FE-20 a contribution is sign × weight × conductance, in shares of 255', () => {
  const engine = wired(4);
  const synapses = { weights: u8(255, 51, 0), conductances: u8(51, 255, 255), types: u8(0, 9, 0) };
  engine.addSynapses({ sources: u32(0, 0, 0), targets: u32(1, 2, 3), ...synapses });
  engine.inject(u32(0), 1);
  engine.burst();
  engine.burst();
  const fifth = Math.fround(1 / 5);
  expect([...engine.potentials()]).toEqual([0, fifth, -fifth, 0]);
});

test('FE-20 the ledger tells who fired, as many bursts back as it was made for', () => {
  const engine = new BurstEngine({ ledger: 3 });
  engine.addNeurons({ thresholds: new Float32Array(5).fill(1) });
  expect(engine.ledger(0)).toBeUndefined();
  for (let id = 0; id < 5; id++) {
    engine.inject(u32(id), 1);
    engine.burst();
  }
  expect([0, 1, 2, 3].map((back) => engine.ledger(back))).toEqual([u32(4), u32(3), u32(2), undefined]);
  const none = new BurstEngine({ ledger: 0 });
  none.burst();
  expect([none.ledger(0), none.ledger(4_294_967_295)]).toEqual([undefined, undefined]);
});

test('FE-21 a golden trace: leak, threshold, reset, refractory bursts', () => {
  const engine = new BurstEngine();
  engine.addNeurons({ thresholds: f32(2), leaks: f32(0.5), rests: -1, resets: f32(-3), refractory: 2 });
  const trace = [2, 0, 3, 9, 9, 0.5, 4].map((potential) => {
    engine.inject(u32(0), potential);
    return [engine.burst().fired.length, engine.potentials()[0]];
  });
  expect(trace).toEqual([
    [0, 1],
    [0, 0],
    [1, -3],
    [0, -2],
    [0, -1.5],
    [0, -0.75],
    [1, -3],
  ]);
});

test('FE-21 a limit of firings in a row, a snooze, and a neuron that does not accumulate', () => {
  const engine = new BurstEngine();
  engine.addNeurons({ thresholds: f32(1, 1), consecutiveLimits: u16(2, 0), snoozes: 3, accumulate: u8(1, 0) });
  const fired = Array.from({ length: 8 }, () => {
    engine.inject(all(2), f32(1, 0.75));
    return [...engine.burst().fired];
  });
  expect(fired).toEqual([[0], [0], [], [], [], [0], [0], []]);
  expect(engine.potentials()[1]).toBe(0.75);
});

test('FE-21 excitability is the probability to fire, seeded', () => {
  const rate = (seed: number): number => {
    const engine = new BurstEngine({ seed, ledger: 0 });
    engine.addNeurons({ thresholds: new Float32Array(4_000), excitabilities: 0.25 });
    return engine.burst().fired.length;
  };
  expect(rate(5)).toBe(rate(5));
  expect(rate(5)).not.toBe(rate(6));
  expect(Math.abs(rate(5) - 1_000)).toBeLessThan(150);
});

test('FE-21 FE-20 whatever the network, bursts are those of a naive oracle', () => {
  const quarter = (most: number): fc.Arbitrary<number> => fc.integer({ min: -4, max: most }).map((n) => n / 4);
  const neuron = fc.record({
    threshold: quarter(8),
    leak: fc.constantFrom(0, 0, 0.5, 1),
    rest: quarter(2),
    reset: quarter(2),
    refractory: fc.nat(2),
    limit: fc.nat(3),
    snooze: fc.nat(3),
    accumulates: fc.boolean(),
  });
  const size = 5;
  const id = fc.nat(size - 1);
  const network = fc.record({
    neurons: fc.array(neuron, { minLength: size, maxLength: size }),
    synapses: fc.array(fc.record({ source: id, target: id, amount: fc.constantFrom(1, -1) }), { maxLength: 20 }),
    injected: fc.array(fc.array(quarter(8), { minLength: size, maxLength: size }), { minLength: 8, maxLength: 8 }),
  });
  fc.assert(
    fc.property(network, ({ neurons, synapses, injected }) => {
      const engine = new BurstEngine();
      engine.addNeurons({
        thresholds: Float32Array.from(neurons, (each) => each.threshold),
        leaks: Float32Array.from(neurons, (each) => each.leak),
        rests: Float32Array.from(neurons, (each) => each.rest),
        resets: Float32Array.from(neurons, (each) => each.reset),
        refractory: Uint16Array.from(neurons, (each) => each.refractory),
        consecutiveLimits: Uint16Array.from(neurons, (each) => each.limit),
        snoozes: Uint16Array.from(neurons, (each) => each.snooze),
        accumulate: Uint8Array.from(neurons, (each) => Number(each.accumulates)),
      });
      engine.addSynapses({
        ...edges(...synapses.map(({ source, target }) => [source, target] as const)),
        types: Uint8Array.from(synapses, ({ amount }) => Number(amount < 0)),
      });
      const naive = new NaiveBursts(neurons, synapses);
      for (const potentials of injected) {
        engine.inject(all(size), Float32Array.from(potentials));
        expect([...engine.burst().fired]).toEqual(naive.burst(potentials));
        expect([...engine.potentials()].map((found) => found + 0)).toEqual(naive.potentials.map((known) => known + 0));
      }
    }),
    { numRuns: 300 },
  );
});

test('FE-16 defect 1: the size of the network changes nothing', () => {
  const [small, large] = [lively(300, 20), lively(300, 20)];
  large.addNeurons({ thresholds: new Float32Array(20_000).fill(1) });
  expect(run(small, 300, 60)).toEqual(run(large, 300, 60));
  expect(bits(large).subarray(0, 300)).toEqual(bits(small));
  expect(small.stats().firings).toBeGreaterThan(600);
});

test('FE-16 defect 2: a repeat gives the same bits, and another seed does not', () => {
  const repeat = (seed: number): number[][] => run(lively(300, 20, { seed }), 300, 40);
  expect(repeat(1)).toEqual(repeat(1));
  expect(repeat(1)).not.toEqual(repeat(2));
});

test('FE-22 defect 6: synapses one by one compile nothing, and are the same network as all at once', () => {
  const [once, single] = [lively(100, 0), lively(100, 0)];
  const synapses = tangle(100, 5);
  once.addSynapses(synapses);
  for (let at = 0; at < 500; at++) {
    const one: SynapseInputs = {
      sources: synapses.sources.slice(at, at + 1),
      targets: synapses.targets.slice(at, at + 1),
      weights: synapses.weights.slice(at, at + 1),
      conductances: synapses.conductances.slice(at, at + 1),
      types: synapses.types.slice(at, at + 1),
    };
    expect([...single.addSynapses(one)]).toEqual([at]);
  }
  expect(run(single, 100, 30)).toEqual(run(once, 100, 30));
  expect(single.stats()).toMatchObject({ compiles: 0, synapses: 500, young: 500 });
});

test('FE-22 neurons and synapses come, change and go, under ids that are never used again', () => {
  const engine = wired(3, [0, 1], [1, 2]);
  expect([...engine.addNeurons({ thresholds: f32(1, 1) })]).toEqual([3, 4]);
  expect([...engine.addSynapses({ ...edges([2, 3], [3, 4]), valid: u8(1, 0) })]).toEqual([2, 3]);
  engine.updateSynapses(u32(0), { targets: u32(3), weights: u8(51) });
  engine.updateNeurons(u32(3), { thresholds: 0.2, refractory: u16(1) });
  engine.inject(u32(0), 1);
  expect([[...engine.burst().fired], [...engine.burst().fired]]).toEqual([[0], [3]]);
  expect(engine.removeSynapses(u32(1, 1, 3, 99))).toBe(1);
  expect(engine.removeNeurons(u32(2, 2, 77))).toBe(1);
  expect(engine.stats()).toMatchObject({ neurons: 4, synapses: 1 });
  expect([...engine.addNeurons({ thresholds: f32(7) })]).toEqual([5]);
  expect([...engine.addSynapses(edges([5, 0]))]).toEqual([4]);
  const { neurons, synapses } = engine.export();
  expect([...neurons.ids]).toEqual([0, 1, 3, 4, 5]);
  expect(synapses).toEqual({
    ids: u32(0, 4),
    sources: u32(0, 5),
    targets: u32(3, 0),
    weights: u8(51, 255),
    conductances: u8(255, 255),
    types: u8(0, 0),
  });
});

test('FE-22 an update changes what it names, and nothing else', () => {
  const engine = new BurstEngine();
  engine.addNeurons(mixed(20));
  engine.addSynapses(tangle(20, 2));
  const before = engine.export();
  engine.updateNeurons(u32(4, 7), { leaks: f32(0.5, 0.75), snoozes: 9 });
  engine.updateSynapses(u32(3, 3), { conductances: u8(1, 2) });
  const after = engine.export();
  const put = (column: unknown, at: number, value: number): unknown => {
    if (!(column instanceof Float32Array || column instanceof Uint16Array || column instanceof Uint8Array))
      return column;
    const changed = column.slice();
    changed[at] = value;
    return changed;
  };
  expect(after).toEqual({
    neurons: {
      ...before.neurons,
      leaks: put(put(before.neurons.leaks, 4, 0.5), 7, 0.75),
      snoozes: put(put(before.neurons.snoozes, 4, 9), 7, 9),
    },
    synapses: { ...before.synapses, conductances: put(before.synapses.conductances, 3, 2) },
  });
});

test('FE-22 export and import keep everything and every id', () => {
  const engine = lively(200, 10);
  engine.removeNeurons(u32(3, 199, 50));
  engine.removeSynapses(u32(0, 1_999, 70));
  const connectome = engine.export();
  const [one, other] = [1, 2].map(() => BurstEngine.import(connectome, { seed: 3, rateHz: 7 }));
  expect(one?.export()).toEqual(connectome);
  expect(one?.options).toEqual({ rateHz: 7, threads: 1, seed: 3, ledger: 64 });
  if (one === undefined || other === undefined) throw new Error('no engines');
  const fired = Array.from({ length: 20 }, () => {
    one.inject(u32(0, 1, 2, 4), 2);
    other.inject(u32(0, 1, 2, 4), 2);
    expect([...one.burst().fired]).toEqual([...other.burst().fired]);
    return bits(one);
  });
  expect(fired.at(-1)).toEqual(bits(other));
});

test('columns that are missing have their defaults, and an array is as good as a number for all', () => {
  const [some, every] = [new BurstEngine(), new BurstEngine()];
  some.addNeurons({ thresholds: f32(1, 2), rests: 0.5 });
  every.addNeurons({
    thresholds: f32(1, 2),
    areas: u32(0, 0),
    leaks: f32(0, 0),
    rests: f32(0.5, 0.5),
    resets: f32(0.5, 0.5),
    refractory: u16(0, 0),
    excitabilities: f32(1, 1),
    consecutiveLimits: u16(0, 0),
    snoozes: u16(0, 0),
    accumulate: u8(1, 1),
  });
  expect(some.export()).toEqual(every.export());
});

test('arrays that were given may be written to afterwards, and those that were got stay as they are', () => {
  const engine = wired(2, [0, 1]);
  const [ids, potential] = [u32(0), f32(1)];
  engine.inject(ids, potential);
  ids[0] = 1;
  potential[0] = -9;
  const first = engine.burst();
  const potentials = engine.potentials();
  engine.burst();
  expect([[...first.fired], [...potentials]]).toEqual([[0], [0, 0]]);
  potentials.fill(5);
  first.fired.fill(5);
  expect([[...engine.potentials()], engine.ledger(1)]).toEqual([[0, 0], u32(0)]);
});

test('FE-15 an engine that is driven keeps its books: bursts and firings', () => {
  const engine = lively(100, 10);
  let firings = 0;
  for (let burst = 0; burst < 30; burst++) firings += drive(engine, 100).length;
  expect(engine.stats()).toMatchObject({ bursts: 30, firings, neurons: 100, synapses: 1_000 });
});
