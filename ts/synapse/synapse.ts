/**
 * A synapse as users see it: a pair of ids, read and changed in place. Imports: `errors`, `units`, `spike`.
 */
import { failure, guarded } from '../errors/index.js';
import type { SynapseState } from '../native/index.js';
import type { NeuronId } from '../spike/index.js';
import type { FilterBook } from './filters.js';
import { type CheckedConnect, checkConnect, type Filter, type StdpOptions, type StdpPatch } from './options.js';

/** What a synapse needs of its bus. */
export interface SynapseHost {
  readonly filters: FilterBook;
  /** @throws E_CLOSED */
  state(pre: NeuronId, post: NeuronId): SynapseState | undefined;
  /** @throws E_CLOSED, E_OUT_OF_RANGE, E_UNKNOWN_NEURON */
  change(pre: NeuronId, post: NeuronId, options: CheckedConnect): void;
}

/** A connection from one neuron to another. It is live: each read shows what is now, each write acts at once. */
export class Synapse {
  /** Whose spikes it carries. */
  readonly pre: NeuronId;
  /** Who receives them. */
  readonly post: NeuronId;
  readonly #host: SynapseHost;
  readonly #lastWeight: number | undefined;

  private constructor(host: SynapseHost, pre: NeuronId, post: NeuronId, lastWeight?: number) {
    this.#host = host;
    this.pre = pre;
    this.post = post;
    this.#lastWeight = lastWeight;
  }

  /** @internal */
  static make(host: SynapseHost, pre: NeuronId, post: NeuronId, lastWeight?: number): Synapse {
    return new Synapse(host, pre, post, lastWeight);
  }

  /**
   * How much a spike adds to the receiver's potential, in [wMin, wMax]. The synapse of a `prune` event tells its last weight.
   *
   * @throws E_NOT_CONNECTED when the synapse is gone, E_OUT_OF_RANGE, E_CLOSED
   */
  get weight(): number {
    return this.#lastWeight ?? this.#state().weight;
  }

  set weight(value: number) {
    this.#change({ weight: value });
  }

  /**
   * How it learns; false: not at all. Setting changes what is given and keeps the rest.
   *
   * @throws E_NOT_CONNECTED when the synapse is gone, E_OUT_OF_RANGE, E_UNKNOWN_OPTION, E_CLOSED
   */
  get stdp(): StdpOptions | false {
    return this.#state().stdp ?? false;
  }

  set stdp(value: StdpPatch | false) {
    this.#change({ stdp: value });
  }

  /**
   * What a spike must pass; a copy of what was given.
   *
   * @throws E_NOT_CONNECTED when the synapse is gone, E_OUT_OF_RANGE, E_UNKNOWN_OPTION, E_UNKNOWN_FILTER, E_CLOSED
   */
  get filters(): Filter[] {
    this.#state();
    return this.#host.filters.get(this.pre, this.post);
  }

  set filters(value: readonly Filter[]) {
    this.#change({ filters: value });
  }

  #change(options: Record<string, unknown>): void {
    this.#state();
    // A setter has no default: undefined is refused here, where an option would keep its value.
    const given = Object.entries(options).map(([key, value]) => [key, value === undefined ? null : value]);
    this.#host.change(this.pre, this.post, checkConnect('Synapse', Object.fromEntries(given)));
  }

  #state(): SynapseState {
    const found = guarded(() => this.#host.state(this.pre, this.post));
    if (found !== undefined && this.#lastWeight === undefined) return found;
    const [pre, post] = [this.pre, this.post];
    throw failure('E_NOT_CONNECTED', `there is no synapse from ${pre} to ${post}, or no longer`, { pre, post });
  }
}
