/**
 * Neurons and synapses that run in bursts (FE-15 to FE-22). Imports: `native`, `errors`, `units`, `pool`.
 */
import { failure, guarded } from '../errors/index.js';
import { addon, type NativeBursts } from '../native/index.js';
import { floats, readWhole, type SynapseInputs, words, writeWhole } from '../pool/index.js';
import { Emitter, finite, integer, word } from '../units/index.js';
import type { Burst, BurstStats } from './burst.js';
import { type BurstConnectome, checkConnectome, readConnectome } from './connectome.js';
import type { BurstEvents, BurstListener } from './events.js';
import { checkNeuronPatch, checkNeurons, type NeuronColumns, type NeuronPatch } from './neurons.js';
import { type BurstOptions, type BurstOptionsInit, checkOptions, checkRate } from './options.js';
import { Pace } from './pace.js';
import { checkRule, Hebb, type PlasticityRule, runRules } from './rule.js';
import { checkColumns, checkPatch, type SynapsePatch } from './synapses.js';

/** How a file is read. */
export type BurstLoadOptions = Pick<BurstOptionsInit, 'rateHz'>;

const potentialOf = finite();
const age = integer(0, 2 ** 32 - 1);

/**
 * Neurons that integrate and fire, synapse by synapse, in steps: who fires in a burst reaches its targets in the next one. Ids are
 * dense from 0 in the order of adding, and never used again.
 *
 * A rule may look at the engine that it learns for, but not change it: such a call throws E_REENTRANT.
 */
export class BurstEngine {
  /** How it runs. Of a file: its seed to 53 bits. */
  readonly options: Readonly<BurstOptions>;
  readonly #native: NativeBursts;
  readonly #listeners = new Emitter<BurstEvents>({ burst: [], error: [] });
  readonly #pace: Pace;
  /** Those that are written in JavaScript. */
  readonly #rules: PlasticityRule[] = [];
  #inRule = false;

  /** @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION */
  constructor(options?: BurstOptionsInit);
  /** @internal */
  constructor(options: BurstOptionsInit | undefined, native: NativeBursts);
  constructor(options?: BurstOptionsInit, native?: NativeBursts) {
    const { rateHz, ...init } = checkOptions(options);
    this.#native = native ?? guarded(() => new (addon().Bursts)(init));
    this.options = Object.freeze({ rateHz, ...this.#native.options });
    this.#pace = new Pace(rateHz, () => this.#step());
  }

  /**
   * The engine of a file: each burst from now on is that of the engine that was saved, once it uses the same rules.
   *
   * @throws E_IO, E_CORRUPT, E_OUT_OF_RANGE, E_UNKNOWN_OPTION
   */
  static async load(path: string, options?: BurstLoadOptions): Promise<BurstEngine> {
    const place = word(path, 'path');
    const rateHz = checkRate(options);
    const file = await readWhole(place);
    return new BurstEngine(
      { rateHz },
      guarded(() => addon().Bursts.load(file)),
    );
  }

  /**
   * An engine with these neurons, at rest, and these synapses, under the same ids. An id that is left out costs the memory of one that
   * is not (about 100 bytes), and is never given to another.
   *
   * @throws E_OUT_OF_RANGE for numbers that none can have, other lengths, ids that do not ascend or do not exist, or above 1,048,576 and
   * sixteen times as many as there are; E_OUT_OF_SPACE, E_UNKNOWN_OPTION
   */
  static import(connectome: BurstConnectome, options?: BurstOptionsInit): BurstEngine {
    const { rateHz, ...init } = checkOptions(options);
    const all = checkConnectome(connectome);
    return new BurstEngine(
      { rateHz },
      guarded(() => addon().Bursts.import(init, all)),
    );
  }

  /** All neurons and synapses there are: copies. */
  export(): BurstConnectome {
    return readConnectome(guarded(() => this.#native.export()));
  }

  /**
   * Adds neurons, at rest.
   *
   * @returns their ids
   * @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION, E_REENTRANT
   */
  addNeurons(neurons: NeuronColumns): Uint32Array {
    this.#mayChange('addNeurons');
    const columns = checkNeurons(neurons, 'neurons');
    return guarded(() => this.#native.addNeurons(columns));
  }

  /**
   * Changes what neurons are like; their potentials stay. Of one that stands in `ids` twice, the last entry counts.
   *
   * @throws E_OUT_OF_RANGE, also for a neuron that there is not; E_UNKNOWN_OPTION, E_REENTRANT
   */
  updateNeurons(ids: Uint32Array, neurons: NeuronPatch): void {
    this.#mayChange('updateNeurons');
    const which = words(ids, 'ids');
    const columns = checkNeuronPatch(neurons, which.length);
    guarded(() => this.#native.updateNeurons(which, columns));
  }

  /**
   * Removes neurons, and the synapses that begin or end at them. What there is not is skipped.
   *
   * @returns how many neurons
   * @throws E_OUT_OF_RANGE, E_REENTRANT
   */
  removeNeurons(ids: Uint32Array): number {
    this.#mayChange('removeNeurons');
    const which = words(ids, 'ids');
    return guarded(() => this.#native.removeNeurons(which));
  }

  /**
   * Adds synapses. One that is not valid gets an id, and does not count.
   *
   * @returns their ids
   * @throws E_OUT_OF_RANGE, also for a neuron that there is not; E_OUT_OF_SPACE for more than 33,025 synapses at one target;
   * E_UNKNOWN_OPTION, E_REENTRANT
   */
  addSynapses(synapses: SynapseInputs): Uint32Array {
    this.#mayChange('addSynapses');
    const columns = checkColumns(synapses);
    return guarded(() => this.#native.addSynapses(columns));
  }

  /**
   * Changes synapses, under the same ids. Of one that stands in `ids` twice, the last entry counts.
   *
   * @throws E_OUT_OF_RANGE, also for a synapse or a neuron that there is not; E_OUT_OF_SPACE, E_UNKNOWN_OPTION, E_REENTRANT
   */
  updateSynapses(ids: Uint32Array, synapses: SynapsePatch): void {
    this.#mayChange('updateSynapses');
    const which = words(ids, 'ids');
    const columns = checkPatch(synapses, which.length);
    guarded(() => this.#native.updateSynapses(which, columns));
  }

  /**
   * Removes synapses. What there is not is skipped.
   *
   * @returns how many
   * @throws E_OUT_OF_RANGE, E_REENTRANT
   */
  removeSynapses(ids: Uint32Array): number {
    this.#mayChange('removeSynapses');
    const which = words(ids, 'ids');
    return guarded(() => this.#native.removeSynapses(which));
  }

  /**
   * Learns by one rule more, from the next burst on. Rules written in JavaScript run first, in the order in which they came; then those
   * of this package ({@link hebb}), likewise.
   *
   * @throws E_OUT_OF_RANGE, E_REENTRANT
   */
  use(rule: PlasticityRule): void {
    this.#mayChange('use');
    const checked = checkRule(rule);
    if (!(checked instanceof Hebb)) this.#rules.push(checked);
    else guarded(() => this.#native.useHebb(checked.potentiation, checked.depression));
  }

  /**
   * Adds to what neurons get in the next burst. One that stands in `ids` twice gets both.
   *
   * @param potential the same for all, or for each its own; finite
   * @throws E_OUT_OF_RANGE, also for a neuron that there is not; E_REENTRANT
   */
  inject(ids: Uint32Array, potential: number | Float32Array): void {
    this.#mayChange('inject');
    const which = words(ids, 'ids');
    const amount = typeof potential === 'number' ? potentialOf(potential, 'potential') : floats(potential, 'potential');
    guarded(() => this.#native.inject(which, amount));
  }

  /**
   * Runs one burst. If a rule throws, the burst is finished without what that rule wrote (`ledger(0)` says who fired), and then the
   * error is thrown; of several, an AggregateError.
   *
   * @throws E_STATE while started, E_REENTRANT
   */
  burst(): Burst {
    this.#mayChange('burst');
    if (this.#pace.running) throw failure('E_STATE', 'burst() while the engine is started; stop() it first');
    const { burst, errors } = this.#run();
    if (errors.length > 0) throw thrown(errors);
    return burst;
  }

  /**
   * Runs bursts at its rate on this event loop, and tells of them by events. Of those that are late, ten in a row are made up for, and
   * the others are counted in `lateBursts`. A program ends without them. Started already, it goes on.
   *
   * @throws E_REENTRANT
   */
  start(): void {
    this.#mayChange('start');
    this.#pace.start();
  }

  /** Runs no further burst by itself. */
  async stop(): Promise<void> {
    this.#pace.stop();
  }

  /** Whether it runs bursts by itself. */
  get started(): boolean {
    return this.#pace.running;
  }

  /**
   * Hears of the bursts of a started engine, or of the errors of their rules.
   *
   * @throws E_OUT_OF_RANGE
   */
  on<E extends keyof BurstEvents>(event: E, listener: BurstListener<E>): void {
    this.#listeners.on(event, listener);
  }

  /**
   * Hears no longer of them.
   *
   * @throws E_OUT_OF_RANGE
   */
  off<E extends keyof BurstEvents>(event: E, listener: BurstListener<E>): void {
    this.#listeners.off(event, listener);
  }

  /**
   * Who fired so many bursts ago, ascending: 0 is the last one. Undefined if it is not kept. In a rule the burst that is under way is
   * the last one.
   *
   * @throws E_OUT_OF_RANGE
   */
  ledger(back: number): Uint32Array | undefined {
    const bursts = age(back, 'back');
    return guarded(() => this.#native.ledger(bursts)) ?? undefined;
  }

  /** The potential of each neuron, by id: a copy. That of one that was removed means nothing. */
  potentials(): Float32Array {
    return guarded(() => this.#native.potentials());
  }

  /** What it has, and what it has done. */
  stats(): BurstStats {
    return Object.freeze({ ...guarded(() => this.#native.stats()), lateBursts: this.#pace.late });
  }

  /**
   * Writes a file that holds all of it as it is at the moment of the call, without its rate and its rules. The file is there whole or
   * not at all.
   *
   * @throws E_IO, E_OUT_OF_RANGE, E_REENTRANT
   */
  async save(path: string): Promise<void> {
    this.#mayChange('save');
    const place = word(path, 'path');
    const file = guarded(() => this.#native.save());
    await writeWhole(place, file);
  }

  /** One burst of a started engine. */
  #step(): void {
    try {
      const { burst, errors } = this.#run();
      if (errors.length > 0) this.#listeners.fail(thrown(errors));
      this.#listeners.emit('burst', burst);
    } catch (error) {
      // The engine itself has failed, and would fail again.
      this.#pace.stop();
      this.#listeners.fail(error);
    }
  }

  #run(): { burst: Burst; errors: readonly unknown[] } {
    if (this.#rules.length === 0) return { burst: guarded(() => this.#native.burst()), errors: [] };
    const touched = guarded(() => this.#native.begin());
    this.#inRule = true;
    const errors = runRules(this.#rules, touched);
    this.#inRule = false;
    return { burst: guarded(() => this.#native.finish(touched.weights)), errors };
  }

  /** Between the halves of a burst nothing else may change. */
  #mayChange(call: string): void {
    if (this.#inRule) throw failure('E_REENTRANT', `${call}() inside a rule`, { call });
  }
}

/** What one throws who has these to throw. */
function thrown(errors: readonly unknown[]): unknown {
  return errors.length === 1 ? errors[0] : new AggregateError(errors, `${errors.length} rules threw`);
}
