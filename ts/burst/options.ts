/**
 * How an engine of bursts runs. Imports: `units`.
 */
import { finite, integer, option, parse, type Table } from '../units/index.js';

/** How an engine runs. */
export interface BurstOptions {
  /** Bursts in a second once it is started, 1 to 1,000. No file keeps it. Default 30. */
  rateHz: number;
  /** Threads for large bursts, 1 to 64: every number gives the same bits. Default 1. */
  threads: number;
  /** What all that is random grows from, 0 to 2^53 − 1. Default 0. */
  seed: number;
  /** Bursts of which it is kept who fired, 0 to 65,536. Default 64. */
  ledger: number;
}

/** The same, each of which may be missing. */
export type BurstOptionsInit = { [K in keyof BurstOptions]?: BurstOptions[K] | undefined };

const RATE = { rateHz: option(finite(1, 1_000), 30) };
const OPTIONS = {
  ...RATE,
  threads: option(integer(1, 64), 1),
  seed: option(integer(0, Number.MAX_SAFE_INTEGER), 0),
  ledger: option(integer(0, 65_536), 64),
} satisfies Table;

/** @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION */
export function checkOptions(options: unknown): BurstOptions {
  return parse('options', options, OPTIONS);
}

/** @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION */
export function checkRate(options: unknown): number {
  return parse('options', options, RATE).rateHz;
}
