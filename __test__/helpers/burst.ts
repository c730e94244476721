/** What the tests of bursts share: engines, networks that are the same in every run, and an oracle. */
import { BurstEngine, type BurstOptions, type NeuronColumns, type SynapseInputs, type Touched } from 'neuronbus';

export const u32 = (...values: number[]): Uint32Array => Uint32Array.from(values);
export const u16 = (...values: number[]): Uint16Array => Uint16Array.from(values);
export const u8 = (...values: number[]): Uint8Array => Uint8Array.from(values);
export const f32 = (...values: number[]): Float32Array => Float32Array.from(values);

/** The ids from 0 on. */
export function all(neurons: number): Uint32Array {
  return Uint32Array.from({ length: neurons }, (_, id) => id);
}

/** Full synapses that excite, from each first to its second. */
export function edges(...pairs: (readonly [source: number, target: number])[]): SynapseInputs {
  const full = new Uint8Array(pairs.length).fill(255);
  return {
    sources: Uint32Array.from(pairs, ([source]) => source),
    targets: Uint32Array.from(pairs, ([, target]) => target),
    weights: full,
    conductances: full.slice(),
    types: new Uint8Array(pairs.length),
  };
}

/** Neurons with threshold 1 and no leak, and full synapses between them. */
export function wired(neurons: number, ...pairs: (readonly [source: number, target: number])[]): BurstEngine {
  const engine = new BurstEngine();
  engine.addNeurons({ thresholds: new Float32Array(neurons).fill(1) });
  engine.addSynapses(edges(...pairs));
  return engine;
}

/** Numbers that look like chance and are always the same. */
export function chance(seed: number): (bound: number) => number {
  let state = seed >>> 0;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** Neurons of every kind. */
export function mixed(neurons: number, seed = 7): NeuronColumns {
  const below = chance(seed);
  const pick = (...values: number[]): number => values[below(values.length)] ?? 0;
  const each = <T>(from: (values: Iterable<number>) => T, value: () => number): T =>
    from(Array.from({ length: neurons }, value));
  const floats = (value: () => number): Float32Array => each((values) => Float32Array.from(values), value);
  const halves = (value: () => number): Uint16Array => each((values) => Uint16Array.from(values), value);
  return {
    areas: each(
      (values) => Uint32Array.from(values),
      () => below(3),
    ),
    thresholds: floats(() => 0.5 + below(8) / 8),
    leaks: floats(() => below(5) / 4),
    rests: floats(() => pick(0, 0, 0.25)),
    resets: floats(() => pick(0, 0, -0.5)),
    refractory: halves(() => below(3)),
    excitabilities: floats(() => pick(1, 1, 1, 0.7)),
    consecutiveLimits: halves(() => pick(0, 0, 2)),
    snoozes: halves(() => below(4)),
    accumulate: each(
      (values) => Uint8Array.from(values),
      () => Math.min(1, below(5)),
    ),
  };
}

/** Synapses between so many neurons, as many for each; a fifth of them inhibit. */
export function tangle(neurons: number, degree: number, seed = 11): SynapseInputs {
  const below = chance(seed);
  const count = neurons * degree;
  return {
    sources: Uint32Array.from({ length: count }, () => below(neurons)),
    targets: Uint32Array.from({ length: count }, () => below(neurons)),
    weights: Uint8Array.from({ length: count }, () => below(256)),
    conductances: Uint8Array.from({ length: count }, () => below(256)),
    types: Uint8Array.from({ length: count }, () => Number(below(5) === 0)),
  };
}

/** An engine in which much goes on. */
export function lively(neurons: number, degree: number, options: Partial<BurstOptions> = {}): BurstEngine {
  const engine = new BurstEngine({ seed: 3, ...options });
  engine.addNeurons(mixed(neurons));
  engine.addSynapses(tangle(neurons, degree));
  return engine;
}

/** One burst with injections that its number decides. */
export function drive(engine: BurstEngine, neurons: number): number[] {
  const below = chance(engine.stats().bursts + 1);
  const ids = Uint32Array.from({ length: Math.ceil(neurons / 3) }, () => below(neurons));
  engine.inject(
    ids,
    Float32Array.from(ids, () => below(400) / 256 - 0.4),
  );
  return [...engine.burst().fired];
}

/** Who fires in so many bursts. */
export function run(engine: BurstEngine, neurons: number, bursts: number): number[][] {
  return Array.from({ length: bursts }, () => drive(engine, neurons));
}

/** The bits of all potentials. */
export function bits(engine: BurstEngine): Uint32Array {
  return new Uint32Array(engine.potentials().buffer);
}

/** A rule that keeps copies of what it sees, and then does something. */
export function watcher(act: (touched: Touched) => void = () => {}): {
  name: string;
  update: typeof act;
  seen: Touched[];
} {
  const seen: Touched[] = [];
  const update = (touched: Touched): void => {
    seen.push({ ...touched, weights: touched.weights.slice() });
    act(touched);
  };
  return { name: 'watcher', update, seen };
}

/** A neuron as the document of bursts describes it, for numbers that are exact in 32 bits. */
export interface NaiveNeuron {
  readonly threshold: number;
  readonly leak: number;
  readonly rest: number;
  readonly reset: number;
  readonly refractory: number;
  readonly limit: number;
  readonly snooze: number;
  readonly accumulates: boolean;
}

/** A synapse, and what a spike of its source gives. */
export interface NaiveSynapse {
  readonly source: number;
  readonly target: number;
  readonly amount: number;
}

/** Bursts, neuron by neuron and synapse by synapse. */
export class NaiveBursts {
  readonly neurons: readonly NaiveNeuron[];
  readonly synapses: readonly NaiveSynapse[];
  readonly potentials: number[];
  readonly #blocked: number[];
  readonly #row: number[];
  #arriving: number[];

  constructor(neurons: readonly NaiveNeuron[], synapses: readonly NaiveSynapse[]) {
    this.neurons = neurons;
    this.synapses = synapses;
    this.potentials = neurons.map(({ rest }) => rest);
    this.#blocked = neurons.map(() => 0);
    this.#row = neurons.map(() => 0);
    this.#arriving = neurons.map(() => 0);
  }

  /** Who fires when these potentials are injected. */
  burst(injected: readonly number[]): number[] {
    const fired = [...this.neurons.keys()].filter((id) =>
      this.#step(id, (injected[id] ?? 0) + (this.#arriving[id] ?? 0)),
    );
    this.#arriving = this.neurons.map((_, id) =>
      this.synapses
        .filter(({ source, target }) => target === id && fired.includes(source))
        .reduce((sum, { amount }) => sum + amount, 0),
    );
    return fired;
  }

  #step(id: number, input: number): boolean {
    const neuron = this.neurons[id];
    if (neuron === undefined) return false;
    const { rest } = neuron;
    const above = (this.potentials[id] ?? 0) - rest;
    const left = rest + above * (1 - (neuron.accumulates ? neuron.leak : 1));
    const blocked = this.#blocked[id] ?? 0;
    if (blocked > 0) {
      this.#blocked[id] = blocked - 1;
      this.potentials[id] = left;
      return false;
    }
    const fires = left + input >= neuron.threshold;
    this.potentials[id] = fires ? neuron.reset : left + input;
    this.#row[id] = fires ? (this.#row[id] ?? 0) + 1 : 0;
    if (fires) this.#rest(id, neuron);
    return fires;
  }

  #rest(id: number, { refractory, limit, snooze }: NaiveNeuron): void {
    const isFull = limit > 0 && this.#row[id] === limit;
    this.#blocked[id] = refractory + (isFull ? snooze : 0);
    if (isFull) this.#row[id] = 0;
  }
}
