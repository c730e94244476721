/**
 * What a bus tells its users. Imports: `spike`, `synapse`, `neuron`.
 */
import type { AgentCard, Neuron } from '../neuron/index.js';
import type { NeuronId } from '../spike/index.js';
import type { Synapse } from '../synapse/index.js';

/** Why a spike was dropped. */
export const DROP_REASONS = [
  'unknown',
  'notConnected',
  'noSynapse',
  'filtered',
  'left',
  'closed',
  'malformed',
] as const;

/**
 * `unknown` no neuron has the target's id · `notConnected` no synapse, and not `direct` · `noSynapse` a broadcast without any ·
 * `filtered` a filter of the synapse refused it · `left` the receiver was unregistered meanwhile · `closed` the bus was closed ·
 * `malformed` a record that is no spike, which only foreign memory can hold.
 */
export type DropReason = (typeof DROP_REASONS)[number];

/** One dropped spike; several alike, if one tick drops more than 65,536. */
export interface DropEvent {
  readonly reason: DropReason;
  /** Who fired it; of several, 0xFFFF if they have not all the same source and target. */
  readonly source: NeuronId;
  /** Who would have received it; 0xFFFF for a broadcast that met no one. */
  readonly target: NeuronId;
  /** Its number among the spikes of its source; of several, that of the first. */
  readonly sequence: number;
  /** How many it stands for, if more than one: what the listeners hear of adds up to `stats().dropped`. */
  readonly count?: number;
}

/**
 * Counts since the bus was made. In manual mode at every moment, and whenever a started bus is quiet:
 * fired = delivered + refused + the sum of dropped + inFlight.
 */
export interface BusStats {
  /** Addressed spikes: a unicast counts 1, a broadcast one per target that it met (1 if none). */
  readonly fired: number;
  /** Taken by a receiver, whose handler, if it has one, was called. */
  readonly delivered: number;
  /** Attempts that ended in E_BACK_PRESSURE (or false) or E_OUT_OF_SPACE. */
  readonly refused: number;
  /** Standing in waiting queues of refractory neurons now; part of inFlight. */
  readonly deferred: number;
  /** By reason. */
  readonly dropped: Readonly<Record<DropReason, number>>;
  /** On their way now. */
  readonly inFlight: number;
  /** Ticks finished. */
  readonly ticks: number;
  /** Ticks of a fixed rate that were given up: at most 10 late ones are made up in a row. */
  readonly lateTicks: number;
  /** Handlers and predicates that threw, and promises of handlers that rejected. */
  readonly handlerErrors: number;
  /** Registered now. */
  readonly neurons: number;
}

/** What some ticks did. */
export interface TickReport {
  /** How many ticks were finished: fewer than asked for when a handler closed the bus. */
  readonly ticks: number;
  /** Spikes delivered in them. */
  readonly delivered: number;
  /** Spikes dropped since the end of the tick before them. */
  readonly dropped: number;
  /** Spikes on their way at their end. */
  readonly inFlight: number;
}

/** The events of a bus and what their listeners get. */
export interface BusEvents {
  /** A handler threw, or its promise rejected; `neuron` is whose. Without a listener it becomes an unhandled rejection. */
  error: [error: unknown, neuron: Neuron | undefined];
  /** A spike was dropped. */
  drop: [event: DropEvent];
  /** A synapse was pruned; it tells its last weight. */
  prune: [synapse: Synapse];
  /** A neuron of another thread or process is gone. No bus has such neurons yet, so nothing tells of it yet. */
  left: [card: AgentCard];
}

/** Hears an event. */
export type BusListener<E extends keyof BusEvents> = (...args: BusEvents[E]) => void;
