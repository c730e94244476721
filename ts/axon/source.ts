/**
 * What a reader needs to know of the ring that it reads. Imports: `errors`.
 */
import { failure } from '../errors/index.js';
import { RING } from '../native/index.js';
import type { RingMemory } from './memory.js';
import type { Signal } from './signal.js';

/** Keeps arena payloads for lossy readers. */
export interface LeaseKeeper {
  /** A lease on the payload of the record at `at`; undefined if it is gone. */
  lease(data: DataView, at: number): number | undefined;
  unlease(lease: number): void;
}

/** A ring and those around it. */
export interface RingSource {
  readonly memory: RingMemory;
  /** Woken when something was published, and at close. */
  readonly signal: Signal;
  /** Payloads above 46 bytes, if the ring carries them. */
  readonly leases?: LeaseKeeper;
  /** A gate that stands at now. */
  claimGate(): number;
  freeGate(gate: number): void;
  /** Brings in what stands before the ring; called when a poll found nothing. */
  refill?(): void;
  /** A gate has moved. */
  released?(): void;
}

/**
 * Takes a gate of a ring that this event loop writes, and sets it to now.
 *
 * @throws E_BUSY when all gates are in use
 */
export function claimGate(memory: RingMemory): number {
  const gate = memory.claimGate();
  if (gate < 0)
    throw failure('E_BUSY', `all ${RING.maxReaders} gates are in use; close a reliable reader`, {
      gates: RING.maxReaders,
    });
  // Until the position is stored the writer sees the one of the gate's last owner, which is older: it waits too early, never too late.
  let position: number;
  do {
    position = memory.commit;
    memory.storeGate(gate, position, memory.gate(gate));
  } while (memory.intent > position + memory.slots);
  return gate;
}
