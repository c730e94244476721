/** How synapses ripen, freeze, die and grow (NP-15 … NP-18, defect 7). */
import fc from 'fast-check';
import type { Levels } from 'neuronbus';
import { expect, test } from 'vitest';
import {
  BASELINE,
  current,
  drive,
  firings,
  levels,
  MODES,
  pair,
  random,
  readSynapse,
  wiresOf,
  writeSynapse,
  wrongSigns,
} from '../helpers/pool.js';

test.each(MODES)('NP-16 a synapse ripens after exactly 8, 24 and 63 reinforcements (%s)', (mode) => {
  const pool = pair({ weight: 1, eligibility: 64, maturity: 0 }, undefined, mode);
  const seen: [number, number][] = [[0, 0]];
  for (let step = 1; step <= 100; step++) {
    const { reinforced } = pool.applyModulation({ ...BASELINE, dopamine: 129 });
    expect(reinforced).toBe(step <= 95 ? 1 : 0);
    const stage = readSynapse(pool, 0).maturity & 3;
    if (stage !== seen.at(-1)?.[1]) seen.push([step, stage]);
  }
  expect(seen).toEqual([
    [0, 0],
    [8, 1],
    [8 + 24, 2],
    [8 + 24 + 63, 3],
  ]);
  expect(readSynapse(pool, 0).weight).toBe(96);
  expect(pool.stats().thermal).toMatchObject({ cold: 1 });
});

test('NP-17 cold is frozen: weight and maturity stay under any modulator', () => {
  for (const mode of MODES) {
    const pool = pair({ weight: 60, eligibility: 127, maturity: 3 }, undefined, mode);
    fc.assert(
      fc.property(levels, fc.integer({ min: -128, max: 127 }), (given, eligibility) => {
        writeSynapse(pool, 0, { eligibility });
        expect(pool.applyModulation(given)).toEqual({ reinforced: 0, weakened: 0 });
        expect(readSynapse(pool, 0)).toMatchObject({ weight: 60, maturity: 3 });
      }),
      { numRuns: 200 },
    );
    expect(pool.pruneDead()).toBe(0);
  }
});

test.each(MODES)('NP-18 NP-7 three that were killed are pruned, and the rows of the others are intact (%s)', (mode) => {
  const pool = random(20, 0.4, { mode });
  expect(pool.pruneDead()).toBe(0);
  for (const place of [0, 17, pool.stats().synapses - 1]) writeSynapse(pool, place, { maturity: 0 });
  const left = wiresOf(pool).filter(({ maturity }) => maturity !== 0);
  expect(pool.stats().thermal.dead).toBe(3);
  expect([pool.pruneDead(), pool.pruneDead()]).toEqual([3, 0]);
  expect(wiresOf(pool)).toEqual(left);
  expect(pool.stats()).toMatchObject({ synapses: left.length, thermal: { dead: 0 } });
});

test('NP-18 weakening takes one step after another, until a synapse is dead', () => {
  const pool = pair({ weight: 100, eligibility: 64, maturity: 16 });
  const dying: Levels = { ...BASELINE, cortisol: 31 };
  for (let step = 1; step <= 4; step++) {
    expect([pool.pruneDead(), pool.applyModulation(dying).weakened]).toEqual([0, 1]);
  }
  expect(pool.stats().thermal).toMatchObject({ dead: 1 });
  expect(pool.pruneDead()).toBe(1);
});

test('NP-15 synapses grow from an acetylcholine of 140 on, between neurons that fire together', () => {
  const pool = random(20, 0);
  expect(pool.synaptogenesis(255)).toBe(0);
  pool.tick(drive(20, (at) => at % 4 === 0));
  expect([0, 100, 139].map((given) => pool.synaptogenesis(given))).toEqual([0, 0, 0]);
  expect(pool.synaptogenesis(140)).toBe(5);
  expect(pool.stats().synapses).toBe(5);
  for (const { source, target, weight, delay, eligibility, maturity } of wiresOf(pool)) {
    expect([source % 4, target % 4, source === target]).toEqual([0, 0, false]);
    expect(Math.abs(weight)).toBeGreaterThanOrEqual(5);
    expect(Math.abs(weight)).toBeLessThanOrEqual(24);
    expect(delay >= 1 && delay <= 8).toBe(true);
    expect([eligibility, maturity]).toEqual([0, 16]);
  }
  expect(wrongSigns(pool)).toBe(0);
  firings(pool, 64);
  expect(pool.synaptogenesis(255)).toBe(0);
});

test('NP-15 NP-7 growth keeps the limit of a row, makes no synapse twice, and leaves the others as they were', () => {
  const pool = random(12, 0.2, { maxSynapses: 5 });
  const before = wiresOf(pool);
  for (let round = 0; round < 300; round++) {
    pool.tick(drive(12, () => true));
    pool.synaptogenesis(255);
  }
  const wires = wiresOf(pool);
  expect([pool.synaptogenesis(255), wires.length]).toEqual([0, 60]);
  expect(new Set(wires.map(({ source, target }) => `${source} ${target}`)).size).toBe(60);
  expect(wires.some(({ source, target }) => source === target)).toBe(false);
  const kept = before.map(({ source, target, weight }) => ({ source, target, weight }));
  expect(wires).toEqual(expect.arrayContaining(kept.map((wire) => expect.objectContaining(wire))));
});

test('defect 7 a silent tick touches no synapse, and what was missed comes in one', () => {
  const pool = random(30, 0.3);
  for (let tick = 0; tick < 30; tick++) pool.tick(current(30, tick, 9_000));
  const synapses = pool.synapses;
  for (const at of synapses.keys()) if (at % 8 === 2) synapses[at] = 0;
  firings(pool, 300);
  for (const at of synapses.keys()) if (at % 8 === 4) synapses[at] = 100;
  const before = synapses.slice();
  expect(firings(pool, 300).flat()).toEqual([]);
  expect(synapses).toEqual(before);
  expect(pool.synapses).toBe(synapses);
  expect(new Set(wiresOf(pool).map(({ eligibility }) => eligibility))).toEqual(new Set([0]));
});
