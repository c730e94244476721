/**
 * The delivery loop: hands what stands in the inbox to its receivers, in place, and tells the cortex what was released. Runs of one
 * recipient go as one batch. Imports: `spike`, `axon`, `synapse`, `neuron`.
 */
import { ReliableCursor, type RingMemory } from '../axon/index.js';
import type { BridgeMemory } from '../native/index.js';
import type { Neuron, Receiver } from '../neuron/index.js';
import { SpikeBatch, type SpikeRegion, type SpikeView } from '../spike/index.js';
import type { FilterBook } from '../synapse/index.js';
import type { DropReason } from './types.js';

/** Most spikes of one batch, and of one run of single calls. */
const [BATCH, RUN] = [1_024, 64];
/** Spikes between two looks at the clock. */
const CHECK_EVERY = 64;
/** Gate 0 of the inbox belongs to this side. */
const GATE = 0;

/** What the delivery loop needs of its bus. */
export interface InboxHost {
  readonly filters: FilterBook;
  /** Neurons by id. */
  readonly receivers: readonly (Receiver | undefined)[];
  /** Whether someone listens to drops. */
  readonly watched: boolean;
  failed(error: unknown, neuron: Neuron): void;
  /** Looks after what a handler returned. */
  watch(result: unknown, neuron: Neuron): void;
  dropped(reason: DropReason, spike: SpikeView, receiver: number): void;
  touch(): void;
}

/** What this side decided about the spikes in its inbox. */
export type Verdict = 'delivered' | 'filtered' | 'left' | 'closed';

/** The inbox of one bus in this environment. */
export class Inbox {
  /** False once the bus is closed. */
  open = true;
  /** Whether handlers are being called. */
  running = false;
  /** How many spikes met which end. */
  readonly tally: Record<Verdict, number> = { delivered: 0, filtered: 0, left: 0, closed: 0 };
  readonly #host: InboxHost;
  readonly #memory: BridgeMemory;
  readonly #cursor: ReliableCursor;
  readonly #mask: number;
  readonly #region: SpikeRegion;
  readonly #recipients: Uint16Array;
  readonly #flushEvery: number;
  /** Spikes before this position have been handled: their handlers have returned. */
  #handled = 0;

  constructor(host: InboxHost, memory: BridgeMemory, ring: RingMemory) {
    this.#host = host;
    this.#memory = memory;
    this.#cursor = new ReliableCursor(ring, GATE);
    this.#mask = ring.mask;
    this.#region = ring.region;
    this.#recipients = new Uint16Array(memory.buffer, memory.base + memory.layout.recipients, ring.slots);
    this.#flushEvery = ring.slots >> 3;
  }

  /** How many spikes have a verdict. */
  get judged(): number {
    return this.#cursor.position;
  }

  /** Whether nothing waits. */
  get empty(): boolean {
    return this.#cursor.available() === 0;
  }

  /** Everything that stands in the inbox now is before this position. */
  get end(): number {
    return this.#cursor.memory.commit;
  }

  /**
   * Delivers.
   *
   * @param most spikes
   * @param deadline time of `performance.now()`, ms, after which it stops
   * @returns how many spikes met their end
   */
  drain(most: number, deadline: number): number {
    if (this.running) return 0;
    this.running = true;
    const begin = this.#cursor.position;
    const end = begin + most;
    let check = begin + CHECK_EVERY;
    while (this.open && this.#cursor.position < end && this.#step(end - this.#cursor.position)) {
      if (this.#cursor.position - this.#cursor.released >= this.#flushEvery) this.flush();
      if (this.#cursor.position < check) continue;
      if (performance.now() > deadline) break;
      check = this.#cursor.position + CHECK_EVERY;
    }
    this.running = false;
    this.flush();
    this.#host.filters.sweep(this.#cursor.position);
    return this.#cursor.position - begin;
  }

  /**
   * Tells the cortex what has been released.
   *
   * @returns whether there was anything
   */
  flush(): boolean {
    if (this.#handled === this.#cursor.released) return false;
    this.#cursor.release(this.#handled);
    if (this.#memory.asleep) this.#host.touch();
    return true;
  }

  /** Counts all that is left as `closed`. */
  abandon(): void {
    for (let count = this.#cursor.available(); count > 0; count = this.#cursor.available()) {
      const slot = this.#cursor.position & this.#mask;
      this.#drop('closed', this.#recipients[slot] ?? 0, slot, 1);
    }
  }

  /** One run of spikes of one recipient; false if there is none. */
  #step(most: number): boolean {
    const available = Math.min(this.#cursor.available(), most);
    if (available === 0) return false;
    const position = this.#cursor.position;
    const slot = position & this.#mask;
    const id = this.#recipients[slot] ?? 0;
    const receiver = this.#host.receivers[id];
    const count = this.#run(slot, id, Math.min(available, receiver?.onSpikes === undefined ? RUN : BATCH));
    if (receiver === undefined) this.#drop('left', id, slot, count);
    else if (position < receiver.since) this.#drop('left', id, slot, Math.min(count, receiver.since - position));
    else if (this.#host.filters.idle) this.#hand(receiver, slot, count);
    else this.#sieve(receiver, slot, count);
    return true;
  }

  #run(slot: number, id: number, most: number): number {
    const recipients = this.#recipients;
    let count = 1;
    while (count < most && recipients[slot + count] === id) count++;
    return count;
  }

  #hand(receiver: Receiver, slot: number, count: number): void {
    if (receiver.onSpikes !== undefined) this.#handBatch(receiver, slot, count);
    else if (receiver.onSpike !== undefined) this.#handEach(receiver, slot, count);
    else this.#accept(count);
  }

  /** Delivers to a neuron without handlers. */
  #accept(count: number): void {
    this.tally.delivered += count;
    this.#cursor.take(count);
    this.#handled = this.#cursor.position;
  }

  #handBatch(receiver: Receiver, slot: number, count: number): void {
    const batch = SpikeBatch.make(this.#region, slot, count, 0, undefined);
    this.tally.delivered += count;
    this.#cursor.take(count);
    try {
      const result: unknown = receiver.onSpikes?.call(receiver.owner, batch, receiver.neuron);
      if (result !== undefined) this.#host.watch(result, receiver.neuron);
    } catch (error) {
      this.#host.failed(error, receiver.neuron);
    }
    batch.release();
    this.#handled = this.#cursor.position;
  }

  /** Stops early when the receiver leaves or the bus closes: what is left gets its verdict in the next run, or at close. */
  #handEach(receiver: Receiver, slot: number, count: number): void {
    const { onSpike, owner, neuron, seat } = receiver;
    const { tally } = this;
    for (let i = 0; i < count && seat.open && this.open; i++) {
      tally.delivered++;
      this.#cursor.take(1);
      try {
        const result: unknown = onSpike?.call(owner, this.#region.view(slot + i), neuron);
        if (result !== undefined) this.#host.watch(result, neuron);
      } catch (error) {
        this.#host.failed(error, neuron);
      }
      this.#handled = this.#cursor.position;
    }
  }

  /** As {@link #hand}, past the custom filters: what they let through goes in batches between what they refuse. */
  #sieve(receiver: Receiver, slot: number, count: number): void {
    const end = slot + count;
    const offset = this.#cursor.position - slot;
    let first = slot;
    for (let at = slot; at < end && this.#reaches(receiver); at++) {
      const passed = this.#passes(receiver, at, at + offset);
      if (passed && receiver.onSpikes !== undefined) continue;
      const next = passed ? at + 1 : at;
      if (next > first && this.#reaches(receiver)) this.#hand(receiver, first, next - first);
      if (!passed && this.#reaches(receiver)) this.#drop('filtered', receiver.seat.id, at, 1);
      first = at + 1;
    }
    if (first < end && this.#reaches(receiver)) this.#hand(receiver, first, end - first);
  }

  #reaches(receiver: Receiver): boolean {
    return receiver.seat.open && this.open;
  }

  #passes(receiver: Receiver, slot: number, position: number): boolean {
    const spike = this.#region.view(slot);
    try {
      return this.#host.filters.passes(spike.source, receiver.seat.id, spike, position);
    } catch (error) {
      this.#host.failed(error, receiver.neuron);
      return false;
    }
  }

  #drop(reason: 'filtered' | 'left' | 'closed', receiver: number, slot: number, count: number): void {
    this.tally[reason] += count;
    this.#cursor.take(count);
    const last = this.#cursor.position;
    for (let i = 0; i < count && this.#host.watched; i++)
      this.#host.dropped(reason, this.#region.view(slot + i), receiver);
    this.#handled = last;
  }
}
