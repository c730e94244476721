/**
 * A pool as a neuron of a bus: what arrives in a tick is its input, who fires is what it says. It lives where its handlers run, on the
 * event loop, because its memory is open to the code there. Imports: `pool`, `neuron`, `spike`, `units`.
 */
import { failure } from '../../errors/index.js';
import { Neuron, type NeuronHandlers, type Outbox } from '../../neuron/index.js';
import { NeuronPool } from '../../pool/index.js';
import type { NeuronId, Spike } from '../../spike/index.js';
import { refusal } from '../../units/index.js';
import { type Bridge, checkBridge } from './bridge.js';
import { Intake } from './intake.js';
import { Outflow } from './outflow.js';

/** What a population needs of its bus. */
export interface PopulationHost {
  /** Which neurons are those of this bus. */
  readonly outbox: Outbox;
  /** Most payloads that wait for credit. */
  readonly axonSlots: number;
  /** The weight of a synapse, if there is one. */
  weight(pre: NeuronId, post: NeuronId): number | undefined;
}

const NOBODY = new Uint32Array();

/** Which neuron a pool is: of one bus at a time, or it would tick twice. */
const places = new WeakMap<NeuronPool, Neuron>();

/** The handlers of a pool. */
export class Population implements NeuronHandlers {
  readonly #host: PopulationHost;
  readonly #pool: NeuronPool;
  readonly #steps: number;
  readonly #intake: Intake | undefined;
  readonly #outflow: Outflow | undefined;
  /** Of the senders of this tick. */
  readonly #weights: Map<NeuronId, number> = new Map();

  /** @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION; E_UNKNOWN_NEURON for a stale `output.to`; E_BUSY for a pool that is on a bus */
  constructor(host: PopulationHost, group: NeuronPool, bridge: Bridge) {
    if (!(group instanceof NeuronPool)) throw refusal('group', group, 'a NeuronPool');
    const { steps, input, output } = checkBridge(bridge);
    if (output?.to !== undefined) Neuron.address(host.outbox, output.to);
    this.#host = host;
    this.#pool = group;
    this.#steps = steps;
    this.#intake = input === undefined ? undefined : new Intake(input, group);
    this.#outflow = output === undefined ? undefined : new Outflow(output, group, host.axonSlots);
    const place = places.get(group);
    if (place !== undefined && !place.closed) throw busy(group, place.id);
  }

  /** It is this neuron now. */
  settle(self: Neuron): void {
    places.set(this.#pool, self);
  }

  onSpike(spike: Spike, self: Neuron): void {
    if (spike.kind === 'modulatory') this.#modulate(spike.payload);
    else this.#intake?.take(spike, this.#weight(spike.source, self.id));
  }

  /** As many ticks of the pool as one of the bus has, and what they give. */
  tick(self: Neuron): void {
    this.#weights.clear();
    const fired = Array.from({ length: this.#steps }, (_, step) => {
      this.#pool.tick(step === 0 ? this.#intake?.drain() : undefined);
      return this.#outflow === undefined ? NOBODY : this.#pool.fired(this.#outflow.range);
    });
    this.#outflow?.pass(self, joined(fired));
  }

  #modulate([dopamine = 0, cortisol = 0, acetylcholine = 0]: Uint8Array): void {
    this.#pool.applyModulation({ dopamine, cortisol, acetylcholine });
  }

  /** A spike that needed no synapse comes by the weight 1. */
  #weight(source: NeuronId, self: NeuronId): number {
    const known = this.#weights.get(source);
    if (known !== undefined) return known;
    const weight = this.#host.weight(source, self) ?? 1;
    this.#weights.set(source, weight);
    return weight;
  }
}

function joined(lists: readonly Uint32Array[]): Uint32Array {
  const [first = NOBODY] = lists;
  return lists.length === 1 ? first : Uint32Array.from(lists.flatMap((list) => Array.from(list)));
}

function busy(pool: NeuronPool, id: NeuronId): Error {
  return failure('E_BUSY', `the pool ${JSON.stringify(pool.name)} is neuron ${id} of a bus already`, { id });
}
