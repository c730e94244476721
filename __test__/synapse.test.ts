/** Synapses: weights, learning, filters, pruning. */
import { type Filter, type Neuron, type NeuronBus, type Spike, Synapse } from 'neuronbus';
import { beforeEach, describe, expect, it } from 'vitest';
import { CALM, codeOf, expectBalance, keeper, manualBus, texts } from './helpers/bus.js';

const DEFAULTS = { aPlus: 0.01, aMinus: 0.012, tauPlusMs: 20, tauMinusMs: 20, wMin: 0.001, wMax: 1, decayPerSecond: 0 };

let bus: NeuronBus;
let a: Neuron;
let b: Neuron;
let got: Spike[];

beforeEach(() => {
  bus = manualBus();
  a = bus.register({ name: 'a' });
  ({ neuron: b, got } = keeper(bus, 'b'));
});

describe('connect', () => {
  it('NB-31 NB-35 gives the defaults', () => {
    const synapse = bus.connect(a, b);
    expect(synapse).toBeInstanceOf(Synapse);
    expect([synapse.pre, synapse.post, synapse.weight, synapse.filters]).toEqual([a.id, b.id, 0.5, []]);
    expect(synapse.stdp).toEqual(DEFAULTS);
  });

  it('takes handles and ids', () => {
    bus.connect(a.id, b.id, { weight: 0.25 });
    expect(bus.synapse(a, b.id)?.weight).toBe(0.25);
    expect(bus.synapse(b, a)).toBeUndefined();
  });

  it('on an existing pair updates what is given and keeps the rest', () => {
    bus.connect(a, b, { weight: 0.25, stdp: { aPlus: 0.5 }, filters: [{ type: 'priority', min: 3 }] });
    const synapse = bus.connect(a, b, { stdp: { aMinus: 0.25 } });
    expect(synapse.weight).toBe(0.25);
    expect(synapse.stdp).toEqual({ ...DEFAULTS, aPlus: 0.5, aMinus: 0.25 });
    expect(synapse.filters).toEqual([{ type: 'priority', min: 3 }]);
    expect(bus.connect(a, b, {}).weight).toBe(0.25);
    expect(bus.connect(a, b, { filters: [] }).filters).toEqual([]);
  });

  it('a neuron to itself is legal', () => {
    bus.connect(b, b);
    b.fire(b, 'self');
    bus.tick();
    expect(texts(got)).toEqual(['self']);
  });

  it.each([5, -1, NaN, 0, Infinity, -Infinity, 1.000_1, 0.000_9, null, '0.5', true, [0.5]])(
    'NB-35 refuses the weight %s on every path',
    (weight) => {
      const options: object = { weight };
      expect(codeOf(() => bus.connect(a, b, options))).toBe('E_OUT_OF_RANGE');
      expect(bus.synapse(a, b)).toBeUndefined();
      const synapse = bus.connect(a, b);
      expect(codeOf(() => bus.connect(a, b, options))).toBe('E_OUT_OF_RANGE');
      expect(codeOf(() => Reflect.set(synapse, 'weight', weight))).toBe('E_OUT_OF_RANGE');
      expect(synapse.weight).toBe(0.5);
    },
  );

  it.each([0.001, 1, 0.5])('takes the weight %d', (weight) => {
    expect(bus.connect(a, b, { weight }).weight).toBeCloseTo(weight, 7);
  });

  it('bounds follow wMin and wMax', () => {
    const synapse = bus.connect(a, b, { weight: 3, stdp: { wMax: 4 } });
    expect(synapse.weight).toBe(3);
    expect(codeOf(() => bus.connect(a, b, { weight: 4.5 }))).toBe('E_OUT_OF_RANGE');
    synapse.weight = 4;
    expect(bus.synapse(a, b)?.weight).toBe(4);
  });

  it.each([
    ['aPlus', -0.1],
    ['aMinus', NaN],
    ['tauPlusMs', 0],
    ['tauMinusMs', -1],
    ['tauPlusMs', Infinity],
    ['wMin', 0],
    ['wMin', 2],
    ['wMax', 0],
    ['decayPerSecond', -1],
    ['aPlus', '1'],
    ['aPlus', null],
  ])('refuses stdp.%s = %s', (key, value) => {
    const options: object = { stdp: { [key]: value } };
    expect(codeOf(() => bus.connect(a, b, options))).toBe('E_OUT_OF_RANGE');
    const synapse = bus.connect(a, b);
    expect(codeOf(() => Reflect.set(synapse, 'stdp', { [key]: value }))).toBe('E_OUT_OF_RANGE');
    expect(synapse.stdp).toEqual(DEFAULTS);
  });

  it('refuses unknown ids, stale handles and handles of another bus', () => {
    const other = manualBus();
    const stranger = other.register({ name: 'a' });
    const gone = bus.register({ name: 'gone' });
    bus.unregister(gone);
    for (const end of [stranger, gone, 61]) {
      expect(codeOf(() => bus.connect(a, end))).toBe('E_UNKNOWN_NEURON');
      expect(codeOf(() => bus.connect(end, a))).toBe('E_UNKNOWN_NEURON');
      expect(codeOf(() => a.fire(end, ''))).toBe(typeof end === 'number' ? 'none' : 'E_UNKNOWN_NEURON');
    }
  });
});

describe('the handle', () => {
  it('is live', () => {
    const [one, two] = [bus.connect(a, b), bus.connect(a, b)];
    one.weight = 0.75;
    expect(two.weight).toBe(0.75);
    two.stdp = false;
    expect(one.stdp).toBe(false);
    two.stdp = { aPlus: 0.5 };
    expect(one.stdp).toMatchObject({ aPlus: 0.5 });
    one.filters = [{ type: 'kind', kind: 'inhibitory' }];
    expect(two.filters).toEqual([{ type: 'kind', kind: 'inhibitory' }]);
  });

  it('of a synapse that is gone throws E_NOT_CONNECTED', () => {
    const synapse = bus.connect(a, b);
    expect(bus.disconnect(a, b)).toBe(true);
    expect(bus.disconnect(a, b)).toBe(false);
    for (const key of ['weight', 'stdp', 'filters'] as const)
      expect(codeOf(() => synapse[key])).toBe('E_NOT_CONNECTED');
    expect(codeOf(() => Reflect.set(synapse, 'weight', 0.5))).toBe('E_NOT_CONNECTED');
    expect(bus.synapse(a, b)).toBeUndefined();
  });

  it('cannot be given undefined, and its lists are copies', () => {
    const given: Filter[] = [{ type: 'priority', min: 1 }];
    const synapse = bus.connect(a, b, { filters: given });
    given.pop();
    synapse.filters.pop();
    expect(synapse.filters.length).toBe(1);
    for (const key of ['weight', 'stdp', 'filters'])
      expect(codeOf(() => Reflect.set(synapse, key, undefined))).toBe('E_OUT_OF_RANGE');
  });

  it('synapses() gives all in order of pre and post', () => {
    const c = bus.register({ name: 'c' });
    for (const [pre, post] of [
      [c, a],
      [a, c],
      [b, b],
      [a, b],
    ] as const)
      bus.connect(pre, post);
    expect(Array.from(bus.synapses(), ({ pre, post }) => [pre, post])).toEqual([
      [0, 1],
      [0, 2],
      [1, 1],
      [2, 0],
    ]);
    bus.unregister(b);
    expect(Array.from(bus.synapses()).length).toBe(2);
  });
});

describe('NB-30 filters', () => {
  const cases: [string, Filter, boolean[]][] = [
    ['kind', { type: 'kind', kind: 'inhibitory' }, [false, true, false]],
    ['priority', { type: 'priority', min: 7 }, [false, true, true]],
    ['prefix of text', { type: 'prefix', prefix: 'he' }, [true, false, false]],
    ['prefix of bytes', { type: 'prefix', prefix: Uint8Array.of(0x77) }, [false, true, true]],
    ['empty prefix', { type: 'prefix', prefix: '' }, [true, true, true]],
    ['custom', { type: 'custom', name: 'long' }, [true, false, true]],
  ];

  it.each(cases)('%s, on unicast and broadcast alike', (_, filter, passes) => {
    bus.registerFilter('long', (spike) => spike.payload.length > 4);
    bus.connect(a, b, { filters: [filter] });
    const send = (fire: (payload: string, options: object) => void): void => {
      fire('hello', { priority: 6 });
      fire('w', { kind: 'inhibitory', priority: 7 });
      fire('world'.repeat(20), { priority: 255 });
    };
    send((payload, options) => a.fire(b, payload, options));
    send((payload, options) => a.broadcast(payload, options));
    bus.tick();
    const expected = ['hello', 'w', 'world'.repeat(20)].filter((__, i) => passes[i]);
    expect(texts(got)).toEqual([...expected, ...expected]);
    expect(bus.stats().dropped.filtered).toBe(6 - 2 * expected.length);
    expectBalance(bus.stats());
  });

  it('all of a synapse must pass', () => {
    bus.registerFilter('even', (spike) => spike.sequence % 2 === 0);
    bus.connect(a, b, {
      filters: [
        { type: 'custom', name: 'even' },
        { type: 'prefix', prefix: 'x' },
      ],
    });
    for (const text of ['x0', 'x1', 'y2', 'x3', 'x4']) a.fire(b, text);
    bus.tick();
    expect(texts(got)).toEqual(['x0', 'x4']);
  });

  it('a custom one is of its synapse alone, and asked for direct spikes too', () => {
    const c = bus.register({ name: 'c' });
    const asked: string[] = [];
    bus.registerFilter('never', (spike) => {
      asked.push(`${spike.source}:${spike.text()}`);
      return false;
    });
    bus.connect(a, b, { filters: [{ type: 'custom', name: 'never' }] });
    bus.connect(c, b);
    a.fire(b, 'no');
    c.fire(b, 'yes');
    a.fire(b, 'neither', { direct: true });
    bus.tick();
    expect(texts(got)).toEqual(['yes']);
    expect(asked).toEqual([`${a.id}:no`, `${a.id}:neither`]);
  });

  it('what a custom one lets through reaches onSpikes in batches between what it refuses', () => {
    const batches: number[][] = [];
    const c = bus.register(
      { name: 'c', membrane: CALM },
      { onSpikes: (batch) => void batches.push(Array.from(batch, (spike) => spike.sequence)) },
    );
    bus.registerFilter('not 3', (spike) => spike.sequence !== 3 && spike.sequence < 6);
    bus.connect(a, c, { filters: [{ type: 'custom', name: 'not 3' }] });
    for (let i = 0; i < 8; i++) a.fire(c, '');
    bus.tick();
    expect(batches.flat()).toEqual([0, 1, 2, 4, 5]);
    expect(batches).toContainEqual([0, 1, 2]);
    expect(bus.stats()).toMatchObject({ delivered: 5, dropped: { filtered: 3 } });
  });

  it('a custom one that throws counts as filtered and as an error', () => {
    const errors: unknown[] = [];
    bus.on('error', (error, neuron) => void errors.push([String(error), neuron]));
    bus.registerFilter('bad', () => {
      throw new Error('bad filter');
    });
    bus.connect(a, b, { filters: [{ type: 'custom', name: 'bad' }] });
    a.fire(b, '');
    bus.tick();
    expect(errors).toEqual([['Error: bad filter', b]]);
    expect(bus.stats()).toMatchObject({ handlerErrors: 1, delivered: 0, dropped: { filtered: 1 } });
    expectBalance(bus.stats());
  });

  it('what a custom one refuses has been integrated', () => {
    const c = bus.register({ name: 'c' });
    bus.registerFilter('no', () => false);
    bus.connect(a, c, { weight: 0.5, filters: [{ type: 'custom', name: 'no' }] });
    a.fire(c, '');
    bus.tick();
    expect(c.potential).toBeCloseTo(0.475, 6);
  });

  it('an unregistered name is refused, registering again replaces', () => {
    expect(codeOf(() => bus.connect(a, b, { filters: [{ type: 'custom', name: 'none' }] }))).toBe('E_UNKNOWN_FILTER');
    expect(bus.synapse(a, b)).toBeUndefined();
    bus.registerFilter('gate', () => false);
    bus.connect(a, b, { filters: [{ type: 'custom', name: 'gate' }] });
    bus.registerFilter('gate', () => true);
    a.fire(b, 'open');
    bus.tick();
    expect(texts(got)).toEqual(['open']);
  });

  it('goes with its synapse', () => {
    bus.registerFilter('no', () => false);
    bus.connect(a, b, { filters: [{ type: 'custom', name: 'no' }] });
    bus.disconnect(a, b);
    expect(bus.connect(a, b).filters).toEqual([]);
    a.fire(b, 'through');
    bus.tick();
    expect(texts(got)).toEqual(['through']);
  });

  it.each<[string, unknown, string]>([
    ['no object', 7, 'E_OUT_OF_RANGE'],
    ['null', null, 'E_OUT_OF_RANGE'],
    ['unknown type', { type: 'magic' }, 'E_OUT_OF_RANGE'],
    ['no type', {}, 'E_OUT_OF_RANGE'],
    ['unknown key', { type: 'priority', min: 1, max: 2 }, 'E_UNKNOWN_OPTION'],
    ['key of another type', { type: 'priority', min: 1, name: 'x' }, 'E_UNKNOWN_OPTION'],
    ['priority too high', { type: 'priority', min: 256 }, 'E_OUT_OF_RANGE'],
    ['priority missing', { type: 'priority' }, 'E_OUT_OF_RANGE'],
    ['unknown kind', { type: 'kind', kind: 'excited' }, 'E_OUT_OF_RANGE'],
    ['prefix of a number', { type: 'prefix', prefix: 5 }, 'E_OUT_OF_RANGE'],
    ['custom without a name', { type: 'custom' }, 'E_OUT_OF_RANGE'],
  ])('refuses a filter: %s', (_, filter, code) => {
    expect(codeOf(() => Reflect.apply(bus.connect, bus, [a, b, { filters: [filter] }]))).toBe(code);
    const synapse = bus.connect(a, b);
    expect(codeOf(() => Reflect.set(synapse, 'filters', [filter]))).toBe(code);
  });
});

describe('learning', () => {
  it('NB-32 pre before post strengthens', () => {
    const [c, driver] = [bus.register({ name: 'c' }), bus.register({ name: 'driver' })];
    const learning = bus.connect(a, c, { weight: 0.5 });
    bus.connect(driver, c, { weight: 1, stdp: false });
    a.fire(c, '');
    bus.tick();
    bus.advance(5);
    driver.fire(c, '');
    bus.tick();
    expect(learning.weight).toBeCloseTo(0.5 + 0.01 * Math.exp(-5 / 20), 6);
  });

  it('NB-33 post before pre weakens, by more', () => {
    const [c, driver] = [
      bus.register({ name: 'c', membrane: { refractoryTicks: 0 } }),
      bus.register({ name: 'driver' }),
    ];
    const learning = bus.connect(a, c, { weight: 0.5 });
    bus.connect(driver, c, { weight: 1, stdp: false });
    driver.fire(c, '');
    driver.fire(c, '');
    bus.tick();
    bus.advance(5);
    a.fire(c, '');
    bus.tick();
    expect(learning.weight).toBeCloseTo(0.5 - 0.012 * Math.exp(-5 / 20), 6);
  });

  it('stdp: false does not learn', () => {
    const c = bus.register({ name: 'c', membrane: { threshold: 0.3 } });
    const still = bus.connect(a, c, { weight: 0.5, stdp: false });
    for (let i = 0; i < 10; i++) {
      a.fire(c, '');
      bus.advance(1);
      bus.tick();
    }
    expect(still.weight).toBe(0.5);
  });

  it('NB-48 a modulatory spike sets the gain of what follows', () => {
    const gains = [0, 128, 255].map((dopamine) => {
      using own = manualBus();
      const [pre, post] = [own.register({ name: 'pre' }), own.register({ name: 'post', membrane: { threshold: 0.3 } })];
      const synapse = own.connect(pre, post, { weight: 0.5 });
      pre.fire(post, Uint8Array.of(dopamine, 0, 0), { kind: 'modulatory' });
      own.tick();
      expect(post.potential).toBe(0);
      pre.fire(post, '');
      own.tick();
      return (synapse.weight - 0.5) / 0.01;
    });
    expect(gains).toEqual([expect.closeTo(0, 4), expect.closeTo(1, 4), expect.closeTo(1 + 127 / 128, 4)]);
  });

  it.each([0, 2, 4, 46, 100])('a modulatory spike of %i bytes is refused', (length) => {
    bus.connect(a, b);
    for (const payload of [new Uint8Array(length), 'x'.repeat(length)]) {
      expect(codeOf(() => a.fire(b, payload, { kind: 'modulatory' }))).toBe('E_OUT_OF_RANGE');
      expect(codeOf(() => a.broadcast(payload, { kind: 'modulatory' }))).toBe('E_OUT_OF_RANGE');
    }
    expect(a.sequence).toBe(0);
  });

  it('modulatory text counts in bytes', () => {
    bus.connect(a, b);
    expect(codeOf(() => a.fire(b, 'ü', { kind: 'modulatory' }))).toBe('E_OUT_OF_RANGE');
    expect(codeOf(() => a.fire(b, 'xü', { kind: 'modulatory' }))).toBe('none');
    expect(codeOf(() => a.fire(b, '…', { kind: 'modulatory' }))).toBe('none');
  });
});

describe('NB-34 pruning', () => {
  it('removes what is weak, tells of each, and the path carries no more', () => {
    const pruned: [number, number, number][] = [];
    bus.on('prune', (synapse) => void pruned.push([synapse.pre, synapse.post, synapse.weight]));
    bus.connect(a, b, { weight: 0.01, filters: [{ type: 'priority', min: 0 }] });
    bus.connect(b, a, { weight: 0.011 });
    expect(bus.prune()).toBe(1);
    expect(bus.prune()).toBe(0);
    expect(pruned).toEqual([[a.id, b.id, expect.closeTo(0.01, 6)]]);
    a.fire(b, '');
    bus.tick();
    expect(bus.stats().dropped.notConnected).toBe(1);
    expect(bus.connect(a, b).filters).toEqual([]);
  });

  it('the synapse of the event knows its weight and nothing else', () => {
    const codes: string[] = [];
    bus.on(
      'prune',
      (synapse) =>
        void codes.push(
          codeOf(() => synapse.stdp),
          codeOf(() => synapse.filters),
          codeOf(() => Reflect.set(synapse, 'weight', 1)),
        ),
    );
    bus.connect(a, b, { weight: 0.005 });
    bus.prune();
    expect(codes).toEqual(['E_NOT_CONNECTED', 'E_NOT_CONNECTED', 'E_NOT_CONNECTED']);
  });

  it('runs by itself every so many ticks, at its own limit', () => {
    const own = manualBus({ prune: { below: 0.3, everyTicks: 4 } });
    const [pre, post] = [own.register({ name: 'pre' }), own.register({ name: 'post' })];
    let told = 0;
    own.on('prune', () => void told++);
    own.connect(pre, post, { weight: 0.3 });
    own.connect(post, pre, { weight: 0.31 });
    own.tick(8);
    expect(told).toBe(1);
    expect(Array.from(own.synapses(), ({ pre: from }) => from)).toEqual([post.id]);
  });
});
