/**
 * Propagation between areas (FE-3 to FE-11). Imports: `native`, `errors`, `units`.
 */
import { hasAddon } from '../native/index.js';
import { flag, integer, oneOf, option, parse } from '../units/index.js';
import { words } from './arrays.js';
import { asMany, checkSynapses, type SynapseInputs } from './columns.js';
import type { PropagationCore, PropagationStats, Scale } from './core.js';
import { PropagationFallback } from './fallback.js';
import { PropagationNative } from './native.js';
import { Propagation } from './propagation.js';

/** How an engine counts. */
export interface PropagationOptions {
  /** `'normalised'` (default): sign × weight / 255 × conductance / 255. `'raw'`: sign × weight × conductance. */
  scale?: Scale | undefined;
  /** One entry per target, with the sum of what it gets. Default false: one entry per synapse. */
  merge?: boolean | undefined;
  /** Threads for large propagations, 1 to 64: every number gives the same bits. In TypeScript one does it all. Default 1. */
  threads?: number | undefined;
}

const OPTIONS = {
  scale: option(oneOf<Scale>('normalised', 'raw'), 'normalised'),
  merge: option(flag, false),
  threads: option(integer(1, 64), 1),
};

/** `NEURONBUS_FALLBACK=1`: propagate in TypeScript, also where the addon is there (FE-23). */
const FALLBACK = 'NEURONBUS_FALLBACK';

/**
 * Tells who gets how much when neurons fire: synapses between neurons, neurons in areas. It holds copies of all it is given. Where
 * the addon is missing it works in TypeScript, to the same bits (FE-23).
 *
 * Ids of neurons and areas are whole numbers of 32 bits, of its own: they have nothing to do with those of a bus.
 */
export class SynapticPropagationEngine {
  readonly #core: PropagationCore;

  /** @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION */
  constructor(options?: PropagationOptions) {
    const { scale, merge, threads } = parse('options', options, OPTIONS);
    const Core = hasAddon && process.env[FALLBACK] !== '1' ? PropagationNative : PropagationFallback;
    this.#core = new Core(scale, merge, threads);
  }

  /**
   * A copy of the synapses that count, by ascending source, those of one source in the order of building. 12 bytes each, little
   * endian: source u32, target u32, weight u8, conductance u8, type u8, 1 (FE-1).
   */
  get synapses(): Uint8Array {
    return this.#core.synapses();
  }

  /**
   * Takes the synapses, in place of those it had.
   *
   * @throws E_OUT_OF_RANGE for columns of another kind or length, E_UNKNOWN_OPTION
   */
  buildIndex(synapses: SynapseInputs): void {
    this.#core.buildIndex(checkSynapses(synapses));
  }

  /**
   * Says which neuron lies in which area, in place of what was said before. Of a neuron that is named twice, the last counts.
   *
   * @throws E_OUT_OF_RANGE for columns of another kind, or of two lengths
   */
  setNeuronMapping(neurons: Uint32Array, areas: Uint32Array): void {
    const [ids, places] = [words(neurons, 'neurons'), words(areas, 'areas')];
    asMany('areas', places.length, 'neurons', ids.length);
    this.#core.setNeuronMapping(ids, places);
  }

  /**
   * What all synapses of `fired` give. An id counts as often as it is there; one without synapses is counted as unknown.
   *
   * @throws E_OUT_OF_RANGE for another kind of array
   */
  propagate(fired: Uint32Array): Propagation {
    return Propagation.make(this.#core.propagate(words(fired, 'fired')));
  }

  /** What it has done so far. */
  stats(): PropagationStats {
    return this.#core.stats();
  }

  /** Counts from 0 again. */
  resetStats(): void {
    this.#core.resetStats();
  }
}
