/**
 * The memory of one ring: its cursors, its gates, its slots. The layout is drawn in `crates/axon/src/layout.rs`; the bare axon, the
 * inbox, the outbox and the axons of neurons all have it. Imports: `native`, `spike`.
 */
import { loadWord, RING, storeWord } from '../native/index.js';
import { type ArenaWindow, SpikeRegion } from '../spike/index.js';

/** Places of the cursors, as indices of 32-bit words. */
const [SLOTS, CLOSED, BITMAP, CLONES, INTENT, COMMIT] = [
  RING.slotCount >> 2,
  RING.closed >> 2,
  RING.gateBitmap >> 2,
  RING.clones >> 2,
  RING.intent >> 2,
  RING.commit >> 2,
];

/** A ring's memory. All positions are sequences: they count from 0 and are exact below 2^53. */
export class RingMemory {
  readonly slots: number;
  readonly mask: number;
  readonly region: SpikeRegion;
  readonly words: Int32Array;
  readonly #longs: BigInt64Array;

  /**
   * Looks at a ring that stands in memory.
   *
   * @param base its first byte in `buffer`, a multiple of 8
   * @param arena where the payloads above 46 bytes lie
   */
  constructor(buffer: ArrayBufferLike, base: number, arena?: ArenaWindow) {
    this.slots = loadWord(new Int32Array(buffer, base, RING.headerBytes >> 2), SLOTS);
    this.mask = this.slots - 1;
    this.words = new Int32Array(buffer, base, RING.headerBytes >> 2);
    this.#longs = new BigInt64Array(buffer, base, RING.headerBytes >> 3);
    this.region = new SpikeRegion(buffer, base + RING.headerBytes, this.slots, arena);
  }

  /** Bytes of a ring. */
  static bytes(slots: number): number {
    return RING.headerBytes + slots * RING.slotBytes;
  }

  /** Makes a fresh ring of zeroed memory. */
  static format(buffer: ArrayBufferLike, base: number, slots: number): RingMemory {
    Atomics.store(new Int32Array(buffer, base, RING.headerBytes >> 2), SLOTS, slots);
    return new RingMemory(buffer, base);
  }

  /** Sequences below are published. */
  get commit(): number {
    return loadWord(this.words, COMMIT);
  }

  /** Sequences below may be being overwritten. */
  get intent(): number {
    return loadWord(this.words, INTENT);
  }

  /** Whether nothing more will be published. */
  get closed(): boolean {
    return Atomics.load(this.words, CLOSED) !== 0;
  }

  /** Says that nothing more will be published. */
  close(): void {
    Atomics.store(this.words, CLOSED, 1);
  }

  /** Makes everything below `value` visible. `previous` is what stood there. */
  storeCommit(value: number, previous: number): void {
    storeWord(this.words, this.#longs, COMMIT, value, previous);
  }

  /** Warns lossy readers that everything below `value` may be overwritten now. `previous` is what stood there. */
  storeIntent(value: number, previous: number): void {
    storeWord(this.words, this.#longs, INTENT, value, previous);
    // Plain stores into the slots must not be seen before this store. On x86 it is a full fence. On ARM it is a store-release, which
    // later plain stores may overtake: the load-acquire behind it (which a store-release is never overtaken by) holds them back.
    Atomics.load(this.words, INTENT);
  }

  /** How much more than `position` is published, for a position that is at most the ring's length behind. */
  published(position: number): number {
    return (Atomics.load(this.words, COMMIT) - (position | 0)) >>> 0;
  }

  /** The position of a gate: sequences below are released. */
  gate(index: number): number {
    return loadWord(this.words, gateWord(index));
  }

  /** Moves a gate. `previous` is where it stood. */
  storeGate(index: number, position: number, previous: number): void {
    storeWord(this.words, this.#longs, gateWord(index), position, previous);
  }

  /** The lowest gate in use, `none` if there is none. */
  lowestGate(none: number): number {
    // A clone takes a gate that may have been looked at already, and stands there behind its original, which then may move on before it
    // is looked at. But the clone is counted first: a look during which the count changed is worth nothing.
    for (;;) {
      const clones = loadWord(this.words, CLONES);
      const lowest = Math.min(this.#lowest(0, none), this.#lowest(1, none));
      if (loadWord(this.words, CLONES) === clones) return lowest;
    }
  }

  /** Says that a gate was moved back to where a clone starts. Its original must not move before. */
  countClone(): void {
    Atomics.add(this.#longs, CLONES >> 1, 1n);
  }

  /** Takes a free gate; −1 if there is none. */
  claimGate(): number {
    const index = this.#claim(0);
    return index >= 0 ? index : this.#claim(1);
  }

  /** Gives a gate back. */
  freeGate(index: number): void {
    Atomics.and(this.words, BITMAP + (index >> 5), ~(1 << (index & 31)));
  }

  #lowest(half: number, none: number): number {
    let lowest = none;
    for (let bits = Atomics.load(this.words, BITMAP + half); bits !== 0; bits &= bits - 1) {
      lowest = Math.min(lowest, this.gate(half * 32 + lowestBit(bits)));
    }
    return lowest;
  }

  #claim(half: number): number {
    for (;;) {
      const used = Atomics.load(this.words, BITMAP + half);
      if (used === -1) return -1;
      const bit = ~used & (used + 1);
      const found = Atomics.compareExchange(this.words, BITMAP + half, used, used | bit);
      if (found === used) return half * 32 + lowestBit(bit);
    }
  }
}

function gateWord(index: number): number {
  return (RING.gates + index * RING.gateStride) >> 2;
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
