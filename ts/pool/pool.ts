/**
 * A population of integer neurons that learns by three factors (NP-1 to NP-28). Imports: `native`, `errors`, `units`.
 */
import { guarded } from '../errors/index.js';
import { addon, type NativePool } from '../native/index.js';
import { finite, integer, optional, parse, type Table, text, word } from '../units/index.js';
import { shorts } from './arrays.js';
import { checkConfig, mode, type PoolConfig, type PoolMode, readConfig } from './config.js';
import { readWhole, writeWhole } from './file.js';
import {
  checkLevels,
  checkRange,
  checkSignal,
  type Levels,
  level,
  type NeuronRange,
  SILENT,
  type Signal,
  SPIKED,
} from './signal.js';
import { type PoolStats, readStats } from './stats.js';
import { apart, type PoolColumns, type PoolRows, viewColumns, viewRows } from './views.js';

/** What a modulation did (NP-14). */
export interface Modulated {
  /** Synapses that were reinforced. */
  readonly reinforced: number;
  /** Synapses that were weakened. */
  readonly weakened: number;
}

/** How a file is read. */
export interface PoolLoadOptions {
  /** By which rules a pool of a file of version 1 lives, which does not say. Default `'product'`. */
  mode?: PoolMode | undefined;
}

const MAX_NEURONS = 65_536;
const LOAD = { mode: optional(mode) } satisfies Table;
const neuronCount = integer(1, MAX_NEURONS);
const share = finite(0, 1);

/**
 * Integer leaky integrate-and-fire neurons, four fifths of which excite, and the synapses between them. A tick is a whole step of
 * all of them; what a neuron sends arrives 1 to 8 ticks later.
 *
 * The columns are the pool's own memory: reading them costs nothing, writing to them between ticks sets the state (so they are no
 * place for asynchronous input, which writes when it likes). They stay readable when the pool is gone.
 */
export class NeuronPool implements PoolColumns, PoolRows {
  readonly name: string;
  /** What it was made with, the defaults included. */
  readonly config: Readonly<PoolConfig>;
  /** Potentials, Q8.8. */
  readonly membrane: Int16Array;
  /** Potentials at which they fire, Q8.8. */
  readonly threshold: Int16Array;
  /** How fast they leak: (rest − potential) / 2^(8 − min(leak, 7)) in a tick. */
  readonly leak: Uint8Array;
  /** Ticks in which they still take nothing. */
  readonly refractory: Uint8Array;
  /** Bit 0: inhibitory. Bits 1 and 2: 0 regular, 1 fast, 2 bursting. */
  readonly flags: Uint8Array;
  /** How much they fired lately. */
  readonly trace: Int8Array;
  readonly #native: NativePool;
  #rows: PoolRows;

  private constructor(native: NativePool) {
    this.#native = native;
    this.name = native.name;
    this.config = readConfig(native.config);
    const { membrane, threshold, leak, refractory, flags, trace } = viewColumns(native);
    this.membrane = membrane;
    this.threshold = threshold;
    this.leak = leak;
    this.refractory = refractory;
    this.flags = flags;
    this.trace = trace;
    this.#rows = viewRows(native);
  }

  /**
   * A pool in which each neuron has a synapse to each other one with a probability of `density`; of a row that would be longer than
   * `maxSynapses`, so many stay, by chance as well (NP-19).
   *
   * @param name at most 65,535 bytes
   * @param neurons 1 to 65,536
   * @param density 0 to 1, such that there are at most about 268 million synapses
   * @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION
   */
  static withRandomConnectivity(
    name: string,
    neurons: number,
    density: number,
    config?: { [K in keyof PoolConfig]?: PoolConfig[K] | undefined },
  ): NeuronPool {
    const [label, count] = [text(name, 'name'), neuronCount(neurons, 'neurons')];
    const [chance, init] = [share(density, 'density'), checkConfig(config)];
    return new NeuronPool(guarded(() => addon().Pool.random(label, count, chance, init)));
  }

  /**
   * The pool of a `.pool` file, version 1 or 2. One of version 2 goes on bit for bit where it was saved (NP-24).
   *
   * @throws E_IO, E_CORRUPT, E_OUT_OF_RANGE, E_UNKNOWN_OPTION
   */
  static async load(path: string, options?: PoolLoadOptions): Promise<NeuronPool> {
    const place = word(path, 'path');
    const { mode: rules } = parse('options', options, LOAD);
    const file = await readWhole(place);
    return new NeuronPool(guarded(() => addon().Pool.load(file, rules === 'compat')));
  }

  /** Where the row of each neuron begins, and at the end how many synapses there are: neurons + 1 entries (NP-7). */
  get rowPtr(): Uint32Array {
    return this.#rows.rowPtr;
  }

  /**
   * The synapses, row by row, 8 bytes each: target u16, weight i8, delay u8, eligibility i8, maturity u8 (stage in bits 0 and 1, steps
   * above), two reserved. Eligibilities are brought up to date when this is read, and by `applyModulation`; a tick does not look at
   * them. When synapses grow or are pruned, this and `rowPtr` are new arrays; those taken before stay as they were.
   */
  get synapses(): Uint8Array {
    guarded(() => this.#native.settle());
    return this.#rows.synapses;
  }

  /**
   * One step of all neurons.
   *
   * @param input a current (Q8.8) for each neuron; none if it is missing or empty
   * @returns how many fired
   * @throws E_OUT_OF_RANGE
   */
  tick(input?: Int16Array): number {
    const currents = input === undefined ? undefined : apart(shorts(input, 'input'));
    return guarded(() => this.#native.tick(currents));
  }

  /**
   * Adds a signal to what each neuron of a range takes in the next tick: its magnitude counts as a weight.
   *
   * @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION
   */
  inject(range: NeuronRange, signal: Signal): void {
    const [from, to] = checkRange(range, 'range', this.membrane.length);
    const { polarity, magnitude } = checkSignal(signal);
    guarded(() => this.#native.inject(from, to, polarity, magnitude));
  }

  /**
   * What the neurons of a range gave in the last tick: `{ polarity: 1, magnitude: 255 }` for a spike, else zero.
   *
   * @throws E_OUT_OF_RANGE
   */
  readOutput(range: NeuronRange): Signal[] {
    const [from, to] = checkRange(range, 'range', this.membrane.length);
    const signals: Signal[] = Array.from({ length: to - from }, () => ({ ...SILENT }));
    for (const neuron of this.fired([from, to])) signals[neuron - from] = { ...SPIKED };
    return signals;
  }

  /**
   * Which neurons of a range fired in the last tick, ascending. Default: all neurons.
   *
   * @throws E_OUT_OF_RANGE
   */
  fired(range?: NeuronRange): Uint32Array {
    const [from, to] =
      range === undefined ? [0, this.membrane.length] : checkRange(range, 'range', this.membrane.length);
    return guarded(() => this.#native.fired(from, to));
  }

  /**
   * Changes each weight by the eligibility of its synapse × the modulators (NP-12 to NP-14).
   *
   * @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION
   */
  applyModulation(levels: Levels): Modulated {
    const [dopamine, cortisol, acetylcholine] = checkLevels(levels);
    return guarded(() => this.#native.applyModulation(dopamine, cortisol, acetylcholine));
  }

  /**
   * Lets synapses grow between neurons that fire together, from an acetylcholine of 140 on (NP-15).
   *
   * @returns how many grew
   * @throws E_OUT_OF_RANGE
   */
  synaptogenesis(acetylcholine: number): number {
    const given = level(acetylcholine, 'acetylcholine');
    return this.#changed(guarded(() => this.#native.synaptogenesis(given)));
  }

  /** Removes the synapses that have lost all their steps (NP-18); returns how many there were. */
  pruneDead(): number {
    return this.#changed(guarded(() => this.#native.pruneDead()));
  }

  /** The pool in figures. */
  stats(): PoolStats {
    return readStats(this.#native);
  }

  /**
   * Writes a `.pool` file of version 2 that holds all of it, as it is at the moment of the call. The file is there whole or not at
   * all.
   *
   * @throws E_IO; E_CORRUPT if flags, rows or synapses were overwritten with what no pool has; E_OUT_OF_RANGE
   */
  async save(path: string): Promise<void> {
    const place = word(path, 'path');
    const file = guarded(() => this.#native.save());
    await writeWhole(place, file);
  }

  /** Rows have moved if any synapse came or went. */
  #changed(count: number): number {
    if (count > 0) this.#rows = viewRows(this.#native);
    return count;
  }
}
