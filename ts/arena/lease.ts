/**
 * Borrowed arena bytes. Imports: `errors`.
 */
import { failure } from '../errors/index.js';

/** Keeps a payload alive; counts as a reference. `using` releases it. */
export class Lease implements Disposable {
  readonly #bytes: Buffer;
  #release: (() => void) | undefined;

  private constructor(bytes: Buffer, release: () => void) {
    this.#bytes = bytes;
    this.#release = release;
  }

  /** @internal */
  static make(bytes: Buffer, release: () => void): Lease {
    return new Lease(bytes, release);
  }

  /**
   * The payload, zero-copy; length 0 after the bus is closed.
   *
   * @throws E_STALE_REF after {@link release}
   */
  get bytes(): Buffer {
    if (this.#release === undefined) throw failure('E_STALE_REF', 'the lease has been released');
    return this.#bytes;
  }

  /** Gives the reference back; quiet after close. More than once does nothing more. */
  release(): void {
    const release = this.#release;
    this.#release = undefined;
    release?.();
  }

  /** {@link release}. */
  [Symbol.dispose](): void {
    this.release();
  }
}
