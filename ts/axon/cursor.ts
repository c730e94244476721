/**
 * The two ways to read a ring: behind a gate that the writer waits for, or beside it. Imports: `spike`.
 */
import { SPIKE_BYTES, SpikeRegion } from '../spike/index.js';
import type { RingMemory } from './memory.js';

/** Reads in place. The writer never overwrites what has not been released. */
export class ReliableCursor {
  readonly memory: RingMemory;
  readonly gate: number;
  /** First sequence not taken yet. */
  #next: number;
  /** Sequences below were published when the cursor last looked. */
  #seen: number;
  /** Where the gate stands. */
  #released: number;

  /** @param gate a gate of its own, which stands where reading starts */
  constructor(memory: RingMemory, gate: number) {
    this.memory = memory;
    this.gate = gate;
    this.#next = memory.gate(gate);
    this.#seen = this.#next;
    this.#released = this.#next;
  }

  /** First sequence not taken yet. */
  get position(): number {
    return this.#next;
  }

  /** First sequence that the gate protects. */
  get released(): number {
    return this.#released;
  }

  /** How many published spikes follow each other in memory from {@link position} on. */
  available(): number {
    if (this.#seen === this.#next) this.#seen = this.#next + this.memory.published(this.#next);
    return Math.min(this.#seen - this.#next, this.memory.slots - (this.#next & this.memory.mask));
  }

  /** Goes on by `count` spikes, which stay protected until they are released. */
  take(count: number): void {
    this.#next += count;
  }

  /** Lets the writer overwrite everything before `position`. */
  release(position: number): void {
    if (position === this.#released) return;
    this.memory.storeGate(this.gate, position, this.#released);
    this.#released = position;
  }
}

/** What a lossy cursor copied. */
export interface Copied {
  /** First place in its region. */
  readonly first: number;
  readonly length: number;
  readonly lagged: number;
}

/** Reads copies. The writer does not wait; what it overwrote before it was copied is counted exactly. */
export class LossyCursor {
  readonly memory: RingMemory;
  #next: number;
  #region: SpikeRegion | undefined;
  readonly #scratch: Int32Array = new Int32Array(1);

  /** @param position where reading starts */
  constructor(memory: RingMemory, position: number) {
    this.memory = memory;
    this.#next = position;
  }

  /** First sequence not taken yet. */
  get position(): number {
    return this.#next;
  }

  /** Whether everything published was taken. */
  get drained(): boolean {
    return this.#next >= this.memory.commit;
  }

  /** The private memory that the copies lie in, for at least `slots` spikes. */
  region(slots: number): SpikeRegion {
    if (this.#region === undefined || this.#region.slots < slots) {
      const room = Math.min(this.memory.slots, 2 ** Math.ceil(Math.log2(Math.max(slots, 64))));
      this.#region = new SpikeRegion(new ArrayBuffer(room * SPIKE_BYTES), 0, room, this.memory.region.arena);
    }
    return this.#region;
  }

  /** Copies at most `max` spikes. */
  take(max: number): Copied {
    let lagged = 0;
    for (;;) {
      lagged += this.#skip();
      // The writer may have gone a whole ring on since the line above: more than a ring cannot be copied.
      const count = Math.min(this.memory.commit - this.#next, max, this.memory.slots);
      if (count <= 0) return { first: 0, length: 0, lagged };
      this.#copy(count);
      const spoilt = Math.min(this.#spoilt(), count);
      this.#next += count;
      if (spoilt < count) return { first: spoilt, length: count - spoilt, lagged: lagged + spoilt };
      lagged += count;
    }
  }

  /** Goes past what is overwritten already. */
  #skip(): number {
    const lost = Math.max(0, this.memory.intent - this.memory.slots - this.#next);
    this.#next += lost;
    return lost;
  }

  #copy(count: number): void {
    const { bytes } = this.memory.region;
    const target = this.region(count).bytes;
    const first = this.#next & this.memory.mask;
    const straight = Math.min(count, this.memory.slots - first);
    target.set(bytes.subarray(first * SPIKE_BYTES, (first + straight) * SPIKE_BYTES));
    if (straight < count) target.set(bytes.subarray(0, (count - straight) * SPIKE_BYTES), straight * SPIKE_BYTES);
  }

  /** How many of the copies, from the first on, the writer may have spoilt. */
  #spoilt(): number {
    // The plain loads of the copy must be done before intent is read. A load-acquire does not hold back earlier loads, a store-release
    // does, and a load-acquire behind a store-release is never moved before it: so a store to a word of our own stands between.
    Atomics.store(this.#scratch, 0, 0);
    return Math.max(0, this.memory.intent - this.memory.slots - this.#next);
  }
}
