/** What pools refuse: by code, with the value and the range, and without a change (NP-19 … NP-22, NP-24, NP-28). */
import type { ErrorCode } from 'neuronbus';
import { NeuronPool } from 'neuronbus';
import { describe, expect, test } from 'vitest';
import { random, snapshot } from '../helpers/pool.js';
import { call, refuses } from './helpers.js';

/** What is of the wrong type wherever a number is meant. */
const NO_NUMBERS: unknown[] = [null, '1', 1n, true, [1], {}, Symbol('1'), () => 1];
/** Numbers that are not whole. */
const FRACTIONS = [0.5, -0.5, Number.NaN, Infinity, -Infinity];

/** Cases of one argument each; without it, an array would be taken for several. */
function each(...values: unknown[]): [unknown][] {
  return values.map((value) => [value]);
}

function make(...args: unknown[]): unknown {
  return call(NeuronPool, 'withRandomConnectivity', ...args);
}

test.each(each(undefined, null, 5, {}, ['p'], Symbol('p')))('a name that is %s is refused', (name) => {
  refuses('E_OUT_OF_RANGE', () => make(name, 4, 0.5));
});

test('a name has at most 65,535 bytes of UTF-8, and may be empty', () => {
  expect(NeuronPool.withRandomConnectivity('', 1, 0).name).toBe('');
  expect(NeuronPool.withRandomConnectivity('a\0ü', 1, 0).name).toBe('a\0ü');
  expect(NeuronPool.withRandomConnectivity('x'.repeat(65_535), 1, 0).name.length).toBe(65_535);
  for (const name of ['x'.repeat(65_536), 'ä'.repeat(32_768)]) {
    expect(refuses('E_OUT_OF_RANGE', () => make(name, 1, 0)).message).toMatch(/name.*65536.*65535/);
  }
});

test.each(each(undefined, ...NO_NUMBERS, ...FRACTIONS, 0, -1, 1.5, 65_537, 2 ** 32 + 4))(
  'NP-28 %s neurons are refused',
  (neurons) => {
    expect(refuses('E_OUT_OF_RANGE', () => make('p', neurons, 0.5)).detail).toMatchObject({ name: 'neurons' });
  },
);

test.each(each(undefined, ...NO_NUMBERS, '0.5', -1, -1e-9, 1 + Number.EPSILON, 1.0001, 2, Number.NaN, Infinity))(
  'NP-19 a density of %s is refused',
  (density) => {
    expect(refuses('E_OUT_OF_RANGE', () => make('p', 4, density)).detail).toMatchObject({ name: 'density' });
  },
);

/** The least and the most of each constant, in a config where both are allowed. */
const RANGES: [key: string, least: number, most: number, others?: object][] = [
  ['rest', -32_768, 32_766, { threshold: 32_767 }],
  ['threshold', -17_919, 32_767, { reset: -32_768 }],
  ['reset', -32_768, -14_081],
  ['refractory', 0, 255],
  ['traceDecay', 0, 255],
  ['homeostasis', 0, 255],
  ['maxSynapses', 1, 65_535],
  ['stdpPositive', 0, 127],
  ['stdpNegative', -128, 0],
  ['maxDelay', 1, 8],
  ['seed', 0, Number.MAX_SAFE_INTEGER],
];

describe.each(RANGES)('NP-20 NP-8 PoolConfig.%s', (key, least, most, others = {}) => {
  test.each([least, most])('%s is accepted', (value) => {
    const pool = random(3, 1, { ...others, [key]: value });
    expect(pool.config).toMatchObject({ [key]: value });
    for (let tick = 0; tick < 210; tick++) pool.tick(new Int16Array(3).fill(tick * 156));
    pool.applyModulation({ dopamine: 255, cortisol: 0, acetylcholine: 255 });
    pool.synaptogenesis(255);
  });

  test.each(each(least - 1, most + 1, least + 0.5, ...FRACTIONS, ...NO_NUMBERS))('%s is refused', (value) => {
    const error = refuses('E_OUT_OF_RANGE', () => make('p', 3, 1, { ...others, [key]: value }));
    expect(error.message.replaceAll('_', '').toLowerCase()).toContain(key.toLowerCase());
    expect(error.message).toMatch(/allowed/);
  });
});

test('NP-20 a threshold is above rest and above reset, wherever they are', () => {
  for (const config of [
    { rest: -14_080 },
    { rest: 0, threshold: 0 },
    { rest: 32_767, threshold: 32_767 },
    { threshold: -16_640 },
    { reset: -14_080 },
    { threshold: -32_768, rest: -32_768, reset: -32_768 },
  ]) {
    expect(() => random(3, 0, config), JSON.stringify(config)).toThrow(/allowed/);
  }
});

test.each<[string, unknown, ErrorCode]>([
  ['null', null, 'E_OUT_OF_RANGE'],
  ['a number', 5, 'E_OUT_OF_RANGE'],
  ['a string', 'compat', 'E_OUT_OF_RANGE'],
  ['an array', [], 'E_OUT_OF_RANGE'],
  ['mode null', { mode: null }, 'E_OUT_OF_RANGE'],
  ['mode in another case', { mode: 'Compat' }, 'E_OUT_OF_RANGE'],
  ['mode true', { mode: true }, 'E_OUT_OF_RANGE'],
  ['a key in another spelling', { trace_decay: 230 }, 'E_UNKNOWN_OPTION'],
  ['an unknown key that is undefined', { size: undefined }, 'E_UNKNOWN_OPTION'],
])('NP-20 a config that is %s is refused', (_, config, code) => {
  refuses(code, () => make('p', 3, 0, config));
});

const BAD_RANGES: unknown[] = [
  undefined,
  null,
  3,
  '0,3',
  {},
  [],
  [0],
  [0, 1, 2],
  [2, 1],
  [0, 11],
  [11, 11],
  [-1, 2],
  [0.5, 2],
  [0, 1.5],
  [Number.NaN, 2],
  [0, Infinity],
  ['0', 2],
  [0, null],
  [0n, 1n],
  [undefined, undefined],
  new Uint8Array([0, 2]),
];

test.each(each(...BAD_RANGES))('NP-22 a range of %s is refused', (range) => {
  const pool = random(10, 0.5);
  const before = snapshot(pool);
  refuses('E_OUT_OF_RANGE', () => call(pool, 'readOutput', range));
  refuses('E_OUT_OF_RANGE', () => call(pool, 'inject', range, { polarity: 1, magnitude: 255 }));
  if (range !== undefined) refuses('E_OUT_OF_RANGE', () => call(pool, 'fired', range));
  expect([snapshot(pool), pool.tick()]).toEqual([before, 0]);
});

test.each<[string, unknown, ErrorCode]>([
  ['undefined', undefined, 'E_OUT_OF_RANGE'],
  ['null', null, 'E_OUT_OF_RANGE'],
  ['a number', 200, 'E_OUT_OF_RANGE'],
  ['empty', {}, 'E_OUT_OF_RANGE'],
  ['without a magnitude', { polarity: 1 }, 'E_OUT_OF_RANGE'],
  ['without a polarity', { magnitude: 1 }, 'E_OUT_OF_RANGE'],
  ['of polarity 2', { polarity: 2, magnitude: 1 }, 'E_OUT_OF_RANGE'],
  ['of polarity −2', { polarity: -2, magnitude: 1 }, 'E_OUT_OF_RANGE'],
  ['of polarity 0.5', { polarity: 0.5, magnitude: 1 }, 'E_OUT_OF_RANGE'],
  ['of polarity "positive"', { polarity: 'positive', magnitude: 1 }, 'E_OUT_OF_RANGE'],
  ['of magnitude 256', { polarity: 1, magnitude: 256 }, 'E_OUT_OF_RANGE'],
  ['of magnitude −1', { polarity: 1, magnitude: -1 }, 'E_OUT_OF_RANGE'],
  ['of magnitude NaN', { polarity: 1, magnitude: Number.NaN }, 'E_OUT_OF_RANGE'],
  ['of magnitude 1.5', { polarity: 1, magnitude: 1.5 }, 'E_OUT_OF_RANGE'],
  ['with an unknown key', { polarity: 1, magnitude: 1, sign: 1 }, 'E_UNKNOWN_OPTION'],
])('NP-22 a signal that is %s is refused, and nothing was injected', (_, signal, code) => {
  const pool = random(10, 0.5);
  refuses(code, () => call(pool, 'inject', [0, 10], signal));
  expect(pool.tick()).toBe(0);
  expect([...pool.membrane]).toEqual(Array(10).fill(pool.config.rest));
});

const LEVELS = { dopamine: 200, cortisol: 80, acetylcholine: 200 };

describe.each(Object.keys(LEVELS))('NP-14 levels.%s', (key) => {
  test.each(each(undefined, -1, 256, ...FRACTIONS, ...NO_NUMBERS))(
    '%s is refused, and nothing is modulated',
    (value) => {
      const pool = random(10, 0.5);
      for (const at of pool.synapses.keys()) if (at % 8 === 4) pool.synapses[at] = 100;
      const before = snapshot(pool);
      const error = refuses('E_OUT_OF_RANGE', () => call(pool, 'applyModulation', { ...LEVELS, [key]: value }));
      expect(error.detail).toMatchObject({ name: `levels.${key}` });
      expect(snapshot(pool)).toEqual(before);
    },
  );
});

test('NP-14 levels that are no object, or have an unknown key, are refused', () => {
  const pool = random(10, 0.5);
  for (const levels of [undefined, null, 200, [200, 80, 200]])
    refuses('E_OUT_OF_RANGE', () => call(pool, 'applyModulation', levels));
  refuses('E_UNKNOWN_OPTION', () => call(pool, 'applyModulation', { ...LEVELS, serotonin: 1 }));
});

test.each(each(undefined, -1, 256, ...FRACTIONS, ...NO_NUMBERS))('NP-15 synaptogenesis refuses %s', (level) => {
  const pool = random(10, 0);
  pool.tick(new Int16Array(10).fill(20_000));
  refuses('E_OUT_OF_RANGE', () => call(pool, 'synaptogenesis', level));
  expect(pool.stats().synapses).toBe(0);
});

function detached(): Int16Array {
  const array = new Int16Array(10);
  structuredClone(array, { transfer: [array.buffer] });
  return array;
}

test.each([
  ['null', null],
  ['a number', 10],
  ['an array', Array(10).fill(0)],
  ['a Uint16Array', new Uint16Array(10)],
  ['a Float32Array', new Float32Array(10)],
  ['a DataView', new DataView(new ArrayBuffer(20))],
  ['an array buffer', new ArrayBuffer(20)],
  ['what only looks like one', Object.create(Int16Array.prototype)],
  ['detached', detached()],
])('NP-21 an input that is %s is refused, and no tick passes', (_, input) => {
  const pool = random(10, 0.5);
  refuses('E_OUT_OF_RANGE', () => call(pool, 'tick', input));
  expect(pool.stats().tick).toBe(0);
});

test.each(['tick', 'stats', 'pruneDead', 'fired'])('%s of something that is no pool throws a TypeError', (verb) => {
  const found: unknown = Reflect.get(NeuronPool.prototype, verb);
  if (typeof found !== 'function') throw new Error(`no ${verb}`);
  expect(() => Reflect.apply(found, {}, [])).toThrow(TypeError);
});

test('NP-28 a pool that would ask for more memory than any machine has is refused at once', () => {
  const error = refuses('E_OUT_OF_RANGE', () =>
    NeuronPool.withRandomConnectivity('p', 65_536, 1, { maxSynapses: 65_535 }),
  );
  expect(error.message).toMatch(/synapses expected is 4294901760; allowed: 0 to 268435456/);
});
