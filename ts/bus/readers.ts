/**
 * Readers of neurons' axons. Imports: `axon`, `arena`, `neuron`.
 */
import { refOf } from '../arena/index.js';
import {
  type AxonReader,
  claimGate,
  type LeaseKeeper,
  openReader,
  type ReaderOptions,
  RingMemory,
  type RingSource,
} from '../axon/index.js';
import { guarded } from '../errors/index.js';
import type { Seat } from '../neuron/index.js';
import type { Core } from './core.js';

/** The axons that were looked at, one source each. */
export class Readers {
  readonly #core: Core;
  readonly #sources: WeakMap<Seat, RingSource> = new WeakMap();
  readonly #leases: LeaseKeeper;

  constructor(core: Core) {
    this.#core = core;
    this.#leases = {
      lease: (data, at) => this.#lease(data, at),
      unlease: (lease) => {
        if (!core.open) return;
        core.native.arenaUnlease(lease);
        core.freed();
      },
    };
  }

  /**
   * A reader of the axon of a neuron.
   *
   * @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION, E_BUSY
   */
  open(seat: Seat, options: ReaderOptions | undefined): AxonReader {
    // What was fired before now is before the reader, also what still stands in the outbox.
    this.#core.settle();
    let source = this.#sources.get(seat);
    if (source === undefined) {
      source = this.#source(seat);
      this.#sources.set(seat, source);
    }
    return openReader(source, options);
  }

  #source(seat: Seat): RingSource {
    const core = this.#core;
    const { native, signal, window } = core;
    const buffer = guarded(() => native.axonBuffer(seat.id));
    const memory = new RingMemory(buffer, 0, window);
    // Once the neuron has left, its id may be another's; but what it fired stays, and is held back by gates, until it is read.
    const lives = (): boolean => core.open && seat.open;
    return {
      memory,
      signal,
      leases: this.#leases,
      claimGate: () => (lives() ? guarded(() => native.axonClaimGate(seat.id)) : claimGate(memory)),
      freeGate: (gate) => {
        if (lives()) guarded(() => native.axonReleaseGate(seat.id, gate));
        else memory.freeGate(gate);
      },
      refill: () => {
        if (!core.started) core.settle();
      },
      released: () => {
        if (core.open) this.#tell();
      },
    };
  }

  /** A gate has moved: somebody may have credit again. */
  #tell(): void {
    const core = this.#core;
    if (core.memory.asleep) core.touch();
    if (core.started || core.waiters.idle) return;
    core.settle();
    core.waiters.check();
  }

  #lease(data: DataView, at: number): number | undefined {
    const core = this.#core;
    if (!core.open) return undefined;
    try {
      return core.native.arenaLease(refOf(data, at));
    } catch {
      return undefined;
    }
  }
}
