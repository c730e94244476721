/**
 * What a neuron's place on the bus counts. Imports: `errors`.
 */
import { failure, type NeuronBusError } from '../errors/index.js';
import type { NeuronId } from '../spike/index.js';

/** The place of one neuron, from its registration to its end. */
export class Seat {
  readonly id: NeuronId;
  /** Where the column `done` stood at registration, int32. */
  readonly base: number;
  /** False once the neuron is unregistered or the bus closed. */
  open = true;
  /** Spikes fired, u32, wrapping: the next sequence number. */
  fired = 0;

  constructor(id: NeuronId, base: number) {
    this.id = id;
    this.base = base;
  }

  /** How many of its spikes are not done, given the column `done` of now. */
  owed(done: number): number {
    return (this.fired + this.base - done) >>> 0;
  }

  /** @returns the error of a call on a neuron that is gone */
  gone(): NeuronBusError {
    return failure('E_UNKNOWN_NEURON', `neuron ${this.id} has been unregistered`, { id: this.id });
  }
}
