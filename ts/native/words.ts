/**
 * u64 words of shared memory as JavaScript numbers, exact below 2^53. A writer in JavaScript stores the low half alone and the
 * whole word only when the high half changes; a writer in Rust always stores the whole word. Imports: nothing.
 */

/** How many values one high half stands for. */
export const HALF: number = 2 ** 32;

/**
 * Reads a u64 that another thread may be writing.
 *
 * @param halves the memory as 32-bit words
 * @param at index of the low half
 */
export function loadWord(halves: Int32Array, at: number): number {
  for (;;) {
    const high = Atomics.load(halves, at + 1);
    const low = Atomics.load(halves, at);
    // An unchanged high half means that no whole-word store fell between the two loads that could have paired them wrongly.
    if (Atomics.load(halves, at + 1) === high) return (high >>> 0) * HALF + (low >>> 0);
  }
}

/**
 * Replaces `previous` by `value`, seen by other threads as one step.
 *
 * @param halves the memory as 32-bit words
 * @param longs the same memory as 64-bit words
 * @param at index of the low half, even
 */
export function storeWord(halves: Int32Array, longs: BigInt64Array, at: number, value: number, previous: number): void {
  if (Math.floor(value / HALF) === Math.floor(previous / HALF)) Atomics.store(halves, at, value | 0);
  else Atomics.store(longs, at >> 1, BigInt(value));
}
