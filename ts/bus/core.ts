/**
 * The inside of a bus: the bridge, its two rings, and who lives around it. Imports: everything below `bus`.
 */
import { Arena, type ArenaHost, ArenaMemory } from '../arena/index.js';
import { RingMemory, Signal } from '../axon/index.js';
import { closed, failure, guarded } from '../errors/index.js';
import { addon, BridgeMemory, type NativeBus, type NativeEvent, type SynapseState } from '../native/index.js';
import { type Neuron, Outbox, type OutboxHost, type Receiver, type Seat } from '../neuron/index.js';
import type { NeuronId, SpikeView } from '../spike/index.js';
import {
  type CheckedConnect,
  checkWeight,
  connectInit,
  FilterBook,
  Synapse,
  type SynapseHost,
} from '../synapse/index.js';
import { Emitter } from '../units/index.js';
import { balance, isReason } from './books.js';
import { Inbox, type InboxHost } from './inbox.js';
import type { CheckedBusOptions } from './options.js';
import type { PopulationHost } from './population/index.js';
import { Room, type RoomHost } from './room.js';
import { Tickers } from './tickers.js';
import type { BusEvents, BusStats, DropReason } from './types.js';
import { Waiters } from './waiters.js';

/** One bus, inside. */
export class Core implements ArenaHost, OutboxHost, SynapseHost, InboxHost, RoomHost, PopulationHost {
  readonly options: CheckedBusOptions;
  readonly native: NativeBus;
  readonly memory: BridgeMemory;
  readonly window: ArenaMemory;
  readonly arena: Arena;
  readonly outbox: Outbox;
  readonly inbox: Inbox;
  readonly filters: FilterBook = new FilterBook();
  readonly emitter: Emitter<BusEvents> = new Emitter<BusEvents>({ error: [], drop: [], prune: [], left: [] });
  /** Who may go on of those who wait for room. */
  readonly room: Room = new Room(this);
  readonly waiters: Waiters = new Waiters(this.room);
  /** Wakes the readers of neurons' axons. */
  readonly signal: Signal;
  readonly tickers: Tickers;
  readonly touch: () => void;
  readonly receivers: (Receiver | undefined)[] = [];
  /** False once the bus is closed. */
  open = true;
  /** Whether the driver thread ticks. */
  started = false;
  /** Whether someone listens to drops. */
  watched = false;
  handlerErrors = 0;
  neurons = 0;
  /** Set by those who run the bus. */
  onStir: () => void = () => {};
  /** Set by those who run the bus: someone has begun to wait. */
  onWait: () => void = () => {};
  #final: BusStats | undefined;

  /** @throws E_OUT_OF_SPACE, E_OUT_OF_RANGE */
  constructor(options: CheckedBusOptions, doorbell: () => void) {
    this.options = options;
    this.memory = allocate(options);
    this.native = guarded(() => new (addon().Bus)(options.config, this.memory.bytes, doorbell));
    this.touch = guarded(() => this.native.touch());
    this.window = new ArenaMemory(guarded(() => this.native.arenaBuffer()));
    this.arena = Arena.make(this);
    this.outbox = new Outbox(this, this.memory, this.#ring(this.memory.layout.outbox));
    this.inbox = new Inbox(this, this.memory, this.#ring(this.memory.layout.inbox));
    this.tickers = new Tickers(this, this.memory);
    this.signal = new Signal(() => this.onWait());
  }

  get manualClock(): boolean {
    return this.options.config.manualClock;
  }

  get axonSlots(): number {
    return this.options.config.axonSlots;
  }

  /** Whether a handler is being called. */
  get inHandler(): boolean {
    return this.inbox.running;
  }

  /** @throws E_CLOSED */
  check(): void {
    if (!this.open) throw closed('bus');
  }

  /** @returns whether the cortex was told of anything that handlers are done with */
  settle(): boolean {
    if (!this.open) return false;
    const told = this.inbox.flush();
    guarded(() => this.native.settle());
    // What came to rest here, the driver thread does not tell of: so the pump looks itself, lest it keep the process alive for it.
    if (this.started) this.onWait();
    return told;
  }

  stirred(): void {
    this.onStir();
  }

  freed(): void {
    if (!this.waiters.idle) this.waiters.check();
  }

  owed(seat: Seat): number {
    return seat.owed(this.memory.done(seat.id));
  }

  fits(bytes: number): boolean {
    return this.native.arenaFits(bytes);
  }

  get capacity(): number {
    return this.options.config.arenaBytes;
  }

  used(): number {
    return this.native.arenaStats().used;
  }

  recheck(): void {
    if (!this.open) return;
    this.settle();
    this.waiters.check();
  }

  recheckSoon(): void {
    if (this.waiters.idle) return;
    if (this.started) this.onWait();
    else this.recheck();
  }

  state(pre: NeuronId, post: NeuronId): SynapseState | undefined {
    this.check();
    return this.native.synapse(pre, post) ?? undefined;
  }

  weight(pre: NeuronId, post: NeuronId): number | undefined {
    return guarded(() => this.state(pre, post))?.weight;
  }

  change(pre: NeuronId, post: NeuronId, options: CheckedConnect): void {
    this.check();
    const { filters } = options;
    if (filters !== undefined) this.filters.check(filters);
    const noted = filters === undefined && this.filters.has(pre, post);
    const before = noted || options.weight !== undefined ? guarded(() => this.state(pre, post)) : undefined;
    checkWeight(options, before?.stdp);
    // A synapse that was pruned and comes again has no filters, whatever is still noted of the old one.
    const anew = noted && before === undefined;
    const since = this.inbox.end;
    guarded(() => this.native.connect(pre, post, connectInit(options)));
    if (filters !== undefined) this.filters.set(pre, post, filters, since, this.inbox.end);
    else if (anew) this.filters.forget(pre, post, since);
    this.filters.sweep(this.inbox.judged);
  }

  /** The synapse is gone: its filters are asked only of what it has routed already. */
  forget(pre: NeuronId, post: NeuronId): void {
    this.filters.forget(pre, post, this.inbox.end);
    this.filters.sweep(this.inbox.judged);
  }

  /** A handler threw, or its promise rejected. */
  failed(error: unknown, neuron: Neuron): void {
    this.handlerErrors++;
    this.emitter.fail(error, neuron);
  }

  /** Counts the rejection of a handler that returned a promise. */
  watch(result: unknown, neuron: Neuron): void {
    if (isThenable(result)) Promise.resolve(result).then(undefined, (error: unknown) => this.failed(error, neuron));
  }

  dropped(reason: DropReason, { source, sequence }: SpikeView, target: NeuronId): void {
    this.emitter.emit('drop', Object.freeze({ reason, source, target, sequence }));
  }

  /** Tells of what the cortex dropped and pruned. */
  tellEvents(): boolean {
    if (this.memory.events === 0) return false;
    const events = guarded(() => this.native.events());
    for (const event of events) this.tell(event);
    return events.length > 0;
  }

  /** Tells of one event of the cortex. */
  tell({ type, reason, source, target, sequence = 0, count = 1, weight }: NativeEvent): void {
    if (type === 'drop') {
      if (!isReason(reason)) return;
      const drop = { reason, source, target, sequence };
      this.emitter.emit('drop', Object.freeze(count > 1 ? { ...drop, count } : drop));
      return;
    }
    // The pair may have been connected anew since.
    if (this.open && this.native.synapse(source, target) === null) this.forget(source, target);
    this.emitter.emit('prune', Synapse.make(this, source, target, weight));
  }

  /** The books. */
  stats(): BusStats {
    if (this.#final !== undefined) return this.#final;
    this.inbox.flush();
    const { inbox, handlerErrors, neurons } = this;
    const { refused } = this.outbox;
    return balance(
      guarded(() => this.native.stats()),
      { inbox, refused, handlerErrors, neurons },
    );
  }

  /** Ends everything at once: what is on its way is counted as `closed`. More than once does nothing more. */
  shut(): void {
    if (!this.open) return;
    this.open = false;
    this.outbox.open = false;
    if (this.started) guarded(() => this.native.stop());
    this.started = false;
    this.inbox.open = false;
    this.inbox.abandon();
    this.inbox.flush();
    guarded(() => this.native.close());
    this.#final = this.#lastStats();
    this.window.detach();
    this.waiters.rejectAll(closed('bus'));
    this.room.close();
    this.signal.notify();
  }

  #lastStats(): BusStats {
    if (this.watched) for (const event of this.native.events()) this.tell(event);
    return this.stats();
  }

  #ring(offset: number): RingMemory {
    return new RingMemory(this.memory.buffer, this.memory.base + offset, this.window);
  }
}

/** Whether a value is a promise, of any make. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

function allocate({ config }: CheckedBusOptions): BridgeMemory {
  try {
    return guarded(() => new BridgeMemory(config));
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw failure('E_OUT_OF_SPACE', 'the system does not give the memory of a bus', {}, cause);
  }
}
