/**
 * The ring alone: one writer, any number of readers, no bus. Imports: `errors`, `units`, `spike`.
 */
import { closed, failure } from '../errors/index.js';
import { aligned } from '../native/index.js';
import { checkFrames, frameOf, isBytes, SPIKE_BYTES, type SpikeInit } from '../spike/index.js';
import { bytes, flag, integer, option, parse, powerOfTwo, refusal, type Table } from '../units/index.js';
import { RingMemory } from './memory.js';
import { RingPublisher } from './publisher.js';
import { type AxonReader, openReader, type ReaderOptions } from './reader.js';
import { Signal } from './signal.js';
import { claimGate, type RingSource } from './source.js';

/** How an axon is made. */
export interface AxonOptions {
  /** Length of the ring in spikes: a power of two, 2 to 2^24. Default 1,024. */
  slots?: number | undefined;
  /** Whether its memory can be seen by other threads. Either value gives shared memory. Default false. */
  shared?: boolean | undefined;
}

/** Most slots of a ring: 1 GiB. */
export const MAX_SLOTS: number = 2 ** 24;

const OPTIONS = { slots: option(powerOfTwo(2, MAX_SLOTS), 1_024), shared: option(flag, false) } satisfies Table;

/** A ring of spikes with one writer (this object) and any number of readers. It has no arena: payloads have at most 46 bytes. */
export class Axon implements Disposable {
  /** Length of the ring in spikes. */
  readonly slots: number;
  readonly #memory: RingMemory;
  readonly #ring: RingPublisher;
  readonly #signal: Signal = new Signal();
  readonly #source: RingSource;
  #open = true;

  /** @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION, E_OUT_OF_SPACE */
  constructor(options?: AxonOptions) {
    const { slots } = parse('AxonOptions', options, OPTIONS);
    const memory = allocate(slots);
    this.slots = slots;
    this.#memory = memory;
    this.#ring = new RingPublisher(memory);
    const [claim, free] = [(): number => claimGate(memory), (gate: number): void => memory.freeGate(gate)];
    this.#source = { memory, signal: this.#signal, claimGate: claim, freeGate: free };
  }

  /**
   * Publishes one spike.
   *
   * @param spike 64 bytes, or the fields of a spike
   * @throws E_BACK_PRESSURE while a reliable reader stands in the way, E_OUT_OF_RANGE, E_UNKNOWN_OPTION, E_CLOSED
   */
  publish(spike: Uint8Array | SpikeInit): void {
    if (!this.tryPublish(spike)) throw this.#full(1);
  }

  /**
   * Publishes one spike if there is room.
   *
   * @returns false while a reliable reader stands in the way, and only then
   * @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION, E_CLOSED
   */
  tryPublish(spike: Uint8Array | SpikeInit): boolean {
    if (!this.#open) throw closed('axon');
    // An argument that is not there is no spike, where an option that is not there has its default.
    const frame = isBytes(spike) ? spike : frameOf(spike ?? null);
    if (frame.length !== SPIKE_BYTES) throw refusal('spike, bytes', frame.length, `exactly ${SPIKE_BYTES}`);
    checkFrames(frame, 1);
    const slot = this.#ring.claim();
    if (slot < 0) return false;
    this.#memory.region.bytes.set(frame, slot * SPIKE_BYTES);
    this.#ring.commit();
    if (this.#signal.armed) this.#signal.notify();
    return true;
  }

  /**
   * Publishes many spikes at once: a reader sees none of them or all.
   *
   * @param spikes records of 64 bytes, one after the other
   * @param count how many of them; default all. None does nothing
   * @throws E_BACK_PRESSURE while there is no room for all, E_OUT_OF_RANGE for more than the ring is long, E_CLOSED
   */
  publishBatch(spikes: Uint8Array, count?: number): void {
    if (!this.#open) throw closed('axon');
    const wanted = this.#count(bytes(spikes, 'spikes'), count);
    if (wanted === 0) return;
    checkFrames(spikes, wanted);
    const first = this.#ring.claimBatch(wanted);
    if (first < 0) throw this.#full(wanted);
    this.#write(spikes, first, wanted);
    this.#ring.commitBatch(wanted);
    if (this.#signal.armed) this.#signal.notify();
  }

  /**
   * A reader that starts at now.
   *
   * @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION, E_BUSY when 64 reliable readers are open, E_CLOSED
   */
  reader(options?: ReaderOptions): AxonReader {
    if (!this.#open) throw closed('axon');
    return openReader(this.#source, options);
  }

  /** Ends publishing. Readers give what is left, then their iterations end. More than once does nothing more. */
  close(): void {
    this.#open = false;
    this.#memory.close();
    this.#signal.notify();
  }

  /** {@link close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  #count(spikes: Uint8Array, count: number | undefined): number {
    if (spikes.length % SPIKE_BYTES !== 0) throw refusal('spikes, bytes', spikes.length, `multiples of ${SPIKE_BYTES}`);
    const held = spikes.length / SPIKE_BYTES;
    const wanted = count === undefined ? held : integer(0, held)(count, 'count');
    if (wanted > this.slots) throw refusal('spikes of a batch', wanted, `0 to ${this.slots}, the length of the ring`);
    return wanted;
  }

  #write(spikes: Uint8Array, first: number, count: number): void {
    const { bytes: slots } = this.#memory.region;
    const straight = Math.min(count, this.slots - first) * SPIKE_BYTES;
    const end = count * SPIKE_BYTES;
    slots.set(straight === spikes.length ? spikes : spikes.subarray(0, straight), first * SPIKE_BYTES);
    if (straight < end) slots.set(spikes.subarray(straight, end));
  }

  #full(count: number): Error {
    const why = `no room for ${count} of ${this.slots} slots: a reliable reader has not released them`;
    return failure('E_BACK_PRESSURE', why, { count, slots: this.slots });
  }
}

function allocate(slots: number): RingMemory {
  const requested = RingMemory.bytes(slots);
  try {
    const { buffer, base } = aligned(requested);
    return RingMemory.format(buffer, base, slots);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw failure(
      'E_OUT_OF_SPACE',
      `the system does not give ${requested} bytes of shared memory`,
      { requested },
      cause,
    );
  }
}
