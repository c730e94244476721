/**
 * The hot path of `fire`: writes a spike into the outbox of the bridge, in place, and commits it by one store
 * (`docs/boundary.md`, protocol "fire"). Imports: `errors`, `native`, `spike`, `axon`, `arena`.
 */
import { isOutOfSpace, withRoom } from '../arena/index.js';
import { type RingMemory, RingPublisher } from '../axon/index.js';
import { closed } from '../errors/index.js';
import { type BridgeMemory, type NativeBus, SPIKE } from '../native/index.js';
import {
  arenaTag,
  checkModulatory,
  clearTail,
  inlineTag,
  isBytes,
  jsonText,
  type Payload,
  SPIKE_BYTES,
  type SpikeRegion,
  writeAscii,
  writeBytes,
} from '../spike/index.js';
import { type FireOptions, fireStyle, STYLE } from './options.js';
import type { Seat } from './seat.js';

/** Length that stands for a payload in the arena. */
const IN_ARENA = -1;

/** Spikes that are stamped from the clock word before it is read anew here: the driver's thread may be without a core. */
const STAMPS = 32;

/** What the outbox needs of its bus. */
export interface OutboxHost {
  readonly native: NativeBus;
  /** Refreshes the clock and wakes the driver. */
  readonly touch: () => void;
  readonly manualClock: boolean;
  readonly axonSlots: number;
  /** Moves what was released and fired on its way; whether anything was released. */
  settle(): boolean;
  /** The first spike since {@link Outbox.quiet} was set. */
  stirred(): void;
}

/** The outbox of one bus in this environment. */
export class Outbox {
  /** False from `close()` on. */
  open = true;
  /** Set by who wants to hear of the next spike. */
  quiet = false;
  /** Attempts refused for want of credit or arena room. */
  refused = 0;
  readonly #host: OutboxHost;
  readonly #memory: BridgeMemory;
  readonly #ring: RingPublisher;
  readonly #region: SpikeRegion;
  readonly #stamps: Float64Array;
  readonly #flags: Uint16Array;
  /** How many more spikes may trust the clock word. */
  #stampsLeft = STAMPS;

  constructor(host: OutboxHost, memory: BridgeMemory, ring: RingMemory) {
    const { buffer, base, slots } = ring.region;
    this.#host = host;
    this.#memory = memory;
    this.#ring = new RingPublisher(ring);
    this.#region = ring.region;
    this.#stamps = new Float64Array(buffer, base, (slots * SPIKE_BYTES) >> 3);
    this.#flags = new Uint16Array(memory.buffer, memory.base + memory.layout.outboxFlags, slots);
  }

  /** How many spikes were fired, all neurons together. */
  get fired(): number {
    return this.#ring.position;
  }

  /**
   * Fires one spike.
   *
   * @returns false for want of credit, and only then
   * @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION, E_OUT_OF_SPACE, E_UNKNOWN_NEURON, E_CLOSED
   */
  emit(seat: Seat, target: number, payload: Payload, options: FireOptions | undefined): boolean {
    this.check();
    const style = options === undefined ? 0 : fireStyle(options);
    const body = typeof payload === 'string' || isBytes(payload) ? payload : jsonText(payload);
    // Options and payloads may have code of the user in them, which may have closed the bus.
    this.check();
    if (!seat.open) throw seat.gone();
    const kind = style & STYLE.kind;
    if (kind !== 0) checkModulatory(kind, typeof body === 'string' ? Buffer.byteLength(body) : body.length);
    const slot = this.hasCredit(seat) || this.#regainsCredit(seat) ? this.#claim() : this.#refuse();
    if (slot < 0) return false;
    this.#write(seat, slot, target, body, style);
    this.#flags[slot] = style & STYLE.direct ? 1 : 0;
    this.#ring.commit();
    seat.fired = (seat.fired + 1) >>> 0;
    if (this.#memory.asleep) this.#host.touch();
    if (this.quiet) this.#stir();
    return true;
  }

  /** @throws E_CLOSED */
  check(): void {
    if (!this.open) throw closed('bus');
  }

  /** Whether a neuron has credit, as far as the cortex has told. */
  hasCredit(seat: Seat): boolean {
    return (seat.fired + seat.base - this.#memory.done(seat.id)) >>> 0 < this.#host.axonSlots;
  }

  #regainsCredit(seat: Seat): boolean {
    this.#host.settle();
    return this.hasCredit(seat);
  }

  #claim(): number {
    const slot = this.#ring.claim();
    if (slot >= 0) return slot;
    // By credit there is room in the axons for all that stands here.
    this.#host.settle();
    const second = this.#ring.claim();
    return second >= 0 ? second : this.#refuse();
  }

  #refuse(): number {
    this.refused++;
    return -1;
  }

  #write(seat: Seat, slot: number, target: number, body: string | Uint8Array, style: number): void {
    const at = slot * SPIKE_BYTES;
    const length = typeof body === 'string' ? this.#putText(at, body) : this.#putBytes(at, body);
    const { data } = this.#region;
    const kind = style & STYLE.kind;
    data.setUint32(at + SPIKE.sequence, seat.fired, true);
    data.setUint16(at + SPIKE.source, seat.id, true);
    data.setUint16(at + SPIKE.target, target, true);
    data.setUint8(at + SPIKE.tag, length === IN_ARENA ? arenaTag(kind) : inlineTag(kind, length));
    data.setUint8(at + SPIKE.priority, style >> STYLE.priorityShift);
    if (!this.#host.manualClock && (!this.#memory.awake || --this.#stampsLeft === 0)) this.#readClock();
    this.#memory.copyClock(this.#stamps, (at + SPIKE.timestampNs) >> 3);
  }

  #readClock(): void {
    this.#stampsLeft = STAMPS;
    this.#host.touch();
  }

  #putText(at: number, text: string): number {
    const { length } = text;
    if (length <= SPIKE.inlineBytes) {
      clearTail(this.#region, at, length);
      if (writeAscii(this.#region.bytes, at + SPIKE.payload, text)) return length;
    }
    return this.#putBytes(at, Buffer.from(text, 'utf8'));
  }

  #putBytes(at: number, bytes: Uint8Array): number {
    const { length } = bytes;
    if (length > SPIKE.inlineBytes) return this.#putInArena(at, bytes);
    clearTail(this.#region, at, length);
    writeBytes(this.#region.bytes, at + SPIKE.payload, bytes, length);
    return length;
  }

  #putInArena(at: number, bytes: Uint8Array): number {
    this.#store(bytes);
    const { data } = this.#region;
    clearTail(this.#region, at, 0);
    data.setUint8(at + SPIKE.payload, SPIKE.arenaMarker);
    data.setInt32(at + SPIKE.arenaOffset, this.#memory.scratch(0), true);
    data.setInt32(at + SPIKE.arenaOffset + 4, this.#memory.scratch(1), true);
    data.setInt32(at + SPIKE.arenaLen, this.#memory.scratch(2), true);
    data.setInt32(at + SPIKE.arenaRefSlot, this.#memory.scratch(3), true);
    return IN_ARENA;
  }

  #store(bytes: Uint8Array): void {
    const { native } = this.#host;
    try {
      withRoom(this.#host, () => native.arenaStore(bytes));
    } catch (error) {
      if (isOutOfSpace(error)) this.refused++;
      throw error;
    }
  }

  #stir(): void {
    this.quiet = false;
    this.#host.stirred();
  }
}
