/**
 * Pools on a bus, and the agent that teaches them: it shows stimuli, counts the spikes of both answers, and rewards by modulatory
 * spikes. Imports: `neuronbus`, the stimuli.
 */
import { type Neuron, NeuronBus, NeuronPool, type NeuronRange, type Spike } from 'neuronbus';
import type { Random } from '../lib/random.js';
import { DENSITY, inputs, NEURONS, OUTPUTS, presentation, type Sides } from './stimulus.js';

/** Whether there was a left answer, and a right one. */
export type Answers = readonly [left: boolean, right: boolean];

/** Spikes of its outputs that make an answer: each of them once, on average. */
const ANSWER = OUTPUTS;
/** What a spike of the teacher adds, as a weight of the pool: it fires its neurons. */
const WEIGHT = 100;
/** Ticks until the last spikes of a presentation are counted, and ticks of rest after it. */
const [ECHO, REST] = [2, 20] as const;
/** Cortisol and acetylcholine at their baselines: dopamine alone teaches. */
const [CORTISOL, ACETYLCHOLINE] = [30, 100] as const;
/** A membrane that no spike brings to its threshold, so that no spike has to wait. */
const CALM = { threshold: 1e9 };

/** One experiment: a bus, a teacher, and one or two pools that are alike in all but their synapses. */
export class School implements Disposable {
  readonly #bus: NeuronBus = new NeuronBus({ clock: 'manual', arenaBytes: 2 ** 20 });
  readonly #teacher: Neuron;
  readonly #pools: readonly Neuron[];
  /** How many of the two shares of neurons and synapses each pool has. */
  readonly #shares: number;
  #counts: [number, number] = [0, 0];

  constructor(pools: 1 | 2, seed: number) {
    this.#shares = 2 / pools;
    this.#teacher = this.#bus.register({ name: 'teacher', membrane: CALM }, { onSpike: (spike) => this.#count(spike) });
    this.#pools = Array.from({ length: pools }, (_, at) => this.#enrol(at, 2 * seed + at));
  }

  /** Shows a new stimulus. */
  present(sides: Sides, random: Random): Answers {
    this.#counts = [0, 0];
    for (const list of presentation(sides, this.#shares, random)) {
      this.#teacher.broadcast(list);
      this.#bus.tick();
    }
    this.#bus.tick(ECHO);
    const [left, right] = this.#counts;
    return [left >= ANSWER, right >= ANSWER];
  }

  /** Gives a pool dopamine; 128 is its baseline. */
  reward(pool: number, dopamine: number): void {
    const levels = Uint8Array.of(dopamine, CORTISOL, ACETYLCHOLINE);
    const target = this.#pools[pool];
    if (target !== undefined) this.#teacher.fire(target, levels, { kind: 'modulatory' });
  }

  /** Lets the pools come to rest, so that presentations do not mix. */
  rest(): void {
    this.#bus.tick(REST);
  }

  [Symbol.dispose](): void {
    this.#bus[Symbol.dispose]();
  }

  #enrol(at: number, seed: number): Neuron {
    const shares = this.#shares;
    // Twice the neurons at half the density: as many synapses in all, and as many to each neuron.
    const pool = NeuronPool.withRandomConnectivity(`${at}`, shares * NEURONS, DENSITY / shares, { seed, maxDelay: 4 });
    const output: NeuronRange = [inputs(shares), inputs(shares) + shares * OUTPUTS];
    const neuron = this.#bus.registerPopulation({ name: `pool ${at}` }, pool, {
      input: { range: [0, inputs(shares)], weight: WEIGHT },
      output: { range: output, to: this.#teacher },
    });
    this.#bus.connect(this.#teacher, neuron, { weight: 1, stdp: false });
    this.#bus.connect(neuron, this.#teacher, { weight: 1, stdp: false });
    return neuron;
  }

  /** Of two pools each is one answer; of one pool the first half of its outputs is the left answer, the second the right one. */
  #count({ source, payload }: Spike): void {
    for (let at = 0; at < payload.length; at += 2) {
      const place = (payload.readUInt16LE(at) - inputs(this.#shares)) / OUTPUTS;
      const right = this.#shares === 1 ? source === this.#pools[1]?.id : place >= 1;
      this.#counts[right ? 1 : 0]++;
    }
  }
}
