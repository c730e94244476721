/** Random programs with pools and agents on a bus driven by hand: whatever they do to each other, the books balance at every tick. */
import fc from 'fast-check';
import { type Bridge, type Neuron, type NeuronBus, NeuronPool, type Spike, type SpikeKind } from 'neuronbus';
import { describe, expect, it } from 'vitest';
import { CALM, codeOf, expectBalance, manualBus } from './helpers/bus.js';

const NEURONS = 40;
const KINDS: readonly SpikeKind[] = ['excitatory', 'inhibitory', 'modulatory'];
/** What a random program may meet; anything else is a defect. */
const EXPECTED = new Set(['none', 'E_BACK_PRESSURE', 'E_OUT_OF_SPACE', 'E_UNKNOWN_NEURON', 'E_OUT_OF_RANGE', 'E_BUSY']);

class World {
  readonly bus: NeuronBus;
  readonly pools: NeuronPool[];
  neurons: Neuron[] = [];
  errors = 0;
  thrown = 0;

  constructor(axonSlots: number, arenaBytes: number, seed: number) {
    this.bus = manualBus({ axonSlots, arenaBytes, maxNeurons: 8, deferSlots: 2 });
    this.bus.on('error', () => this.errors++);
    this.pools = Array.from({ length: 4 }, (_, at) =>
      NeuronPool.withRandomConnectivity(`${at}`, NEURONS, 0.3, { seed: seed + at, refractory: at % 3, maxDelay: 3 }),
    );
  }

  pick(index: number): Neuron | undefined {
    return this.neurons[index % Math.max(1, this.neurons.length)];
  }

  keep(neuron: Neuron): void {
    this.neurons.push(neuron);
  }

  /** Runs what may be refused, but only as it may be. */
  try(step: () => void): void {
    const code = codeOf(step);
    expect(EXPECTED.has(code), code).toBe(true);
  }

  raise(): never {
    this.thrown++;
    throw new Error('a handler of the program');
  }

  tick(): void {
    this.bus.tick();
    expectBalance(this.bus.stats());
    expect(this.bus.stats().handlerErrors).toBe(this.errors);
    expect(this.errors).toBeGreaterThanOrEqual(this.thrown);
  }
}

type Step = (world: World) => void;

const nat = fc.nat({ max: 1_000 });
const range = fc
  .tuple(fc.nat({ max: NEURONS }), fc.nat({ max: NEURONS }))
  .map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]);

/** What becomes of a spike: by a name, by a function, or by one that throws. */
const inputs = fc.record({
  range,
  weight: fc.oneof(fc.integer({ min: -200, max: 200 }), fc.constantFrom(60, 1e9, 0.01)),
  how: fc.constantFrom('list', 'source', 'some', 'outside', 'throws'),
});
const outputs = fc.record({
  range,
  how: fc.constantFrom('list', 'each', 'large', 'none', 'throws'),
  to: fc.option(nat),
});
const bridges = fc.record({
  steps: fc.integer({ min: 1, max: 4 }),
  input: fc.option(inputs),
  output: fc.option(outputs),
  calm: fc.boolean(),
});

function inputOf(
  world: World,
  given: { range: [number, number]; weight: number; how: string } | null,
): Bridge['input'] {
  if (given === null) return undefined;
  const { how, ...rest } = given;
  const [from, to] = given.range;
  if (how === 'list' || how === 'source') return { ...rest, map: how };
  const some = (spike: Spike): number[] =>
    Array.from({ length: to - from }, (_, at) => from + ((at + spike.sequence) % (to - from)));
  const maps = { some, outside: () => [from, to], throws: () => world.raise() };
  return { ...rest, map: how === 'some' ? maps.some : how === 'outside' ? maps.outside : maps.throws };
}

function outputOf(
  world: World,
  given: { range: [number, number]; how: string; to: number | null } | null,
): Bridge['output'] {
  if (given === null) return undefined;
  const to = given.to === null ? undefined : given.to % 3 === 0 ? given.to % 12 : world.pick(given.to);
  const base = { range: given.range, to };
  if (given.how === 'list' || given.how === 'each') return { ...base, map: given.how };
  if (given.how === 'large') return { ...base, map: (fired) => Buffer.alloc(fired.length * 40) };
  return { ...base, map: given.how === 'none' ? () => undefined : () => world.raise() };
}

const population: fc.Arbitrary<Step> = fc
  .tuple(nat, bridges)
  .map(([which, { steps, input, output, calm }]) => (world) => {
    const pool = world.pools[which % world.pools.length];
    if (pool === undefined) return;
    world.try(() => {
      const bridge = { steps, input: inputOf(world, input), output: outputOf(world, output) };
      world.keep(world.bus.registerPopulation({ name: 'pool', membrane: calm ? CALM : {} }, pool, bridge));
    });
  });
const agent: fc.Arbitrary<Step> = fc.constantFrom('quiet', 'throws', 'answers', 'leaves').map((how) => (world) => {
  const onSpike = (spike: Spike, self: Neuron): void => {
    if (how === 'throws') world.raise();
    if (how === 'answers') world.try(() => void self.tryFire(spike.source, spike.payload, { direct: true }));
    if (how === 'leaves' && spike.sequence % 7 === 6) world.bus.unregister(self);
  };
  world.try(() => world.keep(world.bus.register({ name: 'agent' }, { onSpike })));
});
const unregister: fc.Arbitrary<Step> = nat.map((index) => (world) => {
  const neuron = world.pick(index);
  world.neurons = world.neurons.filter((each) => each !== neuron);
  if (neuron !== undefined) world.try(() => world.bus.unregister(neuron));
});
const connect: fc.Arbitrary<Step> = fc
  .tuple(nat, nat, fc.double({ min: 0.01, max: 1, noNaN: true }))
  .map(([from, to, weight]) => (world) => {
    const [pre, post] = [world.pick(from), world.pick(to)];
    if (pre !== undefined && post !== undefined) world.try(() => void world.bus.connect(pre, post, { weight }));
  });
const disconnect: fc.Arbitrary<Step> = fc.tuple(nat, nat).map(([from, to]) => (world) => {
  const [pre, post] = [world.pick(from), world.pick(to)];
  if (pre !== undefined && post !== undefined) world.try(() => void world.bus.disconnect(pre, post));
});
const fire: fc.Arbitrary<Step> = fc
  .tuple(nat, nat, fc.constantFrom(...KINDS), fc.array(fc.nat({ max: NEURONS + 2 }), { maxLength: 60 }), fc.boolean())
  .map(([from, to, kind, list, odd]) => (world) => {
    const [pre, post] = [world.pick(from), world.pick(to)];
    if (pre === undefined || post === undefined) return;
    const bytes = Buffer.from(Uint16Array.from(list).buffer);
    const payload =
      kind === 'modulatory' ? Uint8Array.of(from, to, 200) : odd ? Buffer.concat([bytes, bytes, Buffer.of(1)]) : bytes;
    world.try(() => void pre.tryFire(post, payload, { kind, direct: true }));
  });
const stir: fc.Arbitrary<Step> = nat.map((which) => (world) => {
  world.pools[which % world.pools.length]?.inject([0, NEURONS], { polarity: 1, magnitude: 80 });
});
const prune: fc.Arbitrary<Step> = nat.map((which) => (world) => {
  const pool = world.pools[which % world.pools.length];
  pool?.synaptogenesis(200);
  pool?.pruneDead();
});
const tick: fc.Arbitrary<Step> = fc.constant((world) => world.tick());

const programs = fc.array(
  fc.oneof(
    { arbitrary: population, weight: 4 },
    { arbitrary: agent, weight: 2 },
    unregister,
    { arbitrary: connect, weight: 5 },
    disconnect,
    { arbitrary: fire, weight: 8 },
    { arbitrary: stir, weight: 3 },
    prune,
    { arbitrary: tick, weight: 10 },
  ),
  { minLength: 60, maxLength: 250 },
);
const sizes = fc.record({
  axonSlots: fc.constantFrom(2, 4, 16),
  arenaBytes: fc.constantFrom(2 ** 12, 2 ** 14, 2 ** 20),
  seed: fc.nat({ max: 1_000 }),
});

describe('NB-47 random programs with pools', () => {
  it('the books balance at every tick, a pool ticks only where it is, and at the end nothing is left', () => {
    let told = 0;
    fc.assert(
      fc.property(sizes, programs, ({ axonSlots, arenaBytes, seed }, steps) => {
        const world = new World(axonSlots, arenaBytes, seed);
        for (const step of steps) step(world);
        for (const neuron of world.neurons) world.try(() => world.bus.unregister(neuron));
        const before = world.pools.map((pool) => pool.stats().tick);
        for (let i = 0; i < 6; i++) world.tick();
        expect(world.pools.map((pool) => pool.stats().tick)).toEqual(before);
        const stats = world.bus.stats();
        expect([stats.inFlight, stats.neurons, world.bus.arena.used]).toEqual([0, 0, 0]);
        told += stats.delivered;
        world.bus[Symbol.dispose]();
        expectBalance(world.bus.stats());
      }),
      { numRuns: 200 },
    );
    expect(told).toBeGreaterThan(1_000);
  });
});
