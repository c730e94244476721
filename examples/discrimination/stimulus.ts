/**
 * What the pools are shown: spike trains from the left, from the right, from both sides or from neither. Imports: the random numbers
 * of the examples.
 */
import type { Random } from '../lib/random.js';

/** Whether there is something on the left, and on the right. */
export type Sides = readonly [left: boolean, right: boolean];

/** Of each share of a pool: input neurons of a side, output neurons, all neurons; and how dense its synapses are. */
export const [INPUTS, OUTPUTS, NEURONS, DENSITY] = [8, 16, 80, 0.2] as const;
/** Ticks of a presentation. */
export const TICKS = 20;
/** How likely an input neuron is driven in a tick: of a side where something is, and of one where nothing is. */
const [SIGNAL, NOISE] = [0.5, 0.04] as const;

/** The input neurons of a pool of so many shares: first the left ones, then the right ones. */
export function inputs(shares: number): number {
  return 2 * shares * INPUTS;
}

/** A presentation, made anew by chance each time: for each tick the neurons that are driven, u16 little endian. */
export function presentation(sides: Sides, shares: number, random: Random): Buffer[] {
  return Array.from({ length: TICKS }, () => {
    const driven: number[] = [];
    for (let neuron = 0; neuron < inputs(shares); neuron++) {
      const [left, right] = sides;
      const likely = (neuron < shares * INPUTS ? left : right) ? SIGNAL : NOISE;
      if (random() < likely) driven.push(neuron);
    }
    const list = Buffer.alloc(2 * driven.length);
    for (const [at, neuron] of driven.entries()) list.writeUInt16LE(neuron, 2 * at);
    return list;
  });
}
