/**
 * The memory that one bus shares with its cortex (`docs/boundary.md`): allocated here, pinned by the addon, read and written by
 * both. Imports: the addon.
 */
import type { BridgeLayout, BusConfig } from '../../index.js';
import { addon } from './load.js';
import { loadWord } from './words.js';

/** Bits of the word by which the reader asks for the doorbell. */
export const PARK: Readonly<Record<'inbox' | 'progress' | 'ticks', number>> = { inbox: 1, progress: 2, ticks: 4 };

/** Values of the word `parked`; any other: no driver thread, or one that sleeps until its next tick and needs no waking. */
const [AWAKE, ASLEEP] = [0, 1];

/** Bytes that the bridge may have to move up to be aligned. */
const ALIGNMENT = 64;

/**
 * Fresh shared memory, and the first byte in it that begins a cache line.
 *
 * @throws RangeError when the memory cannot be had
 */
export function aligned(bytes: number): { buffer: SharedArrayBuffer; base: number } {
  const buffer = new SharedArrayBuffer(bytes + ALIGNMENT);
  return { buffer, base: addon().alignedOffset(new Uint8Array(buffer)) };
}

/** One bus's shared memory and its words. */
export class BridgeMemory {
  readonly layout: Readonly<BridgeLayout>;
  readonly buffer: SharedArrayBuffer;
  /** First byte of the bridge in `buffer`; the offsets of `layout` count from here. */
  readonly base: number;
  /** The bridge, all of it. */
  readonly bytes: Uint8Array;
  readonly #halves: Int32Array;
  readonly #done: Int32Array;
  readonly #crossed: Int32Array;
  readonly #parked: number;
  readonly #clock: Float64Array;
  readonly #longs: BigUint64Array;

  /** @throws RangeError when the memory cannot be had */
  constructor(config: BusConfig) {
    const layout = addon().bridgeLayout(config);
    this.layout = Object.freeze(layout);
    const memory = aligned(layout.bytes);
    this.buffer = memory.buffer;
    this.base = memory.base;
    this.bytes = new Uint8Array(this.buffer, this.base, layout.bytes);
    this.#halves = new Int32Array(this.buffer, this.base, layout.bytes >> 2);
    this.#parked = layout.parked >> 2;
    this.#longs = new BigUint64Array(this.buffer, this.base, layout.bytes >> 3);
    this.#clock = new Float64Array(this.buffer, this.base + layout.clockNs, 1);
    this.#done = this.#halves.subarray(layout.done >> 2, (layout.done >> 2) + config.maxNeurons);
    this.#crossed = this.#halves.subarray(layout.crossed >> 2, (layout.crossed >> 2) + config.maxNeurons);
  }

  /**
   * Copies the clock of the bus, ns, to a u64 field of another memory.
   *
   * @param target the other memory as 64-bit words
   * @param at index of the field
   */
  copyClock(target: Float64Array, at: number): void {
    // A Float64Array moves the eight bytes in one load and one store, without the BigInt that a BigInt64Array would make. The bits are
    // never those of a NaN, which alone may change on the way: that would take 292 years of nanoseconds.
    target[at] = this.#clock[0] ?? 0;
  }

  /** The clock of the bus, ns. */
  get clockNs(): bigint {
    return Atomics.load(this.#longs, this.layout.clockNs >> 3);
  }

  /** Ticks finished. */
  get tick(): number {
    return loadWord(this.#halves, this.layout.tick >> 2);
  }

  /** Records of the outbox that are through. */
  get settled(): number {
    return loadWord(this.#halves, this.layout.settled >> 2);
  }

  /** Spikes dropped so far for any reason, as of the last `finish()` or `stats()`. */
  get dropped(): number {
    return loadWord(this.#halves, this.layout.dropped >> 2);
  }

  /** Spikes on their way outside the inbox, as of the last `finish()` or `stats()`. */
  get inFlight(): number {
    return loadWord(this.#halves, this.layout.inFlight >> 2);
  }

  /** Whether the driver thread sleeps and wants to be told of news; never moved before a publish that stands before it. */
  get asleep(): boolean {
    return Atomics.load(this.#halves, this.#parked) === ASLEEP;
  }

  /** Whether the clock word is kept fresh by a driver thread that is awake. A plain load: a moment's delay only ages a stamp by it. */
  get awake(): boolean {
    return this.#halves[this.#parked] === AWAKE;
  }

  /** Events that wait to be fetched. */
  get events(): number {
    return Atomics.load(this.#halves, this.layout.events >> 2);
  }

  /** Asks for the doorbell ({@link PARK}); 0 takes the wish back. */
  park(bits: number): void {
    Atomics.store(this.#halves, this.layout.readerParked >> 2, bits);
  }

  /** Spikes of this neuron that are through, int32, wrapping. A plain load: an old value means less credit, never too much. */
  done(id: number): number {
    return this.#done[id] ?? 0;
  }

  /** How often the membrane of this neuron crossed its threshold, int32, wrapping. */
  crossed(id: number): number {
    return Atomics.load(this.#crossed, id);
  }

  /** Word `index` (0 to 3) of the reference that `arenaStore` left: offset low, offset high, length, slot and generation. */
  scratch(index: number): number {
    return Atomics.load(this.#halves, (this.layout.scratch >> 2) + index);
  }
}
