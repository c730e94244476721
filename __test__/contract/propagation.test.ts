/** Propagation between areas, by the addon and in TypeScript (FE-2 … FE-11, FE-23). */
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { Propagation, type PropagationOptions, type SynapseInputs, SynapticPropagationEngine } from 'neuronbus';
import { afterEach, describe, expect, test } from 'vitest';
import { refuses } from './helpers.js';

type Kind = 'addon' | 'typescript';
const KINDS: Kind[] = ['addon', 'typescript'];

afterEach(() => {
  delete process.env['NEURONBUS_FALLBACK'];
});

function engine(kind: Kind, options?: PropagationOptions): SynapticPropagationEngine {
  process.env['NEURONBUS_FALLBACK'] = kind === 'typescript' ? '1' : '0';
  return new SynapticPropagationEngine(options);
}

const u32 = (...values: number[]): Uint32Array => Uint32Array.from(values);
const u8 = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** The six synapses of FE-8. */
const GOLDEN: SynapseInputs = {
  sources: u32(1, 1, 1, 2, 2, 3),
  targets: u32(10, 11, 12, 10, 13, 14),
  weights: u8(255, 128, 200, 255, 100, 150),
  conductances: u8(255, 255, 200, 255, 255, 255),
  types: u8(0, 1, 0, 0, 0, 0),
};

function golden(kind: Kind, options?: PropagationOptions, synapses = GOLDEN): SynapticPropagationEngine {
  const made = engine(kind, options);
  made.buildIndex(synapses);
  made.setNeuronMapping(u32(10, 11, 12, 13, 14), u32(1, 1, 1, 2, 2));
  return made;
}

test('FE-3 the engine is made without arguments, and the version of the package can be read', () => {
  expect(new SynapticPropagationEngine().stats()).toEqual({ propagations: 0, synapses: 0, unmapped: 0, unknown: 0 });
  const about: unknown = createRequire(import.meta.url)('neuronbus/package.json');
  expect(about).toMatchObject({ version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
});

describe.each(KINDS)('by the %s', (kind) => {
  test('FE-8 FE-10 the golden example, one entry per synapse', () => {
    const result = golden(kind).propagate(u32(1, 2));
    expect(result).toBeInstanceOf(Propagation);
    expect([...result.areas]).toEqual([1, 2]);
    expect([...result.offsets]).toEqual([0, 4, 5]);
    expect([...result.targets]).toEqual([10, 11, 12, 10, 13]);
    const expected = [1, -0.50196, 0.61515, 1, 0.39216];
    for (const [at, value] of expected.entries()) expect(result.contributions[at]).toBeCloseTo(value, 5);
  });

  test('FE-7 the same as an object, area by area', () => {
    const object = golden(kind).propagate(u32(1, 2)).toObject();
    expect(Object.keys(object)).toEqual(['1', '2']);
    expect(object[1]?.map(([target]) => target)).toEqual([10, 11, 12, 10]);
    expect(object[2]).toEqual([[13, Math.fround(Math.fround(100 / 255) * 1)]]);
    expect(golden(kind).propagate(u32()).toObject()).toEqual({});
  });

  test('FE-10 merged: one entry per target, where its first stood, with the sum', () => {
    const result = golden(kind, { merge: true, scale: 'raw' }).propagate(u32(1, 2));
    expect(result.toObject()).toEqual({
      1: [
        [10, 130_050],
        [11, -32_640],
        [12, 40_000],
      ],
      2: [[13, 25_500]],
    });
  });

  test('FE-11 statistics, and how they begin again', () => {
    const made = golden(kind);
    made.propagate(u32(1, 2));
    expect(made.stats()).toEqual({ propagations: 1, synapses: 5, unmapped: 0, unknown: 0 });
    expect([...made.propagate(u32()).offsets]).toEqual([0]);
    made.propagate(u32(3, 99, 1, 1));
    expect(made.stats()).toEqual({ propagations: 3, synapses: 12, unmapped: 0, unknown: 1 });
    made.resetStats();
    expect(made.stats()).toEqual({ propagations: 0, synapses: 0, unmapped: 0, unknown: 0 });
  });

  test('FE-5 a synapse that is not valid gives nothing', () => {
    const result = golden(kind, {}, { ...GOLDEN, valid: u8(1, 0, 1, 0, 2, 1) }).propagate(u32(1, 2));
    expect([...result.targets]).toEqual([10, 12, 13]);
  });

  test('FE-6 a target without an area is absent and counted, and of a neuron named twice the last area counts', () => {
    const made = golden(kind);
    made.setNeuronMapping(u32(10, 11, 10), u32(7, 4_294_967_295, 3));
    const result = made.propagate(u32(1, 2));
    expect([...result.areas]).toEqual([3, 4_294_967_295]);
    expect([...result.targets]).toEqual([10, 10, 11]);
    expect(made.stats()).toMatchObject({ synapses: 5, unmapped: 2 });
  });

  test('a result stays as it is when the next propagation runs, and the engine keeps copies of what it was given', () => {
    const made = engine(kind);
    const given = { ...GOLDEN, weights: GOLDEN.weights.slice() };
    made.buildIndex(given);
    made.setNeuronMapping(u32(10), u32(1));
    const first = made.propagate(u32(1));
    const before = [...first.contributions];
    given.weights.fill(0);
    made.propagate(u32(2, 2, 2));
    expect([...first.contributions]).toEqual(before);
    expect([...made.propagate(u32(1)).contributions]).toEqual(before);
  });

  test('FE-4 columns of two lengths are refused with both, and the old index stays', () => {
    const made = golden(kind);
    const error = refuses('E_OUT_OF_RANGE', () => made.buildIndex({ ...GOLDEN, weights: u8(1, 2) }));
    expect(error.message).toMatch(/weights.*2.*6/);
    const mapping = refuses('E_OUT_OF_RANGE', () => made.setNeuronMapping(u32(1, 2, 3), u32(1)));
    expect(mapping.message).toMatch(/areas.*1.*3/);
    expect([...made.propagate(u32(2)).targets]).toEqual([10, 13]);
  });

  test.each([
    ['sources', [1, 2]],
    ['sources', new Uint8Array(6)],
    ['targets', new Int32Array(6)],
    ['weights', new Uint32Array(6)],
    ['types', new Uint8ClampedArray(6)],
    ['conductances', undefined],
    ['valid', null],
    ['valid', [true]],
  ])('a column %s of another kind is refused by name', (name, column) => {
    const made = golden(kind);
    const error = refuses('E_OUT_OF_RANGE', () =>
      Reflect.apply(made.buildIndex, made, [{ ...GOLDEN, [name]: column }]),
    );
    expect(error.message).toContain(`synapses.${name}`);
  });

  test('detached arrays, unknown columns and odd arguments are refused', () => {
    const made = golden(kind);
    const memory = new ArrayBuffer(8);
    const gone = new Uint32Array(memory);
    structuredClone(memory, { transfer: [memory] });
    refuses('E_OUT_OF_RANGE', () => made.propagate(gone));
    refuses('E_UNKNOWN_OPTION', () => Reflect.apply(made.buildIndex, made, [{ ...GOLDEN, weigths: u8() }]));
    for (const odd of [undefined, null, 1, [1], new Float32Array(1), new BigUint64Array(1)]) {
      refuses('E_OUT_OF_RANGE', () => Reflect.apply(made.propagate, made, [odd]));
      refuses('E_OUT_OF_RANGE', () => Reflect.apply(made.setNeuronMapping, made, [u32(1), odd]));
    }
    expect(made.stats().propagations).toBe(0);
  });

  test('views of shared memory and of a part of a buffer are taken as they are', () => {
    const shared = new Uint32Array(new SharedArrayBuffer(16), 4, 2);
    shared.set([1, 2]);
    expect(golden(kind).propagate(shared).targets.length).toBe(5);
  });
});

test('options are checked', () => {
  for (const options of [{ scale: 'raw ' }, { scale: 1 }, { merge: 'yes' }, null, 5]) {
    refuses('E_OUT_OF_RANGE', () => Reflect.construct(SynapticPropagationEngine, [options]));
  }
  refuses('E_UNKNOWN_OPTION', () => Reflect.construct(SynapticPropagationEngine, [{ merged: true }]));
});

test('FE-9 all weights and conductances give the same bits both ways, with either sign', () => {
  const pairs = Array.from({ length: 65_536 }, (_, at) => at);
  const synapses = (type: number): SynapseInputs => ({
    sources: new Uint32Array(65_536),
    targets: Uint32Array.from(pairs),
    weights: Uint8Array.from(pairs, (pair) => pair >> 8),
    conductances: Uint8Array.from(pairs, (pair) => pair & 255),
    types: new Uint8Array(65_536).fill(type),
  });
  for (const [type, sign] of [
    [0, 1],
    [1, -1],
    [255, -1],
  ] as const) {
    const [native, fallback] = KINDS.map((kind) => {
      const made = engine(kind);
      made.buildIndex(synapses(type));
      made.setNeuronMapping(Uint32Array.from(pairs), new Uint32Array(65_536));
      return made.propagate(u32(0)).contributions;
    });
    expect(native).toEqual(fallback);
    const wrong = pairs.filter((at) => Math.abs((native?.[at] ?? 9) - (sign * (at >> 8) * (at & 255)) / 65_025) > 1e-6);
    expect(wrong).toEqual([]);
  }
});

test('FE-23 both ways give the same, whatever they are given', () => {
  const id = fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constantFrom(4_294_967_295, 70_000));
  const synapse = fc.tuple(id, id, fc.nat(255), fc.nat(255), fc.nat(2), fc.nat(1));
  const cases = fc.record({
    synapses: fc.array(synapse, { maxLength: 40 }),
    mapping: fc.array(fc.tuple(id, fc.nat(4)), { maxLength: 10 }),
    fired: fc.array(id, { maxLength: 12 }),
    merge: fc.boolean(),
    raw: fc.boolean(),
  });
  fc.assert(
    fc.property(cases, ({ synapses, mapping, fired, merge, raw }) => {
      const column = (at: number): number[] => synapses.map((each) => each[at] ?? 0);
      const [native, fallback] = KINDS.map((kind) => {
        const made = engine(kind, { merge, scale: raw ? 'raw' : 'normalised' });
        made.buildIndex({
          sources: u32(...column(0)),
          targets: u32(...column(1)),
          weights: u8(...column(2)),
          conductances: u8(...column(3)),
          types: u8(...column(4)),
          valid: u8(...column(5)),
        });
        made.setNeuronMapping(u32(...mapping.map(([neuron]) => neuron)), u32(...mapping.map(([, area]) => area)));
        return { result: made.propagate(u32(...fired)), stats: made.stats() };
      });
      expect(native).toEqual(fallback);
    }),
    { numRuns: 300 },
  );
});
