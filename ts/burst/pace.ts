/**
 * Steps at a rate, on this event loop, by timers. Imports: nothing.
 */

/** Most steps of one turn of the event loop. */
const MOST = 10;

/** Steps that are due every so many milliseconds. It keeps no program alive. */
export class Pace {
  readonly #period: number;
  readonly #step: () => void;
  #timer: NodeJS.Timeout | undefined;
  /** When the next step is due, ms. */
  #due = 0;
  #late = 0;

  constructor(rateHz: number, step: () => void) {
    this.#period = 1_000 / rateHz;
    this.#step = step;
  }

  get running(): boolean {
    return this.#timer !== undefined;
  }

  /** Steps that were due and were left out. */
  get late(): number {
    return this.#late;
  }

  start(): void {
    if (this.running) return;
    this.#due = performance.now() + this.#period;
    this.#wait();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wait(): void {
    // Whoever stopped it and started it in a step has set one already.
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#turn(), Math.max(0, this.#due - performance.now())).unref();
  }

  /** Takes the steps that are due, but not for ever: others want the event loop too. */
  #turn(): void {
    for (let taken = 0; taken < MOST && this.running && this.#behind() > 0; taken++) {
      this.#due += this.#period;
      this.#step();
    }
    if (!this.running) return;
    const left = this.#behind();
    this.#late += left;
    this.#due += left * this.#period;
    this.#wait();
  }

  /** How many steps are due. */
  #behind(): number {
    return Math.max(0, Math.floor((performance.now() - this.#due) / this.#period) + 1);
  }
}
