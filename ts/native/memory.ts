/**
 * The memory that one bus shares with its cortex (`docs/boundary.md`): allocated here, pinned by the addon, read and written by
 * both. Imports: the addon.
 */
import type { BridgeLayout, BusConfig } from '../../index.js';
import { addon } from './load.js';
import { loadWord } from './words.js';

/** Bits of the word by which the reader asks for the doorbell. */
export const PARK: Readonly<Record<'inbox' | 'progress' | 'ticks', number>> = { inbox: 1, progress: 2, ticks: 4 };

/** One bus's shared memory and its words. */
export class BridgeMemory {
  readonly layout: Readonly<BridgeLayout>;
  readonly bytes: Uint8Array;
  readonly buffer: SharedArrayBuffer;
  readonly #halves: Int32Array;
  readonly #done: Int32Array;
  readonly #crossed: Int32Array;

  /** @throws RangeError when the memory cannot be had */
  constructor(config: BusConfig) {
    this.layout = Object.freeze(addon.bridgeLayout(config));
    this.buffer = new SharedArrayBuffer(this.layout.bytes);
    this.bytes = new Uint8Array(this.buffer);
    this.#halves = new Int32Array(this.buffer);
    this.#done = new Int32Array(this.buffer, this.layout.done, config.maxNeurons);
    this.#crossed = new Int32Array(this.buffer, this.layout.crossed, config.maxNeurons);
  }

  /** Copies the clock of the bus, ns, to a u64 field of another memory, whole. */
  copyClock(target: Uint32Array, at: number): void {
    const halves = this.#halves;
    const word = this.layout.clockNs >> 2;
    for (;;) {
      const high = Atomics.load(halves, word + 1);
      const low = Atomics.load(halves, word);
      if (Atomics.load(halves, word + 1) !== high) continue;
      target[at] = low;
      target[at + 1] = high;
      return;
    }
  }

  /** Ticks finished. */
  get tick(): number {
    return loadWord(this.#halves, this.layout.tick >> 2);
  }

  /** Records of the outbox that are through. */
  get settled(): number {
    return loadWord(this.#halves, this.layout.settled >> 2);
  }

  /** Whether the driver thread sleeps and wants to be told of news. */
  get parked(): boolean {
    return Atomics.load(this.#halves, this.layout.parked >> 2) !== 0;
  }

  /** Events that wait to be fetched. */
  get events(): number {
    return Atomics.load(this.#halves, this.layout.events >> 2);
  }

  /** Asks for the doorbell ({@link PARK}); 0 takes the wish back. */
  park(bits: number): void {
    Atomics.store(this.#halves, this.layout.readerParked >> 2, bits);
  }

  /** Spikes of this neuron that are through, int32, wrapping. */
  done(id: number): number {
    return Atomics.load(this.#done, id);
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
