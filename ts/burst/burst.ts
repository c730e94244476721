/**
 * What comes of a burst, and what an engine says of itself. Imports: nothing.
 */

/** How long each phase of a burst took, in microseconds (FE-20). */
export type BurstPhases = {
  /** Taking what was injected. */
  readonly injection: number;
  /** Leak, input, threshold and reset of every neuron. */
  readonly dynamics: number;
  /** Listing and archiving who fired. */
  readonly ledger: number;
  /** The rules, those written in JavaScript too. */
  readonly plasticity: number;
  /** Sending to the targets. */
  readonly propagation: number;
  /** What was sent becomes what is due next. */
  readonly swap: number;
};

/** What came of a burst, in an array of its own. */
export interface Burst {
  /** The ids of who fired, ascending. */
  readonly fired: Uint32Array;
  /** How long each phase took. */
  readonly phases: BurstPhases;
}

/** An engine in figures. */
export interface BurstStats {
  /** Neurons there are. */
  readonly neurons: number;
  /** Synapses there are. */
  readonly synapses: number;
  /** Synapses that are in no compiled row yet, those included that were removed or moved since. */
  readonly young: number;
  /** How often the rows were compiled. */
  readonly compiles: number;
  /** Bursts so far. */
  readonly bursts: number;
  /** Firings so far. */
  readonly firings: number;
  /** Bursts that were due while it was started, and were left out because the event loop was late. */
  readonly lateBursts: number;
}
