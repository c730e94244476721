/**
 * Promises that wait for room or quiet. They keep nothing alive. Imports: nothing.
 */

interface Waiter {
  readonly owner: object | undefined;
  readonly test: () => boolean;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** Who is told when all are asked, in the order in which they began to wait. */
export interface Round {
  begin(): void;
  end(): void;
}

/** Those who wait on one bus. */
export class Waiters {
  readonly #waiting: Set<Waiter> = new Set();
  readonly #round: Round | undefined;

  constructor(round?: Round) {
    this.#round = round;
  }

  /** Whether no one waits. */
  get idle(): boolean {
    return this.#waiting.size === 0;
  }

  /**
   * Resolves once `test` holds at a {@link check}; rejects with the signal's reason.
   *
   * @param owner whose end ends the wait
   */
  wait(test: () => boolean, owner?: object, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        owner,
        test,
        resolve: () => {
          this.#leave(waiter, abort, signal);
          resolve();
        },
        reject: (reason) => {
          this.#leave(waiter, abort, signal);
          reject(reason);
        },
      };
      const abort = (): void => {
        waiter.reject(signal?.reason);
        // It may have stood in somebody's way.
        this.check();
      };
      this.#waiting.add(waiter);
      signal?.addEventListener('abort', abort, { once: true });
      if (signal?.aborted) abort();
    });
  }

  /** Lets go those whose wish has come true. */
  check(): void {
    this.#round?.begin();
    for (const waiter of this.#waiting) if (waiter.test()) waiter.resolve();
    this.#round?.end();
  }

  /** Lets all go. */
  rejectAll(reason: unknown): void {
    for (const waiter of this.#waiting) waiter.reject(reason);
  }

  /** Lets those go who wait for an owner: this one, or any. */
  rejectOwned(reason: unknown, owner?: object): void {
    for (const waiter of this.#waiting) {
      if (waiter.owner !== undefined && (owner ?? waiter.owner) === waiter.owner) waiter.reject(reason);
    }
  }

  #leave(waiter: Waiter, abort: () => void, signal: AbortSignal | undefined): void {
    this.#waiting.delete(waiter);
    signal?.removeEventListener('abort', abort);
  }
}
