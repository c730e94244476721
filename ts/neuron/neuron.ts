/**
 * The handle of a neuron. Imports: `errors`, `units`, `spike`, `axon`.
 */
import type { Arena } from '../arena/index.js';
import type { AxonReader, ReaderOptions } from '../axon/index.js';
import { closed, failure, guarded } from '../errors/index.js';
import { type NativeBus, SPIKE } from '../native/index.js';
import type { NeuronId, Payload } from '../spike/index.js';
import { integer, refusal } from '../units/index.js';
import type { AgentCard } from './card.js';
import type { FireOptions } from './options.js';
import type { Outbox } from './outbox.js';
import type { Seat } from './seat.js';

/** What to wait for. */
export interface ReadyOptions {
  /** Gives up: the promise rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /**
   * Wait also until a payload of so many bytes finds room; up to 46 need none. Room is given in the order of asking. A request that
   * does not fit holds back later ones for bytes, until no room has come back for 10 ms (doubling up to 1 s with each time).
   */
  bytes?: number | undefined;
}

/** What a neuron needs of its bus. */
export interface NeuronHost {
  readonly native: NativeBus;
  readonly outbox: Outbox;
  readonly arena: Arena;
  /** False once the bus is closed. */
  readonly open: boolean;
  readonly axonSlots: number;
  ready(seat: Seat, options: ReadyOptions | undefined): Promise<void>;
  reader(seat: Seat, options: ReaderOptions | undefined): AxonReader;
}

const neuronId = integer(0, SPIKE.broadcast - 1);

/** A neuron of a bus, from `register` to `unregister`. Only handles are safe: an id may be given to another neuron later. */
export class Neuron {
  readonly #host: NeuronHost;
  readonly #outbox: Outbox;
  readonly #seat: Seat;
  readonly #card: AgentCard;

  private constructor(host: NeuronHost, seat: Seat, card: AgentCard) {
    this.#host = host;
    this.#outbox = host.outbox;
    this.#seat = seat;
    this.#card = card;
  }

  /** @internal */
  static make(host: NeuronHost, seat: Seat, card: AgentCard): Neuron {
    return new Neuron(host, seat, card);
  }

  /** Its id while it is registered. */
  get id(): NeuronId {
    return this.#seat.id;
  }

  /** What it said about itself. */
  get card(): AgentCard {
    return this.#card;
  }

  /** Whether it is no longer registered, or its bus closed. */
  get closed(): boolean {
    return !(this.#seat.open && this.#host.open);
  }

  /** How many spikes it has fired; u32, wrapping. The next one carries this number. */
  get sequence(): number {
    return this.#seat.fired;
  }

  /** The arena of its bus. */
  get arena(): Arena {
    return this.#host.arena;
  }

  /**
   * The potential of its membrane.
   *
   * @throws E_UNKNOWN_NEURON, E_CLOSED
   */
  get potential(): number {
    this.#check();
    return guarded(() => this.#host.native.potential(this.#seat.id));
  }

  /**
   * Fires one spike, delivered in the next tick at the earliest. The bytes are copied before it returns.
   *
   * @param target a handle, or an id 0 to 65,534, which the cortex looks up
   * @throws E_BACK_PRESSURE while `axonSlots` spikes of this neuron are not done, E_OUT_OF_SPACE when the arena has no room for a
   *   payload above 46 bytes, E_OUT_OF_RANGE, E_UNKNOWN_OPTION, E_UNKNOWN_NEURON for a stale handle or one of another bus, E_CLOSED
   */
  fire(target: Neuron | NeuronId, payload: Payload, options?: FireOptions): void {
    if (!this.#outbox.emit(this.#seat, Neuron.address(this.#outbox, target), payload, options)) throw this.#full();
  }

  /**
   * Fires one spike if there is credit.
   *
   * @returns false where {@link fire} throws E_BACK_PRESSURE, and means nothing else by false
   * @throws what {@link fire} throws otherwise
   */
  tryFire(target: Neuron | NeuronId, payload: Payload, options?: FireOptions): boolean {
    return this.#outbox.emit(this.#seat, Neuron.address(this.#outbox, target), payload, options);
  }

  /**
   * Fires one spike to every outgoing synapse. It takes one credit.
   *
   * @throws what {@link fire} throws
   */
  broadcast(payload: Payload, options?: FireOptions): void {
    if (!this.#outbox.emit(this.#seat, SPIKE.broadcast, payload, options)) throw this.#full();
  }

  /**
   * Resolves when there is credit and, if `bytes` is given, arena room. Does not keep the process alive. Rejects with the signal's
   * reason; with E_OUT_OF_SPACE at once for more bytes than the arena holds; with E_OUT_OF_RANGE, E_UNKNOWN_OPTION,
   * E_UNKNOWN_NEURON, E_CLOSED.
   */
  async ready(options?: ReadyOptions): Promise<void> {
    this.#check();
    this.#outbox.check();
    await this.#host.ready(this.#seat, options);
  }

  /**
   * A reader of this neuron's axon: all that it fires from now on.
   *
   * @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION, E_BUSY when 64 reliable readers are open, E_UNKNOWN_NEURON, E_CLOSED
   */
  reader(options?: ReaderOptions): AxonReader {
    this.#check();
    return this.#host.reader(this.#seat, options);
  }

  /**
   * The id that a target means.
   *
   * @internal
   * @throws E_CLOSED, before anything about the target; E_UNKNOWN_NEURON, E_OUT_OF_RANGE
   */
  static address(outbox: Outbox, target: unknown): NeuronId {
    outbox.check();
    if (typeof target === 'number') return neuronId(target, 'neuron id');
    if (typeof target !== 'object' || target === null || !(#seat in target)) {
      throw refusal('neuron', target, 'a Neuron of this bus, or an id: whole numbers 0 to 65534');
    }
    if (target.#outbox !== outbox) throw foreign(target.#seat.id);
    if (!target.#seat.open) throw target.#seat.gone();
    return target.#seat.id;
  }

  #check(): void {
    if (!this.#host.open) throw closed('bus');
    if (!this.#seat.open) throw this.#seat.gone();
  }

  #full(): Error {
    const { axonSlots } = this.#host;
    const why = `neuron ${this.id} has ${axonSlots} spikes that are not done yet; wait for ready()`;
    return failure('E_BACK_PRESSURE', why, { id: this.id, axonSlots });
  }
}

function foreign(id: NeuronId): Error {
  return failure('E_UNKNOWN_NEURON', `neuron ${id} belongs to another bus`, { id });
}
