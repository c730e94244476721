/** What connect and the setters of a synapse refuse (NB-35, defect 4). */
import type { ErrorCode } from 'neuronbus';
import { expect, test } from 'vitest';
import { call, deaf, manualBus, refuses } from './helpers.js';

const BAD_WEIGHTS: unknown[] = [
  5,
  -1,
  0,
  -0,
  Number.NaN,
  Infinity,
  -Infinity,
  1.001,
  1 + 1e-9,
  1 + Number.EPSILON,
  0.0009,
  0.001 - 1e-12,
  1e-40,
  null,
  '0.5',
  0n,
  {},
];

test.each(BAD_WEIGHTS)('NB-35 Weights: %s is refused on every path, and changes nothing', (weight) => {
  const bus = manualBus();
  const [a, b, c] = [deaf(bus, 'a'), deaf(bus, 'b'), deaf(bus, 'c')];
  const synapse = bus.connect(a, b, { weight: 0.3 });
  const before = synapse.weight;
  refuses('E_OUT_OF_RANGE', () => call(bus, 'connect', a, c, { weight }));
  const error = refuses('E_OUT_OF_RANGE', () => call(bus, 'connect', a, b, { weight }));
  expect(error.message).toMatch(/weight|wM/);
  refuses('E_OUT_OF_RANGE', () => Reflect.set(synapse, 'weight', weight));
  expect(synapse.weight).toBe(before);
  expect(bus.synapse(a, c)).toBeUndefined();
});

test('Weights: bounds that leave the weight outside are refused, and change nothing', () => {
  const bus = manualBus();
  const [a, b] = [deaf(bus, 'a'), deaf(bus, 'b')];
  const synapse = bus.connect(a, b, { weight: 0.5 });
  const before = synapse.stdp;
  refuses('E_OUT_OF_RANGE', () => bus.connect(a, b, { stdp: { wMax: 0.4 } }));
  refuses('E_OUT_OF_RANGE', () => bus.connect(a, b, { stdp: { wMin: 0.6 } }));
  expect(synapse.stdp).toEqual(before);
  expect(synapse.weight).toBe(0.5);
});

test('defect 4 the dense table does not alias: (0,17) says nothing about (1,1) in a bus of 16', () => {
  const bus = manualBus({ maxNeurons: 16 });
  const neurons = Array.from({ length: 16 }, (_, i) => deaf(bus, `n${i}`));
  bus.connect(1, 1, { weight: 0.25 });
  expect(bus.synapse(0, 17)).toBeUndefined();
  refuses('E_UNKNOWN_NEURON', () => bus.connect(0, 17, { weight: 0.9 }));
  expect(bus.disconnect(0, 17)).toBe(false);
  expect(bus.synapse(1, 1)?.weight).toBe(0.25);
  expect(neurons).toHaveLength(16);
});

test('defect 4 connecting unknown ids is refused', () => {
  const bus = manualBus();
  const a = deaf(bus, 'a');
  for (const [pre, post] of [
    [a.id, 1],
    [1, a.id],
    [7, 8],
    [65_534, 0],
  ] as const)
    refuses('E_UNKNOWN_NEURON', () => bus.connect(pre, post));
  refuses('E_OUT_OF_RANGE', () => bus.connect(a, 0xffff));
  expect([...bus.synapses()]).toEqual([]);
});

const BAD_CONNECT: [string, unknown, ErrorCode][] = [
  ['null', null, 'E_OUT_OF_RANGE'],
  ['a number', 0.5, 'E_OUT_OF_RANGE'],
  ['an array', [], 'E_OUT_OF_RANGE'],
  ['an unknown key', { wieght: 0.5 }, 'E_UNKNOWN_OPTION'],
  ['stdp true', { stdp: true }, 'E_OUT_OF_RANGE'],
  ['stdp null', { stdp: null }, 'E_OUT_OF_RANGE'],
  ['stdp with an unknown key', { stdp: { tau: 3 } }, 'E_UNKNOWN_OPTION'],
  ['aPlus −1', { stdp: { aPlus: -1 } }, 'E_OUT_OF_RANGE'],
  ['aPlus NaN', { stdp: { aPlus: Number.NaN } }, 'E_OUT_OF_RANGE'],
  ['aPlus 1e39', { stdp: { aPlus: 1e39 } }, 'E_OUT_OF_RANGE'],
  ['aMinus a string', { stdp: { aMinus: '1' } }, 'E_OUT_OF_RANGE'],
  ['tauPlusMs 0', { stdp: { tauPlusMs: 0 } }, 'E_OUT_OF_RANGE'],
  ['tauMinusMs −3', { stdp: { tauMinusMs: -3 } }, 'E_OUT_OF_RANGE'],
  ['wMin 0', { stdp: { wMin: 0 } }, 'E_OUT_OF_RANGE'],
  ['wMin −1', { stdp: { wMin: -1 } }, 'E_OUT_OF_RANGE'],
  ['wMin above wMax', { stdp: { wMin: 0.6, wMax: 0.4 } }, 'E_OUT_OF_RANGE'],
  ['wMin above the default wMax', { stdp: { wMin: 2 } }, 'E_OUT_OF_RANGE'],
  ['decayPerSecond −1', { stdp: { decayPerSecond: -1 } }, 'E_OUT_OF_RANGE'],
  ['wMax null', { stdp: { wMax: null } }, 'E_OUT_OF_RANGE'],
  ['filters an object', { filters: {} }, 'E_OUT_OF_RANGE'],
  ['filters null', { filters: null }, 'E_OUT_OF_RANGE'],
  ['a filter null', { filters: [null] }, 'E_OUT_OF_RANGE'],
  ['a filter without type', { filters: [{ min: 3 }] }, 'E_OUT_OF_RANGE'],
  ['a filter of unknown type', { filters: [{ type: 'range', min: 3 }] }, 'E_OUT_OF_RANGE'],
  ['a filter with an unknown key', { filters: [{ type: 'priority', min: 3, max: 4 }] }, 'E_UNKNOWN_OPTION'],
  ['a priority of 256', { filters: [{ type: 'priority', min: 256 }] }, 'E_OUT_OF_RANGE'],
  ['a priority of −1', { filters: [{ type: 'priority', min: -1 }] }, 'E_OUT_OF_RANGE'],
  ['a priority missing', { filters: [{ type: 'priority' }] }, 'E_OUT_OF_RANGE'],
  ['an unknown kind', { filters: [{ type: 'kind', kind: 'calm' }] }, 'E_OUT_OF_RANGE'],
  ['a prefix that is a number', { filters: [{ type: 'prefix', prefix: 3 }] }, 'E_OUT_OF_RANGE'],
  ['a custom name that is a number', { filters: [{ type: 'custom', name: 3 }] }, 'E_OUT_OF_RANGE'],
  ['a custom name that is unknown', { filters: [{ type: 'custom', name: 'nobody' }] }, 'E_UNKNOWN_FILTER'],
];

test.each(BAD_CONNECT)('Life: connect refuses %s, and changes nothing', (_, options, code) => {
  const bus = manualBus();
  const [a, b, c] = [deaf(bus, 'a'), deaf(bus, 'b'), deaf(bus, 'c')];
  const synapse = bus.connect(a, b, { weight: 0.25, filters: [{ type: 'priority', min: 1 }] });
  const before = [synapse.weight, synapse.stdp, synapse.filters];
  refuses(code, () => call(bus, 'connect', a, b, options));
  refuses(code, () => call(bus, 'connect', a, c, options));
  expect([synapse.weight, synapse.stdp, synapse.filters]).toEqual(before);
  expect([...bus.synapses()]).toHaveLength(1);
});

test('Life: the setters of a synapse refuse undefined and null, and change nothing', () => {
  const bus = manualBus();
  const [a, b] = [deaf(bus, 'a'), deaf(bus, 'b')];
  const synapse = bus.connect(a, b);
  const before = [synapse.weight, synapse.stdp, synapse.filters];
  for (const key of ['weight', 'stdp', 'filters'])
    for (const value of [undefined, null, 'x']) refuses('E_OUT_OF_RANGE', () => Reflect.set(synapse, key, value));
  expect([synapse.weight, synapse.stdp, synapse.filters]).toEqual(before);
});

test('Weights: are compared with their bounds before they are rounded to 32 bits', () => {
  const bus = manualBus();
  const [a, b] = [deaf(bus, 'a'), deaf(bus, 'b')];
  for (const [wMin, wMax] of [
    [0.2, 0.8],
    [1 / 3, 2 / 3],
    [0.001, 1],
    [1e-7, 1e7],
    [Math.PI / 1e3, Math.E * 1e3],
  ] as const) {
    const synapse = bus.connect(a, b, { weight: wMin, stdp: { wMin, wMax } });
    for (const weight of [wMax, wMin, (wMin + wMax) / 2]) {
      synapse.weight = weight;
      bus.connect(a, b, { weight });
      expect(synapse.weight).toBeCloseTo(weight, 1);
    }
    for (const weight of [wMax * (1 + 1e-6), wMin * (1 - 1e-6)]) {
      const { detail } = refuses('E_OUT_OF_RANGE', () => bus.connect(a, b, { weight }));
      expect(detail).toMatchObject({ name: 'weight', value: `${weight}`, type: 'number' });
    }
    bus.disconnect(a, b);
  }
  const synapse = bus.connect(a, b, { stdp: { wMin: 0.2, wMax: 0.8 } });
  for (const weight of [0.8 + 1e-9, 0.2 - 1e-9]) {
    const { detail } = refuses('E_OUT_OF_RANGE', () => bus.connect(a, b, { weight }));
    expect(detail).toMatchObject({ allowed: 'numbers 0.2 to 0.8' });
  }
  synapse.stdp = false;
  synapse.weight = 1;
  refuses('E_OUT_OF_RANGE', () => bus.connect(a, b, { weight: 1 + 1e-9 }));
});

test('a synapse of a neuron that was unregistered is none, also while its last spikes are under way', () => {
  const bus = manualBus();
  const [a, b, c] = [deaf(bus, 'a'), deaf(bus, 'b'), deaf(bus, 'c')];
  const out = bus.connect(a, b, { weight: 0.4 });
  const into = bus.connect(c, a);
  const kept = bus.connect(b, c);
  a.fire(b, 'under way');
  bus.unregister(a);
  for (let i = 0; i < 3; i++) {
    expect([...bus.synapses()].map(({ pre, post }) => [pre, post])).toEqual([[kept.pre, kept.post]]);
    for (const [pre, post] of [
      [a.id, b.id],
      [c.id, a.id],
    ] as const) {
      expect(bus.synapse(pre, post)).toBeUndefined();
      expect(bus.disconnect(pre, post)).toBe(false);
      refuses('E_UNKNOWN_NEURON', () => bus.connect(pre, post, { weight: 0.9 }));
    }
    for (const synapse of [out, into]) {
      for (const property of ['weight', 'stdp', 'filters'] as const) {
        const { detail } = refuses('E_NOT_CONNECTED', () => synapse[property]);
        expect(detail).toEqual({ pre: synapse.pre, post: synapse.post });
      }
      refuses('E_NOT_CONNECTED', () => Reflect.set(synapse, 'weight', 0.9));
      refuses('E_NOT_CONNECTED', () => Reflect.set(synapse, 'stdp', false));
      refuses('E_NOT_CONNECTED', () => Reflect.set(synapse, 'filters', []));
    }
    bus.tick();
  }
  expect(bus.stats()).toMatchObject({ delivered: 1, inFlight: 0 });
});
