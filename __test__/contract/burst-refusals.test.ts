/** What an engine of bursts refuses, by name, and that nothing was changed (FE-4, FE-20, FE-22). */
import { BurstEngine } from 'neuronbus';
import { expect, test } from 'vitest';
import { edges, f32, u8, u16, u32, wired } from '../helpers/burst.js';
import { call, refuses } from './helpers.js';

/** An engine of three neurons and two synapses, in the middle of its life. */
function busy(): BurstEngine {
  const engine = wired(3, [0, 1], [1, 2]);
  engine.inject(u32(0), 1);
  engine.burst();
  return engine;
}

/** All that shows of it. */
function snapshot(engine: BurstEngine): unknown {
  return { ...engine.export(), stats: engine.stats(), potentials: engine.potentials(), ledger: engine.ledger(0) };
}

/** Asserts that a call is refused and changes nothing. */
function refusesAll(method: string, ...args: unknown[]): Error {
  const engine = busy();
  const before = snapshot(engine);
  const error = refuses(['E_OUT_OF_RANGE', 'E_UNKNOWN_OPTION', 'E_OUT_OF_SPACE'], () => call(engine, method, ...args));
  expect(snapshot(engine)).toEqual(before);
  expect([[...engine.burst().fired], [...engine.burst().fired], [...engine.burst().fired]]).toEqual([[1], [2], []]);
  return error;
}

function detached<A extends Uint32Array | Float32Array>(array: A): A {
  const { buffer } = array;
  if (buffer instanceof ArrayBuffer) structuredClone(buffer, { transfer: [buffer] });
  return array;
}

test.each([
  [{ rateHz: 0 }],
  [{ rateHz: 1_001 }],
  [{ rateHz: Number.NaN }],
  [{ rateHz: '30' }],
  [{ threads: 0 }],
  [{ threads: 65 }],
  [{ threads: 1.5 }],
  [{ seed: -1 }],
  [{ seed: 2 ** 53 }],
  [{ seed: 1n }],
  [{ ledger: -1 }],
  [{ ledger: 65_537 }],
  [{ ledger: 2 ** 40 }],
  [{ ledger: null }],
  [null],
  [5],
])('options %o are refused', (options) => {
  refuses('E_OUT_OF_RANGE', () => Reflect.construct(BurstEngine, [options]));
});

test('unknown options are refused by name, in every place', () => {
  const engine = busy();
  const message = (act: () => unknown): string => refuses('E_UNKNOWN_OPTION', act).message;
  expect(message(() => Reflect.construct(BurstEngine, [{ rate: 1 }]))).toContain('rate');
  expect(message(() => call(engine, 'addNeurons', { thresholds: f32(), threshold: 1 }))).toContain('threshold');
  expect(message(() => call(engine, 'updateNeurons', u32(), { leek: 1 }))).toContain('leek');
  expect(message(() => call(engine, 'addSynapses', { ...edges(), weigths: u8() }))).toContain('weigths');
  expect(message(() => call(engine, 'updateSynapses', u32(), { valid: u8() }))).toContain('valid');
  const { neurons, synapses } = engine.export();
  const { valid } = { valid: u8(1, 1) };
  expect(message(() => call(BurstEngine, 'import', { neurons, synapses: { ...synapses, valid } }))).toContain('valid');
  expect(message(() => call(BurstEngine, 'import', { neurons, synapses, rules: [] }))).toContain('rules');
});

const OTHER_KINDS: unknown[] = [
  undefined,
  null,
  'x',
  [1],
  {},
  new Float64Array(1),
  new Int32Array(1),
  new ArrayBuffer(4),
];

test.each(OTHER_KINDS.map((kind) => [kind]))('%o is no column', (kind) => {
  refusesAll('addNeurons', { thresholds: kind });
  refusesAll('addSynapses', { ...edges([0, 1]), sources: kind });
  refusesAll('addSynapses', { ...edges([0, 1]), weights: kind });
  refusesAll('inject', kind, 1);
  refusesAll('inject', u32(0), kind);
  for (const method of ['removeNeurons', 'removeSynapses']) refusesAll(method, kind);
  for (const method of ['updateNeurons', 'updateSynapses']) refusesAll(method, kind, {});
  if (kind !== undefined) {
    for (const key of ['areas', 'leaks', 'rests', 'refractory', 'accumulate']) {
      refusesAll('addNeurons', { thresholds: f32(1), [key]: kind });
      refusesAll('updateNeurons', u32(0), { [key]: kind });
    }
    for (const key of ['sources', 'weights', 'types']) refusesAll('updateSynapses', u32(0), { [key]: kind });
  }
});

test('detached arrays are refused, and shared ones are taken', () => {
  refusesAll('inject', detached(u32(0)), 1);
  refusesAll('inject', u32(0), detached(f32(1)));
  refusesAll('addNeurons', { thresholds: detached(f32(1)) });
  refusesAll('removeSynapses', detached(u32(0)));
  const shared = new Float32Array(new SharedArrayBuffer(8));
  shared.fill(2);
  const engine = new BurstEngine();
  engine.addNeurons({ thresholds: shared, rests: shared });
  expect(engine.potentials()).toEqual(f32(2, 2));
});

test('FE-4 columns of two lengths are refused with both', () => {
  const message = (method: string, ...args: unknown[]): string => refusesAll(method, ...args).message;
  expect(message('addNeurons', { thresholds: f32(1, 1), leaks: f32(1) })).toMatch(/leaks.*1.*2/);
  expect(message('addNeurons', { thresholds: f32(1), areas: u32(1, 1, 1) })).toMatch(/areas.*3.*1/);
  expect(message('addSynapses', { ...edges([0, 1]), types: u8(0, 0) })).toMatch(/types.*2.*1/);
  expect(message('addSynapses', { ...edges([0, 1]), valid: u8() })).toMatch(/valid.*0.*1/);
  expect(message('updateNeurons', u32(0, 1), { snoozes: u16(1) })).toMatch(/snoozes.*1.*2/);
  expect(message('updateSynapses', u32(0), { weights: u8(1, 2) })).toMatch(/synapses\.weights.*2.*1/);
  expect(message('updateSynapses', u32(0), { sources: u32() })).toMatch(/synapses\.sources.*0.*1/);
  expect(message('inject', u32(0, 1), f32(1))).toMatch(/potentials.*1.*2/);
  const { neurons, synapses } = busy().export();
  const some = { neurons: { ...neurons, ids: u32(0, 1) }, synapses };
  expect(refuses('E_OUT_OF_RANGE', () => BurstEngine.import(some)).message).toMatch(/3.*2/);
  const none = { neurons, synapses: { ...synapses, ids: u32() } };
  expect(refuses('E_OUT_OF_RANGE', () => BurstEngine.import(none)).message).toMatch(/connectome\.synapses.*2.*0/);
});

test.each([
  ['thresholds', Number.NaN],
  ['thresholds', Number.POSITIVE_INFINITY],
  ['leaks', -0.25],
  ['leaks', 1.5],
  ['leaks', Number.NaN],
  ['rests', 2e37],
  ['resets', Number.NEGATIVE_INFINITY],
  ['excitabilities', 1.01],
  ['excitabilities', Number.NaN],
])('%s of %d is refused, in an array and alone', (key, value) => {
  const given = { thresholds: f32(1, 1, 1), [key]: f32(0, 0, value) };
  for (const error of [
    refusesAll('addNeurons', given),
    refusesAll('updateNeurons', u32(0, 1, 2), { [key]: f32(0, 0, value) }),
  ]) {
    expect(error).toMatchObject({ code: 'E_OUT_OF_RANGE', detail: { name: key, index: 2 } });
    expect(Object.keys({ ...Reflect.get(error, 'detail') }).sort()).toEqual(['allowed', 'index', 'name', 'value']);
  }
  if (key !== 'thresholds') refusesAll('addNeurons', { thresholds: f32(1), [key]: value });
  expect(refusesAll('updateNeurons', u32(0), { [key]: value }).message).toContain(`neurons.${key}`);
});

test.each([
  ['areas', -1],
  ['areas', 2 ** 32],
  ['refractory', 65_536],
  ['refractory', 0.5],
  ['consecutiveLimits', -1],
  ['snoozes', Number.NaN],
  ['accumulate', 2],
])('one number %s = %d for all is refused', (key, value) => {
  expect(refusesAll('addNeurons', { thresholds: f32(1), [key]: value }).message).toContain(`neurons.${key}`);
});

test('columns that an object inherits are columns too', () => {
  const engine = new BurstEngine();
  engine.addNeurons(Object.create({ thresholds: f32(1), refractory: 3 }));
  expect(engine.export().neurons.refractory).toEqual(u16(3));
});

test('FE-20 what is injected is finite', () => {
  for (const potential of [Number.NaN, Number.POSITIVE_INFINITY, 1e39]) {
    refusesAll('inject', u32(0), potential);
    expect(refusesAll('inject', u32(0, 1), f32(0, potential))).toMatchObject({
      detail: { name: 'potentials', index: 1 },
    });
  }
});

test('FE-22 ids that there are not are refused by kind and number', () => {
  expect(refusesAll('inject', u32(0, 3), 1)).toMatchObject({ detail: { name: 'neuron', id: 3 } });
  expect(refusesAll('inject', u32(4_294_967_295), 1)).toMatchObject({ detail: { id: 4_294_967_295 } });
  expect(refusesAll('addSynapses', edges([0, 1], [0, 9]))).toMatchObject({ detail: { name: 'neuron', id: 9 } });
  expect(refusesAll('addSynapses', edges([7, 1]))).toMatchObject({ detail: { id: 7 } });
  expect(refusesAll('updateNeurons', u32(0, 5), { leaks: 1 })).toMatchObject({ detail: { id: 5 } });
  expect(refusesAll('updateSynapses', u32(0, 2), {})).toMatchObject({ detail: { name: 'synapse', id: 2 } });
  expect(refusesAll('updateSynapses', u32(0), { targets: u32(3) })).toMatchObject({
    detail: { name: 'neuron', id: 3 },
  });
  const engine = busy();
  engine.removeNeurons(u32(1));
  refuses('E_OUT_OF_RANGE', () => engine.inject(u32(1), 1));
  refuses('E_OUT_OF_RANGE', () => engine.addSynapses(edges([0, 1])));
  refuses('E_OUT_OF_RANGE', () => engine.updateSynapses(u32(0), { weights: u8(1) }));
  // One that does not count may name what there is not.
  expect([...engine.addSynapses({ ...edges([0, 99]), valid: u8(0) })]).toEqual([2]);
});

test('FE-22 one synapse more than a target may have is refused, and none of its call is added', () => {
  const engine = wired(2);
  const many = (count: number): Parameters<BurstEngine['addSynapses']>[0] => ({
    sources: new Uint32Array(count),
    targets: new Uint32Array(count).fill(1),
    weights: new Uint8Array(count),
    conductances: new Uint8Array(count),
    types: new Uint8Array(count),
  });
  const error = refuses('E_OUT_OF_SPACE', () => engine.addSynapses(many(33_026)));
  expect(error.detail).toEqual({ id: 1, max: 33_025 });
  expect(engine.stats().synapses).toBe(0);
  engine.addSynapses(many(33_025));
  engine.addSynapses(edges([0, 0]));
  refuses('E_OUT_OF_SPACE', () => engine.updateSynapses(u32(33_025), { targets: u32(1) }));
  expect(engine.export().synapses.targets.at(-1)).toBe(0);
});

test('FE-22 an import is checked as what it is made of, and its ids ascend', () => {
  const connectome = wired(3, [0, 1]).export();
  const { neurons, synapses } = connectome;
  const refusesImport = (given: unknown): Error => refuses('E_OUT_OF_RANGE', () => call(BurstEngine, 'import', given));
  for (const given of [undefined, null, [], {}, { neurons }, { synapses }, { neurons: 5, synapses }])
    refusesImport(given);
  expect(refusesImport({ neurons: { ...neurons, ids: u32(0, 2, 1) }, synapses })).toMatchObject({
    detail: { name: 'ids', index: 2 },
  });
  refusesImport({ neurons: { ...neurons, ids: u32(0, 1, 1) }, synapses });
  refusesImport({ neurons: { ...neurons, ids: u32(0, 1, 4_294_967_295) }, synapses });
  refusesImport({ neurons, synapses: { ...synapses, ids: u32(4_294_967_295) } });
  refusesImport({ neurons, synapses: { ...synapses, targets: u32(3) } });
  refusesImport({ neurons: { ...neurons, leaks: f32(0, 2, 0) }, synapses });
  expect(BurstEngine.import(connectome).export()).toEqual(connectome);
});

test('a number of bursts back is a whole number, an event one of two, a listener a function', () => {
  for (const back of [-1, 0.5, Number.NaN, '0', 2 ** 32]) refusesAll('ledger', back);
  for (const method of ['on', 'off']) {
    refusesAll(method, 'fired', () => {});
    refusesAll(method, 'burst', 'x');
  }
});

test('nothing is an engine but an engine', () => {
  expect(() => Reflect.apply(BurstEngine.prototype.burst, {}, [])).toThrow(TypeError);
  expect(() => Reflect.apply(BurstEngine, undefined, [])).toThrow(TypeError);
});
