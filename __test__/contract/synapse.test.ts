/** Synapses: weights, updates, pruning (NB-34 … NB-36, defect 4). */
import type { ConnectOptions, Synapse } from 'neuronbus';
import { expect, test } from 'vitest';
import { deaf, listener, manualBus, refuses } from './helpers.js';

test('NB-35 connect: weight 0.5 by default, and readable', () => {
  const bus = manualBus();
  const [a, b] = [deaf(bus, 'a'), deaf(bus, 'b')];
  const synapse = bus.connect(a, b);
  expect(synapse.weight).toBe(0.5);
  expect(bus.synapse(a, b)?.weight).toBe(0.5);
  expect([synapse.pre, synapse.post]).toEqual([a.id, b.id]);
  expect(bus.connect(b, a, { weight: 0.8 }).weight).toBeCloseTo(0.8, 6);
});

test('NB-31 defaults of STDP and filters are readable after connect', () => {
  const bus = manualBus();
  const [a, b] = [deaf(bus, 'a'), deaf(bus, 'b')];
  const synapse = bus.connect(a, b);
  expect(synapse.filters).toEqual([]);
  const { stdp } = synapse;
  if (stdp === false) throw new Error('does not learn');
  for (const [key, value] of Object.entries({
    aPlus: 0.01,
    aMinus: 0.012,
    tauPlusMs: 20,
    tauMinusMs: 20,
    wMin: 0.001,
    wMax: 1,
    decayPerSecond: 0,
  }))
    expect(Reflect.get(stdp, key), key).toBeCloseTo(value, 7);
});

test('Weights: in [wMin, wMax], which may be set with the weight; the ends are in', () => {
  const bus = manualBus();
  const [a, b] = [deaf(bus, 'a'), deaf(bus, 'b')];
  const synapse = bus.connect(a, b, { weight: 3, stdp: { wMin: 2, wMax: 4 } });
  expect(synapse.weight).toBe(3);
  for (const weight of [2, 4]) {
    synapse.weight = weight;
    expect(synapse.weight).toBe(weight);
  }
  refuses('E_OUT_OF_RANGE', () => Reflect.set(synapse, 'weight', 1.9));
  refuses('E_OUT_OF_RANGE', () => Reflect.set(synapse, 'weight', 4.1));
});

test('Weights: connect on an existing pair updates what is given and keeps the rest', () => {
  const bus = manualBus();
  const [a, b] = [deaf(bus, 'a'), deaf(bus, 'b')];
  const filters: ConnectOptions['filters'] = [{ type: 'priority', min: 3 }];
  const synapse = bus.connect(a, b, { weight: 0.25, filters, stdp: { aPlus: 0.5 } });
  bus.connect(a, b);
  expect([synapse.weight, synapse.filters]).toEqual([0.25, filters]);
  bus.connect(a, b, { weight: 0.75 });
  expect([synapse.weight, synapse.filters]).toEqual([0.75, filters]);
  bus.connect(a, b, { filters: [] });
  expect([synapse.weight, synapse.filters]).toEqual([0.75, []]);
  expect(synapse.stdp).toMatchObject({ aPlus: 0.5, tauPlusMs: 20 });
  bus.connect(a, b, { weight: undefined, filters: undefined, stdp: undefined });
  expect(synapse.weight).toBe(0.75);
});

test('STDP: what an update of stdp does not give keeps its value', () => {
  const bus = manualBus();
  const [a, b] = [deaf(bus, 'a'), deaf(bus, 'b')];
  const synapse = bus.connect(a, b, { stdp: { aPlus: 0.5, tauMinusMs: 8 } });
  bus.connect(a, b, { stdp: { aMinus: 0.25 } });
  expect(synapse.stdp).toMatchObject({ aPlus: 0.5, aMinus: 0.25, tauMinusMs: 8, tauPlusMs: 20 });
  synapse.stdp = { tauPlusMs: 40 };
  expect(synapse.stdp).toMatchObject({ aPlus: 0.5, aMinus: 0.25, tauMinusMs: 8, tauPlusMs: 40 });
});

test('STDP: stdp false turns learning off; giving constants turns it on', () => {
  const bus = manualBus();
  const [a, b] = [deaf(bus, 'a'), deaf(bus, 'b')];
  const synapse = bus.connect(a, b, { stdp: false });
  expect(synapse.stdp).toBe(false);
  synapse.stdp = { aPlus: 0.5 };
  expect(synapse.stdp).toMatchObject({ aPlus: 0.5 });
  synapse.stdp = false;
  expect(synapse.stdp).toBe(false);
});

test('Weights: connect(a, a) is legal, and carries', () => {
  const bus = manualBus();
  const { neuron, texts } = listener(bus);
  bus.connect(neuron, neuron, { weight: 0.7 });
  neuron.fire(neuron, 'self');
  neuron.broadcast('all');
  bus.tick();
  expect(texts).toEqual(['self', 'all']);
});

test('Weights: weight, stdp and filters of a synapse can be read and set; every handle of the pair shows it', () => {
  const bus = manualBus();
  const [a, b] = [deaf(bus, 'a'), deaf(bus, 'b')];
  const synapse = bus.connect(a, b);
  synapse.weight = 0.125;
  synapse.filters = [{ type: 'kind', kind: 'inhibitory' }];
  const other = bus.synapse(a.id, b.id);
  expect(other?.weight).toBe(0.125);
  expect(other?.filters).toEqual([{ type: 'kind', kind: 'inhibitory' }]);
});

test.each([16, 1_024, 5_000])(
  'NB-36 one op list gives what a map gives, dense and sparse (maxNeurons %i)',
  (maxNeurons) => {
    const bus = manualBus({ maxNeurons });
    const neurons = Array.from({ length: 12 }, (_, i) => deaf(bus, `n${i}`));
    const model = new Map<string, number>();
    let state = 12_345;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 8) % below;
    };
    for (let step = 0; step < 2_000; step++) {
      const [pre, post] = [random(12), random(12)];
      const [a, b] = [neurons[pre], neurons[post]];
      if (a === undefined || b === undefined) throw new Error('no neuron');
      if (random(3) > 0) {
        const weight = (1 + random(63)) / 64;
        bus.connect(a, b, { weight });
        model.set(`${pre},${post}`, weight);
      } else expect(bus.disconnect(a, b)).toBe(model.delete(`${pre},${post}`));
    }
    const found = [...bus.synapses()].map(({ pre, post, weight }): [string, number] => [`${pre},${post}`, weight]);
    const order = (key: string): number => Number(key.split(',')[0]) * 100 + Number(key.split(',')[1]);
    expect(found).toEqual([...model].sort(([a], [b]) => order(a) - order(b)));
  },
);

test('disconnect is true once; the path stops carrying; the handle says E_NOT_CONNECTED', () => {
  const bus = manualBus();
  const sender = deaf(bus, 'sender');
  const { neuron, texts } = listener(bus);
  const synapse = bus.connect(sender, neuron);
  expect(bus.disconnect(sender, neuron)).toBe(true);
  expect(bus.disconnect(sender, neuron)).toBe(false);
  expect(bus.synapse(sender, neuron)).toBeUndefined();
  refuses('E_NOT_CONNECTED', () => synapse.weight);
  refuses('E_NOT_CONNECTED', () => synapse.filters);
  refuses('E_NOT_CONNECTED', () => synapse.stdp);
  refuses('E_NOT_CONNECTED', () => Reflect.set(synapse, 'weight', 0.5));
  sender.fire(neuron, 'x');
  bus.tick();
  expect(texts).toEqual([]);
  expect(bus.stats().dropped.notConnected).toBe(1);
});

test('a pair connected anew starts from the defaults', () => {
  const bus = manualBus();
  const [a, b] = [deaf(bus, 'a'), deaf(bus, 'b')];
  bus.connect(a, b, { weight: 0.25, filters: [{ type: 'priority', min: 9 }], stdp: { aPlus: 0.5 } });
  bus.disconnect(a, b);
  const synapse = bus.connect(a, b);
  expect([synapse.weight, synapse.filters]).toEqual([0.5, []]);
  expect(synapse.stdp).toMatchObject({ tauPlusMs: 20 });
  expect(Reflect.get(Object(synapse.stdp), 'aPlus')).toBeCloseTo(0.01, 7);
});

test('NB-34 prune removes weight ≤ prune.below (0.01), returns how many, emits prune for each, and the path stops carrying', () => {
  const bus = manualBus();
  const sender = deaf(bus, 'sender');
  const told: [number, number, number][] = [];
  bus.on('prune', ({ pre, post, weight }) => told.push([pre, post, Math.round(weight * 1e4) / 1e4]));
  const weights = [0.005, 0.0099, 0.011, 0.5];
  const posts = weights.map((weight, i) => {
    const { neuron, texts } = listener(bus, `r${i}`);
    bus.connect(sender, neuron, { weight, stdp: false });
    return { neuron, texts };
  });
  expect(bus.prune()).toBe(2);
  expect(told).toEqual([
    [0, 1, 0.005],
    [0, 2, 0.0099],
  ]);
  expect(bus.prune()).toBe(0);
  for (const { neuron } of posts) sender.fire(neuron, 'x');
  bus.tick();
  expect(posts.map(({ texts }) => texts.length)).toEqual([0, 0, 1, 1]);
  expect(bus.stats().dropped.notConnected).toBe(2);
});

test('NB-34 a weight of exactly prune.below goes', () => {
  const bus = manualBus({ prune: { below: 0.25 } });
  const [a, b, c] = [deaf(bus, 'a'), deaf(bus, 'b'), deaf(bus, 'c')];
  bus.connect(a, b, { weight: 0.25 });
  bus.connect(a, c, { weight: 0.2501 });
  expect(bus.prune()).toBe(1);
  expect([...bus.synapses()].map(({ post }) => post)).toEqual([c.id]);
});

test('NB-34 prune also runs every prune.everyTicks; the default is never by itself', () => {
  const buses = [manualBus(), manualBus({ prune: { everyTicks: 5 } })];
  const counts = buses.map((bus) => {
    const told: Synapse[] = [];
    bus.on('prune', (synapse) => told.push(synapse));
    const [a, b] = [deaf(bus, 'a'), deaf(bus, 'b')];
    bus.connect(a, b, { weight: 0.002 });
    bus.tick(4);
    const before = told.length;
    bus.tick(20);
    return [before, told.length, [...bus.synapses()].length];
  });
  expect(counts).toEqual([
    [0, 0, 1],
    [0, 1, 0],
  ]);
});

test('defect 7 NB-34 a synapse that only fades (decayPerSecond) is pruned, one that is used and effective stays', () => {
  const bus = manualBus({ prune: { below: 0.1, everyTicks: 1 } });
  const pre = deaf(bus, 'pre');
  const used = bus.register({ name: 'used', membrane: { threshold: 0.2, refractoryTicks: 0 } });
  const idle = deaf(bus, 'idle');
  const stdp = { decayPerSecond: 1, aPlus: 0.05 };
  bus.connect(pre, used, { weight: 0.5, stdp });
  bus.connect(pre, idle, { weight: 0.5, stdp });
  for (let i = 0; i < 400; i++) {
    bus.advance(10);
    pre.fire(used, 'x');
    bus.tick();
  }
  expect([...bus.synapses()].map(({ post }) => post)).toEqual([used.id]);
  expect(bus.synapse(pre, used)?.weight).toBeGreaterThan(0.5);
});
