/**
 * Checks of single values, to be put together in tables. A check returns the value it accepts and throws E_OUT_OF_RANGE otherwise.
 * Imports: `errors`.
 */
import { types } from 'node:util';
import { refusal } from './refuse.js';

/** Accepts a value for the thing called `name`, or throws. */
export type Check<T> = (value: unknown, name: string) => T;

/** A whole number from `min` to `max`. */
export function integer(min: number, max: number): Check<number> {
  return (value, name) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    throw refusal(name, value, `whole numbers ${min} to ${max}`);
  };
}

/** A power of two from `min` to `max`. */
export function powerOfTwo(min: number, max: number): Check<number> {
  return (value, name) => {
    if (typeof value === 'number' && value >= min && value <= max && Number.isInteger(Math.log2(value))) return value;
    throw refusal(name, value, `powers of two ${min} to ${max}`);
  };
}

/** A finite number from `min` to `max` that is finite in 32 bits too. */
export function finite(min: number = -Infinity, max: number = Infinity): Check<number> {
  return (value, name) => {
    if (typeof value === 'number' && Number.isFinite(Math.fround(value)) && value >= min && value <= max) return value;
    throw refusal(name, value, `finite numbers ${min} to ${max}`);
  };
}

/** A finite number above zero. */
export const positive: Check<number> = (value, name) => {
  if (typeof value === 'number' && value > 0 && Number.isFinite(Math.fround(value))) return value;
  throw refusal(name, value, 'finite numbers above 0');
};

/** A span of time from `min` on, Infinity too. */
export function span(min: number, above: boolean = false): Check<number> {
  return (value, name) => {
    if (typeof value === 'number' && (above ? value > min : value >= min)) return value;
    throw refusal(name, value, `numbers ${above ? 'above' : 'from'} ${min}${above ? '' : ' on'}, Infinity too`);
  };
}

/** true or false. */
export const flag: Check<boolean> = (value, name) => {
  if (typeof value === 'boolean') return value;
  throw refusal(name, value, 'true, false');
};

/** Any string. */
export const text: Check<string> = (value, name) => {
  if (typeof value === 'string') return value;
  throw refusal(name, value, 'strings');
};

/** A string of at least one character. */
export const word: Check<string> = (value, name) => {
  if (typeof value === 'string' && value.length > 0) return value;
  throw refusal(name, value, 'strings that are not empty');
};

/** One of a few words. */
export function oneOf<T extends string>(...words: readonly T[]): Check<T> {
  return (value, name) => {
    const found = words.find((each) => each === value);
    if (found !== undefined) return found;
    throw refusal(name, value, words.map((each) => JSON.stringify(each)).join(', '));
  };
}

/** An array whose every item passes `check`; the result is a frozen copy. */
export function list<T>(check: Check<T>): Check<readonly T[]> {
  return (value, name) => {
    if (!Array.isArray(value)) throw refusal(name, value, 'arrays');
    return Object.freeze(Array.from(value, (item, at) => check(item, `${name}[${at}]`)));
  };
}

/** A function. */
export const callable: Check<(...args: never[]) => unknown> = (value, name) => {
  if (isFunction(value)) return value;
  throw refusal(name, value, 'functions');
};

/** Bytes, also over shared memory. */
export const bytes: Check<Uint8Array> = (value, name) => {
  if (value instanceof Uint8Array || types.isUint8Array(value)) return value;
  throw refusal(name, value, 'Uint8Array');
};

/** Whether a value can be called. */
export function isFunction(value: unknown): value is (...args: never[]) => unknown {
  return typeof value === 'function';
}
