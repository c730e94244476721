/**
 * What a spike is to its users. Imports: nothing.
 */

/** The id of a neuron: a whole number 0 to 65,534. Freed ids are given again: only handles are safe. */
export type NeuronId = number;

/** What a spike does: adds its synapse's weight, subtracts it, or sets the learning gain of the receiver. */
export type SpikeKind = 'excitatory' | 'inhibitory' | 'modulatory';

/** Anything that JSON can express. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };

/**
 * What a spike carries: a string (sent in UTF-8), bytes (as they are), or anything else that JSON can express. Up to 46 bytes
 * travel inline, more through the arena; nothing is ever truncated.
 */
export type Payload = string | Uint8Array | JsonValue;

/** One message of 64 bytes, seen in place. It lives until its batch is released; {@link Spike.copy} keeps it. */
export interface Spike {
  /** Time of firing, ns of the bus's clock. */
  readonly timestampNs: bigint;
  /** How many spikes its source had fired before; u32, wrapping. */
  readonly sequence: number;
  /** Who fired it. */
  readonly source: NeuronId;
  /** Who it was fired to; 0xFFFF for a broadcast. */
  readonly target: NeuronId;
  /** What it does. */
  readonly kind: SpikeKind;
  /** 0 to 255; filters compare it. */
  readonly priority: number;
  /** The 64 bytes, zero-copy. */
  readonly bytes: Buffer;
  /** What it carries, zero-copy, exact length. Length 0 when the arena that held it is closed. */
  readonly payload: Buffer;
  /** The payload, read in UTF-8. */
  text(): string;
  /**
   * The payload read by `JSON.parse`.
   *
   * @throws SyntaxError if it is not JSON (a string payload is sent as it is, without quotes)
   */
  json<T = JsonValue>(): T;
  /** A spike that owns its bytes, its arena payload too. */
  copy(): Spike;
}

/** A spike to be published on a bare {@link Axon}. What is not given is 0, excitatory, empty. */
export interface SpikeInit {
  /** Time of firing, ns, 0 to 2^64 − 1. */
  timestampNs?: bigint | undefined;
  /** u32. */
  sequence?: number | undefined;
  /** 0 to 65,534. */
  source?: NeuronId | undefined;
  /** 0 to 65,535 (broadcast). */
  target?: NeuronId | undefined;
  /** Default `'excitatory'`. */
  kind?: SpikeKind | undefined;
  /** 0 to 255. */
  priority?: number | undefined;
  /** At most 46 bytes: a bare axon has no arena. */
  payload?: Payload | undefined;
}
