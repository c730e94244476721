/**
 * Random numbers that are the same in every run (mulberry32). Imports: nothing of ours.
 */

/** A generator of numbers from 0 to below 1. */
export type Random = () => number;

/** @param seed u32; each gives a sequence of its own */
export function random(seed: number): Random {
  let state = Math.imul(seed, 0x9e37_79b1);
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
