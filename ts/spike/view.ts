/**
 * Spikes as users see them: a flyweight over shared memory, and the copy that outlives it. Imports: `native`.
 */
import { HALF, SPIKE } from '../native/index.js';
import { inArena, kindOf, payloadLength, SPIKE_BYTES } from './codec.js';
import type { NeuronId, Spike, SpikeKind } from './types.js';

const EMPTY: Buffer = Buffer.alloc(0);

/** Gives the bytes of payloads that lie in an arena. */
export interface ArenaWindow {
  /** Zero-copy; length 0 when the arena is closed or has no such bytes. */
  view(offset: number, length: number): Buffer;
}

/** Memory that holds spikes side by side, from byte `base` of `buffer` on. */
export interface SpikeMemory {
  readonly buffer: ArrayBufferLike;
  readonly base: number;
  readonly data: DataView;
  readonly text: Buffer;
  readonly arena: ArenaWindow | undefined;
  slice(slot: number, count: number): Buffer;
}

/** The spike at one place of a region. Every getter reads the memory when it is asked. */
export class SpikeView implements Spike {
  readonly slot: number;
  readonly #region: SpikeMemory;
  readonly #at: number;
  #bytes: Buffer | undefined;

  constructor(region: SpikeMemory, slot: number) {
    this.slot = slot;
    this.#region = region;
    this.#at = slot * SPIKE_BYTES;
    this.#bytes = undefined;
  }

  get timestampNs(): bigint {
    return this.#region.data.getBigUint64(this.#at + SPIKE.timestampNs, true);
  }

  get sequence(): number {
    return this.#region.data.getUint32(this.#at + SPIKE.sequence, true);
  }

  get source(): NeuronId {
    return this.#region.data.getUint16(this.#at + SPIKE.source, true);
  }

  get target(): NeuronId {
    return this.#region.data.getUint16(this.#at + SPIKE.target, true);
  }

  get kind(): SpikeKind {
    return kindOf(this.#tag);
  }

  get priority(): number {
    return this.#region.data.getUint8(this.#at + SPIKE.priority);
  }

  get bytes(): Buffer {
    this.#bytes ??= this.#region.slice(this.slot, 1);
    return this.#bytes;
  }

  get payload(): Buffer {
    const tag = this.#tag;
    if (inArena(tag)) return this.#arenaPayload();
    const { buffer, base } = this.#region;
    return Buffer.from(buffer, base + this.#at + SPIKE.payload, payloadLength(tag));
  }

  text(): string {
    const tag = this.#tag;
    if (inArena(tag)) return this.#arenaPayload().toString('utf8');
    const begin = this.#at + SPIKE.payload;
    return this.#region.text.toString('utf8', begin, begin + payloadLength(tag));
  }

  json<T>(): T {
    return JSON.parse(this.text());
  }

  copy(): Spike {
    return new SpikeCopy(this);
  }

  get #tag(): number {
    return this.#region.data.getUint8(this.#at + SPIKE.tag);
  }

  #arenaPayload(): Buffer {
    const { data, arena } = this.#region;
    const at = this.#at;
    const low = data.getUint32(at + SPIKE.arenaOffset, true);
    const high = data.getUint32(at + SPIKE.arenaOffset + 4, true);
    return arena?.view(high * HALF + low, data.getUint32(at + SPIKE.arenaLen, true)) ?? EMPTY;
  }
}

/** A spike that owns its bytes. */
class SpikeCopy implements Spike {
  readonly timestampNs: bigint;
  readonly sequence: number;
  readonly source: NeuronId;
  readonly target: NeuronId;
  readonly kind: SpikeKind;
  readonly priority: number;
  readonly bytes: Buffer;
  readonly payload: Buffer;

  constructor(spike: Spike) {
    this.timestampNs = spike.timestampNs;
    this.sequence = spike.sequence;
    this.source = spike.source;
    this.target = spike.target;
    this.kind = spike.kind;
    this.priority = spike.priority;
    this.bytes = Buffer.from(spike.bytes);
    this.payload = Buffer.from(spike.payload);
  }

  text(): string {
    return this.payload.toString('utf8');
  }

  json<T>(): T {
    return JSON.parse(this.text());
  }

  copy(): Spike {
    return new SpikeCopy(this);
  }
}
