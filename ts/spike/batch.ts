/**
 * Some spikes at once, seen in place. Imports: `errors`, `units`.
 */
import { failure } from '../errors/index.js';
import { refusal } from '../units/index.js';
import type { SpikeRegion } from './region.js';
import type { Spike } from './types.js';

/** Who is told, once, that a batch is no longer needed. */
export interface BatchOwner {
  released(): void;
}

/**
 * Spikes that follow each other, zero-copy. The spikes of one batch are distinct objects while it is held. A handler's batch is
 * released when the handler returns, a polled one by {@link SpikeBatch.release}, `using`, or the next `poll()` of its reader.
 */
export class SpikeBatch implements Iterable<Spike>, Disposable {
  /** How many spikes it holds. */
  readonly length: number;
  /** How many spikes its (lossy) reader lost since the poll before. */
  readonly lagged: number;
  readonly #region: SpikeRegion;
  readonly #first: number;
  #owner: BatchOwner | undefined;
  #held = true;

  private constructor(
    region: SpikeRegion,
    first: number,
    length: number,
    lagged: number,
    owner: BatchOwner | undefined,
  ) {
    this.length = length;
    this.lagged = lagged;
    this.#region = region;
    this.#first = first;
    this.#owner = owner;
  }

  /** @internal */
  static make(
    region: SpikeRegion,
    first: number,
    length: number,
    lagged: number,
    owner: BatchOwner | undefined,
  ): SpikeBatch {
    return new SpikeBatch(region, first, length, lagged, owner);
  }

  /**
   * The records, `length` × 64 bytes, contiguous, zero-copy.
   *
   * @throws E_STATE after its release
   */
  get buffer(): Buffer {
    this.#check();
    return this.#region.slice(this.#first, this.length);
  }

  /**
   * The spike number `index`, from 0.
   *
   * @throws E_OUT_OF_RANGE, E_STATE after its release
   */
  at(index: number): Spike {
    this.#check();
    if (Number.isInteger(index) && index >= 0 && index < this.length) return this.#region.view(this.#first + index);
    throw refusal('index of a batch', index, `whole numbers from 0, below ${this.length}`);
  }

  /** Its spikes, in order. */
  *[Symbol.iterator](): IterableIterator<Spike> {
    for (let index = 0; index < this.length; index++) yield this.at(index);
  }

  /** Gives the memory back. More than once does nothing more. */
  release(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#owner?.released();
    this.#owner = undefined;
  }

  /** {@link SpikeBatch.release}. */
  [Symbol.dispose](): void {
    this.release();
  }

  #check(): void {
    if (!this.#held) throw failure('E_STATE', 'the batch has been released; copy() keeps a spike');
  }
}
