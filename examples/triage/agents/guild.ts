/**
 * What the agents share: how they find each other, and the latency of what they hear. Imports: `neuronbus`.
 */
import type { NeuronBus, NeuronId, Spike } from 'neuronbus';
import { Latency } from '../latency.js';

/** The agents of one bus. */
export class Guild {
  /** Latency of all that any of them heard. */
  readonly latency: Latency;
  readonly #bus: NeuronBus;
  readonly #found: Map<string, NeuronId> = new Map();

  constructor(bus: NeuronBus) {
    this.#bus = bus;
    this.latency = new Latency(bus);
  }

  /** An agent with this capability; asks the bus only once for each. */
  who(capability: string): NeuronId {
    const known = this.#found.get(capability);
    if (known !== undefined) return known;
    const [card] = this.#bus.discover({ capability });
    if (card === undefined) throw new Error(`No agent can ${capability}.`);
    this.#found.set(capability, card.id);
    return card.id;
  }

  /** A handler has been called. */
  heard(spike: Spike): void {
    this.latency.note(spike);
  }
}
