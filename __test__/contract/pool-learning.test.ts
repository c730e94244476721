/** How pools learn: homeostasis, eligibility, modulation, and the demo of the reference (NP-9 … NP-14, NP-26). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  current,
  drive,
  firings,
  levels,
  MODES,
  pair,
  placeOf,
  REST,
  random,
  readSynapse,
  wired,
  wiresOf,
  writeSynapse,
  wrongSigns,
} from '../helpers/pool.js';

test.each([2_700, 2_500, 5_000, 170])(
  'NP-10 defect 1 driven by %i a tick, neurons end near 5 % within 200,000 ticks',
  (input) => {
    const pool = random(10, 0);
    const drive10 = drive(10, () => true, input);
    const rate = (ticks: number): number => {
      let spikes = 0;
      for (let tick = 0; tick < ticks; tick++) spikes += pool.tick(drive10);
      return spikes / (10 * ticks);
    };
    const first = rate(100);
    if (input === 170) expect(first).toBe(0);
    else expect(first).toBeGreaterThan(0.2);
    rate(189_900);
    const last = rate(10_000);
    expect(last).toBeGreaterThanOrEqual(0.025);
    expect(last).toBeLessThanOrEqual(0.1);
  },
);

test('NP-10 defect 1 a pool without input never fires, also where the reference began to (tick 383,901)', () => {
  const pool = random(10, 0.5);
  let spikes = 0;
  for (let tick = 0; tick < 400_000; tick++) spikes += pool.tick();
  expect(spikes).toBe(0);
  expect([...pool.membrane]).toEqual(Array(10).fill(REST));
  expect(Math.min(...pool.threshold)).toBeGreaterThan(-16_640);
});

test.each(MODES)('NP-10 homeostasis 0 leaves thresholds as they are (%s)', (mode) => {
  const pool = random(2, 0, { homeostasis: 0, mode });
  for (let tick = 0; tick < 1_000; tick++) pool.tick(drive(2, (at) => at === 0));
  expect([...pool.threshold]).toEqual([-14_080, -14_080]);
});

test('NP-11 defect 6 pre then post is causal, post then pre is not, and what did not fire is unmarked', () => {
  const marks = (first: number, ticks: number, second: number): number[] => {
    const pool = wired(4, [
      { source: 0, target: 1, weight: 1 },
      { source: 1, target: 0, weight: 1 },
    ]);
    pool.tick(drive(4, (at) => at === first));
    firings(pool, ticks - 1);
    pool.tick(drive(4, (at) => at === second));
    pool.tick();
    return [placeOf(4, 0, 1), placeOf(4, 0, 2), placeOf(4, 2, 0), placeOf(4, 3, 2)].map(
      (at) => readSynapse(pool, at).eligibility,
    );
  };
  // The spike arrives a tick after 0 has fired; 1 fires three ticks later; a tick more: 20 × 0.9^4.
  expect(marks(0, 4, 1)).toEqual([13, 0, 0, 0]);
  // 1 fires three ticks before 0, whose spike arrives one later: −10 × 0.9^4.
  expect(marks(1, 3, 0)).toEqual([-7, 0, 0, 0]);
});

test('NP-11 compat marks every synapse of a spike: down if its target fires in the same tick, else up; and all fade', () => {
  const pool = wired(3, [], { mode: 'compat', traceDecay: 240 });
  pool.tick(drive(3, (at) => at < 2));
  const marks = (): number[] =>
    [
      [0, 1],
      [0, 2],
      [1, 0],
      [2, 0],
    ].map(([from = 0, to = 0]) => readSynapse(pool, placeOf(3, from, to)).eligibility);
  const fade = (mark: number): number => Math.trunc((mark * 240) / 256);
  expect(marks()).toEqual([fade(-10), fade(20), fade(-10), 0]);
  pool.tick();
  expect(marks()).toEqual([fade(fade(-10)), fade(fade(20)), fade(fade(-10)), 0]);
});

test('NP-11 an eligibility fades by 230/256 a tick, and a write to the view sets it', () => {
  const pool = wired(2, [{ source: 0, target: 1, weight: 1, eligibility: 127 }]);
  for (let ticks = 1; ticks < 40; ticks++) {
    pool.tick();
    expect(Math.abs(readSynapse(pool, 0).eligibility - 127 * (230 / 256) ** ticks)).toBeLessThanOrEqual(1.5);
  }
  expect(firings(pool, 60).flat()).toEqual([]);
  expect(readSynapse(pool, 0).eligibility).toBe(0);
});

test('NP-13 NP-14 product: dopamine above 128 reinforces, below it punishes, cortisol above 30 weakens', () => {
  const cases = [
    [128, 30, [0, 0], [50, -50]],
    [128, 0, [0, 0], [50, -50]],
    [200, 30, [2, 0], [127, -127]],
    [135, 30, [2, 0], [60, -60]],
    [121, 30, [0, 2], [40, -40]],
    [0, 30, [0, 2], [0, 0]],
    [128, 80, [0, 2], [0, 0]],
    [128, 35, [0, 2], [43, -43]],
  ] as const;
  for (const [dopamine, cortisol, [reinforced, weakened], weights] of cases) {
    const pool = pair({ weight: 50, eligibility: 100 }, { weight: -50, eligibility: 100 });
    expect(pool.applyModulation({ dopamine, cortisol, acetylcholine: 100 })).toEqual({ reinforced, weakened });
    const found = wiresOf(pool).map(({ weight }) => weight + 0);
    expect(found, `${dopamine}, ${cortisol}`).toEqual([...weights]);
  }
});

test('NP-13 compat: only levels above their baselines count, and it is the signed weight that changes', () => {
  const cases = [
    [128, 30, [0, 0], [50, -50]],
    [121, 30, [0, 0], [50, -50]],
    [135, 30, [2, 0], [60, -40]],
    [200, 30, [2, 0], [127, 0]],
    [128, 35, [0, 2], [43, -57]],
  ] as const;
  for (const [dopamine, cortisol, [reinforced, weakened], weights] of cases) {
    const pool = pair({ weight: 50, eligibility: 100 }, { weight: -50, eligibility: 100 }, 'compat');
    expect(pool.applyModulation({ dopamine, cortisol, acetylcholine: 100 })).toEqual({ reinforced, weakened });
    expect(wiresOf(pool).map(({ weight }) => weight)).toEqual([...weights]);
  }
});

test.each(MODES)(
  'NP-12 NP-14 what did not take part is untouched, and the counts are the synapses that changed (%s)',
  (mode) => {
    const marked = fc.tuple(fc.integer({ min: 0, max: 127 }), fc.integer({ min: -128, max: 127 }), fc.nat(255));
    fc.assert(
      fc.property(fc.array(marked, { minLength: 12, maxLength: 12 }), levels, (synapses, given) => {
        const pool = wired(4, [], { mode });
        for (const [place, [strength, eligibility, maturity]] of synapses.entries()) {
          writeSynapse(pool, place, { weight: place < 9 ? strength : -strength, eligibility, maturity });
        }
        const before = wiresOf(pool);
        const { reinforced, weakened } = pool.applyModulation(given);
        const after = wiresOf(pool);
        const changed = before.map((wire, at) => JSON.stringify(wire) !== JSON.stringify(after[at]));
        for (const [at, { eligibility }] of before.entries()) if (eligibility === 0) expect(changed[at]).toBe(false);
        if (mode === 'product') expect(reinforced + weakened).toBe(changed.filter(Boolean).length);
        else expect(reinforced + weakened).toBeGreaterThanOrEqual(changed.filter(Boolean).length);
      }),
      { numRuns: 200 },
    );
  },
);

test('NP-9 defect 2 after 10,000 mixed modulations no sign is wrong', () => {
  const pool = random(40, 0.3);
  const changed = { reinforced: 0, weakened: 0 };
  for (let at = 0; at < 10_000; at++) {
    pool.tick(current(40, at, 7_000));
    const { reinforced, weakened } = pool.applyModulation({
      dopamine: (at * 37) % 256,
      cortisol: (at * 11) % 64,
      acetylcholine: 200,
    });
    changed.reinforced += reinforced;
    changed.weakened += weakened;
    if (at % 50 === 0) {
      pool.synaptogenesis(200);
      pool.pruneDead();
      expect(wrongSigns(pool)).toBe(0);
    }
  }
  expect(wrongSigns(pool)).toBe(0);
  expect(Math.min(changed.reinforced, changed.weakened)).toBeGreaterThan(1_000);
});

describe('NP-26 the learning demo of the reference', () => {
  test('comes out exactly in compat mode', () => {
    const pool = random(32, 0.25, {
      stdpPositive: 30,
      stdpNegative: -15,
      traceDecay: 240,
      homeostasis: 2,
      maxSynapses: 32,
      maxDelay: 3,
      mode: 'compat',
    });
    const input = drive(32, (at) => at < 8, 10_000);
    const present = (): number => {
      pool.membrane.fill(pool.config.rest);
      pool.refractory.fill(0);
      let spikes = 0;
      for (let tick = 0; tick < 40; tick++) {
        pool.tick(input);
        spikes += pool.readOutput([24, 32]).filter(({ magnitude }) => magnitude === 255).length;
      }
      return spikes;
    };
    expect(pool.stats()).toMatchObject({ synapses: 517, excitatory: 25, inhibitory: 7, thermal: { hot: 517 } });
    expect(pool.stats().meanWeight).toBeCloseTo(39.6, 1);
    const outputs = [present()];
    for (let epoch = 0; epoch < 200; epoch++) {
      const output = present();
      outputs.push(output);
      if (output > 0) pool.applyModulation({ dopamine: 135, cortisol: 30, acetylcholine: 100 });
      if (epoch % 10 === 0) pool.pruneDead();
    }
    expect([outputs[0], present()]).toEqual([104, 103]);
    const mean = (from: number): number => outputs.slice(from, from + 50).reduce((sum, output) => sum + output, 0) / 50;
    for (const [at, quarter] of [109.1, 102.9, 100.4, 99.4].entries())
      expect(Math.abs(mean(at * 50) - quarter)).toBeLessThan(0.051);
    expect(pool.stats()).toMatchObject({
      synapses: 62,
      tick: 202 * 40,
      thermal: { hot: 1, warm: 3, cool: 10, cold: 48, dead: 0 },
    });
    expect(Math.abs(pool.stats().meanWeight - 125.3)).toBeLessThan(0.05);
  });
});
