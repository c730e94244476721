/**
 * Propagation by the addon. Imports: `native`, `errors`.
 */
import { guarded } from '../errors/index.js';
import { addon, type Propagator } from '../native/index.js';
import type { SynapseInputs } from './columns.js';
import type { PropagationCore, PropagationStats, Scale } from './core.js';
import type { PropagationArrays } from './propagation.js';

/** The addon's engine, with its errors as ours. */
export class PropagationNative implements PropagationCore {
  readonly #engine: Propagator;

  constructor(scale: Scale, merge: boolean, threads: number) {
    this.#engine = guarded(() => new (addon().Propagator)(scale === 'raw', merge, threads));
  }

  buildIndex({ sources, targets, weights, conductances, types, valid }: SynapseInputs): void {
    guarded(() => this.#engine.buildIndex(sources, targets, weights, conductances, types, valid));
  }

  setNeuronMapping(neurons: Uint32Array, areas: Uint32Array): void {
    guarded(() => this.#engine.setNeuronMapping(neurons, areas));
  }

  propagate(fired: Uint32Array): PropagationArrays {
    return guarded(() => this.#engine.propagate(fired));
  }

  synapses(): Uint8Array {
    return guarded(() => this.#engine.synapses());
  }

  stats(): PropagationStats {
    return this.#engine.stats();
  }

  resetStats(): void {
    this.#engine.resetStats();
  }
}
