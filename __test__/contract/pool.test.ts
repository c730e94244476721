/** Pools as they are made, and how their neurons live (NP-1 … NP-9, NP-19, NP-20, NP-28). */
import { NeuronPool } from 'neuronbus';
import { expect, test } from 'vitest';
import {
  current,
  drive,
  Folder,
  firings,
  MODES,
  RESET,
  REST,
  random,
  THRESHOLD,
  wired,
  wiresOf,
} from '../helpers/pool.js';
import { refuses } from './helpers.js';

const folder = new Folder();

test('NP-20 the default config is the one of the spec', () => {
  const { config } = random(3, 0);
  expect(config).toEqual({
    rest: -17_920,
    threshold: -14_080,
    reset: -16_640,
    refractory: 2,
    traceDecay: 230,
    homeostasis: 1,
    maxSynapses: 128,
    stdpPositive: 20,
    stdpNegative: -10,
    maxDelay: 8,
    mode: 'product',
    seed: 0,
    threads: 1,
  });
  expect(Object.isFrozen(config)).toBe(true);
  const given = { ...config, homeostasis: 7, mode: 'compat' as const, seed: 2 ** 53 - 1, threshold: -14_000 };
  const pool = NeuronPool.withRandomConnectivity('ü', 3, 0, given);
  expect([pool.config, pool.name]).toEqual([given, 'ü']);
  given.homeostasis = 9;
  expect(pool.config.homeostasis).toBe(7);
});

test('NP-20 undefined is the default everywhere, and an undefined config is the default config', () => {
  const undefineds = Object.fromEntries(Object.keys(random(1, 0).config).map((key) => [key, undefined]));
  expect(NeuronPool.withRandomConnectivity('p', 3, 0, undefineds).config).toEqual(random(3, 0).config);
  expect(NeuronPool.withRandomConnectivity('p', 3, 0, undefined).config).toEqual(random(3, 0).config);
});

test.each(MODES)('NP-2 NP-3 the columns of a fresh pool: their widths and values (%s)', (mode) => {
  const pool = random(10, 0.5, { mode });
  const { membrane, threshold, leak, refractory, flags, trace, rowPtr, synapses } = pool;
  for (const column of [membrane, threshold]) expect(column).toBeInstanceOf(Int16Array);
  for (const column of [leak, refractory, flags, synapses]) expect(column).toBeInstanceOf(Uint8Array);
  expect(trace).toBeInstanceOf(Int8Array);
  expect(rowPtr).toBeInstanceOf(Uint32Array);
  const neuronBytes = [membrane, threshold, leak, refractory, flags, trace].reduce(
    (sum, { byteLength }) => sum + byteLength,
    0,
  );
  expect(neuronBytes).toBe(80);
  expect([...membrane, ...threshold]).toEqual([...Array(10).fill(REST), ...Array(10).fill(THRESHOLD)]);
  expect([...refractory, ...trace]).toEqual(Array(20).fill(0));
  expect([rowPtr.length, rowPtr[0], synapses.length]).toEqual([11, 0, (rowPtr[10] ?? 0) * 8]);
});

test('NP-4 NP-5 NP-9 of 100 neurons 80 excite and are regular, then 20 inhibit and are fast', () => {
  const { flags, leak } = random(100, 0);
  expect([...flags]).toEqual([...Array(80).fill(0), ...Array(20).fill(3)]);
  expect([...leak]).toEqual([...Array(80).fill(4), ...Array(20).fill(8)]);
  for (const [neurons, excitatory] of [
    [1, 0],
    [4, 3],
    [5, 4],
    [9, 7],
    [4_096, 3_276],
  ] as const) {
    expect(random(neurons, 0).stats()).toMatchObject({ neurons, excitatory, inhibitory: neurons - excitatory });
  }
});

test.each(MODES)('NP-5 a tick takes a sixteenth, a half, a sixty-fourth of the gap to rest (%s)', (mode) => {
  const pool = random(6, 0, { mode });
  const [regular, fast, bursting] = [4, 8, 2];
  pool.leak.set([regular, fast, bursting, regular, fast, bursting]);
  pool.flags.set([0, 2, 4, 1, 3, 5]);
  pool.membrane.set([1_024, 1_024, 1_024, -1_024, -1_024, -1_024].map((gap) => REST + gap));
  pool.tick();
  expect([...pool.membrane].map((membrane) => membrane - REST)).toEqual([960, 512, 1_008, -960, -512, -1_008]);
  pool.tick();
  expect([...pool.membrane].map((membrane) => membrane - REST).slice(0, 2)).toEqual([900, 256]);
});

test('NP-2 NP-3 NP-20 product keeps fractions beyond the view, a write sets the state, and what fires is reset and takes nothing for two ticks', () => {
  const pool = random(1, 0);
  pool.leak[0] = 2;
  pool.membrane[0] = REST + 100;
  for (let left = 100, tick = 0; tick < 150; tick++) {
    pool.tick();
    left *= 63 / 64;
    expect(Math.abs((pool.membrane[0] ?? 0) - REST - left)).toBeLessThanOrEqual(0.75);
  }
  pool.membrane[0] = THRESHOLD;
  pool.threshold[0] = REST + 1;
  expect(pool.tick()).toBe(1);
  expect([pool.membrane[0], pool.refractory[0]]).toEqual([RESET, 2]);
  pool.threshold[0] = THRESHOLD;
  expect(
    firings(
      pool,
      7,
      drive(1, () => true),
    ),
  ).toEqual([[], [], [0], [], [], [0], []]);
});

test('NP-6 a synapse is 8 bytes: target, weight, delay, eligibility, maturity, two reserved', () => {
  const pool = random(300, 0.3, { maxDelay: 3 });
  expect(pool.synapses.length).toBe(8 * pool.stats().synapses);
  for (const { source, target, weight, delay, eligibility, maturity } of wiresOf(pool)) {
    expect(target).toBeLessThan(300);
    expect(Math.sign(weight)).toBe(source < 240 ? 1 : -1);
    expect(Math.abs(weight)).toBeGreaterThanOrEqual(10);
    expect(Math.abs(weight)).toBeLessThanOrEqual(69);
    expect([1, 2, 3]).toContain(delay);
    expect([eligibility, maturity]).toEqual([0, 4 << 2]);
  }
  expect(new Set(pool.synapses.filter((_, at) => at % 8 >= 6))).toEqual(new Set([0]));
});

test.each(MODES)('NP-8 a target fires exactly d ticks after its source, for every d of 1 to 8 (%s)', (mode) => {
  for (let delay = 1; delay <= 8; delay++) {
    const pool = wired(3, [{ source: 0, target: 1, weight: 60, delay }], { mode });
    const [first, ...after] = [
      firings(
        pool,
        1,
        drive(3, (at) => at === 0),
      ),
      firings(pool, 12),
    ].flat();
    expect(first).toEqual([0]);
    expect(after.map((fired) => fired.join())).toEqual(
      Array.from({ length: 12 }, (_, at) => (at + 1 === delay ? '1' : '')),
    );
  }
});

test.each(MODES)(
  'NP-8 a weight of 60 is the least that fires a rested neuron, and a negative one inhibits (%s)',
  (mode) => {
    const fires = (weight: number): boolean => {
      const pool = wired(3, [{ source: 0, target: 1, weight }], { mode });
      return firings(
        pool,
        2,
        drive(3, (at) => at === 0),
      )
        .flat()
        .includes(1);
    };
    expect([fires(59), fires(60), fires(127)]).toEqual([false, true, true]);
    const pool = wired(3, [{ source: 2, target: 1, weight: -10 }], { mode });
    pool.tick(drive(3, (at) => at === 2));
    pool.tick();
    expect(pool.membrane[1]).toBe(REST - 640);
  },
);

test('NP-19 defect 3 a density of 2 % gives 2 %, no neuron is its own target, and every target is as likely', () => {
  const pool = random(1_000, 0.02);
  const wires = wiresOf(pool);
  expect(wires.length / (1_000 * 999)).toBeGreaterThan(0.018);
  expect(wires.length / (1_000 * 999)).toBeLessThan(0.022);
  expect(wires.filter(({ source, target }) => source === target)).toEqual([]);
  expect(new Set(wires.map(({ source, target }) => source * 1_000 + target)).size).toBe(wires.length);
  expect(share(wires, 1_000)).toBeCloseTo(0.5, 1);
});

test('NP-19 defect 3 a density of 0.5 gives a half, of 0 nothing and of 1 all; rows that are cut keep any target alike', () => {
  const half = random(200, 0.5, { maxSynapses: 199 });
  expect(half.stats().synapses / (200 * 199)).toBeCloseTo(0.5, 1);
  expect([random(40, 0).stats().synapses, random(40, 1).stats().synapses]).toEqual([0, 40 * 39]);
  const cut = random(500, 0.5, { maxSynapses: 20 });
  expect(cut.stats().synapses).toBe(500 * 20);
  expect(share(wiresOf(cut), 500)).toBeCloseTo(0.5, 1);
  const spread = new Set(wiresOf(cut).map(({ target }) => target));
  expect(spread.size).toBe(500);
});

/** Of all synapses, how many end in the lower half. */
function share(wires: { target: number }[], neurons: number): number {
  return wires.filter(({ target }) => target < neurons / 2).length / wires.length;
}

test('NP-19 the same seed gives the same pool, another seed another', () => {
  const [one, same, other] = [7, 7, 8].map((seed) => random(60, 0.2, { seed }));
  expect(same?.synapses).toEqual(one?.synapses);
  expect(other?.synapses).not.toEqual(one?.synapses);
});

test('NP-7 rows ascend from 0 to the number of synapses, each within its limit', () => {
  const { rowPtr, synapses } = random(120, 0.4, { maxSynapses: 50 });
  const rows = Array.from(rowPtr.subarray(1), (end, source) => end - (rowPtr[source] ?? 0));
  expect(rows.every((length) => length >= 0 && length <= 50)).toBe(true);
  expect([rowPtr[0], rowPtr.at(-1)]).toEqual([0, synapses.length / 8]);
});

test('NP-28 defect 5 65,536 neurons are accepted, 65,537 and 65,600 are refused', () => {
  const pool = random(65_536, 0.000_1);
  expect(pool.membrane.length).toBe(65_536);
  expect(pool.tick(drive(65_536, (at) => at === 65_535))).toBe(1);
  expect(pool.readOutput([65_535, 65_536])).toEqual([{ polarity: 1, magnitude: 255 }]);
  for (const neurons of [65_537, 65_600]) {
    const error = refuses('E_OUT_OF_RANGE', () => random(neurons, 0));
    expect(error.message).toMatch(new RegExp(`neurons.*${neurons}.*1 to 65536`));
  }
});

test('NP-1 the state after a run is the same on every machine', async () => {
  const pool = random(100, 0.1);
  for (let tick = 0; tick < 500; tick++) {
    pool.tick(current(100, tick));
    if (tick % 20 < 19) continue;
    pool.applyModulation({ dopamine: tick % 256, cortisol: 30, acetylcholine: 100 });
    pool.synaptogenesis(150);
    pool.pruneDead();
  }
  // FNV-1a of the file; crates/connectome/tests/product.rs finds the same.
  const file = await folder.bytesOf(pool);
  const hash = file.reduce(
    (sum, byte) => BigInt.asUintN(64, (sum ^ BigInt(byte)) * 0x100_0000_01b3n),
    0xcbf2_9ce4_8422_2325n,
  );
  expect(hash.toString(16)).toBe('11d8e800f1e5d6e4');
});

test('FE-16 NP-1 every number of threads gives the same spikes and the same file', async () => {
  const life = async (threads: number): Promise<[number[][], Buffer | Uint8Array]> => {
    const pool = random(1_200, 0.3, { threads, maxSynapses: 400 });
    const fired = Array.from({ length: 40 }, (_, tick) => {
      pool.tick(current(1_200, 2 * tick));
      if (tick % 20 === 9) pool.applyModulation({ dopamine: 200, cortisol: 40, acetylcholine: 100 });
      return Array.from(pool.fired());
    });
    return [fired, await folder.bytesOf(pool)];
  };
  const one = await life(1);
  // Rows of about 360 synapses: enough to do for several threads.
  expect(Math.max(...one[0].map((fired) => fired.length)) * 360).toBeGreaterThan(16_384);
  for (const threads of [2, 4]) expect(await life(threads)).toEqual(one);
});
