/**
 * The near end of the doorbell. The addon keeps the function that it calls for as long as the environment lives; so that function must
 * not keep the bus. Imports: nothing.
 */

/** What is rung. */
export interface Ringable {
  ring(): void;
}

/** A doorbell that keeps nothing alive. */
export class Bell {
  #door: WeakRef<Ringable> | undefined;
  /** Rings whoever still lives there. */
  readonly ring: () => void;

  constructor() {
    this.ring = () => this.#door?.deref()?.ring();
  }

  /** Says who is rung from now on. */
  hang(door: Ringable): void {
    this.#door = new WeakRef(door);
  }
}
