/**
 * How others speak with a pool: ternary signals, modulators, ranges (NP-13, NP-22). Imports: `units`.
 */
import { type Check, integer, record, refusal, refuseUnknown } from '../units/index.js';

/** A sign and a magnitude. */
export interface Signal {
  /** −1 inhibits, 0 is nothing, 1 excites. */
  polarity: -1 | 0 | 1;
  /** How strong it is, 0 to 255: it counts as a weight. */
  magnitude: number;
}

/** Levels of three modulators, each 0 to 255. */
export interface Levels {
  /** Above 128 it reinforces what took part; in product mode it weakens that below. */
  dopamine: number;
  /** Above 30 it weakens what took part. */
  cortisol: number;
  /** From 140 on synapses may grow. */
  acetylcholine: number;
}

/** Half-open: the first neuron, and the one after the last. */
export type NeuronRange = readonly [from: number, to: number];

/** A spike, when it is read (NP-22). */
export const SPIKED: Readonly<Signal> = Object.freeze({ polarity: 1, magnitude: 255 });
/** No spike. */
export const SILENT: Readonly<Signal> = Object.freeze({ polarity: 0, magnitude: 0 });

const byte = integer(0, 255);
const sign: Check<number> = integer(-1, 1);

/** @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION */
export function checkSignal(signal: unknown): { polarity: number; magnitude: number } {
  const given = record('signal', signal);
  refuseUnknown('signal', given, ['polarity', 'magnitude']);
  return {
    polarity: sign(given['polarity'], 'signal.polarity'),
    magnitude: byte(given['magnitude'], 'signal.magnitude'),
  };
}

const LEVELS = ['dopamine', 'cortisol', 'acetylcholine'] as const;

/** @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION */
export function checkLevels(levels: unknown): [dopamine: number, cortisol: number, acetylcholine: number] {
  const given = record('levels', levels);
  refuseUnknown('levels', given, LEVELS);
  const [dopamine, cortisol, acetylcholine] = LEVELS.map((key) => byte(given[key], `levels.${key}`));
  return [dopamine ?? 0, cortisol ?? 0, acetylcholine ?? 0];
}

/** A level of acetylcholine. */
export const level: Check<number> = byte;

/** @throws E_OUT_OF_RANGE for one that is reversed, or reaches past the last of so many neurons */
export function checkRange(range: unknown, name: string, neurons: number): NeuronRange {
  if (!Array.isArray(range) || range.length !== 2) throw refusal(name, range, PAIR);
  const to = integer(0, neurons)(range[1], `${name}[1]`);
  return [integer(0, to)(range[0], `${name}[0]`), to];
}

const PAIR = 'two numbers: the first neuron, and the one after the last';
