/**
 * Objects with options, read by a table: key → check and default. `undefined` means the default; null, other types and unknown
 * keys are refused. Imports: `errors`.
 */
import type { Check } from './check.js';
import { refusal, unknownOption } from './refuse.js';

/** One row of a table: what is accepted, and what stands for undefined. */
export interface Option<T> {
  readonly check: Check<T>;
  readonly fallback: T;
}

/** A table of options. */
export type Table = Readonly<Record<string, Option<unknown>>>;

/** What reading by a table gives. */
export type Parsed<S extends Table> = { readonly [K in keyof S]: S[K]['fallback'] };

/** A row of a table. */
export function option<T>(check: Check<T>, fallback: T): Option<T> {
  return { check, fallback };
}

/** A row whose value may be missing. */
export function optional<T>(check: Check<T>): Option<T | undefined> {
  return { check, fallback: undefined };
}

/**
 * Reads an object by a table. Each property is read once.
 *
 * @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION
 */
export function parse<S extends Table>(name: string, input: unknown, table: S): Parsed<S>;
export function parse(name: string, input: unknown, table: Table): Record<string, unknown> {
  const source = input === undefined ? {} : record(name, input);
  refuseUnknown(name, source, Object.keys(table));
  return Object.fromEntries(
    Object.entries(table).map(([key, row]) => {
      const value = source[key];
      return [key, value === undefined ? row.fallback : row.check(value, `${name}.${key}`)];
    }),
  );
}

/** An object that is no array and no function. */
export function record(name: string, value: unknown): Record<string, unknown> {
  if (isRecord(value)) return value;
  throw refusal(name, value, 'objects');
}

/** @throws E_UNKNOWN_OPTION for the first key of `source` (own or inherited, enumerable) that `keys` does not have */
export function refuseUnknown(name: string, source: object, keys: readonly string[]): void {
  for (const key in source) if (!keys.includes(key)) throw unknownOption(name, key, keys);
}

/** Whether a value is an object that is no array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
