/**
 * The memory for payloads above 46 bytes. Imports: `errors`, `units`.
 */
import { closed, failure, guarded, NeuronBusError } from '../errors/index.js';
import type { ArenaStats, NativeBus } from '../native/index.js';
import { bytes as bytesCheck, refusal } from '../units/index.js';
import { Lease } from './lease.js';
import { type ArenaRef, checkRef } from './ref.js';
import type { ArenaMemory } from './window.js';

/** What an arena needs of its bus. */
export interface ArenaHost {
  readonly native: NativeBus;
  readonly window: ArenaMemory;
  readonly open: boolean;
  /** Lets go what released batches still hold; whether there was anything. */
  settle(): boolean;
  /** Room may have come back. */
  freed(): void;
}

/**
 * Shared memory of one bus. `fire` uses it by itself for payloads above 46 bytes; by hand it keeps bytes that outlive a spike.
 * After `bus.close()` every call throws E_CLOSED, but for {@link release} and the disposal of leases, which are quiet.
 */
export class Arena {
  readonly #host: ArenaHost;

  private constructor(host: ArenaHost) {
    this.#host = host;
  }

  /** @internal */
  static make(host: ArenaHost): Arena {
    return new Arena(host);
  }

  /** Live bytes, rounded as allocated. */
  get used(): number {
    return this.#stats().used;
  }

  /** Bytes that it holds at most. */
  get capacity(): number {
    return this.#stats().capacity;
  }

  /** The most live bytes there ever were, rounded as allocated. */
  get highWater(): number {
    return this.#stats().highWater;
  }

  /** How often it was reset. */
  get epoch(): number {
    return this.#stats().epoch;
  }

  /**
   * Copies bytes into the arena. The reference returned is one that {@link release} gives back.
   *
   * @throws E_OUT_OF_RANGE for no bytes, E_OUT_OF_SPACE, E_CLOSED
   */
  write(bytes: Uint8Array): ArenaRef {
    const { native } = this.#check();
    if (bytesCheck(bytes, 'bytes').length === 0) throw refusal('bytes of a payload', 0, '1 and more');
    return Object.freeze(withRoom(this.#host, () => native.arenaWrite(bytes)));
  }

  /**
   * Borrows a payload.
   *
   * @throws E_STALE_REF, E_OUT_OF_RANGE, E_UNKNOWN_OPTION, E_CLOSED
   */
  read(ref: ArenaRef): Lease {
    const host = this.#check();
    const checked = checkRef(ref);
    const lease = guarded(() => host.native.arenaLease(checked));
    return Lease.make(host.window.view(checked.offset, checked.length), () => this.#unlease(lease));
  }

  /**
   * Counts one more reference.
   *
   * @throws E_STALE_REF, E_OUT_OF_RANGE, E_UNKNOWN_OPTION, E_CLOSED
   */
  addRef(ref: ArenaRef): void {
    const { native } = this.#check();
    const checked = checkRef(ref);
    guarded(() => native.arenaAddRef(checked));
  }

  /**
   * Gives one reference back.
   *
   * @returns true when it was the last; false after close
   * @throws E_STALE_REF, E_OUT_OF_RANGE, E_UNKNOWN_OPTION
   */
  release(ref: ArenaRef): boolean {
    const { native, open } = this.#host;
    if (!open) return false;
    const checked = checkRef(ref);
    const last = guarded(() => native.arenaRelease(checked));
    if (last) this.#host.freed();
    return last;
  }

  /**
   * Frees everything at once and begins a new epoch: every reference is stale.
   *
   * @throws E_BUSY with leases open, or spikes in flight that hold references; E_CLOSED
   */
  reset(): void {
    const host = this.#check();
    host.settle();
    guarded(() => host.native.arenaReset());
    host.freed();
  }

  #unlease(lease: number): void {
    const { native, open } = this.#host;
    if (!open) return;
    guarded(() => native.arenaUnlease(lease));
    this.#host.freed();
  }

  #stats(): ArenaStats {
    const host = this.#check();
    host.settle();
    return guarded(() => host.native.arenaStats());
  }

  #check(): ArenaHost {
    if (!this.#host.open) throw closed('bus');
    return this.#host;
  }
}

/**
 * Stores in the arena. The addon looks by itself for what it can take back; only what this side has not told it of, which is what
 * handlers under way are done with, makes a second attempt worth its exception.
 *
 * @throws E_OUT_OF_SPACE
 */
export function withRoom<T>(host: Pick<ArenaHost, 'settle'>, store: () => T): T {
  try {
    return guarded(store);
  } catch (error) {
    if (!isOutOfSpace(error) || !host.settle()) throw error;
    return guarded(store);
  }
}

/** Whether an error says that the arena has no room. */
export function isOutOfSpace(error: unknown): boolean {
  return error instanceof NeuronBusError && error.code === 'E_OUT_OF_SPACE';
}

/**
 * Refuses to wait for what can never fit.
 *
 * @throws E_OUT_OF_SPACE
 */
export function checkFits(native: NativeBus, requested: number): void {
  const { capacity, largest } = native.arenaStats();
  if (requested <= largest) return;
  const why = `${requested} bytes never fit: the arena holds ${capacity}, in one payload ${largest}`;
  throw failure('E_OUT_OF_SPACE', why, { requested, capacity, largest });
}
