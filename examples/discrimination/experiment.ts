/**
 * Ways to learn where a stimulus came from (NP-29): an answer is due for each side where something is, and only for it. Imports: the
 * school.
 *
 * **Two pools**, one for each answer. The teacher knows who answered, so each pool gets a dopamine of its own: above the baseline
 * when the answer of its side was missing, below it when it answered to the other side alone, or to nothing.
 *
 * **One pool**, with as many neurons and synapses as both, two groups of outputs, the same stimuli and as many of them. A modulatory
 * spike has one level for the whole pool, so both answers share it, in one of two ways:
 * - by errors, with the same levels: above the baseline when more answers were missing than were false, below it in the other case;
 * - by outcome: above the baseline when both answers were right, below it otherwise.
 *
 * Nobody is handicapped: constants, delays, presentations and the rest between them are the same. But every stimulus makes synapses
 * to both groups of outputs eligible, and one factor cannot tell which of them earned it: it moves the answer that was wrong and the
 * one that was right the same way. What it can teach is how much to answer, not where: neither answer to nothing, both to both, and
 * a guess when one is due, which is right in three quarters. Other levels, 4 to 22 above and 8 to 28 below the baseline, ended at
 * 0.70 to 0.80 too. (Of ten pools one reached 0.95: its synapses had kept the sides apart by chance.)
 */
import { type Random, random } from '../lib/random.js';
import { type Answers, School } from './school.js';
import type { Sides } from './stimulus.js';

/** Who learns, and what is rewarded. */
export type Way = 'two pools' | 'one pool by errors' | 'one pool by outcome';

/** How long they learn, and how often they are tested; each test is `tests` presentations that they do not learn from. */
export interface Plan {
  readonly trials: number;
  readonly testEvery: number;
  readonly tests: number;
}

/** Dopamine that reinforces what took part, and dopamine that weakens it; 128 is the baseline. */
const [RAISE, LOWER] = [142, 118] as const;
const ANSWERS = [0, 1] as const;

/** The share of right answers to presentations that nobody has seen: before any trial, and after each `testEvery` of them. */
export function learn(way: Way, seed: number, { trials, testEvery, tests }: Plan): number[] {
  using school = new School(way === 'two pools' ? 2 : 1, seed);
  const [training, held] = [random(2 * seed), random(2 * seed + 1)];
  const curve = [accuracy(school, held, tests)];
  for (let trial = 1; trial <= trials; trial++) {
    const sides: Sides = [training() < 0.5, training() < 0.5];
    teach(school, way, sides, school.present(sides, training));
    school.rest();
    if (trial % testEvery === 0) curve.push(accuracy(school, held, tests));
  }
  return curve;
}

function teach(school: School, way: Way, sides: Sides, answers: Answers): void {
  const errors = ANSWERS.map((at) => Number(sides[at]) - Number(answers[at]));
  const [left = 0, right = 0] = errors;
  if (way === 'two pools') for (const at of ANSWERS) reward(school, at, errors[at] ?? 0);
  else if (way === 'one pool by errors') reward(school, 0, left + right);
  else reward(school, 0, left === 0 && right === 0 ? 1 : -1);
}

/** @param sign of what a pool should have done more of, or less */
function reward(school: School, pool: number, sign: number): void {
  if (sign !== 0) school.reward(pool, sign > 0 ? RAISE : LOWER);
}

/** All four stimuli in turn. */
function accuracy(school: School, held: Random, tests: number): number {
  const scores = Array.from({ length: tests }, (_, test) => {
    const sides: Sides = [test % 2 === 1, test % 4 >= 2];
    const answers = school.present(sides, held);
    school.rest();
    return mean(ANSWERS.map((at) => (answers[at] === sides[at] ? 1 : 0)));
  });
  return mean(scores);
}

/** The mean of some numbers. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
