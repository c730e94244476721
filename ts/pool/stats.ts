/**
 * A pool in figures (NP-23). Imports: `native`.
 */
import type { NativePool } from '../native/index.js';

/** How many synapses stand where on the way from new to frozen. */
export interface Thermal {
  /** New ones that live. */
  readonly hot: number;
  /** Reinforced 8 times. */
  readonly warm: number;
  /** 32 times. */
  readonly cool: number;
  /** 95 times, and frozen. */
  readonly cold: number;
  /** Without a step left: `pruneDead()` removes them. */
  readonly dead: number;
}

/** A pool in figures; as a string, in words. */
export interface PoolStats {
  readonly name: string;
  readonly neurons: number;
  /** Neurons that excite. */
  readonly excitatory: number;
  /** Neurons that inhibit. */
  readonly inhibitory: number;
  readonly synapses: number;
  /** Ticks so far. */
  readonly tick: number;
  readonly thermal: Thermal;
  /** Mean magnitude of a weight; 0 without synapses. */
  readonly meanWeight: number;
  toString(): string;
}

/** What the addon says of a pool. */
export function readStats(native: NativePool): PoolStats {
  const { text, hot, warm, cool, cold, dead, ...figures } = native.stats();
  const { excitatory, inhibitory } = figures;
  const thermal = Object.freeze({ hot, warm, cool, cold, dead });
  const stats = { name: native.name, neurons: excitatory + inhibitory, ...figures, thermal };
  // Not enumerable: the figures alone are what one compares.
  Object.defineProperty(stats, 'toString', { value: () => text });
  return Object.freeze(stats);
}
