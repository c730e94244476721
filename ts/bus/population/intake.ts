/**
 * What spikes bring to a pool: a current for each neuron, gathered until the next tick. Imports: `units`, `pool`, `spike`.
 */
import { checkRange, type NeuronPool, type NeuronRange } from '../../pool/index.js';
import type { Spike } from '../../spike/index.js';
import { finite, integer, isFunction, refusal } from '../../units/index.js';
import type { BridgeInput } from './bridge.js';

/** Whom a spike reaches. */
type Route = (spike: Spike) => ArrayLike<number>;

/** What a weight of 1 adds to a potential, Q8.8. */
const UNIT = 64;
/** The strongest current that a tick takes. */
const [LEAST, MOST] = [-(2 ** 15), 2 ** 15 - 1];
/** Bytes of an id in a payload. */
const ID_BYTES = 2;

const strength = finite();

/** The input side of a bridge. */
export class Intake {
  readonly #range: NeuronRange;
  readonly #route: Route;
  readonly #weight: number;
  /** Of each neuron, in weights. */
  readonly #sums: Float64Array;
  /** The same as currents. */
  readonly #currents: Int16Array;
  #empty = true;

  /** @throws E_OUT_OF_RANGE */
  constructor(input: BridgeInput, pool: NeuronPool) {
    const neurons = pool.membrane.length;
    this.#range = checkRange(input.range, 'bridge.input.range', neurons);
    this.#weight = strength(input.weight, 'bridge.input.weight');
    this.#route = routeBy(input.map, this.#range);
    this.#sums = new Float64Array(neurons);
    this.#currents = new Int16Array(neurons);
  }

  /**
   * Adds what a spike brings.
   *
   * @param weight that of the synapse it came by
   * @throws E_OUT_OF_RANGE for ids outside the range; then the spike brings nothing. What the user's function throws
   */
  take(spike: Spike, weight: number): void {
    const ids = Array.from(this.#route(spike));
    const [from, to] = this.#range;
    const id = integer(from, to - 1);
    for (const neuron of ids) id(neuron, 'neuron id of a spike');
    const amount = this.#weight * weight * (spike.kind === 'inhibitory' ? -1 : 1);
    for (const neuron of ids) this.#sums[neuron] = (this.#sums[neuron] ?? 0) + amount;
    if (ids.length > 0) this.#empty = false;
  }

  /** The currents of what was gathered, each saturated; none if nothing was. What is gathered next begins at 0. */
  drain(): Int16Array | undefined {
    if (this.#empty) return undefined;
    const [from, to] = this.#range;
    for (let at = from; at < to; at++) {
      this.#currents[at] = Math.max(LEAST, Math.min(MOST, Math.round((this.#sums[at] ?? 0) * UNIT)));
    }
    this.#sums.fill(0, from, to);
    this.#empty = true;
    return this.#currents;
  }
}

/** @throws E_OUT_OF_RANGE */
function routeBy(map: BridgeInput['map'], [from, to]: NeuronRange): Route {
  if (map === undefined || map === 'list') return listed;
  if (map === 'source') return ({ source }) => (to > from ? [from + (source % (to - from))] : []);
  if (isFunction(map)) return map;
  throw refusal('bridge.input.map', map, '"list", "source", functions');
}

/** @throws E_OUT_OF_RANGE for a payload of an odd length */
function listed({ payload }: Spike): number[] {
  if (payload.length % ID_BYTES !== 0) throw refusal('bytes of a list of neurons', payload.length, 'even numbers');
  return Array.from({ length: payload.length / ID_BYTES }, (_, at) => payload.readUInt16LE(at * ID_BYTES));
}
