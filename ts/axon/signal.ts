/**
 * How readers of this event loop wait for the next spike: a promise that keeps nothing alive. Imports: nothing.
 */

/** Wakes everyone who waits. */
export class Signal {
  /** Whether someone waits. */
  armed = false;
  #promise: Promise<void> | undefined;
  #resolve: (() => void) | undefined;
  readonly #onArm: (() => void) | undefined;

  /** @param onArm is called when the first one begins to wait */
  constructor(onArm?: () => void) {
    this.#onArm = onArm;
  }

  /** Resolves at the next {@link notify}. */
  wait(): Promise<void> {
    if (this.#promise !== undefined) return this.#promise;
    this.#promise = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.armed = true;
    this.#onArm?.();
    return this.#promise;
  }

  /** Wakes all. */
  notify(): void {
    this.armed = false;
    this.#promise = undefined;
    this.#resolve?.();
    this.#resolve = undefined;
  }
}
