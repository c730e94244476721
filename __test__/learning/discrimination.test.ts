/** Two pools on a bus learn what one pool of their size does not (NP-29); the task is that of `examples/discrimination`. */
import { beforeAll, describe, expect, test } from 'vitest';
import { learn, mean, type Plan, type Way } from '../../examples/discrimination/experiment.js';
import { DENSITY, inputs, NEURONS, OUTPUTS, presentation, type Sides } from '../../examples/discrimination/stimulus.js';
import { random } from '../../examples/lib/random.js';

const SEEDS = [1, 2, 3, 4, 5, 6];
const PLAN: Plan = { trials: 240, testEvery: 240, tests: 40 };

/** The shares of right answers before and after training, seed by seed. */
interface Outcome {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

function outcome(way: Way): Outcome {
  const curves = SEEDS.map((seed) => learn(way, seed, PLAN));
  return { before: curves.map(([first = 0]) => first), after: curves.map((curve) => curve.at(-1) ?? 0) };
}

describe('NP-29 where a stimulus came from', () => {
  const none: Outcome = { before: [], after: [] };
  let [two, one] = [none, none];

  beforeAll(() => {
    two = outcome('two pools');
    one = outcome('one pool by errors');
  }, 60_000);

  test('before training both guess', () => {
    for (const { before } of [two, one]) expect(Math.abs(mean(before) - 0.5)).toBeLessThan(0.05);
  });

  // Measured: a mean of 0.96, and 0.94 at least, over ten seeds.
  test('two pools, each with a reward of its own, learn it', () => {
    expect(mean(two.after)).toBeGreaterThanOrEqual(0.9);
    for (const share of two.after) expect(share).toBeGreaterThanOrEqual(0.8);
  });

  // Measured: a mean of 0.77 over ten seeds, where 0.75 is to know how much to answer, and not where.
  test('one pool with as many neurons and synapses, and one reward for all of it, does not', () => {
    expect(mean(one.after)).toBeLessThanOrEqual(0.85);
    expect(mean(two.after) - mean(one.after)).toBeGreaterThanOrEqual(0.1);
  });

  test('the same seed gives the same curve', () => {
    const plan = { trials: 10, testEvery: 5, tests: 6 };
    expect(learn('two pools', 7, plan)).toEqual(learn('two pools', 7, plan));
    expect(learn('one pool by outcome', 7, plan)).toHaveLength(3);
  });
});

describe('NP-29 nobody is handicapped', () => {
  test('the one pool is shown as much as two pools together', () => {
    const all: Sides[] = [
      [true, false],
      [false, true],
      [true, true],
      [false, false],
    ];
    const driven = (shares: number): number =>
      all
        .flatMap((sides) => Array.from({ length: 100 }, (_, seed) => presentation(sides, shares, random(seed))))
        .flat()
        .reduce((sum, list) => sum + list.length / 2, 0);
    expect(driven(2) / driven(1) / 2).toBeCloseTo(1, 1);
  });

  test('it has as many inputs, outputs, neurons and synapses', () => {
    expect(inputs(2) + 2 * OUTPUTS).toBe(2 * (inputs(1) + OUTPUTS));
    const [half, whole] = [NEURONS, 2 * NEURONS];
    const synapses = (neurons: number, density: number): number => neurons * (neurons - 1) * density;
    expect(synapses(whole, DENSITY / 2) / (2 * synapses(half, DENSITY))).toBeCloseTo(1, 1);
  });
});
