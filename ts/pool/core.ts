/**
 * The two ways to propagate, which give the same bits: the addon, and TypeScript where it is missing. Imports: nothing.
 */
import type { SynapseInputs } from './columns.js';
import type { PropagationArrays } from './propagation.js';

/** How contributions are counted: shares of 255, or the product as it is. */
export type Scale = 'normalised' | 'raw';

/** What an engine has done since it was made, or since `resetStats()`. */
export interface PropagationStats {
  /** Calls of `propagate`. */
  readonly propagations: number;
  /** Synapses that were processed, those to targets without an area too. */
  readonly synapses: number;
  /** Synapses whose target is in no area. */
  readonly unmapped: number;
  /** Entries of `fired` from which no synapse begins. */
  readonly unknown: number;
}

/** What propagates. Its arguments have been checked. */
export interface PropagationCore {
  buildIndex(synapses: SynapseInputs): void;
  setNeuronMapping(neurons: Uint32Array, areas: Uint32Array): void;
  propagate(fired: Uint32Array): PropagationArrays;
  synapses(): Uint8Array;
  stats(): PropagationStats;
  resetStats(): void;
}
