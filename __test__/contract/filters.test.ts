/** Filters: on unicast and broadcast alike (NB-30). */
import type { Filter, FireOptions, Neuron, NeuronBus, Payload } from 'neuronbus';
import { expect, test } from 'vitest';
import { call, deaf, listener, manualBus, refuses } from './helpers.js';

interface Path {
  readonly bus: NeuronBus;
  readonly sender: Neuron;
  readonly receiver: Neuron;
  readonly texts: string[];
}

function path(filters: Filter[], prepare?: (bus: NeuronBus) => void): Path {
  const bus = manualBus();
  prepare?.(bus);
  const sender = deaf(bus, 'sender');
  const { neuron, texts } = listener(bus, 'receiver');
  bus.connect(sender, neuron, { filters });
  return { bus, sender, receiver: neuron, texts };
}

const CASES: [string, Filter, [Payload, FireOptions], [Payload, FireOptions]][] = [
  ['kind', { type: 'kind', kind: 'inhibitory' }, ['a', { kind: 'inhibitory' }], ['a', {}]],
  [
    'kind modulatory',
    { type: 'kind', kind: 'modulatory' },
    [Uint8Array.of(1, 2, 3), { kind: 'modulatory' }],
    [Uint8Array.of(1, 2, 3), {}],
  ],
  ['priority, min in', { type: 'priority', min: 100 }, ['a', { priority: 100 }], ['a', { priority: 99 }]],
  ['prefix, a string', { type: 'prefix', prefix: 'ab' }, ['abc', {}], ['ba', {}]],
  [
    'prefix, bytes',
    { type: 'prefix', prefix: Uint8Array.of(0, 1) },
    [Uint8Array.of(0, 1, 2), {}],
    [Uint8Array.of(0), {}],
  ],
  ['prefix, the whole', { type: 'prefix', prefix: 'abc' }, ['abc', {}], ['ab', {}]],
  ['prefix of an arena payload', { type: 'prefix', prefix: 'xxy' }, [`xxy${'z'.repeat(90)}`, {}], ['x'.repeat(90), {}]],
  [
    'prefix above 46 bytes',
    { type: 'prefix', prefix: 'k'.repeat(60) },
    ['k'.repeat(61), {}],
    [`${'k'.repeat(59)}j${'k'.repeat(9)}`, {}],
  ],
  ['prefix, nothing', { type: 'prefix', prefix: '' }, ['', {}], ['never', { priority: 255 }]],
];

test.each(CASES.slice(0, -1))('NB-30 %s: passes and blocks, on unicast and on broadcast', (_, filter, pass, block) => {
  const { bus, sender, receiver, texts } = path([filter]);
  sender.fire(receiver, ...pass);
  sender.fire(receiver, ...block);
  sender.broadcast(...pass);
  sender.broadcast(...block);
  bus.tick();
  expect(texts).toHaveLength(2);
  expect(bus.stats().dropped.filtered).toBe(2);
  expect(texts[0]).toBe(texts[1]);
});

test('NB-30 an empty prefix passes everything', () => {
  const { bus, sender, receiver, texts } = path([{ type: 'prefix', prefix: '' }]);
  for (const payload of ['', 'x', 'y'.repeat(100)]) sender.fire(receiver, payload);
  bus.tick();
  expect(texts).toHaveLength(3);
});

test('NB-30 custom calls the registered predicate, on unicast and on broadcast', () => {
  const asked: string[] = [];
  const { bus, sender, receiver, texts } = path([{ type: 'custom', name: 'short' }], (each) =>
    each.registerFilter('short', (spike) => {
      asked.push(spike.text());
      return spike.payload.length < 3;
    }),
  );
  sender.fire(receiver, 'ab');
  sender.fire(receiver, 'abcd');
  sender.broadcast('cd');
  sender.broadcast('cdef');
  bus.tick();
  expect(texts).toEqual(['ab', 'cd']);
  expect(asked).toEqual(['ab', 'abcd', 'cd', 'cdef']);
  expect(bus.stats().dropped.filtered).toBe(2);
});

test('NB-30 a spike must pass all of a synapse’s filters', () => {
  const { bus, sender, receiver, texts } = path(
    [
      { type: 'priority', min: 5 },
      { type: 'prefix', prefix: 'go' },
      { type: 'custom', name: 'even' },
    ],
    (each) => each.registerFilter('even', (spike) => spike.payload.length % 2 === 0),
  );
  sender.fire(receiver, 'go', { priority: 5 });
  sender.fire(receiver, 'go', { priority: 4 });
  sender.fire(receiver, 'no', { priority: 5 });
  sender.fire(receiver, 'go!', { priority: 5 });
  bus.tick();
  expect(texts).toEqual(['go']);
  expect(bus.stats().dropped.filtered).toBe(3);
});

test('NB-30 an unregistered name is refused at connect, and at the setter', () => {
  const { bus, sender, receiver } = path([]);
  refuses('E_UNKNOWN_FILTER', () => bus.connect(sender, receiver, { filters: [{ type: 'custom', name: 'nobody' }] }));
  const synapse = bus.synapse(sender, receiver);
  refuses('E_UNKNOWN_FILTER', () => Reflect.set(Object(synapse), 'filters', [{ type: 'custom', name: 'nobody' }]));
  expect(synapse?.filters).toEqual([]);
});

test('Filters: what a predicate refuses has been integrated, but is counted as filtered', () => {
  const bus = manualBus();
  bus.registerFilter('none', () => false);
  const sender = deaf(bus, 'sender');
  const heard: string[] = [];
  const receiver = bus.register({ name: 'r', membrane: { leak: 1 } }, { onSpike: (spike) => heard.push(spike.text()) });
  bus.connect(sender, receiver, { weight: 0.5, filters: [{ type: 'custom', name: 'none' }] });
  sender.fire(receiver, 'x');
  bus.tick();
  expect(receiver.potential).toBe(0.5);
  expect([heard.length, bus.stats().dropped.filtered, bus.stats().delivered]).toEqual([0, 1, 0]);
});

test('Filters: what a built-in filter refuses has not been integrated', () => {
  const bus = manualBus();
  const sender = deaf(bus, 'sender');
  const receiver = bus.register({ name: 'r', membrane: { leak: 1 } });
  bus.connect(sender, receiver, { filters: [{ type: 'priority', min: 9 }] });
  sender.fire(receiver, 'x');
  bus.tick();
  expect(receiver.potential).toBe(0);
});

test('Filters: a predicate that throws counts in handlerErrors and as filtered; the error event tells', () => {
  const errors: unknown[] = [];
  const { bus, sender, receiver, texts } = path([{ type: 'custom', name: 'bad' }], (each) => {
    each.registerFilter('bad', (spike) => {
      if (spike.text() === 'boom') throw new Error('predicate');
      return true;
    });
    each.on('error', (error) => errors.push(error));
  });
  sender.fire(receiver, 'boom');
  sender.fire(receiver, 'fine');
  bus.tick();
  expect(texts).toEqual(['fine']);
  expect(bus.stats()).toMatchObject({ handlerErrors: 1, delivered: 1, dropped: { filtered: 1 } });
  expect(errors).toEqual([new Error('predicate')]);
});

test('Filters: registering a name again replaces it, for synapses that exist too', () => {
  const { bus, sender, receiver, texts } = path([{ type: 'custom', name: 'gate' }], (each) =>
    each.registerFilter('gate', () => false),
  );
  sender.fire(receiver, 'closed');
  bus.tick();
  bus.registerFilter('gate', () => true);
  sender.fire(receiver, 'open');
  bus.tick();
  expect(texts).toEqual(['open']);
});

test('Filters: a predicate runs right before the handler of its receiver, once per spike and target', () => {
  const bus = manualBus();
  const order: string[] = [];
  bus.registerFilter('log', (spike) => {
    order.push(`ask ${spike.text()}`);
    return true;
  });
  const sender = deaf(bus, 'sender');
  for (const name of ['a', 'b']) {
    const receiver = deaf(bus, name, { onSpike: (spike, self) => order.push(`${self.card.name} ${spike.text()}`) });
    bus.connect(sender, receiver, { filters: [{ type: 'custom', name: 'log' }] });
  }
  sender.broadcast('1');
  sender.broadcast('2');
  bus.tick();
  expect(order).toEqual(['ask 1', 'a 1', 'ask 1', 'b 1', 'ask 2', 'a 2', 'ask 2', 'b 2']);
});

test('Filters: custom filters also sift what onSpikes gets', () => {
  const bus = manualBus();
  bus.registerFilter('odd', (spike) => spike.sequence % 2 === 1);
  const sender = deaf(bus, 'sender');
  const got: number[] = [];
  const receiver = deaf(bus, 'r', { onSpikes: (batch) => got.push(...[...batch].map((spike) => spike.sequence)) });
  bus.connect(sender, receiver, { filters: [{ type: 'custom', name: 'odd' }] });
  for (let i = 0; i < 9; i++) sender.fire(receiver, i);
  bus.tick();
  expect(got).toEqual([1, 3, 5, 7]);
  expect(bus.stats()).toMatchObject({ delivered: 4, dropped: { filtered: 5 } });
});

test('Filters: apply to direct spikes where a synapse exists', () => {
  const { bus, sender, receiver, texts } = path([{ type: 'priority', min: 9 }]);
  sender.fire(receiver, 'low', { direct: true });
  sender.fire(receiver, 'high', { direct: true, priority: 9 });
  bus.tick();
  expect(texts).toEqual(['high']);
});

test('Filters: are copies of what was given: changing the array or the prefix later changes nothing', () => {
  const prefix = Uint8Array.of(97);
  const given: Filter[] = [{ type: 'prefix', prefix }];
  const { bus, sender, receiver, texts } = path(given);
  prefix[0] = 98;
  given.pop();
  sender.fire(receiver, 'a');
  sender.fire(receiver, 'b');
  bus.tick();
  expect(texts).toEqual(['a']);
  const read = bus.synapse(sender, receiver)?.filters;
  read?.pop();
  expect(bus.synapse(sender, receiver)?.filters).toHaveLength(1);
});

test('Filters: an id given again does not inherit the filters of its old owner', () => {
  const { bus, sender, receiver } = path([{ type: 'custom', name: 'none' }], (each) =>
    each.registerFilter('none', () => false),
  );
  bus.unregister(receiver);
  bus.tick(2);
  const { neuron, texts } = listener(bus, 'next');
  expect(neuron.id).toBe(receiver.id);
  bus.connect(sender, neuron);
  sender.fire(neuron, 'through');
  bus.tick();
  expect(texts).toEqual(['through']);
});

test.each<[unknown, unknown]>([
  ['', () => true],
  [null, () => true],
  [3, () => true],
  [undefined, () => true],
  ['name', undefined],
  ['name', null],
  ['name', 'spike'],
  ['name', {}],
])('Life: registerFilter(%s, %s) is refused', (name, predicate) => {
  const bus = manualBus();
  refuses('E_OUT_OF_RANGE', () => call(bus, 'registerFilter', name, predicate));
});
