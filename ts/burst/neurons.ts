/**
 * Columns of neurons, as users hand them in (FE-21, FE-22). Imports: `native`, `units`, `pool`.
 */
import type { NeuronArrays } from '../native/index.js';
import { asMany, floats, halves, octets, words } from '../pool/index.js';
import { type Check, finite, integer, record, refuseUnknown } from '../units/index.js';

/** Neurons, a column for each quantity, all of one length; instead of a column, one number stands for all. */
export interface NeuronColumns {
  /** The potential at which each fires, finite. Potentials stay within ±10^37. */
  readonly thresholds: Float32Array;
  /** The area that it lies in. Default 0. */
  readonly areas?: Uint32Array | number | undefined;
  /** The share of the gap to rest that it loses in a burst, 0 to 1. Default 0. */
  readonly leaks?: Float32Array | number | undefined;
  /** The potential that it leaks to, and begins at, −10^37 to 10^37. Default 0. */
  readonly rests?: Float32Array | number | undefined;
  /** The potential after it fired, −10^37 to 10^37. Default: as `rests`. */
  readonly resets?: Float32Array | number | undefined;
  /** Bursts for which it is blocked after it fired, 0 to 65,535. Default 0. */
  readonly refractory?: Uint16Array | number | undefined;
  /** The probability that it fires when it is at its threshold, 0 to 1. Default 1. */
  readonly excitabilities?: Float32Array | number | undefined;
  /** Firings in a row, bursts in which it is blocked apart, after which it snoozes, 0 to 65,535; 0 for no limit. Default 0. */
  readonly consecutiveLimits?: Uint16Array | number | undefined;
  /** Bursts more for which it is blocked then, 0 to 65,535. Default 0. */
  readonly snoozes?: Uint16Array | number | undefined;
  /** Whether its potential stays from burst to burst; 0 for one that begins each burst at rest. Default 1. */
  readonly accumulate?: Uint8Array | number | undefined;
}

/** What is to change of some neurons: columns with as many entries as there are ids, or one number for all. */
export type NeuronPatch = { readonly [K in keyof NeuronColumns]?: NeuronColumns[K] | number };

type Column = Uint32Array | Float32Array | Uint16Array | Uint8Array;

/** One kind of column: an array of so many entries, or one number for all of them. */
type Read<A> = (value: unknown, name: string, length: Length) => A;

/** How many entries a column has, and which one says so. */
interface Length {
  readonly of: string;
  readonly is: number;
}

function kind<A extends Column>(array: Check<A>, one: Check<number>, make: (length: number) => A): Read<A> {
  return (value, name, length) => {
    if (typeof value === 'number') {
      const all = one(value, name);
      const made = make(length.is);
      made.fill(all);
      return made;
    }
    const column = array(value, name);
    asMany(name, column.length, length.of, length.is);
    return column;
  };
}

/** The columns as the addon takes them. */
type Columns = Required<NeuronArrays>;
type Patch = { [K in keyof Columns]?: Columns[K] };

const newFloats = (length: number): Float32Array => new Float32Array(length);
const newHalves = (length: number): Uint16Array => new Uint16Array(length);
const share = kind(floats, finite(0, 1), newFloats);
const potential = kind(floats, finite(-1e37, 1e37), newFloats);
const bursts = kind(halves, integer(0, 2 ** 16 - 1), newHalves);

const READ: { readonly [K in keyof Columns]: Read<Columns[K]> } = {
  thresholds: kind(floats, finite(), newFloats),
  areas: kind(words, integer(0, 2 ** 32 - 1), (length) => new Uint32Array(length)),
  leaks: share,
  rests: potential,
  resets: potential,
  refractory: bursts,
  excitabilities: share,
  consecutiveLimits: bursts,
  snoozes: bursts,
  accumulate: kind(octets, integer(0, 1), (length) => new Uint8Array(length)),
};

const KEYS = [
  'thresholds',
  'areas',
  'leaks',
  'rests',
  'resets',
  'refractory',
  'excitabilities',
  'consecutiveLimits',
  'snoozes',
  'accumulate',
] as const satisfies readonly (keyof Columns)[];

/** What stands for a column that is missing. */
const DEFAULTS = {
  areas: 0,
  leaks: 0,
  rests: 0,
  refractory: 0,
  excitabilities: 1,
  consecutiveLimits: 0,
  snoozes: 0,
  accumulate: 1,
};

/**
 * Checks neurons to be, and fills in what is missing. What stands in an array is the addon's to check.
 *
 * @throws E_OUT_OF_RANGE, also for columns of other lengths than that of `thresholds`; E_UNKNOWN_OPTION
 */
export function checkNeurons(input: unknown, name: string): NeuronArrays {
  const given = record(name, input);
  refuseUnknown(name, given, KEYS);
  const { length } = floats(given['thresholds'], `${name}.thresholds`);
  const found = KEYS.map((key) => [key, given[key]] as const).filter(([, column]) => column !== undefined);
  const all = { ...DEFAULTS, resets: given['rests'] ?? DEFAULTS.rests, ...Object.fromEntries(found) };
  return read(all, name, { of: `${name}.thresholds`, is: length });
}

/**
 * Checks what is to change of so many neurons.
 *
 * @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION
 */
export function checkNeuronPatch(input: unknown, neurons: number): NeuronArrays {
  const given = record('neurons', input);
  refuseUnknown('neurons', given, KEYS);
  return read(given, 'neurons', { of: 'ids', is: neurons });
}

function read(given: Readonly<Record<string, unknown>>, name: string, length: Length): Patch {
  const patch: Patch = {};
  for (const key of KEYS) readColumn(patch, key, given[key], `${name}.${key}`, length);
  return patch;
}

function readColumn<K extends keyof Columns>(
  patch: Patch,
  key: K,
  column: unknown,
  name: string,
  length: Length,
): void {
  if (column !== undefined) patch[key] = READ[key](column, name, length);
}
