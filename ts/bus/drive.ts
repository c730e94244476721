/**
 * What makes a bus go: ticks by hand, the pump of a started one, draining and closing. Imports: `errors`, `units`.
 */
import { closed, failure, guarded } from '../errors/index.js';
import { integer } from '../units/index.js';
import { ownDrops } from './books.js';
import type { Core } from './core.js';
import { MAX_TIMER_MS } from './options.js';
import { Pump, type PumpHost, type Turn } from './pump.js';
import type { TickReport } from './types.js';

/** How long one turn of the event loop may be kept, ms, and how many spikes it may handle. */
const [TURN_MS, TURN_SPIKES] = [1, 65_536];
/** Ticks without progress after which draining by hand waits for others. */
const STUCK_TICKS = 64;

const tickCount = integer(0, 2 ** 32 - 1);

/** Drives one bus. */
export class Drive implements PumpHost {
  readonly #core: Core;
  readonly #pump: Pump;
  /** Whether a tick by hand is under way. */
  #ticking = false;
  /** Spikes fired, and spikes dropped, at the end of the last tick by hand. */
  #firedBefore = 0;
  #droppedBefore = 0;
  /** Tick after which the readers of neurons' axons were woken last. */
  #toldTick = 0;
  #closing: Promise<void> | undefined;

  constructor(core: Core) {
    this.#core = core;
    this.#pump = new Pump(this, core.memory);
    core.onStir = () => this.#pump.wake();
    core.onWait = () => this.#pump.wake();
  }

  get started(): boolean {
    return this.#core.started;
  }

  get inFlight(): boolean {
    const { outbox, memory, inbox } = this.#core;
    return outbox.fired !== memory.settled || !inbox.empty;
  }

  get awaited(): boolean {
    return !this.#core.waiters.idle;
  }

  get ticking(): boolean {
    return !this.#core.tickers.idle || this.#core.signal.armed;
  }

  settled(): void {
    this.#core.outbox.quiet = true;
  }

  /** The doorbell. */
  ring(): void {
    this.#pump.ring();
  }

  /**
   * Ticks by hand.
   *
   * @throws E_OUT_OF_RANGE, E_REENTRANT inside a handler, E_STATE while started, E_CLOSED
   */
  tick(count: number): TickReport {
    const core = this.#core;
    core.check();
    const ticks = tickCount(count, 'ticks');
    if (this.#ticking || core.inHandler) throw failure('E_REENTRANT', 'tick() inside a handler');
    if (core.started) throw failure('E_STATE', 'tick() while the bus is started; stop() it first');
    const delivered = core.inbox.tally.delivered;
    let finished = 0;
    for (let i = 0; i < ticks && core.open; i++) if (this.#step()) finished++;
    return this.#report(finished, core.inbox.tally.delivered - delivered);
  }

  /** @throws E_CLOSED, E_IO when the system gives no thread */
  start(): void {
    const core = this.#core;
    core.check();
    if (core.started) return;
    if (this.#ticking) throw failure('E_REENTRANT', 'start() inside a handler of tick()');
    guarded(() => core.native.start(core.options.tickMs));
    core.started = true;
    this.#pump.begin();
  }

  /** Stops the driver thread, then hands out what stands in the inbox, and tells of the ticks that are over. */
  async stop(): Promise<void> {
    const core = this.#core;
    this.#halt();
    const last = core.open ? core.memory.tick : 0;
    if (this.#busy) await immediate();
    while (core.open && (!core.inbox.empty || core.tickers.behind(last))) {
      this.turn(true);
      await immediate();
    }
  }

  /** Resolves when nothing is on its way. */
  async drain(): Promise<void> {
    const core = this.#core;
    if (this.#busy) await immediate();
    let stuck = 0;
    while (core.open && !this.#quiet()) {
      if (core.started) await core.waiters.wait(() => !core.started || this.#quiet());
      else if (this.#busy) await immediate();
      else stuck = await this.#drainByHand(stuck);
    }
    core.check();
  }

  /** Refuses new spikes, drains for at most `closeTimeoutMs`, then ends everything. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Ends everything now. */
  shut(): void {
    if (!this.#core.open) return;
    this.#pump.end();
    this.#core.shut();
  }

  turn(tell: boolean): Turn {
    const core = this.#core;
    if (this.#busy || !core.open) return { worked: false, more: false };
    const handled = core.inbox.drain(TURN_SPIKES, performance.now() + TURN_MS);
    const told = core.open && core.tellEvents();
    const ticked = tell && core.open && core.tickers.catchUp(core.options.tickMs > 0);
    this.#wake();
    const more = core.open && (!core.inbox.empty || core.tickers.behind(core.memory.tick));
    return { worked: handled > 0 || told || ticked, more };
  }

  /** Wakes those who wait for room, and after a tick the readers of neurons' axons. */
  #wake(): void {
    const { waiters, signal, memory, filters } = this.#core;
    if (!waiters.idle) waiters.check();
    if (filters.leaving && !this.inFlight) filters.forgetLeaving();
    if (!signal.armed) return;
    const { tick } = memory;
    if (tick !== this.#toldTick) signal.notify();
    this.#toldTick = tick;
  }

  get #busy(): boolean {
    return this.#ticking || this.#core.inHandler;
  }

  /** @returns whether the tick was finished: not if the bus was closed in it */
  #step(): boolean {
    const core = this.#core;
    this.#ticking = true;
    try {
      let full = true;
      while (full && core.open) {
        core.inbox.flush();
        full = guarded(() => core.native.route());
        core.inbox.drain(Number.MAX_SAFE_INTEGER, Infinity);
      }
      if (!core.open) return false;
      this.#finish();
      return true;
    } finally {
      this.#ticking = false;
    }
  }

  #finish(): void {
    const core = this.#core;
    core.inbox.flush();
    guarded(() => core.native.finish());
    this.#firedBefore = core.outbox.fired;
    core.tellEvents();
    core.tickers.tell();
    this.#wake();
  }

  #report(ticks: number, delivered: number): TickReport {
    const core = this.#core;
    const total = core.open ? core.memory.dropped + ownDrops(core.inbox) : this.#droppedBefore;
    const dropped = total - this.#droppedBefore;
    this.#droppedBefore = total;
    return Object.freeze({
      ticks,
      delivered,
      dropped,
      inFlight: ticks > 0 ? this.#onTheirWay() : core.stats().inFlight,
    });
  }

  /** Spikes on their way after a tick by hand: those that it left, and those fired since. */
  #onTheirWay(): number {
    const { open, memory, outbox } = this.#core;
    return open ? memory.inFlight + outbox.fired - this.#firedBefore : 0;
  }

  #quiet(): boolean {
    return this.#core.started ? !this.inFlight : this.#core.stats().inFlight === 0;
  }

  async #drainByHand(stuck: number): Promise<number> {
    const core = this.#core;
    const before = core.memory.settled;
    const deadline = performance.now() + TURN_MS;
    do this.#step();
    while (core.open && !core.started && !this.#quiet() && performance.now() < deadline);
    const now = core.memory.settled === before ? stuck + 1 : 0;
    await (now > STUCK_TICKS ? pause() : immediate());
    return now;
  }

  #halt(): void {
    const core = this.#core;
    if (!core.started) return;
    core.started = false;
    this.#pump.end();
    core.outbox.quiet = false;
    guarded(() => core.native.stop());
    core.waiters.check();
  }

  async #close(): Promise<void> {
    const core = this.#core;
    core.outbox.open = false;
    core.waiters.rejectOwned(closed('bus'));
    if (this.#busy || (core.open && !this.#quiet())) await this.#drainUntil(core.options.closeTimeoutMs);
    this.shut();
  }

  async #drainUntil(timeoutMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      if (timeoutMs < MAX_TIMER_MS) timer = setTimeout(resolve, timeoutMs);
    });
    await Promise.race([this.drain().catch(() => {}), late]);
    clearTimeout(timer);
  }
}

function immediate(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 1);
  });
}
