/**
 * What a bus is built with. Imports: `units`, `axon`.
 */
import { constants } from 'node:buffer';
import { MAX_SLOTS } from '../axon/index.js';
import type { BusConfig } from '../native/index.js';
import {
  type Check,
  finite,
  integer,
  oneOf,
  option,
  optional,
  parse,
  powerOfTwo,
  refusal,
  span,
  type Table,
} from '../units/index.js';

/** Sizes and habits of a bus. */
export interface BusOptions {
  /** Bytes of the arena, 64 to 2^36, or what one Buffer can show if that is less (4 GiB on Node 20). Default 64 MiB. */
  arenaBytes?: number | undefined;
  /** Spikes that a neuron may have in flight: a power of two, 2 to 2^24. Default 1,024. */
  axonSlots?: number | undefined;
  /** Most neurons at once, 1 to 65,534. Default 1,024. */
  maxNeurons?: number | undefined;
  /** How the thread of a started bus waits. Default `'yield-then-park'`. */
  wait?: 'busy-spin' | 'spin-hint' | 'yield-then-park' | undefined;
  /** Checked and kept for routing by capability; has no effect yet. Ms, above 0, Infinity too. Default 3,000. */
  patience?: number | undefined;
  /** Checked and kept; nothing is random yet. 0 to 2^53 − 1. Default 0. */
  seed?: number | undefined;
  /** `'manual'`: time starts at 0 and moves only by `advance`. Default `'real'`. */
  clock?: 'real' | 'manual' | undefined;
  /** Time between ticks of a started bus, ms: 0.001 to 3,600,000, or 0: back to back while there is work. Default 0. */
  tickMs?: number | undefined;
  /** Spikes that may wait for one refractory neuron, 1 to 65,536. Default 64. */
  deferSlots?: number | undefined;
  /** How long `close()` drains, ms, from 0 on, Infinity too. Default 5,000. */
  closeTimeoutMs?: number | undefined;
  /** Removal of weak synapses. */
  prune?: PruneOptions | undefined;
}

/** Which synapses are removed, and when. */
export interface PruneOptions {
  /** Those with a weight up to this. Default 0.01. */
  below?: number | undefined;
  /** Every so many ticks, 0 (only by `prune()`) to 2^53 − 1. Default 0. */
  everyTicks?: number | undefined;
}

/** The options of a bus as they are: what was given, and the defaults of what was not. Frozen. */
export type BusSettings = Readonly<Given<Omit<BusOptions, 'prune'>> & { prune: Readonly<Given<PruneOptions>> }>;

type Given<T> = { [K in keyof T]-?: Exclude<T[K], undefined> };

/** The longest time that a timer can wait, ms. */
export const MAX_TIMER_MS: number = 2 ** 31 - 1;

/** Slots of the two rings between TypeScript and the cortex. */
const [INBOX_SLOTS, OUTBOX_SLOTS] = [8_192, 4_096];

/** The arena is seen through Buffers, and one payload may fill most of it. */
const MAX_ARENA_BYTES: number = Math.min(2 ** 36, constants.MAX_LENGTH);

/** The periods that the addon can keep. */
const [MIN_TICK_MS, MAX_TICK_MS] = [0.001, 3_600_000];

const period: Check<number> = (value, name) => {
  if (value === 0 || (typeof value === 'number' && value >= MIN_TICK_MS && value <= MAX_TICK_MS)) return value;
  throw refusal(name, value, `0, numbers ${MIN_TICK_MS} to ${MAX_TICK_MS}`);
};

const PRUNE = {
  below: option(finite(), 0.01),
  everyTicks: option(integer(0, Number.MAX_SAFE_INTEGER), 0),
} satisfies Table;

const BUS = {
  arenaBytes: option(integer(64, MAX_ARENA_BYTES), 2 ** 26),
  axonSlots: option(powerOfTwo(2, MAX_SLOTS), 1_024),
  maxNeurons: option(integer(1, 65_534), 1_024),
  wait: option(oneOf('busy-spin', 'spin-hint', 'yield-then-park'), 'yield-then-park'),
  patience: option(span(0, true), 3_000),
  seed: option(integer(0, Number.MAX_SAFE_INTEGER), 0),
  clock: option(oneOf('real', 'manual'), 'real'),
  tickMs: option(period, 0),
  deferSlots: option(integer(1, 65_536), 64),
  closeTimeoutMs: option(span(0), 5_000),
  prune: optional((value, name) => parse(name, value, PRUNE)),
} satisfies Table;

/** Options of a bus, checked, defaults filled in. */
export interface CheckedBusOptions {
  readonly config: BusConfig;
  readonly settings: BusSettings;
  readonly tickMs: number;
  readonly closeTimeoutMs: number;
}

/**
 * Options as a user gives them.
 *
 * @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION
 */
export function checkBusOptions(input: unknown): CheckedBusOptions {
  const options = parse('BusOptions', input, BUS);
  const { arenaBytes, axonSlots, maxNeurons, deferSlots, wait, tickMs, closeTimeoutMs } = options;
  const prune = Object.freeze(options.prune ?? parse('prune', undefined, PRUNE));
  const manualClock = options.clock === 'manual';
  const rings = { inboxSlots: INBOX_SLOTS, outboxSlots: OUTBOX_SLOTS };
  const sizes = { arenaBytes, axonSlots, maxNeurons, deferSlots, ...rings };
  return {
    config: { ...sizes, wait, manualClock, pruneBelow: prune.below, pruneEveryTicks: prune.everyTicks },
    settings: Object.freeze({ ...options, prune }),
    tickMs,
    closeTimeoutMs,
  };
}
