/**
 * The `tick` handlers, called in id order. Imports: `native`, `neuron`.
 */
import type { BridgeMemory } from '../native/index.js';
import type { Neuron, Receiver } from '../neuron/index.js';

/** Most ticks of a fixed rate that are told of in one turn of the event loop. */
const CATCH_UP = 16;

/** What the tick handlers need of their bus. */
export interface TickersHost {
  readonly open: boolean;
  failed(error: unknown, neuron: Neuron): void;
  watch(result: unknown, neuron: Neuron): void;
}

/** A receiver, and the last tick before it was registered. */
interface Ticker {
  readonly receiver: Receiver;
  readonly since: number;
}

/** Those who want to hear of ticks. */
export class Tickers {
  readonly #host: TickersHost;
  readonly #memory: BridgeMemory;
  #tickers: Ticker[] = [];
  /** The same in id order, made when it is needed. */
  #inOrder: readonly Ticker[] | undefined;
  /** The last tick that was told of. */
  #seen = 0;

  constructor(host: TickersHost, memory: BridgeMemory) {
    this.#host = host;
    this.#memory = memory;
  }

  /** Whether no one listens. */
  get idle(): boolean {
    return this.#tickers.length === 0;
  }

  add(receiver: Receiver): void {
    if (receiver.tick === undefined) return;
    if (this.idle) this.begin();
    this.#tickers.push({ receiver, since: this.#memory.tick });
    this.#inOrder = undefined;
  }

  remove(receiver: Receiver): void {
    if (receiver.tick === undefined) return;
    this.#tickers = this.#tickers.filter((each) => each.receiver !== receiver);
    this.#inOrder = undefined;
  }

  /** Whether there are ticks up to this one that were not told of. */
  behind(tick: number): boolean {
    return !this.idle && tick > this.#seen;
  }

  /** Tells of a tick by hand, and of what was left of those before it. */
  tell(): void {
    const { tick } = this.#memory;
    while (this.behind(tick)) this.#run(this.#seen + 1);
  }

  /** Ticks before now are not told of. */
  begin(): void {
    this.#seen = this.#memory.tick;
  }

  /**
   * Tells of the ticks since the last call: of a fixed rate each, otherwise once for all.
   *
   * @returns whether there were any
   */
  catchUp(fixedRate: boolean): boolean {
    const { tick } = this.#memory;
    if (!this.behind(tick)) return false;
    if (!fixedRate) this.#run(tick);
    else for (let i = 0; i < CATCH_UP && this.behind(tick); i++) this.#run(this.#seen + 1);
    return true;
  }

  /** Tick number `tick` is over. */
  #run(tick: number): void {
    this.#seen = tick;
    this.#inOrder ??= [...this.#tickers].sort(byId);
    for (const { receiver, since } of this.#inOrder) {
      if (receiver.seat.open && this.#host.open && tick > since) this.#call(receiver);
    }
  }

  #call(receiver: Receiver): void {
    const crossed = this.#memory.crossed(receiver.seat.id);
    const fired = crossed !== receiver.crossed;
    receiver.crossed = crossed;
    try {
      const result: unknown = receiver.tick?.call(receiver.owner, receiver.neuron, fired);
      if (result !== undefined) this.#host.watch(result, receiver.neuron);
    } catch (error) {
      this.#host.failed(error, receiver.neuron);
    }
  }
}

function byId(a: Ticker, b: Ticker): number {
  return a.receiver.seat.id - b.receiver.seat.id;
}
