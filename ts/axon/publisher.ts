/**
 * The one writer of a ring. Imports: `native`.
 */
import { HALF, RING } from '../native/index.js';
import type { RingMemory } from './memory.js';

const COMMIT = RING.commit >> 2;

/**
 * Publishes spikes: claim a slot, write it, commit. A claim that is not committed changes nothing but the window of lossy readers.
 * There is at most one publisher per ring.
 */
export class RingPublisher {
  readonly memory: RingMemory;
  readonly #words: Int32Array;
  readonly #mask: number;
  readonly #block: number;
  /** The next sequence. */
  #next: number;
  /** Sequences below have room, as far as the last look at the gates tells. */
  #limit: number;
  #intent: number;
  /** Where the high half of the commit cursor changes next. */
  #turn: number;

  constructor(memory: RingMemory) {
    this.memory = memory;
    this.#words = memory.words;
    this.#mask = memory.mask;
    this.#block = Math.max(1, Math.min(RING.intentBlock, memory.slots >> 1));
    this.#next = memory.commit;
    this.#limit = this.#next;
    this.#intent = memory.intent;
    this.#turn = nextTurn(this.#next);
  }

  /** How many spikes were published. */
  get position(): number {
    return this.#next;
  }

  /** The slot of the next spike; −1 while a reliable reader stands in the way. */
  claim(): number {
    const next = this.#next;
    if (next >= this.#limit && !this.#widen(1)) return -1;
    if (next >= this.#intent) this.#raise(next + this.#block);
    return next & this.#mask;
  }

  /** Makes the spike in the claimed slot visible. */
  commit(): void {
    const next = this.#next + 1;
    this.#next = next;
    if (next >= this.#turn) this.#turnOver(next - 1);
    else Atomics.store(this.#words, COMMIT, next | 0);
  }

  /**
   * The slot of the first of `count` spikes, which may wrap to slot 0; −1 while a reliable reader stands in the way.
   *
   * @param count 1 to the ring's slots
   */
  claimBatch(count: number): number {
    const next = this.#next;
    if (next + count > this.#limit && !this.#widen(count)) return -1;
    if (next + count > this.#intent) this.#raise(next + Math.max(count, this.#block));
    return next & this.#mask;
  }

  /** Makes `count` claimed spikes visible at once. */
  commitBatch(count: number): void {
    const next = this.#next;
    this.#next = next + count;
    if (this.#next >= this.#turn) this.#turnOver(next);
    else Atomics.store(this.#words, COMMIT, this.#next | 0);
  }

  /**
   * Looks at the gates. With none in use the writer may go one ring further and then looks again: so a reader that attaches
   * meanwhile, at the commit cursor it finds, is never passed.
   */
  #widen(count: number): boolean {
    this.#limit = this.memory.lowestGate(this.#next) + this.memory.slots;
    return this.#next + count <= this.#limit;
  }

  #raise(intent: number): void {
    this.memory.storeIntent(intent, this.#intent);
    this.#intent = intent;
  }

  #turnOver(previous: number): void {
    this.memory.storeCommit(this.#next, previous);
    this.#turn = nextTurn(this.#next);
  }
}

function nextTurn(position: number): number {
  return (Math.floor(position / HALF) + 1) * HALF;
}
