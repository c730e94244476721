/** What goes into a pool and what comes out: inputs, signals, figures (NP-21 … NP-23). */
import { describe, expect, test } from 'vitest';
import { drive, MODES, REST, random, STRONG, snapshot, wired } from '../helpers/pool.js';
import { refuses } from './helpers.js';

describe.each(MODES)('what goes in and comes out (%s)', (mode) => {
  test('NP-21 an input is missing, empty or as long as the pool', () => {
    const pool = random(3, 0, { mode });
    expect([pool.tick(), pool.tick(undefined), pool.tick(new Int16Array(0)), pool.tick(drive(3, () => true))]).toEqual([
      0, 0, 0, 3,
    ]);
    const before = snapshot(pool);
    for (const length of [1, 2, 4, 300]) {
      const error = refuses('E_OUT_OF_RANGE', () => pool.tick(new Int16Array(length)));
      expect(error.message).toMatch(new RegExp(`input.*${length}.*3`));
    }
    expect(snapshot(pool)).toEqual(before);
  });

  test('NP-21 an input may be a view into larger memory, shared memory, or a column of a pool itself', () => {
    const [pool, twin] = [random(3, 1, { mode }), random(3, 1, { mode })];
    const shared = new Int16Array(new SharedArrayBuffer(6)).fill(STRONG);
    expect(pool.tick(shared)).toBe(twin.tick(new Int16Array(8).fill(STRONG).subarray(2, 5)));
    for (let tick = 0; tick < 20; tick++) {
      expect(pool.tick(pool.membrane)).toBe(twin.tick(twin.membrane.slice()));
      expect(pool.tick(pool.threshold)).toBe(twin.tick(twin.threshold.slice()));
    }
    expect(snapshot(pool)).toEqual(snapshot(twin));
  });

  test('NP-22 a positive signal of 200 fires a rested neuron in the next tick, zero does nothing, a negative one inhibits', () => {
    const pool = random(6, 0, { mode });
    pool.inject([0, 2], { polarity: 1, magnitude: 200 });
    pool.inject([2, 3], { polarity: 0, magnitude: 255 });
    pool.inject([3, 4], { polarity: -1, magnitude: 200 });
    expect(pool.readOutput([0, 6]).every(({ magnitude }) => magnitude === 0)).toBe(true);
    expect(pool.tick(drive(6, (at) => at === 3 || at === 4, 4_000))).toBe(3);
    expect([...pool.fired()]).toEqual([0, 1, 4]);
    expect([pool.membrane[2], pool.membrane[3]]).toEqual([REST, REST - 200 * 64 + 4_000]);
    const [spike, none] = [
      { polarity: 1, magnitude: 255 },
      { polarity: 0, magnitude: 0 },
    ];
    expect(pool.readOutput([0, 6])).toEqual([spike, spike, none, none, spike, none]);
    expect(pool.tick()).toBe(0);
    expect(pool.readOutput([0, 6])).toEqual(Array(6).fill(none));
  });

  test('NP-22 signals add up, ranges may be empty, and what was read belongs to the reader', () => {
    const pool = random(4, 0, { mode });
    pool.inject([1, 1], { polarity: 1, magnitude: 255 });
    for (let i = 0; i < 2; i++) pool.inject([3, 4], { polarity: 1, magnitude: 30 });
    pool.tick();
    expect([...pool.fired([2, 4])]).toEqual([3]);
    expect([...pool.fired([0, 3]), ...pool.fired([4, 4])]).toEqual([]);
    expect(pool.readOutput([4, 4])).toEqual([]);
    for (const signal of pool.readOutput([0, 4])) signal.magnitude = 7;
    expect(pool.readOutput([3, 4])).toEqual([{ polarity: 1, magnitude: 255 }]);
  });

  test('NP-23 the figures of a pool, and the same in words', () => {
    const pool = wired(
      5,
      [
        { source: 0, target: 1, weight: 60 },
        { source: 4, target: 1, weight: -40 },
      ],
      { mode },
    );
    for (const [place, maturity] of [0, 1, 2, 3, 8 << 2].entries()) pool.synapses[place * 8 + 5] = maturity;
    pool.tick();
    const stats = pool.stats();
    expect({ ...stats }).toEqual({
      name: 'p',
      neurons: 5,
      excitatory: 4,
      inhibitory: 1,
      synapses: 20,
      tick: 1,
      thermal: { hot: 16, warm: 1, cool: 1, cold: 1, dead: 1 },
      meanWeight: 5,
    });
    for (const part of [
      'p',
      '5 neurons',
      '4 E',
      '1 I',
      '20 synapses',
      'tick 1',
      'hot 16',
      'dead 1',
      'mean weight 5.0',
    ]) {
      expect(`${stats}`).toContain(part);
    }
    expect(random(2, 0, { mode }).stats().meanWeight).toBe(0);
  });
});
