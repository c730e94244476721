/**
 * References to payloads in the arena. Imports: `units`.
 */
import { HALF, type RefInit, SPIKE } from '../native/index.js';
import { integer, optional, parse, refusal, type Table } from '../units/index.js';

/** Names bytes in the arena. A claim, not a proof: every field is checked against the arena's own record. */
export interface ArenaRef {
  /** First byte, from the start of the arena's data. */
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
  /** Which reference count keeps them alive, 0 to 65,535. */
  readonly slot: number;
  /** How often that slot had been given out before, 0 to 65,535, wrapping. */
  readonly generation: number;
}

const REF = {
  offset: optional(integer(0, Number.MAX_SAFE_INTEGER)),
  length: optional(integer(1, HALF - 1)),
  slot: optional(integer(0, 0xffff)),
  generation: optional(integer(0, 0xffff)),
} satisfies Table;

/**
 * A reference that a user hands in.
 *
 * @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION
 */
export function checkRef(ref: unknown): RefInit {
  const { offset, length, slot, generation } = parse('ArenaRef', ref ?? null, REF);
  if (offset !== undefined && length !== undefined && slot !== undefined && generation !== undefined) {
    return { offset, length, slot, generation };
  }
  throw refusal('ArenaRef', ref, '{ offset, length, slot, generation }');
}

/** The reference that stands in a spike at byte `at`. */
export function refOf(data: DataView, at: number): RefInit {
  const low = data.getUint32(at + SPIKE.arenaOffset, true);
  const high = data.getUint32(at + SPIKE.arenaOffset + 4, true);
  const refSlot = data.getUint32(at + SPIKE.arenaRefSlot, true);
  const length = data.getUint32(at + SPIKE.arenaLen, true);
  return { offset: high * HALF + low, length, slot: refSlot & 0xffff, generation: refSlot >>> 16 };
}
