/**
 * Filters as they live on this side: what was given for each synapse, and the predicates of custom filters, which run right before
 * the receiver's handler. Imports: `errors`, `spike`.
 */
import { failure } from '../errors/index.js';
import type { NeuronId, Spike } from '../spike/index.js';
import type { Filter } from './options.js';

/** Lets a spike through or not. */
export type Predicate = (spike: Spike) => boolean;

/** A registered predicate; registering its name again replaces what is inside. */
interface Named {
  readonly name: string;
  predicate: Predicate;
}

/** The filters of one bus. */
export class FilterBook {
  readonly #named: Map<string, Named> = new Map();
  readonly #given: Map<number, readonly Filter[]> = new Map();
  readonly #custom: Map<number, readonly Named[]> = new Map();

  /** Whether no synapse has a custom filter. */
  get idle(): boolean {
    return this.#custom.size === 0;
  }

  /** Registers a predicate, or replaces the one of this name. */
  register(name: string, predicate: Predicate): void {
    const found = this.#named.get(name);
    if (found === undefined) this.#named.set(name, { name, predicate });
    else found.predicate = predicate;
  }

  /** @throws E_UNKNOWN_FILTER for a custom filter whose name is not registered */
  check(filters: readonly Filter[]): void {
    this.#resolve(filters);
  }

  /** Notes the filters of a synapse, checked before. */
  set(pre: NeuronId, post: NeuronId, filters: readonly Filter[]): void {
    this.forget(pre, post);
    if (filters.length === 0) return;
    this.#given.set(pairKey(pre, post), filters);
    const custom = this.#resolve(filters);
    if (custom.length > 0) this.#custom.set(pairKey(pre, post), custom);
  }

  /** The filters of a synapse, as they were given. */
  get(pre: NeuronId, post: NeuronId): Filter[] {
    return [...(this.#given.get(pairKey(pre, post)) ?? [])];
  }

  /** Whether filters are noted for this pair. */
  has(pre: NeuronId, post: NeuronId): boolean {
    return this.#given.has(pairKey(pre, post));
  }

  /** The synapse is gone. */
  forget(pre: NeuronId, post: NeuronId): void {
    this.#given.delete(pairKey(pre, post));
    this.#custom.delete(pairKey(pre, post));
  }

  /** All synapses of a neuron are gone. */
  forgetNeuron(id: NeuronId): void {
    for (const key of this.#given.keys()) {
      const [pre, post] = [Math.floor(key / PAIR), key % PAIR];
      if (pre === id || post === id) this.forget(pre, post);
    }
  }

  /**
   * Whether the custom filters of the synapse let a spike through.
   *
   * @throws what a predicate throws
   */
  passes(pre: NeuronId, post: NeuronId, spike: Spike): boolean {
    const custom = this.#custom.get(pairKey(pre, post));
    return custom === undefined || custom.every((each) => each.predicate(spike));
  }

  #resolve(filters: readonly Filter[]): Named[] {
    return filters.filter((each) => each.type === 'custom').map(({ name }) => this.#find(name));
  }

  #find(name: string): Named {
    const found = this.#named.get(name);
    if (found !== undefined) return found;
    const known = [...this.#named.keys()];
    const allowed = known.length > 0 ? known.join(', ') : 'none is registered yet (bus.registerFilter)';
    throw failure('E_UNKNOWN_FILTER', `no filter is registered as ${JSON.stringify(name)}; known: ${allowed}`, {
      name,
      known,
    });
  }
}

/** Ids are below this. */
const PAIR = 0x10000;

function pairKey(pre: NeuronId, post: NeuronId): number {
  return pre * PAIR + post;
}
