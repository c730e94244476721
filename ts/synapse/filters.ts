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

/** What a synapse asked during a part of its life: of spikes at these positions of the inbox, from `since` on, before `until`. */
interface Rule {
  readonly custom: readonly Named[];
  readonly since: number;
  until: number;
}

/**
 * The filters of one bus. A predicate is asked of all that was routed while its synapse had it, also when that reaches the receiver
 * after the synapse was changed or removed: so a rule is kept until nothing in the inbox is as old as it.
 */
export class FilterBook {
  readonly #named: Map<string, Named> = new Map();
  readonly #given: Map<number, readonly Filter[]> = new Map();
  readonly #rules: Map<number, readonly Rule[]> = new Map();
  /** Pairs with rules that have ended, in the order of their ends. */
  readonly #ended: { readonly key: number; readonly until: number }[] = [];
  /** Neurons that left, whose last spikes may be under way: the cortex keeps their synapses for these. */
  readonly #leaving: Set<NeuronId> = new Set();

  /** Whether no predicate has to be asked of anything. */
  get idle(): boolean {
    return this.#rules.size === 0;
  }

  /** Whether rules of neurons that left wait for {@link forgetLeaving}. */
  get leaving(): boolean {
    return this.#leaving.size > 0;
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

  /**
   * Notes the filters of a synapse, checked before.
   *
   * @param since what stands before this position of the inbox was routed before them
   * @param until what stands from here on was routed with them and not by those they replace. Between the two nobody can tell: there
   *   both are asked, so that none is passed by
   */
  set(pre: NeuronId, post: NeuronId, filters: readonly Filter[], since: number, until: number): void {
    this.forget(pre, post, until);
    if (filters.length === 0) return;
    const key = pairKey(pre, post);
    this.#given.set(key, filters);
    const custom = this.#resolve(filters);
    if (custom.length > 0) this.#rules.set(key, [...this.#rulesOf(key), { custom, since, until: Infinity }]);
  }

  /** The filters of a synapse, as they were given. */
  get(pre: NeuronId, post: NeuronId): Filter[] {
    return [...(this.#given.get(pairKey(pre, post)) ?? [])];
  }

  /** Whether filters are noted for this pair. */
  has(pre: NeuronId, post: NeuronId): boolean {
    return this.#given.has(pairKey(pre, post));
  }

  /** The synapse is gone: nothing that stands from position `until` of the inbox on was routed by it. */
  forget(pre: NeuronId, post: NeuronId, until: number): void {
    const key = pairKey(pre, post);
    this.#given.delete(key);
    const rules = this.#rulesOf(key);
    for (const rule of rules) {
      if (rule.until <= until) continue;
      rule.until = until;
      this.#ended.push({ key, until });
    }
    this.#keep(
      key,
      rules.filter((rule) => rule.since < rule.until),
    );
  }

  /** A neuron has left: no spike reaches it any more, but what it fired is still delivered, by its synapses. */
  leave(id: NeuronId): void {
    for (const key of this.#given.keys()) {
      if (key % PAIR === id) this.#drop(key);
      else if (Math.floor(key / PAIR) === id) this.#leaving.add(id);
    }
  }

  /** An id is given again: nothing of its old owner is under way. */
  arrive(id: NeuronId): void {
    if (!this.#leaving.delete(id)) return;
    for (const key of this.#given.keys()) if (Math.floor(key / PAIR) === id) this.#drop(key);
  }

  /** Nothing at all is under way, so nothing of neurons that left. */
  forgetLeaving(): void {
    for (const id of this.#leaving) this.arrive(id);
  }

  /** Everything before this position of the inbox has its verdict. */
  sweep(position: number): void {
    if (this.#ended.length === 0) return;
    const passed = this.#ended.findIndex(({ until }) => until > position);
    const over = this.#ended.splice(0, passed < 0 ? this.#ended.length : passed);
    for (const { key } of over) {
      this.#keep(
        key,
        this.#rulesOf(key).filter(({ until }) => until > position),
      );
    }
  }

  /**
   * Whether the custom filters of the synapse let a spike through that stands at a position of the inbox.
   *
   * @throws what a predicate throws
   */
  passes(pre: NeuronId, post: NeuronId, spike: Spike, position: number): boolean {
    const rules = this.#rules.get(pairKey(pre, post));
    if (rules === undefined) return true;
    return rules.every(
      ({ custom, since, until }) =>
        position < since || position >= until || custom.every((each) => each.predicate(spike)),
    );
  }

  #rulesOf(key: number): readonly Rule[] {
    return this.#rules.get(key) ?? [];
  }

  #keep(key: number, rules: readonly Rule[]): void {
    if (rules.length > 0) this.#rules.set(key, rules);
    else this.#rules.delete(key);
  }

  #drop(key: number): void {
    this.#given.delete(key);
    this.#rules.delete(key);
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
