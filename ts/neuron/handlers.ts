/**
 * What a neuron does when it is called. Imports: `units`, `spike`.
 */
import type { Spike, SpikeBatch } from '../spike/index.js';
import { callable, record, refuseUnknown } from '../units/index.js';
import type { Neuron } from './neuron.js';
import type { Seat } from './seat.js';

/**
 * What a neuron does; an object with any of these, or an instance of a class that has them. They are looked up once, at `register`,
 * and called on the object. A handler that throws, or whose promise rejects, does not stop the bus: `bus.on('error')` tells.
 */
export interface NeuronHandlers {
  /** A spike was delivered. The view lives until the handler returns; `spike.copy()` keeps it. */
  onSpike?(spike: Spike, self: Neuron): void;
  /** Instead of `onSpike`: one call per batch of spikes that follow each other. */
  onSpikes?(batch: SpikeBatch, self: Neuron): void;
  /** A tick is over; `fired` tells whether the membrane crossed its threshold since the last call. */
  tick?(self: Neuron, fired: boolean): void;
}

const KEYS: readonly (keyof NeuronHandlers)[] = ['onSpike', 'onSpikes', 'tick'];

/**
 * Handlers as a user gives them. An instance of a class may have other members, a plain object may not.
 *
 * @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION
 */
export function checkHandlers(handlers: NeuronHandlers | undefined): NeuronHandlers {
  if (handlers === undefined) return {};
  const given = record('NeuronHandlers', handlers);
  const prototype: unknown = Object.getPrototypeOf(given);
  if (prototype === Object.prototype || prototype === null) refuseUnknown('NeuronHandlers', given, KEYS);
  for (const key of KEYS) if (given[key] !== undefined) callable(given[key], `NeuronHandlers.${key}`);
  return handlers;
}

/** A neuron as the delivery loop knows it. */
export class Receiver {
  readonly neuron: Neuron;
  readonly seat: Seat;
  /** What the handlers are called on. */
  readonly owner: NeuronHandlers;
  readonly onSpike: NeuronHandlers['onSpike'];
  readonly onSpikes: NeuronHandlers['onSpikes'];
  readonly tick: NeuronHandlers['tick'];
  /** Deliveries before this position of the inbox were meant for an earlier neuron of the same id. */
  readonly since: number;
  /** Where the column `crossed` stood at the last `tick` call, int32. */
  crossed: number;

  constructor(neuron: Neuron, seat: Seat, owner: NeuronHandlers, since: number, crossed: number) {
    this.neuron = neuron;
    this.seat = seat;
    this.owner = owner;
    this.onSpike = owner.onSpike;
    this.onSpikes = owner.onSpikes;
    this.tick = owner.tick;
    this.since = since;
    this.crossed = crossed;
  }
}
