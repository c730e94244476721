/** Every door refuses what it does not understand, says so by code, quotes it, and changes nothing. */
import { Axon, Neuron, NeuronBus, NeuronBusError, OutOfRangeError, UnknownOptionError } from 'neuronbus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, manualBus, rejection } from './helpers/bus.js';

const JUNK: [string, unknown][] = [
  ['null', null],
  ['true', true],
  ['a number', 0.5],
  ['a string', 'junk'],
  ['a BigInt', 5n],
  ['a symbol', Symbol('junk')],
  ['an array', [1]],
  ['a function', () => 1],
];

let bus: NeuronBus;
let a: Neuron;
let b: Neuron;

beforeAll(() => {
  bus = manualBus();
  a = bus.register({ name: 'a' });
  b = bus.register({ name: 'b' });
});

afterAll(() => bus[Symbol.dispose]());

/** Calls with arguments that the types forbid. */
function call(target: object, method: string, ...args: unknown[]): unknown {
  const verb: unknown = Reflect.get(target, method);
  if (typeof verb !== 'function') throw new Error(`no method ${method}`);
  return Reflect.apply(verb, target, args);
}

describe('where an object is meant', () => {
  const doors: [string, (junk: unknown) => unknown][] = [
    ['new NeuronBus', (junk) => Reflect.construct(NeuronBus, [junk])],
    ['BusOptions.prune', (junk) => Reflect.construct(NeuronBus, [{ prune: junk }])],
    ['new Axon', (junk) => Reflect.construct(Axon, [junk])],
    ['register card', (junk) => call(bus, 'register', junk)],
    ['register handlers', (junk) => call(bus, 'register', { name: 'x' }, junk)],
    ['card.membrane', (junk) => call(bus, 'register', { name: 'x', membrane: junk })],
    ['connect options', (junk) => call(bus, 'connect', a, b, junk)],
    ['connect stdp', (junk) => call(bus, 'connect', a, b, { stdp: junk })],
    ['connect filter', (junk) => call(bus, 'connect', a, b, { filters: [junk] })],
    ['discover', (junk) => call(bus, 'discover', junk)],
    ['fire options', (junk) => call(a, 'fire', b, '', junk)],
    ['tryFire options', (junk) => call(a, 'tryFire', b, '', junk)],
    ['broadcast options', (junk) => call(a, 'broadcast', '', junk)],
    ['neuron.reader', (junk) => call(a, 'reader', junk)],
    ['axon.reader', (junk) => call(new Axon(), 'reader', junk)],
    ['axon.publish', (junk) => call(new Axon(), 'publish', junk)],
    ['axon.tryPublish', (junk) => call(new Axon(), 'tryPublish', junk)],
    ['arena.read', (junk) => call(bus.arena, 'read', junk)],
  ];

  for (const [name, door] of doors) {
    it.each(JUNK)(`${name} refuses %s`, (_, junk) => {
      expect(codeOf(() => door(junk))).toBe('E_OUT_OF_RANGE');
    });

    it(`${name} refuses an unknown key`, () => {
      expect(codeOf(() => door({ name: 'x', typo: 1, type: 'kind', kind: 'excitatory' }))).toBe('E_UNKNOWN_OPTION');
    });
  }

  it('neuron.ready rejects', async () => {
    for (const [, junk] of JUNK)
      expect(await rejection(Promise.resolve(call(a, 'ready', junk)))).toBe('E_OUT_OF_RANGE');
    expect(await rejection(Promise.resolve(call(a, 'ready', { byte: 1 })))).toBe('E_UNKNOWN_OPTION');
    for (const value of [-1, 0.5, NaN, '1', null]) {
      expect(await rejection(Promise.resolve(call(a, 'ready', { bytes: value })))).toBe('E_OUT_OF_RANGE');
    }
    for (const value of [{}, null, 1, { aborted: false }]) {
      expect(await rejection(Promise.resolve(call(a, 'ready', { signal: value })))).toBe('E_OUT_OF_RANGE');
    }
  });

  it('undefined is the default everywhere', () => {
    using own: NeuronBus = new NeuronBus({
      arenaBytes: undefined,
      axonSlots: undefined,
      prune: { below: undefined },
      seed: undefined,
    });
    const neuron = own.register(
      { name: 'x', description: undefined, membrane: { leak: undefined }, slots: undefined },
      undefined,
    );
    expect(neuron.card).toMatchObject({
      description: '',
      slots: 1,
      capabilities: [],
      regions: [],
      membrane: { leak: 0.95, threshold: 1, floor: -1 },
    });
    own.connect(neuron, neuron, undefined);
    own.connect(neuron, neuron, { weight: undefined, stdp: undefined, filters: undefined });
    neuron.fire(neuron, '', undefined);
    neuron.fire(neuron, '', { kind: undefined, priority: undefined, direct: undefined });
    expect(own.tick().delivered).toBe(2);
  });
});

describe('options of a bus', () => {
  const bad: [string, unknown[]][] = [
    ['arenaBytes', [0, -1, 63, 1.5, 2 ** 37, NaN, Infinity, '1024', null, 10n]],
    ['axonSlots', [0, 1, 3, 100, 2 ** 25, -4, 2.5, NaN, '8', null]],
    ['maxNeurons', [0, 65_535, -1, 1.5, NaN, '10', null]],
    ['wait', ['spin', '', 1, null, 'BUSY-SPIN']],
    ['patience', [0, -1, NaN, '1', null]],
    ['seed', [-1, 0.5, 2 ** 53, NaN, '1', null, 1n]],
    ['clock', ['fake', 1, null, '']],
    ['tickMs', [-1, NaN, Infinity, '1', null, 2 ** 31]],
    ['deferSlots', [0, 65_537, 1.5, NaN, '64', null]],
    ['closeTimeoutMs', [-1, NaN, '1', null]],
    ['prune', [{ below: NaN }, { below: '0' }, { everyTicks: -1 }, { everyTicks: 0.5 }, { everyTicks: null }]],
  ];

  for (const [key, values] of bad) {
    it.each(values.map((value) => [value]))(`${key} refuses %s`, (value) => {
      expect(codeOf(() => Reflect.construct(NeuronBus, [{ [key]: value }]))).toBe('E_OUT_OF_RANGE');
    });
  }

  const good: [string, unknown[]][] = [
    ['axonSlots', [2, 4_096]],
    ['maxNeurons', [1, 65_534]],
    ['wait', ['busy-spin', 'spin-hint', 'yield-then-park']],
    ['patience', [0.001, Infinity]],
    ['seed', [0, 2 ** 53 - 1]],
    ['tickMs', [0, 0.5, 1]],
    ['deferSlots', [1, 65_536]],
    ['closeTimeoutMs', [0, Infinity]],
    ['prune', [{}, { below: 0.5, everyTicks: 0 }]],
  ];

  for (const [key, values] of good) {
    it.each(values.map((value) => [value]))(`${key} takes %s`, (value) => {
      const made: unknown = Reflect.construct(NeuronBus, [{ [key]: value, arenaBytes: 4_096 }]);
      expect(made).toBeInstanceOf(NeuronBus);
      if (made instanceof NeuronBus) made[Symbol.dispose]();
    });
  }
});

describe('cards', () => {
  const bad: [string, unknown][] = [
    ['no name', {}],
    ['an empty name', { name: '' }],
    ['a name that is a number', { name: 5 }],
    ['a description that is no text', { name: 'x', description: 5 }],
    ['capabilities that are no list', { name: 'x', capabilities: 'talk' }],
    ['an empty capability', { name: 'x', capabilities: [''] }],
    ['a capability that is no text', { name: 'x', capabilities: [1] }],
    ['an empty region', { name: 'x', regions: [''] }],
    ['a region with an empty segment', { name: 'x', regions: ['a//b'] }],
    ['a region that begins with a slash', { name: 'x', regions: ['/a'] }],
    ['no slots', { name: 'x', slots: 0 }],
    ['half a slot', { name: 'x', slots: 0.5 }],
    ['a leak above one', { name: 'x', membrane: { leak: 1.1 } }],
    ['a negative leak', { name: 'x', membrane: { leak: -0.1 } }],
    ['a threshold at rest', { name: 'x', membrane: { threshold: 0 } }],
    ['a threshold below rest', { name: 'x', membrane: { threshold: 1, rest: 2 } }],
    ['a floor above rest', { name: 'x', membrane: { floor: 0.5 } }],
    ['an endless threshold', { name: 'x', membrane: { threshold: Infinity } }],
    ['a threshold that is endless in 32 bits', { name: 'x', membrane: { threshold: 1e39 } }],
    ['a rest that is no number', { name: 'x', membrane: { rest: NaN } }],
    ['negative refractory ticks', { name: 'x', membrane: { refractoryTicks: -1 } }],
    ['too many refractory ticks', { name: 'x', membrane: { refractoryTicks: 2 ** 32 } }],
    ['half a refractory tick', { name: 'x', membrane: { refractoryTicks: 0.5 } }],
  ];

  it.each(bad)('refuse %s, and nothing is registered', (_, card) => {
    const { neurons } = bus.stats();
    expect(codeOf(() => call(bus, 'register', card))).toBe('E_OUT_OF_RANGE');
    expect(bus.stats().neurons).toBe(neurons);
  });

  it('are frozen, and say each thing once', () => {
    using own = manualBus();
    const { card } = own.register({ name: 'x', capabilities: ['a', 'b', 'a'], regions: ['r/s', 'r/s'] });
    expect(card).toMatchObject({ id: 0, name: 'x', capabilities: ['a', 'b'], regions: ['r/s'] });
    for (const part of [card, card.capabilities, card.regions, card.membrane]) expect(Object.isFrozen(part)).toBe(true);
  });
});

describe('handlers', () => {
  it.each(['onSpike', 'onSpikes', 'tick'])('%s must be a function', (key) => {
    for (const value of [1, null, 'x', {}])
      expect(codeOf(() => call(bus, 'register', { name: 'x' }, { [key]: value }))).toBe('E_OUT_OF_RANGE');
    expect(codeOf(() => bus.unregister(bus.register({ name: 'x' }, { [key]: undefined })))).toBe('none');
  });

  it('a plain object has no other members, an instance may', () => {
    expect(codeOf(() => call(bus, 'register', { name: 'x' }, { onSpik: () => {} }))).toBe('E_UNKNOWN_OPTION');
    expect(codeOf(() => call(bus, 'register', { name: 'x' }, { onAsk: () => {} }))).toBe('E_UNKNOWN_OPTION');
    class Agent {
      state = 1;
      onSpike(): void {}
    }
    expect(codeOf(() => bus.unregister(bus.register({ name: 'x' }, new Agent())))).toBe('none');
  });
});

describe('fire', () => {
  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a string', '1'],
    ['an object', {}],
    ['an object with an id', { id: 1 }],
    ['a negative id', -1],
    ['the broadcast id', 65_535],
    ['half an id', 0.5],
    ['NaN', NaN],
    ['a BigInt', 1n],
    ['an object made of a prototype', Object.create(Neuron.prototype)],
  ])('refuses the target %s', (_, target) => {
    for (const verb of ['fire', 'tryFire']) expect(codeOf(() => call(a, verb, target, ''))).toBe('E_OUT_OF_RANGE');
    for (const verb of ['connect', 'synapse', 'disconnect']) {
      expect(codeOf(() => call(bus, verb, target, b))).toBe('E_OUT_OF_RANGE');
      expect(codeOf(() => call(bus, verb, a, target))).toBe('E_OUT_OF_RANGE');
    }
    expect(codeOf(() => call(bus, 'unregister', target))).toBe('E_OUT_OF_RANGE');
    expect(a.sequence).toBe(0);
  });

  const cycle: { self?: object } = {};
  cycle.self = cycle;

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['a BigInt', 1n],
    ['a BigInt inside', { deep: [1n] }],
    ['a cycle', cycle],
    ['a toJSON of undefined', { toJSON: () => undefined }],
    [
      'a toJSON that throws',
      {
        toJSON: () => {
          throw new Error('no');
        },
      },
    ],
  ])('refuses the payload %s', (_, payload) => {
    const before = bus.stats();
    for (const verb of ['fire', 'tryFire']) expect(codeOf(() => call(a, verb, b, payload))).toBe('E_OUT_OF_RANGE');
    expect(codeOf(() => call(a, 'broadcast', payload))).toBe('E_OUT_OF_RANGE');
    expect([a.sequence, bus.stats()]).toEqual([0, before]);
  });

  it.each<[string, unknown]>([
    ['kind', 'excited'],
    ['kind', 0],
    ['kind', null],
    ['priority', -1],
    ['priority', 256],
    ['priority', 1.5],
    ['priority', NaN],
    ['priority', '1'],
    ['priority', null],
    ['direct', 1],
    ['direct', null],
    ['direct', 'true'],
  ])('refuses options.%s = %s', (key, value) => {
    expect(codeOf(() => call(a, 'fire', b, '', { [key]: value }))).toBe('E_OUT_OF_RANGE');
    expect(a.sequence).toBe(0);
  });

  it('an error of a payload that is JSON keeps its cause', () => {
    try {
      call(a, 'fire', b, cycle);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(OutOfRangeError);
      expect(error instanceof Error && error.cause).toBeInstanceOf(TypeError);
    }
  });

  it('a payload whose toJSON closes the bus is refused', () => {
    const own = manualBus();
    const neuron = own.register({ name: 'x' });
    const payload = {
      toJSON: (): string => {
        own[Symbol.dispose]();
        return 'late';
      },
    };
    expect(codeOf(() => call(neuron, 'fire', neuron, payload))).toBe('E_CLOSED');
    expect(own.stats().fired).toBe(0);
  });
});

describe('other doors', () => {
  it.each([-1, 0.5, NaN, Infinity, null, '1', 2 ** 32, 1n, {}])('tick refuses %s', (count) => {
    expect(codeOf(() => call(bus, 'tick', count))).toBe('E_OUT_OF_RANGE');
  });

  it.each([-1, NaN, Infinity, null, '1', undefined, 1n])('advance refuses %s', (ms) => {
    expect(codeOf(() => call(bus, 'advance', ms))).toBe('E_OUT_OF_RANGE');
  });

  it.each(['leave', 'errors', '', null, undefined, 5])('on and off refuse the event %s', (event) => {
    for (const verb of ['on', 'off']) expect(codeOf(() => call(bus, verb, event, () => {}))).toBe('E_OUT_OF_RANGE');
  });

  it.each([null, undefined, 5, {}, 'x'])('on and off refuse the listener %s', (listener) => {
    for (const verb of ['on', 'off']) expect(codeOf(() => call(bus, verb, 'drop', listener))).toBe('E_OUT_OF_RANGE');
  });

  it('registerFilter refuses names and predicates', () => {
    for (const name of ['', null, undefined, 5])
      expect(codeOf(() => call(bus, 'registerFilter', name, () => true))).toBe('E_OUT_OF_RANGE');
    for (const predicate of [null, undefined, 5, {}])
      expect(codeOf(() => call(bus, 'registerFilter', 'x', predicate))).toBe('E_OUT_OF_RANGE');
  });

  it('discover refuses what is no text', () => {
    for (const value of [5, null, '', []]) {
      expect(codeOf(() => call(bus, 'discover', { capability: value }))).toBe('E_OUT_OF_RANGE');
      expect(codeOf(() => call(bus, 'discover', { region: value }))).toBe('E_OUT_OF_RANGE');
    }
    expect(codeOf(() => call(bus, 'discover'))).toBe('E_OUT_OF_RANGE');
  });

  it('arena.write refuses what is no bytes, and no bytes', () => {
    for (const value of [null, undefined, 'text', [1], new Uint16Array(4), new ArrayBuffer(4), new Uint8Array(0)]) {
      expect(codeOf(() => call(bus.arena, 'write', value))).toBe('E_OUT_OF_RANGE');
    }
  });

  it('axons refuse records that are not 64 bytes, and batches that are no bytes', () => {
    const axon = new Axon();
    for (const length of [0, 63, 65, 128])
      expect(codeOf(() => axon.publish(new Uint8Array(length)))).toBe('E_OUT_OF_RANGE');
    for (const value of [null, undefined, 'x', [1], new Float32Array(16), new ArrayBuffer(64)]) {
      expect(codeOf(() => call(axon, 'publishBatch', value))).toBe('E_OUT_OF_RANGE');
    }
  });

  it.each<[string, unknown]>([
    ['timestampNs', 5],
    ['timestampNs', -1n],
    ['timestampNs', 2n ** 64n],
    ['sequence', 2 ** 32],
    ['sequence', -1],
    ['source', 65_535],
    ['target', 65_536],
    ['kind', 'x'],
    ['priority', 256],
    ['payload', 5n],
    ['payload', Symbol('x')],
  ])('axon.publish refuses %s = %s', (key, value) => {
    expect(codeOf(() => call(new Axon(), 'publish', { [key]: value }))).toBe('E_OUT_OF_RANGE');
  });

  it.each([0, -1, 0.5, NaN, null, '1', Infinity])('poll refuses %s', (max) => {
    const reader = new Axon().reader();
    expect(codeOf(() => call(reader, 'poll', max))).toBe('E_OUT_OF_RANGE');
  });

  it.each(['fast', '', null, 1])('reader refuses the mode %s', (mode) => {
    expect(codeOf(() => call(new Axon(), 'reader', { mode }))).toBe('E_OUT_OF_RANGE');
    expect(codeOf(() => call(a, 'reader', { mode }))).toBe('E_OUT_OF_RANGE');
  });
});

describe('types', () => {
  it('NB-20 nobody but the bus makes its parts', () => {
    // @ts-expect-error the constructor is private
    expect(() => new Neuron()).toThrow(TypeError);
    // @ts-expect-error an axon is the one producer of its ring
    expect(codeOf(() => new Axon({ memory: new Uint8Array(1) }))).toBe('E_UNKNOWN_OPTION');
  });

  it('NB-20 nothing that is cloned into another thread can publish or read', () => {
    const axon = new Axon({ slots: 2 });
    const reader = axon.reader();
    for (const [each, verbs] of [
      [axon, ['publish', 'tryPublish', 'publishBatch', 'reader']],
      [reader, ['poll', 'clone', Symbol.asyncIterator]],
      [a, ['fire', 'tryFire', 'broadcast', 'reader']],
    ] as const) {
      const clone: object = structuredClone<object>(each);
      expect(Object.getPrototypeOf(clone)).toBe(Object.prototype);
      for (const verb of verbs) expect(Reflect.get(clone, verb)).toBeUndefined();
      const verb: unknown = Reflect.get(each, verbs[0]);
      if (typeof verb !== 'function') throw new Error('no function');
      expect(() => Reflect.apply(verb, clone, [new Uint8Array(64)])).toThrow(TypeError);
    }
  });
});

describe('messages', () => {
  const message = (door: () => unknown): string => {
    try {
      door();
    } catch (error) {
      if (error instanceof NeuronBusError) return error.message;
    }
    return 'no error';
  };

  it('quote the value, its type and the allowed range', () => {
    expect(message(() => new Axon({ slots: 100 }))).toBe(
      'AxonOptions.slots: 100 (number) is refused; allowed: powers of two 2 to 16777216',
    );
    expect(message(() => call(a, 'fire', b, '', { priority: '7' }))).toBe(
      'FireOptions.priority: "7" (string) is refused; allowed: whole numbers 0 to 255',
    );
    expect(message(() => call(bus, 'register', null))).toBe('AgentCard: null (null) is refused; allowed: objects');
    expect(message(() => call(bus, 'register', { name: 'x', capabilities: [1] }))).toContain(
      'AgentCard.capabilities[0]: 1 (number)',
    );
  });

  it('name the unknown option and the known ones', () => {
    expect(message(() => call(a, 'fire', b, '', { prio: 1 }))).toBe(
      'FireOptions: unknown option "prio"; allowed: kind, priority, direct',
    );
  });

  it('cut long values, and never run the code of a value', () => {
    const trap = {
      toString: () => {
        throw new Error('ran');
      },
      [Symbol.toPrimitive]: () => {
        throw new Error('ran');
      },
    };
    expect(codeOf(() => call(bus, 'tick', trap))).toBe('E_OUT_OF_RANGE');
    expect(message(() => call(bus, 'tick', 'x'.repeat(1_000))).length).toBeLessThan(200);
  });

  it('carry code, detail and a name', () => {
    try {
      call(bus, 'tick', -1);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({
        name: 'OutOfRangeError',
        code: 'E_OUT_OF_RANGE',
        detail: { name: 'ticks', value: '-1', type: 'number', allowed: 'whole numbers 0 to 4294967295' },
      });
    }
    try {
      call(a, 'fire', b, '', { x: 1 });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(UnknownOptionError);
      expect(error).toMatchObject({ name: 'UnknownOptionError', code: 'E_UNKNOWN_OPTION', detail: { option: 'x' } });
    }
  });

  it('the ring of neurons is full at maxNeurons', () => {
    using own = manualBus({ maxNeurons: 2 });
    own.register({ name: 'a' });
    own.register({ name: 'b' });
    expect(codeOf(() => own.register({ name: 'c' }))).toBe('E_OUT_OF_RANGE');
    own.unregister(0);
    own.tick();
    expect(own.register({ name: 'c' }).id).toBe(0);
  });
});
