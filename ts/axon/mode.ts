/**
 * The two kinds of reader behind {@link AxonReader}. There is no third, silent kind. Imports: `spike`.
 */

import { SPIKE } from '../native/index.js';
import { type BatchOwner, inArena, MAX_VIEWS, SPIKE_BYTES, SpikeBatch, type SpikeRegion } from '../spike/index.js';
import { type Copied, LossyCursor, ReliableCursor } from './cursor.js';
import type { LeaseKeeper, RingSource } from './source.js';

/** Most spikes that a lossy reader copies in one poll, unless it is asked for more. */
const LOSSY_POLL = 4_096;

/** How a reader reads. */
export interface Mode {
  poll(max: number | undefined): SpikeBatch;
  /** A reader of its own that stands where this one stands. */
  clone(): Mode;
  /** Whether everything published was polled. */
  readonly drained: boolean;
  close(): void;
}

/** Reads in place behind a gate. */
export class ReliableMode implements Mode, BatchOwner {
  readonly #source: RingSource;
  readonly #cursor: ReliableCursor;
  #batch: SpikeBatch | undefined;

  constructor(source: RingSource, gate: number = source.claimGate()) {
    this.#source = source;
    this.#cursor = new ReliableCursor(source.memory, gate);
  }

  get drained(): boolean {
    return this.#cursor.available() === 0;
  }

  poll(max: number | undefined): SpikeBatch {
    this.#batch?.release();
    const count = Math.min(this.#cursor.available(), max ?? MAX_VIEWS, MAX_VIEWS);
    const { region, mask } = this.#source.memory;
    const batch = SpikeBatch.make(region, this.#cursor.position & mask, count, 0, this);
    this.#cursor.take(count);
    this.#batch = batch;
    return batch;
  }

  released(): void {
    this.#batch = undefined;
    if (this.#cursor.position === this.#cursor.released) return;
    this.#cursor.release(this.#cursor.position);
    this.#source.released?.();
  }

  clone(): Mode {
    const { memory } = this.#source;
    const gate = this.#source.claimGate();
    // The writer cannot pass the position that the new gate moves back to: the gate of the original stands there or before.
    memory.storeGate(gate, this.#cursor.position, memory.gate(gate));
    memory.countClone();
    return new ReliableMode(this.#source, gate);
  }

  close(): void {
    this.#batch?.release();
    this.#source.freeGate(this.#cursor.gate);
    this.#source.released?.();
  }
}

/** Reads copies beside the writer. */
export class LossyMode implements Mode, BatchOwner {
  readonly #source: RingSource;
  readonly #cursor: LossyCursor;
  #batch: SpikeBatch | undefined;
  #leases: number[] = [];

  constructor(source: RingSource, position: number = source.memory.commit) {
    this.#source = source;
    this.#cursor = new LossyCursor(source.memory, position);
  }

  get drained(): boolean {
    return this.#cursor.drained;
  }

  poll(max: number | undefined): SpikeBatch {
    this.#batch?.release();
    const copied = this.#cursor.take(Math.min(max ?? LOSSY_POLL, MAX_VIEWS));
    const region = this.#cursor.region(copied.length);
    const { first, length, lagged } = this.#keepPayloads(region, copied);
    const batch = SpikeBatch.make(region, first, length, lagged, this);
    this.#batch = batch;
    return batch;
  }

  released(): void {
    this.#batch = undefined;
    for (const lease of this.#leases) this.#source.leases?.unlease(lease);
    this.#leases = [];
  }

  clone(): Mode {
    return new LossyMode(this.#source, this.#cursor.position);
  }

  close(): void {
    this.#batch?.release();
  }

  #keepPayloads(region: SpikeRegion, copied: Copied): Copied {
    const { leases } = this.#source;
    return leases === undefined ? copied : this.#leaseAll(region, copied, leases);
  }

  /** Holds the arena payloads of the copies; those whose payload is gone are taken out and counted as lagged. */
  #leaseAll(region: SpikeRegion, { first, length, lagged }: Copied, keeper: LeaseKeeper): Copied {
    const { bytes, data } = region;
    let kept = first;
    for (let slot = first; slot < first + length; slot++) {
      const at = slot * SPIKE_BYTES;
      if (inArena(data.getUint8(at + SPIKE.tag))) {
        const lease = keeper.lease(data, at);
        if (lease === undefined) continue;
        this.#leases.push(lease);
      }
      if (kept !== slot) bytes.copyWithin(kept * SPIKE_BYTES, at, at + SPIKE_BYTES);
      kept++;
    }
    return { first, length: kept - first, lagged: lagged + first + length - kept };
  }
}
