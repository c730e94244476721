/**
 * A piece of memory that holds spikes side by side, and the one view object per place in it. Imports: `native`.
 */
import { SPIKE_BYTES } from './codec.js';
import { type ArenaWindow, type SpikeMemory, SpikeView } from './view.js';

/** Most views that a region keeps; a batch is never longer. */
export const MAX_VIEWS = 65_536;

/** Spikes side by side. */
export class SpikeRegion implements SpikeMemory {
  readonly buffer: ArrayBufferLike;
  readonly base: number;
  readonly slots: number;
  readonly bytes: Uint8Array;
  readonly data: DataView;
  readonly text: Buffer;
  readonly arena: ArenaWindow | undefined;
  readonly #views: (SpikeView | undefined)[];
  readonly #mask: number;

  /**
   * @param base first byte in `buffer`
   * @param slots how many spikes lie there
   * @param arena where payloads above 46 bytes lie, if there is one
   */
  constructor(buffer: ArrayBufferLike, base: number, slots: number, arena: ArenaWindow | undefined) {
    const length = slots * SPIKE_BYTES;
    this.buffer = buffer;
    this.base = base;
    this.slots = slots;
    this.bytes = new Uint8Array(buffer, base, length);
    this.data = new DataView(buffer, base, length);
    this.text = Buffer.from(buffer, base, length);
    this.arena = arena;
    const views = Math.min(MAX_VIEWS, 2 ** Math.ceil(Math.log2(slots)));
    this.#views = new Array<SpikeView | undefined>(views);
    this.#mask = views - 1;
  }

  /** The spike at a place; the same object each time while no other place of the same index was asked for. */
  view(slot: number): SpikeView {
    const found = this.#views[slot & this.#mask];
    if (found !== undefined && found.slot === slot) return found;
    const made = new SpikeView(this, slot);
    this.#views[slot & this.#mask] = made;
    return made;
  }

  /** The bytes of some spikes, zero-copy. */
  slice(slot: number, count: number): Buffer {
    return Buffer.from(this.buffer, this.base + slot * SPIKE_BYTES, count * SPIKE_BYTES);
  }
}
