/**
 * N10 and N11 from JavaScript (FE-12): one propagation, its result in arrays of its own. Against the same class without the addon, in
 * TypeScript (FE-23).
 */
import { type Propagation, SynapticPropagationEngine } from 'neuronbus';
import { median } from '../lib/figures.js';
import { type Bench, type Contender, main, type Verdict } from '../lib/measure.js';

/** Neurons, all of which fire. */
const NEURONS = 12_000;
/** They lie side by side in areas of one size. */
const AREAS = 16;
/** What makes an engine work in TypeScript. */
const FALLBACK = 'NEURONBUS_FALLBACK';
/** How long one round runs at least, ms. */
const ROUND_MS = { full: 200, quick: 20 };
/** How far a contribution may be off. */
const TOLERANCE = 1e-5;

/** Synapses in columns. */
interface Synapses {
  readonly sources: Uint32Array;
  readonly targets: Uint32Array;
  readonly weights: Uint8Array;
  readonly conductances: Uint8Array;
  /** 0 excites, 1 inhibits: every fifth. */
  readonly types: Uint8Array;
}

/** Synapses by chance, the same in each run: neuron n has the synapses n, n + neurons, n + 2 × neurons, … */
class Network {
  readonly neurons: Uint32Array = Uint32Array.from({ length: NEURONS }, (_, at) => at);
  readonly areas: Uint32Array = this.neurons.map((neuron) => Math.floor((neuron * AREAS) / NEURONS));
  readonly synapses: Synapses;

  constructor(synapses: number) {
    const below = draw(synapses);
    const bytes = (make: () => number): Uint8Array => Uint8Array.from({ length: synapses }, make);
    this.synapses = {
      sources: Uint32Array.from({ length: synapses }, (_, at) => at % NEURONS),
      targets: Uint32Array.from({ length: synapses }, () => below(NEURONS)),
      weights: bytes(() => below(256)),
      conductances: bytes(() => below(256)),
      types: bytes(() => (below(5) === 0 ? 1 : 0)),
    };
  }

  /** That a result has every contribution once, at its place. */
  verify({ areas, offsets, targets, contributions }: Propagation): void {
    const { sources, targets: expected } = this.synapses;
    if (areas.length !== AREAS || targets.length !== expected.length) throw new Error('contributions are missing');
    const places = offsets.slice(0, AREAS);
    for (const neuron of this.neurons) {
      for (let synapse = neuron; synapse < sources.length; synapse += NEURONS) {
        const target = expected[synapse] ?? 0;
        const area = this.areas[target] ?? 0;
        const at = places[area] ?? 0;
        places[area] = at + 1;
        const off = (contributions[at] ?? Number.NaN) - this.#contribution(synapse);
        // NaN is not within it either.
        if (targets[at] !== target || !(Math.abs(off) <= TOLERANCE)) throw new Error(`entry ${at} is wrong`);
      }
    }
  }

  #contribution(synapse: number): number {
    const { weights, conductances, types } = this.synapses;
    const amount = ((weights[synapse] ?? 0) * (conductances[synapse] ?? 0)) / (255 * 255);
    return types[synapse] === 0 ? amount : -amount;
  }
}

/** Numbers by chance: a linear congruence modulo 2^32, of which the upper bits are used. */
function draw(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** The median of the propagations of a round, µs. */
function contender(name: string, engine: SynapticPropagationEngine, network: Network, leastMs: number): Contender {
  engine.buildIndex(network.synapses);
  engine.setNeuronMapping(network.neurons, network.areas);
  const figure = (): Promise<number> => {
    const times: number[] = [];
    for (const begun = performance.now(); times.length === 0 || performance.now() - begun < leastMs; ) {
      const before = performance.now();
      const result = engine.propagate(network.neurons);
      times.push((performance.now() - before) * 1e3);
      network.verify(result);
    }
    return Promise.resolve(median(times));
  };
  return { name, figure };
}

/** An engine that works in TypeScript. */
function withoutAddon(): SynapticPropagationEngine {
  process.env[FALLBACK] = '1';
  try {
    return new SynapticPropagationEngine();
  } finally {
    delete process.env[FALLBACK];
  }
}

function bench(synapses: number, verdicts: readonly Verdict[]): (quick: boolean) => Bench {
  return (quick) => {
    const [network, leastMs] = [new Network(synapses), quick ? ROUND_MS.quick : ROUND_MS.full];
    return {
      verdicts,
      unit: 'us',
      better: 'lower',
      topology: `Node ${process.versions.node}, 1 thread; ${AREAS} areas, targets by chance, all neurons fire in ascending order`,
      ours: contender('neuronbus', new SynapticPropagationEngine(), network, leastMs),
      peers: [contender('TypeScript', withoutAddon(), network, leastMs)],
    };
  };
}

await main(
  bench(13_000, [
    { id: 'N10-js', what: 'propagate from JavaScript, 12,000 neurons, 13,000 synapses', aim: 3_000 },
    { id: 'N10-js-peers', what: 'the same against our TypeScript', aim: 1, peers: ['TypeScript'] },
  ]),
  bench(1_200_000, [
    {
      id: 'N11-js-peers',
      what: 'propagate from JavaScript, 12,000 neurons, 1.2 M synapses, against our TypeScript',
      aim: 1,
      peers: ['TypeScript'],
    },
  ]),
);
