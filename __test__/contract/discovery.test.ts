/** Cards, ids and discovery (NB-3, NB-37, NB-41, NB-42, NB-45, NB-46). */
import { type AgentCard, type ErrorCode, Neuron, type NeuronBus, type Spike } from 'neuronbus';
import { expect, test } from 'vitest';
import { call, deaf, expectCode, manualBus, refuses, thrown } from './helpers.js';

/** The names that a query finds. */
function found(bus: NeuronBus, query: { capability?: string; region?: string }): string[] {
  return bus.discover(query).map(({ name }) => name);
}

test('NB-41 a card: name, id, capabilities, regions; defaults for the rest; frozen', () => {
  const bus = manualBus();
  const neuron = bus.register({ name: 'plain' });
  expect(neuron).toBeInstanceOf(Neuron);
  expect(neuron.card).toMatchObject({ id: 0, name: 'plain', description: '', capabilities: [], regions: [], slots: 1 });
  const full = bus.register({
    name: 'full',
    description: 'says',
    capabilities: ['a', 'b'],
    regions: ['x/y'],
    slots: 4,
    membrane: { threshold: 2 },
  });
  expect(full.card).toMatchObject({ id: 1, description: 'says', capabilities: ['a', 'b'], regions: ['x/y'], slots: 4 });
  expect(full.card.membrane).toMatchObject({ threshold: 2, leak: 0.95 });
  expect(Object.isFrozen(full.card) && Object.isFrozen(full.card.capabilities)).toBe(true);
});

test('NB-41 the card is a copy: changing what was given changes nothing', () => {
  const bus = manualBus();
  const capabilities = ['a'];
  const neuron = bus.register({ name: 'n', capabilities });
  capabilities.push('b');
  expect(neuron.card.capabilities).toEqual(['a']);
  expect(bus.discover({ capability: 'b' })).toEqual([]);
});

test('NB-41 NB-46 discovery by capability, by region, by both, by neither; in id order', () => {
  const bus = manualBus();
  bus.register({ name: 'a', capabilities: ['sum', 'mul'], regions: ['cortex/left'] });
  bus.register({ name: 'b', capabilities: ['sum'], regions: ['cortex/right', 'stem'] });
  bus.register({ name: 'c', capabilities: ['div'], regions: ['cortex'] });
  expect(found(bus, { capability: 'sum' })).toEqual(['a', 'b']);
  expect(found(bus, { region: 'stem' })).toEqual(['b']);
  expect(found(bus, { capability: 'sum', region: 'cortex/left' })).toEqual(['a']);
  expect(found(bus, {})).toEqual(['a', 'b', 'c']);
  expect(found(bus, { capability: 'none' })).toEqual([]);
  expect(found(bus, { capability: 'su' })).toEqual([]);
  const [card] = bus.discover({ capability: 'div' });
  expect(card).toMatchObject({ id: 2, name: 'c' } satisfies Partial<AgentCard>);
});

test('NB-45 a region includes its subtree: cortex finds cortex/language, not cortexial', () => {
  const bus = manualBus();
  for (const region of ['cortex', 'cortex/language', 'cortex/language/verbs', 'cortexial', 'cortex-x', 'hind/cortex'])
    bus.register({ name: region, regions: [region] });
  expect(found(bus, { region: 'cortex' })).toEqual(['cortex', 'cortex/language', 'cortex/language/verbs']);
  expect(found(bus, { region: 'cortex/language' })).toEqual(['cortex/language', 'cortex/language/verbs']);
  expect(found(bus, { region: 'cortex/lang' })).toEqual([]);
});

test('discovery finds no one that is unregistered', () => {
  const bus = manualBus();
  const [a] = [bus.register({ name: 'a', capabilities: ['x'] }), bus.register({ name: 'b', capabilities: ['x'] })];
  bus.unregister(a);
  expect(found(bus, { capability: 'x' })).toEqual(['b']);
});

test.each<[string, unknown, ErrorCode]>([
  ['nothing', undefined, 'E_OUT_OF_RANGE'],
  ['null', null, 'E_OUT_OF_RANGE'],
  ['a string', 'sum', 'E_OUT_OF_RANGE'],
  ['a capability that is a number', { capability: 3 }, 'E_OUT_OF_RANGE'],
  ['a capability null', { capability: null }, 'E_OUT_OF_RANGE'],
  ['a region null', { region: null }, 'E_OUT_OF_RANGE'],
  ['an unknown key', { name: 'a' }, 'E_UNKNOWN_OPTION'],
])('Life: discover refuses %s', (_, query, code) => {
  refuses(code, () => call(manualBus(), 'discover', query));
});

test('NB-42 register gives ids from 0', () => {
  const bus = manualBus();
  expect([deaf(bus, 'a').id, deaf(bus, 'b').id, deaf(bus, 'c').id]).toEqual([0, 1, 2]);
});

test('NB-42 unregister frees id and synapses; a freed id may be given again from the next tick on, not before', () => {
  const bus = manualBus();
  const [a, b] = [deaf(bus, 'a'), deaf(bus, 'b')];
  bus.connect(a, b);
  bus.connect(b, a);
  bus.unregister(a);
  expect([...bus.synapses()]).toEqual([]);
  expect(deaf(bus, 'c').id).toBe(2);
  bus.tick();
  const again = deaf(bus, 'd');
  expect(again.id).toBe(0);
  refuses('E_UNKNOWN_NEURON', () => a.fire(b, 'x'));
  refuses('E_UNKNOWN_NEURON', () => b.fire(a, 'x'));
  expect(a.card.name).toBe('a');
});

test('its id is free when its spikes are done, not before', () => {
  const bus = manualBus();
  const sender = deaf(bus, 'sender');
  const sleepy = bus.register({ name: 'sleepy', membrane: { refractoryTicks: 5, leak: 1 } });
  bus.connect(sender, sleepy, { weight: 1, stdp: false });
  sender.fire(sleepy, 'a');
  bus.tick();
  sender.fire(sleepy, 'waits');
  bus.tick();
  bus.unregister(sender);
  bus.tick();
  expect(deaf(bus, 'x').id).not.toBe(sender.id);
  bus.tick(10);
  expect(bus.stats().inFlight).toBe(0);
  bus.tick();
  expect(deaf(bus, 'y').id).toBe(sender.id);
});

test('unregister by id works too; an id that is not given out is refused', () => {
  const bus = manualBus();
  const neuron = deaf(bus, 'a');
  bus.unregister(neuron.id);
  refuses('E_UNKNOWN_NEURON', () => bus.unregister(neuron));
  refuses('E_UNKNOWN_NEURON', () => bus.unregister(neuron.id));
  refuses('E_UNKNOWN_NEURON', () => bus.unregister(500));
  for (const bad of [0xffff, -1, 1.5, '0', null, undefined, {}])
    refuses('E_OUT_OF_RANGE', () => call(bus, 'unregister', bad));
});

test('NB-3 defect 4 id exhaustion is an error, no wrap: 10,000 registrations beyond the limit are refused alike', () => {
  const bus = manualBus({ maxNeurons: 4 });
  for (let i = 0; i < 4; i++) deaf(bus, `n${i}`);
  const first = thrown(() => bus.register({ name: 'one too many' }));
  const { code } = expectCode(first, ['E_OUT_OF_SPACE', 'E_OUT_OF_RANGE']);
  for (let i = 0; i < 10_000; i++) refuses(code, () => bus.register({ name: 'x' }));
  expect(bus.discover({})).toHaveLength(4);
  bus.unregister(2);
  bus.tick();
  expect(deaf(bus, 'again').id).toBe(2);
});

test('NB-3 0xFFFF is never assigned: 65,534 neurons are the most', () => {
  const bus = manualBus({ maxNeurons: 65_534, axonSlots: 2 });
  let last = -1;
  for (let i = 0; i < 65_534; i++) last = bus.register({ name: 'n' }).id;
  expect(last).toBe(65_533);
  expectCode(
    thrown(() => bus.register({ name: 'n' })),
    ['E_OUT_OF_SPACE', 'E_OUT_OF_RANGE'],
  );
}, 60_000);

test('NB-37 a class may be passed as handlers: called on the instance, with spike and self', () => {
  class Translator {
    readonly heard: string[] = [];
    ticks = 0;
    readonly #secret = 'kept';
    onSpike(spike: Spike, self: Neuron): void {
      this.heard.push(`${self.card.name} ${spike.text()} ${this.#secret}`);
    }
    tick(): void {
      this.ticks++;
    }
  }
  class Loud extends Translator {
    readonly volume = 11;
  }
  const bus = manualBus();
  const sender = deaf(bus, 'sender');
  for (const translator of [new Translator(), new Loud()]) {
    const neuron = deaf(bus, 'translator', translator);
    sender.fire(neuron, 'x', { direct: true });
    bus.tick();
    expect(translator.heard).toEqual(['translator x kept']);
    expect(translator.ticks).toBe(1);
  }
});

const BAD_CARDS: [string, unknown, ErrorCode][] = [
  ['nothing', undefined, 'E_OUT_OF_RANGE'],
  ['null', null, 'E_OUT_OF_RANGE'],
  ['a name alone', 'agent', 'E_OUT_OF_RANGE'],
  ['no name', {}, 'E_OUT_OF_RANGE'],
  ['name null', { name: null }, 'E_OUT_OF_RANGE'],
  ['name a number', { name: 3 }, 'E_OUT_OF_RANGE'],
  ['an unknown key', { name: 'a', capability: 'x' }, 'E_UNKNOWN_OPTION'],
  ['description a number', { name: 'a', description: 3 }, 'E_OUT_OF_RANGE'],
  ['capabilities a string', { name: 'a', capabilities: 'x' }, 'E_OUT_OF_RANGE'],
  ['a capability that is a number', { name: 'a', capabilities: ['x', 3] }, 'E_OUT_OF_RANGE'],
  ['capabilities null', { name: 'a', capabilities: null }, 'E_OUT_OF_RANGE'],
  ['regions an object', { name: 'a', regions: {} }, 'E_OUT_OF_RANGE'],
  ['a region null', { name: 'a', regions: [null] }, 'E_OUT_OF_RANGE'],
  ['slots 0', { name: 'a', slots: 0 }, 'E_OUT_OF_RANGE'],
  ['slots 1.5', { name: 'a', slots: 1.5 }, 'E_OUT_OF_RANGE'],
  ['slots a string', { name: 'a', slots: '1' }, 'E_OUT_OF_RANGE'],
  ['membrane null', { name: 'a', membrane: null }, 'E_OUT_OF_RANGE'],
  ['membrane with an unknown key', { name: 'a', membrane: { leakage: 1 } }, 'E_UNKNOWN_OPTION'],
  ['leak 1.1', { name: 'a', membrane: { leak: 1.1 } }, 'E_OUT_OF_RANGE'],
  ['leak −0.1', { name: 'a', membrane: { leak: -0.1 } }, 'E_OUT_OF_RANGE'],
  ['leak NaN', { name: 'a', membrane: { leak: Number.NaN } }, 'E_OUT_OF_RANGE'],
  ['leak null', { name: 'a', membrane: { leak: null } }, 'E_OUT_OF_RANGE'],
  ['threshold Infinity', { name: 'a', membrane: { threshold: Infinity } }, 'E_OUT_OF_RANGE'],
  ['threshold a string', { name: 'a', membrane: { threshold: '1' } }, 'E_OUT_OF_RANGE'],
  ['threshold below rest', { name: 'a', membrane: { threshold: 1, rest: 2 } }, 'E_OUT_OF_RANGE'],
  ['floor above rest', { name: 'a', membrane: { floor: 0.5 } }, 'E_OUT_OF_RANGE'],
  ['refractoryTicks −1', { name: 'a', membrane: { refractoryTicks: -1 } }, 'E_OUT_OF_RANGE'],
  ['refractoryTicks 2^32', { name: 'a', membrane: { refractoryTicks: 2 ** 32 } }, 'E_OUT_OF_RANGE'],
  ['refractoryTicks 1.5', { name: 'a', membrane: { refractoryTicks: 1.5 } }, 'E_OUT_OF_RANGE'],
];

test.each(BAD_CARDS)('Life: register refuses a card: %s; no id is used up', (_, card, code) => {
  const bus = manualBus();
  refuses(code, () => call(bus, 'register', card));
  expect(bus.discover({})).toEqual([]);
  expect(deaf(bus, 'next').id).toBe(0);
});

test.each<[string, unknown, ErrorCode]>([
  ['null', null, 'E_OUT_OF_RANGE'],
  ['a function', () => 1, 'E_OUT_OF_RANGE'],
  ['a string', 'onSpike', 'E_OUT_OF_RANGE'],
  ['onSpike a string', { onSpike: 'x' }, 'E_OUT_OF_RANGE'],
  ['onSpike null', { onSpike: null }, 'E_OUT_OF_RANGE'],
  ['onSpikes an object', { onSpikes: {} }, 'E_OUT_OF_RANGE'],
  ['tick a number', { tick: 1 }, 'E_OUT_OF_RANGE'],
  ['an unknown key', { onSpke: () => 1 }, 'E_UNKNOWN_OPTION'],
])('Life: register refuses handlers: %s; no id is used up', (_, handlers, code) => {
  const bus = manualBus();
  refuses(code, () => call(bus, 'register', { name: 'a' }, handlers));
  expect(deaf(bus, 'next').id).toBe(0);
});

test('Life: undefined means default in cards and handlers', () => {
  const bus = manualBus();
  const nothing = undefined;
  const neuron = bus.register(
    { name: 'a', description: nothing, capabilities: nothing, regions: nothing, slots: nothing, membrane: nothing },
    nothing,
  );
  call(
    bus,
    'register',
    { name: 'b', membrane: { leak: nothing } },
    { onSpike: nothing, onSpikes: nothing, tick: nothing },
  );
  expect(neuron.card.slots).toBe(1);
  expect(call(bus, 'discover', { capability: nothing, region: nothing })).toHaveLength(2);
});

test('NB-40 handles tell id, card, sequence and potential', () => {
  const bus = manualBus();
  const neuron = deaf(bus, 'a');
  expect([neuron.id, neuron.potential, neuron.sequence]).toEqual([0, 0, 0]);
  neuron.fire(neuron, 'x');
  expect(neuron.sequence).toBe(1);
});

test('NB-46 a card is found by its id, and the synapses are counted, also as neurons come and go', () => {
  const bus = manualBus();
  const neurons = ['a', 'b', 'c'].map((name) => deaf(bus, name));
  for (const pre of neurons) for (const post of neurons) bus.connect(pre, post);
  const names = (): string[] => bus.discover({}).map(({ id, name }) => `${id} ${name}`);
  expect([names(), [...bus.synapses()].length]).toEqual([['0 a', '1 b', '2 c'], 9]);
  bus.unregister(1);
  expect([names(), [...bus.synapses()].length]).toEqual([['0 a', '2 c'], 4]);
  bus.tick();
  deaf(bus, 'd');
  expect([names(), [...bus.synapses()].length]).toEqual([['0 a', '1 d', '2 c'], 4]);
});
