/**
 * The constants of a pool (NP-3, NP-20). Imports: `native`, `units`.
 */
import type { PoolInit } from '../native/index.js';
import { type Check, integer, oneOf, option, parse, type Table } from '../units/index.js';

/** By which rules a pool lives: those of this package, or those of the reference to the last bit, its defects included. */
export type PoolMode = 'product' | 'compat';

/** What a pool is made with. Potentials are Q8.8 millivolts: −70 is −17,920. */
export interface PoolConfig {
  /** Where a membrane leaks to, −32,768 to 32,766. Default −17,920. */
  rest: number;
  /** Where it fires, at first; above `rest`. Default −14,080. */
  threshold: number;
  /** Where it is after it fired; below `threshold`. Default −16,640. */
  reset: number;
  /** Ticks after a spike in which it takes nothing, 0 to 255. Default 2. */
  refractory: number;
  /** What a tick leaves of traces and eligibilities, of 256; 0 to 255. Default 230. */
  traceDecay: number;
  /** How fast thresholds follow the rate, 0 to 255; 0 is off. Default 1. */
  homeostasis: number;
  /** Most synapses of a neuron, 1 to 65,535. Default 128. */
  maxSynapses: number;
  /** What a causal pairing adds to an eligibility, 0 to 127. Default 20. */
  stdpPositive: number;
  /** What one of a target that fired first adds, −128 to 0. Default −10. */
  stdpNegative: number;
  /** Most ticks that a spike takes, 1 to 8. Default 8. */
  maxDelay: number;
  /** By which rules it lives. Default `'product'`. */
  mode: PoolMode;
  /** What all that is random in product mode grows from, 0 to 2^53 − 1. Default 0. */
  seed: number;
  /** Threads that a tick of product mode may use, 1 to 64: every number gives the same bits. No file keeps it. Default 1. */
  threads: number;
}

const potential = integer(-(2 ** 15), 2 ** 15 - 1);
const byte = integer(0, 255);

/** By which rules a pool lives. */
export const mode: Check<PoolMode> = oneOf<PoolMode>('product', 'compat');

const CONFIG = {
  rest: option(integer(-(2 ** 15), 2 ** 15 - 2), -17_920),
  threshold: option(potential, -14_080),
  reset: option(potential, -16_640),
  refractory: option(byte, 2),
  traceDecay: option(byte, 230),
  homeostasis: option(byte, 1),
  maxSynapses: option(integer(1, 65_535), 128),
  stdpPositive: option(integer(0, 127), 20),
  stdpNegative: option(integer(-128, 0), -10),
  maxDelay: option(integer(1, 8), 8),
  mode: option(mode, 'product'),
  seed: option(integer(0, Number.MAX_SAFE_INTEGER), 0),
  threads: option(integer(1, 64), 1),
} satisfies Table;

/**
 * A config as a user gives it, with the defaults.
 *
 * @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION
 */
export function checkConfig(config: unknown): PoolInit {
  const { mode: rules, ...numbers } = parse('PoolConfig', config, CONFIG);
  return { ...numbers, compat: rules === 'compat' };
}

/** What the addon says a pool was made with. */
export function readConfig({ compat, ...numbers }: PoolInit): Readonly<PoolConfig> {
  return Object.freeze({ ...numbers, mode: compat ? 'compat' : 'product' });
}
