/**
 * What a synapse is connected with. Imports: `units`, `spike`.
 */
import type { ConnectInit, FilterInit, StdpInit } from '../native/index.js';
import { isBytes, KINDS, kind, type SpikeKind } from '../spike/index.js';
import {
  type Check,
  finite,
  integer,
  list,
  oneOf,
  optional,
  parse,
  positive,
  record,
  refusal,
  refuseUnknown,
  type Table,
  text,
} from '../units/index.js';

/** The constants of pair STDP, and the bounds of the weight. */
export interface StdpOptions {
  /** Gain in weight when the post fires right after the pre, from 0 on. Default 0.01. */
  aPlus: number;
  /** Loss in weight when the pre fires right after the post, from 0 on. Default 0.012. */
  aMinus: number;
  /** Time in which the gain falls to 1/e, ms, above 0. Default 20. */
  tauPlusMs: number;
  /** Time in which the loss falls to 1/e, ms, above 0. Default 20. */
  tauMinusMs: number;
  /** The least weight, above 0. Default 0.001. */
  wMin: number;
  /** The greatest weight, from wMin on. Default 1. */
  wMax: number;
  /** How fast an untouched weight fades, 1/s: weight × e^(−d·t), from 0 on. Default 0, never. */
  decayPerSecond: number;
}

/** A change of {@link StdpOptions}: what is not given keeps its value. */
export type StdpPatch = { [K in keyof StdpOptions]?: StdpOptions[K] | undefined };

/** A condition that a spike must pass; a synapse asks all of its own. */
export type Filter =
  | { readonly type: 'kind'; readonly kind: SpikeKind }
  /** Passes from `min` (0 to 255) on. */
  | { readonly type: 'priority'; readonly min: number }
  /** Passes payloads that begin so. */
  | { readonly type: 'prefix'; readonly prefix: string | Uint8Array }
  /** Passes what the predicate of this name (`bus.registerFilter`) lets through. */
  | { readonly type: 'custom'; readonly name: string };

/** How a synapse is made, or changed: what is not given keeps its value. */
export interface ConnectOptions {
  /** In [wMin, wMax]. Default 0.5. */
  weight?: number | undefined;
  /** Constants of learning; false: it does not learn. Default: the defaults of {@link StdpOptions}. */
  stdp?: StdpPatch | false | undefined;
  /** Default none. */
  filters?: readonly Filter[] | undefined;
}

const STDP = {
  aPlus: optional(finite(0)),
  aMinus: optional(finite(0)),
  tauPlusMs: optional(positive),
  tauMinusMs: optional(positive),
  wMin: optional(positive),
  wMax: optional(positive),
  decayPerSecond: optional(finite(0)),
} satisfies Table;

const FILTER_KEYS: Readonly<Record<Filter['type'], readonly string[]>> = {
  kind: ['type', 'kind'],
  priority: ['type', 'min'],
  prefix: ['type', 'prefix'],
  custom: ['type', 'name'],
};

const filterType = oneOf('kind', 'priority', 'prefix', 'custom');
const priority = integer(0, 255);

const prefix: Check<string | Uint8Array> = (value, name) => {
  if (typeof value === 'string' || isBytes(value)) return value;
  throw refusal(name, value, 'strings, Uint8Array');
};

/** A filter as a user gives it, checked; a copy. */
export const filter: Check<Filter> = (value, name) => {
  const given = record(name, value);
  const type = filterType(given['type'], `${name}.type`);
  refuseUnknown(name, given, FILTER_KEYS[type]);
  switch (type) {
    case 'kind':
      return { type, kind: kind(given['kind'], `${name}.kind`) };
    case 'priority':
      return { type, min: priority(given['min'], `${name}.min`) };
    case 'prefix':
      return { type, prefix: ownPrefix(prefix(given['prefix'], `${name}.prefix`)) };
    case 'custom':
      return { type, name: text(given['name'], `${name}.name`) };
  }
};

const stdp: Check<StdpPatch | false> = (value, name) => {
  if (value === false) return value;
  const patch = parse(name, value, STDP);
  if (patch.wMin !== undefined && patch.wMax !== undefined && patch.wMin > patch.wMax) {
    throw refusal(`${name}.wMax`, patch.wMax, `from wMin (${patch.wMin}) on`);
  }
  return patch;
};

const CONNECT = {
  weight: optional(positive),
  stdp: optional(stdp),
  filters: optional(list(filter)),
} satisfies Table;

/** Options of a synapse, checked. */
export interface CheckedConnect {
  readonly weight?: number | undefined;
  readonly stdp?: StdpPatch | false | undefined;
  readonly filters?: readonly Filter[] | undefined;
}

/**
 * Options of a synapse as a user gives them.
 *
 * @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION
 */
export function checkConnect(name: string, options: unknown): CheckedConnect {
  return parse(name, options, CONNECT);
}

/** The bounds of a weight by default, and of one that does not learn. */
const BOUNDS: Readonly<Record<'wMin' | 'wMax', number>> = { wMin: 0.001, wMax: 1 };

/** Digits of any number that 32 bits keep. */
const KEPT_DIGITS = 6;

/**
 * Compares a weight with the bounds that it will have, as it is, before it is rounded to 32 bits: 1 + 1e-9 is not 1.
 *
 * @param now how the synapse learns now, if there is one
 * @throws E_OUT_OF_RANGE
 */
export function checkWeight({ weight, stdp: change }: CheckedConnect, now: Partial<StdpOptions> | undefined): void {
  if (weight === undefined) return;
  const { wMin, wMax } = change === false ? BOUNDS : { ...BOUNDS, ...now, ...given(change ?? {}) };
  if (order(weight, wMin) >= 0 && order(weight, wMax) <= 0) return;
  throw refusal('weight', weight, `numbers ${wMin} to ${wMax}`);
}

/** Below, at or above a bound. A bound of more digits than 32 bits keep may have been any number that rounds to it. */
function order(weight: number, bound: number): number {
  const exact = Number(bound.toPrecision(KEPT_DIGITS)) === bound;
  return exact ? weight - bound : Math.fround(weight) - Math.fround(bound);
}

/** Options of a synapse as the addon takes them: only what was given. */
export function connectInit({ weight, stdp: learning, filters }: CheckedConnect): ConnectInit {
  const init: ConnectInit = {};
  if (weight !== undefined) init.weight = weight;
  if (learning === false) init.learns = false;
  else if (learning !== undefined) init.stdp = given(learning);
  if (filters !== undefined) init.filters = filters.map(filterInit);
  return init;
}

function filterInit(each: Filter): FilterInit {
  if (each.type === 'kind') return { type: each.type, kind: KINDS.indexOf(each.kind) };
  return each.type === 'prefix' ? { type: each.type, prefix: Buffer.from(each.prefix) } : { ...each };
}

function given(patch: StdpPatch): Partial<StdpInit> {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}

function ownPrefix(bytes: string | Uint8Array): string | Uint8Array {
  return typeof bytes === 'string' ? bytes : Uint8Array.from(bytes);
}
