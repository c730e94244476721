/**
 * The public reader of a ring. Imports: `errors`, `units`, `spike`.
 */
import { closed } from '../errors/index.js';
import type { SpikeBatch } from '../spike/index.js';
import { integer, oneOf, option, parse, type Table } from '../units/index.js';
import { LossyMode, type Mode, ReliableMode } from './mode.js';
import type { RingSource } from './source.js';

/** How a reader reads. */
export interface ReaderOptions {
  /**
   * `'reliable'` (default): a full ring makes the writer wait for this reader. `'lossy'`: it does not, and each batch tells how many
   * spikes were lost.
   */
  mode?: 'reliable' | 'lossy' | undefined;
}

const OPTIONS = { mode: option(oneOf('reliable', 'lossy'), 'reliable') } satisfies Table;
const batchSize = integer(1, Number.MAX_SAFE_INTEGER);

/**
 * Reads one axon, from now on, each spike once and in order. `for await (const batch of reader)` goes by batches and does not keep
 * the process alive while it waits.
 */
export class AxonReader implements AsyncIterable<SpikeBatch>, Disposable {
  readonly #source: RingSource;
  readonly #mode: Mode;
  #open = true;

  private constructor(source: RingSource, mode: Mode) {
    this.#source = source;
    this.#mode = mode;
  }

  /** @internal */
  static make(source: RingSource, mode: Mode): AxonReader {
    return new AxonReader(source, mode);
  }

  /**
   * What has come since the last poll; never waits. Releases the batch of the poll before. A batch of a reliable reader ends where
   * the ring wraps; the next poll goes on from there.
   *
   * @param max most spikes of the batch, from 1 on
   * @returns a batch, of length 0 if nothing has come
   * @throws E_OUT_OF_RANGE, E_CLOSED after {@link close} of this reader
   */
  poll(max?: number): SpikeBatch {
    if (!this.#open) throw closed('reader');
    const most = max === undefined ? max : batchSize(max, 'max');
    const batch = this.#mode.poll(most);
    if (batch.length > 0 || batch.lagged > 0 || this.#source.refill === undefined) return batch;
    this.#source.refill();
    return this.#mode.poll(most);
  }

  /**
   * A reader of the same kind that stands where this one stands: it polls next what this one would.
   *
   * @throws E_BUSY when all gates are in use, E_CLOSED
   */
  clone(): AxonReader {
    if (!this.#open) throw closed('reader');
    return AxonReader.make(this.#source, this.#mode.clone());
  }

  /** Stops reading and lets the writer go on. Its iterations end. More than once does nothing more. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#mode.close();
    this.#source.signal.notify();
  }

  /** {@link close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** Batches as they come, each released by the step to the next; ends when the axon is closed and drained, or the reader closed. */
  [Symbol.asyncIterator](): AsyncIterableIterator<SpikeBatch> {
    let open = true;
    const iterator: AsyncIterableIterator<SpikeBatch> = {
      [Symbol.asyncIterator]: () => iterator,
      next: () => this.#next(() => open),
      return: () => {
        open = false;
        this.#source.signal.notify();
        return Promise.resolve({ done: true, value: undefined });
      },
    };
    return iterator;
  }

  async #next(wanted: () => boolean): Promise<IteratorResult<SpikeBatch, undefined>> {
    while (this.#open && wanted()) {
      // Asked before the poll: what was published before the close is found by the poll.
      const ended = this.#source.memory.closed;
      const batch = this.poll();
      if (batch.length > 0 || batch.lagged > 0) return { done: false, value: batch };
      if (ended && this.#mode.drained) break;
      await this.#source.signal.wait();
    }
    return { done: true, value: undefined };
  }
}

/**
 * A reader of a ring.
 *
 * @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION, E_BUSY when all gates are in use
 */
export function openReader(source: RingSource, options: ReaderOptions | undefined): AxonReader {
  const { mode } = parse('ReaderOptions', options, OPTIONS);
  return AxonReader.make(source, mode === 'reliable' ? new ReliableMode(source) : new LossyMode(source));
}
