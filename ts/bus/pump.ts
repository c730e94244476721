/**
 * Runs a started bus on this event loop: a turn per doorbell, a few more while it is busy, then it parks
 * (`docs/boundary.md`, protocol "started"). Keeps the process alive only while spikes are in flight. Imports: `native`.
 */
import { type BridgeMemory, PARK } from '../native/index.js';

/** Turns of the event loop without work before it parks. */
const LINGER = 100;

/** What one turn did. */
export interface Turn {
  /** Whether it handled anything. */
  readonly worked: boolean;
  /** Whether there is more to do at once. */
  readonly more: boolean;
}

/** What the pump needs of its bus. */
export interface PumpHost {
  /** Whether a driver thread ticks. */
  readonly started: boolean;
  /** Whether spikes are on their way. */
  readonly inFlight: boolean;
  /** Whether someone waits for room or quiet. */
  readonly awaited: boolean;
  /** Whether someone wants to hear of each tick. */
  readonly ticking: boolean;
  /**
   * A bounded piece of work; never throws.
   *
   * @param tell whether it may tell of ticks: once in a turn of the event loop
   */
  turn(tell: boolean): Turn;
  /** Asks to be told ({@link Pump.wake}) of the next spike that is fired. */
  settled(): void;
}

/** The pumps of all started buses: spikes on their way keep their bus, also if nobody else does. */
const running = new Set<Pump>();

/** The pump of one bus. */
export class Pump {
  readonly #host: PumpHost;
  readonly #memory: BridgeMemory;
  #running = false;
  #idleTurns = 0;
  #keepAlive: NodeJS.Timeout | undefined;
  #held = false;

  constructor(host: PumpHost, memory: BridgeMemory) {
    this.#host = host;
    this.#memory = memory;
  }

  /** The driver thread has begun to tick. */
  begin(): void {
    running.add(this);
    this.#keepAlive ??= setInterval(() => {}, KEEP_ALIVE_MS).unref();
    this.ring();
  }

  /** The driver thread has stopped. */
  end(): void {
    running.delete(this);
    clearInterval(this.#keepAlive);
    this.#keepAlive = undefined;
    this.#held = false;
    this.#memory.park(0);
  }

  /** The doorbell: there is news. */
  ring(): void {
    if (this.#running || !this.#host.started) return;
    this.#running = true;
    this.#idleTurns = 0;
    this.#turn(false);
  }

  /** Looks soon: the first spike since all was quiet, or someone has begun to wait. */
  wake(): void {
    if (this.#running || !this.#host.started) return;
    this.#running = true;
    this.#idleTurns = 0;
    this.#again();
  }

  /** Immediates come once in a turn of the event loop, the doorbell may ring beside them: only they tell of ticks. */
  #again(): void {
    setImmediate(() => this.#turn(true));
  }

  #turn(tell: boolean): void {
    if (!this.#host.started) {
      this.#running = false;
      return;
    }
    const { worked, more } = this.#host.turn(tell);
    this.#idleTurns = worked ? 0 : this.#idleTurns + 1;
    if (more || (this.#idleTurns < LINGER && this.#busy()) || !this.#park()) this.#again();
  }

  /** Whether answers are on their way: then it pays to linger, and the process stays alive. */
  #busy(): boolean {
    const busy = this.#host.inFlight;
    this.#hold(busy);
    if (!busy) this.#host.settled();
    return busy;
  }

  #hold(alive: boolean): void {
    if (this.#keepAlive === undefined || alive === this.#held) return;
    this.#held = alive;
    if (alive) this.#keepAlive.ref();
    else this.#keepAlive.unref();
  }

  /** Asks for the doorbell; false if news came meanwhile. */
  #park(): boolean {
    if (!this.#host.started) {
      this.#running = false;
      return true;
    }
    const inFlight = this.#busy();
    const progress = inFlight || this.#host.awaited ? PARK.progress : 0;
    this.#memory.park(PARK.inbox | progress | (this.#host.ticking ? PARK.ticks : 0));
    const { worked, more } = this.#host.turn(false);
    if (worked || more || inFlight !== this.#host.inFlight) {
      this.#memory.park(0);
      return false;
    }
    this.#running = false;
    return true;
  }
}

/** Longer than any wait; the timer is there to be referenced, not to fire. */
const KEEP_ALIVE_MS = 2 ** 30;
