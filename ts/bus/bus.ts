/**
 * The bus: neurons, synapses, time. Imports: everything below.
 */
import { type Arena, checkFits } from '../arena/index.js';
import { failure, guarded } from '../errors/index.js';
import {
  type AgentCard,
  type AgentCardInit,
  checkCard,
  checkHandlers,
  Neuron,
  type NeuronHandlers,
  type NeuronHost,
  type ReadyOptions,
  Receiver,
  Seat,
} from '../neuron/index.js';
import type { NeuronPool } from '../pool/index.js';
import type { NeuronId } from '../spike/index.js';
import { type ConnectOptions, checkConnect, type Predicate, Synapse } from '../synapse/index.js';
import { type Check, callable, integer, optional, parse, record, refusal, type Table, word } from '../units/index.js';
import { Bell } from './bell.js';
import { Core } from './core.js';
import { Drive } from './drive.js';
import { type BusOptions, type BusSettings, checkBusOptions } from './options.js';
import { type Bridge, Population } from './population/index.js';
import { Readers } from './readers.js';
import { Request } from './room.js';
import type { BusEvents, BusListener, BusStats, TickReport } from './types.js';

/** What to look for: neurons with this capability, in this region or below it; all of them if neither is given. */
export interface DiscoverQuery {
  capability?: string | undefined;
  region?: string | undefined;
}

const signal: Check<AbortSignal> = (value, name) => {
  if (value instanceof AbortSignal) return value;
  throw refusal(name, value, 'AbortSignal');
};

const advanceMs: Check<number> = (value, name) => {
  if (typeof value === 'number' && value >= 0 && value <= MAX_ADVANCE_MS) return value;
  throw refusal(name, value, `numbers 0 to ${MAX_ADVANCE_MS}`);
};

const QUERY = { capability: optional(word), region: optional(word) } satisfies Table;
const READY = { signal: optional(signal), bytes: optional(integer(0, Number.MAX_SAFE_INTEGER)) } satisfies Table;
/** The membrane of a population. */
const CALM = Object.freeze({ refractoryTicks: 0 });
const NS_PER_MS = 1e6;
const MAX_ADVANCE_MS = Number.MAX_SAFE_INTEGER / NS_PER_MS;

/**
 * A nervous system: neurons fire spikes at each other through synapses that learn. `using` closes it, `await using` drains and
 * closes. Driven by hand ({@link NeuronBus.tick}) or by a thread of its own ({@link NeuronBus.start}). After close every method but
 * `close()` and `stats()` throws E_CLOSED.
 */
export class NeuronBus implements Disposable, AsyncDisposable {
  readonly #core: Core;
  readonly #drive: Drive;
  readonly #host: NeuronHost;

  /** @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION, E_OUT_OF_SPACE */
  constructor(options?: BusOptions) {
    const bell = new Bell();
    this.#core = new Core(checkBusOptions(options), bell.ring);
    this.#drive = new Drive(this.#core);
    bell.hang(this.#drive);
    this.#host = this.#makeHost(new Readers(this.#core));
  }

  /** What it was built with, the defaults included. Works after close too. */
  get options(): BusSettings {
    return this.#core.options.settings;
  }

  /** The memory for payloads above 46 bytes. */
  get arena(): Arena {
    return this.#core.arena;
  }

  /**
   * The time of the bus, ns: the clock that stamps spikes.
   *
   * @throws E_CLOSED
   */
  get nowNs(): bigint {
    const core = this.#core;
    core.check();
    if (!core.manualClock && !core.memory.awake) core.touch();
    return core.memory.clockNs;
  }

  /**
   * Adds a neuron.
   *
   * @param handlers what it does; without any, spikes to it count as delivered when the loop passes them
   * @throws E_OUT_OF_RANGE (also when `maxNeurons` are registered), E_UNKNOWN_OPTION, E_CLOSED
   */
  register(card: AgentCardInit, handlers?: NeuronHandlers): Neuron {
    const core = this.#core;
    core.check();
    const { membrane, ...about } = checkCard(card);
    const owner = checkHandlers(handlers);
    const init = { ...about, capabilities: [...about.capabilities], regions: [...about.regions] };
    const id = guarded(() => core.native.register(init, membrane));
    core.filters.arrive(id);
    const seat = new Seat(id, core.memory.done(id));
    const neuron = Neuron.make(this.#host, seat, Object.freeze({ id, ...about, membrane }));
    const receiver = new Receiver(neuron, seat, owner, core.inbox.end, core.memory.crossed(id));
    core.receivers[id] = receiver;
    core.tickers.add(receiver);
    if (receiver.tick !== undefined) core.onWait();
    core.neurons++;
    return neuron;
  }

  /**
   * Adds a neuron that is a pool: what spikes bring to it in a tick of the bus comes with the pool's next tick, which follows at once,
   * and who fires there is what the neuron fires. The pool ticks with the bus, and only on this event loop: in each tick by hand or of a
   * fixed rate, otherwise at most once per turn of the loop. It may still be read, written to and ticked by hand.
   *
   * What the bus refuses for want of credit or arena room is fired again in the next ticks; `axonSlots` payloads wait at most, and what
   * finds no place among them counts as refused. `unregister` as usual.
   *
   * @param card without a `membrane` it has one that is never refractory: the pool takes what comes when it comes
   * @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION, E_UNKNOWN_NEURON for a stale `output.to`, E_BUSY for a pool that is on a bus already, E_CLOSED
   */
  registerPopulation(card: AgentCardInit, group: NeuronPool, bridge: Bridge): Neuron {
    this.#core.check();
    const population = new Population(this.#core, group, bridge);
    record('AgentCard', card);
    const neuron = this.register(card.membrane === undefined ? { ...card, membrane: CALM } : card, population);
    population.settle(neuron);
    return neuron;
  }

  /**
   * Removes a neuron and its synapses. What it fired before is still delivered; its id is free when that is done.
   *
   * @throws E_UNKNOWN_NEURON, E_OUT_OF_RANGE, E_CLOSED
   */
  unregister(neuron: Neuron | NeuronId): void {
    const core = this.#core;
    const id = this.#address(neuron);
    guarded(() => core.native.unregister(id));
    const receiver = core.receivers[id];
    core.receivers[id] = undefined;
    core.filters.leave(id);
    if (receiver === undefined) return;
    core.neurons--;
    core.tickers.remove(receiver);
    receiver.seat.open = false;
    core.waiters.rejectOwned(receiver.seat.gone(), receiver.seat);
    // What waited for it is dropped: its senders have that credit again, and the arena that room.
    if (!core.waiters.idle) core.recheck();
    core.signal.notify();
  }

  /**
   * Connects two neurons, or changes what is given of their synapse.
   *
   * @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION, E_UNKNOWN_NEURON, E_UNKNOWN_FILTER, E_CLOSED
   */
  connect(pre: Neuron | NeuronId, post: Neuron | NeuronId, options?: ConnectOptions): Synapse {
    const [from, to] = [this.#address(pre), this.#address(post)];
    this.#core.change(from, to, checkConnect('ConnectOptions', options));
    return Synapse.make(this.#core, from, to);
  }

  /**
   * Removes a synapse.
   *
   * @returns false if there was none
   * @throws E_UNKNOWN_NEURON, E_OUT_OF_RANGE, E_CLOSED
   */
  disconnect(pre: Neuron | NeuronId, post: Neuron | NeuronId): boolean {
    const [from, to] = [this.#address(pre), this.#address(post)];
    const found = guarded(() => this.#core.native.disconnect(from, to));
    this.#core.forget(from, to);
    return found;
  }

  /**
   * The synapse between two neurons, if there is one.
   *
   * @throws E_UNKNOWN_NEURON, E_OUT_OF_RANGE, E_CLOSED
   */
  synapse(pre: Neuron | NeuronId, post: Neuron | NeuronId): Synapse | undefined {
    const [from, to] = [this.#address(pre), this.#address(post)];
    const state = guarded(() => this.#core.state(from, to));
    return state === undefined ? undefined : Synapse.make(this.#core, from, to);
  }

  /**
   * All synapses as they are now, in the order of their pre and post ids.
   *
   * @throws E_CLOSED
   */
  synapses(): IterableIterator<Synapse> {
    const core = this.#core;
    core.check();
    const pairs = guarded(() => core.native.synapses());
    return pairwise(pairs, (pre, post) => Synapse.make(core, pre, post));
  }

  /**
   * The cards of the neurons that match, in id order. A region includes its subtree.
   *
   * @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION, E_CLOSED
   */
  discover(query: DiscoverQuery): AgentCard[] {
    this.#core.check();
    const { capability, region } = parse('DiscoverQuery', query ?? null, QUERY);
    const ids = guarded(() => this.#core.native.discover(capability, region));
    return Array.from(ids).flatMap((id) => this.#core.receivers[id]?.neuron.card ?? []);
  }

  /**
   * Ticks by hand: handlers have run when it returns.
   *
   * @param n how many ticks, 0 to 2^32 − 1. Default 1
   * @throws E_OUT_OF_RANGE, E_REENTRANT inside a handler, E_STATE while started, E_CLOSED
   */
  tick(n: number = 1): TickReport {
    return this.#drive.tick(n);
  }

  /**
   * Starts a thread that ticks, back to back while there is work or every `tickMs`; handlers run on this event loop. Twice does
   * nothing more.
   *
   * @throws E_IO when the system gives no thread, E_REENTRANT inside a handler of `tick()`, E_CLOSED
   */
  start(): void {
    this.#drive.start();
  }

  /** Stops the thread; resolves when what stood in the inbox is delivered. Rejects with E_CLOSED. */
  async stop(): Promise<void> {
    this.#core.check();
    await this.#drive.stop();
  }

  /**
   * Removes the synapses whose weight is `prune.below` or less, with a `prune` event each.
   *
   * @returns how many
   * @throws E_CLOSED
   */
  prune(): number {
    this.#core.check();
    const pruned = guarded(() => this.#core.native.prune());
    for (const event of pruned) this.#core.tell(event);
    return pruned.length;
  }

  /** The books; works after close too. */
  stats(): BusStats {
    return this.#core.stats();
  }

  /**
   * Registers the predicate of custom filters of this name, or replaces it. It runs right before the receiver's handler; what it
   * refuses has been integrated and is counted as `filtered`. A spike is asked by the filters that its synapse had when it was routed,
   * also when the synapse has been changed or is gone by then.
   *
   * @throws E_OUT_OF_RANGE, E_CLOSED
   */
  registerFilter(name: string, predicate: Predicate): void {
    this.#core.check();
    word(name, 'filter name');
    callable(predicate, 'predicate');
    guarded(() => this.#core.native.registerFilter(name));
    this.#core.filters.register(name, predicate);
  }

  /**
   * Listens to an event ({@link BusEvents}).
   *
   * @throws E_OUT_OF_RANGE, E_CLOSED
   */
  on<E extends keyof BusEvents>(event: E, listener: BusListener<E>): this {
    this.#core.check();
    this.#core.emitter.on(event, listener);
    this.#watchDrops();
    return this;
  }

  /**
   * Listens no longer.
   *
   * @throws E_OUT_OF_RANGE, E_CLOSED
   */
  off<E extends keyof BusEvents>(event: E, listener: BusListener<E>): this {
    this.#core.check();
    this.#core.emitter.off(event, listener);
    this.#watchDrops();
    return this;
  }

  /**
   * Moves a manual clock on.
   *
   * @param ms from 0 on, fractions down to 1 ns
   * @throws E_STATE on a real clock, E_OUT_OF_RANGE, E_CLOSED
   */
  advance(ms: number): void {
    this.#core.check();
    const span = advanceMs(ms, 'ms');
    if (!this.#core.manualClock) throw failure('E_STATE', "advance() needs a bus with clock: 'manual'");
    guarded(() => this.#core.native.advance(Math.round(span * NS_PER_MS)));
  }

  /** Ticks until nothing is on its way, and takes new spikes meanwhile. Rejects with E_CLOSED. */
  async drain(): Promise<void> {
    this.#core.check();
    await this.#drive.drain();
  }

  /**
   * Refuses new spikes, drains for at most `closeTimeoutMs`, counts the rest as `closed` and ends everything. Works inside a handler,
   * and twice.
   */
  close(): Promise<void> {
    return this.#drive.close();
  }

  /** Closes without draining: what is on its way is counted as `closed`. */
  [Symbol.dispose](): void {
    this.#drive.shut();
  }

  /** {@link NeuronBus.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #address(neuron: Neuron | NeuronId): NeuronId {
    this.#core.check();
    return Neuron.address(this.#core.outbox, neuron);
  }

  #watchDrops(): void {
    const core = this.#core;
    const wanted = core.emitter.heard('drop');
    if (wanted === core.watched) return;
    core.watched = wanted;
    core.native.watchDrops(wanted);
  }

  #makeHost(readers: Readers): NeuronHost {
    const core = this.#core;
    return {
      native: core.native,
      outbox: core.outbox,
      arena: core.arena,
      axonSlots: core.axonSlots,
      get open() {
        return core.open;
      },
      ready: (seat, options) => this.#ready(seat, options),
      reader: (seat, options) => readers.open(seat, options),
    };
  }

  #ready(seat: Seat, options: ReadyOptions | undefined): Promise<void> {
    const core = this.#core;
    const { signal: abort, bytes = 0 } = parse('ReadyOptions', options, READY);
    const request = new Request(seat, bytes);
    core.settle();
    if (bytes > 0) checkFits(core.native, bytes);
    const wait = core.waiters.wait(() => core.room.grant(request), seat, abort);
    core.waiters.check();
    core.onWait();
    return wait;
  }
}

function* pairwise<T>(pairs: Uint16Array, make: (pre: NeuronId, post: NeuronId) => T): IterableIterator<T> {
  for (let at = 0; at + 1 < pairs.length; at += 2) yield make(pairs[at] ?? 0, pairs[at + 1] ?? 0);
}
