/** Pools on the bus: what `registerPopulation` refuses, and what a refusal leaves as it was. */
import { type Bridge, NeuronPool } from 'neuronbus';
import { describe, expect, test } from 'vitest';
import { call, deaf, expectBalance, manualBus, refuses } from './helpers.js';
import { fired, list, put, quietPool, scene } from './population-scene.js';

/** Nobody has registered it, and it can be registered. */
function expectUntouched(bus: ReturnType<typeof manualBus>, pool: NeuronPool): void {
  const { neurons } = bus.stats();
  bus.tick(3);
  expect(pool.stats().tick).toBe(0);
  put(bus, pool, {});
  expect(bus.stats().neurons).toBe(neurons + 1);
}

const range = [0, 16] as const;

describe('a refused bridge', () => {
  test.each<[string, unknown]>([
    ['no object', 5],
    ['null', null],
    ['undefined', undefined],
    ['an array', []],
    ['steps 0', { steps: 0 }],
    ['steps 10,001', { steps: 10_001 }],
    ['steps 1.5', { steps: 1.5 }],
    ['steps as a string', { steps: '1' }],
    ['steps null', { steps: null }],
    ['input null', { input: null }],
    ['input of another type', { input: 3 }],
    ['an input without a range', { input: { weight: 1 } }],
    ['an input without a weight', { input: { range } }],
    ['a reversed range', { input: { range: [5, 3], weight: 1 } }],
    ['a range past the pool', { input: { range: [0, 17], weight: 1 } }],
    ['a negative range', { input: { range: [-1, 3], weight: 1 } }],
    ['a range with fractions', { input: { range: [0, 1.5], weight: 1 } }],
    ['a range of three', { input: { range: [0, 1, 2], weight: 1 } }],
    ['a range of another type', { input: { range: { from: 0, to: 3 }, weight: 1 } }],
    ['a weight that is NaN', { input: { range, weight: Number.NaN } }],
    ['an infinite weight', { input: { range, weight: Infinity } }],
    ['a weight as a string', { input: { range, weight: '60' } }],
    ['an input map of another name', { input: { range, weight: 1, map: 'each' } }],
    ['an input map null', { input: { range, weight: 1, map: null } }],
    ['output null', { output: null }],
    ['an output without a range', { output: {} }],
    ['an output range reversed', { output: { range: [5, 3] } }],
    ['an output range past the pool', { output: { range: [0, 17] } }],
    ['an output map of another name', { output: { range, map: 'source' } }],
    ['an output map null', { output: { range, map: null } }],
    ['to null', { output: { range, to: null } }],
    ['to a name', { output: { range, to: 'ear' } }],
    ['to the id of a broadcast', { output: { range, to: 65_535 } }],
    ['to a negative id', { output: { range, to: -1 } }],
    ['to an object', { output: { range, to: {} } }],
  ])('%s is E_OUT_OF_RANGE, and changes nothing', (_, bridge) => {
    const [bus, pool] = [manualBus(), quietPool()];
    refuses('E_OUT_OF_RANGE', () => call(bus, 'registerPopulation', { name: 'p' }, pool, bridge));
    expectUntouched(bus, pool);
  });

  test.each<[string, object]>([
    ['in the bridge', { inputs: {} }],
    ['in the input', { input: { range, weight: 1, gain: 2 } }],
    ['in the output', { output: { range, priority: 2 } }],
  ])('an unknown option %s is E_UNKNOWN_OPTION, and changes nothing', (_, bridge) => {
    const [bus, pool] = [manualBus(), quietPool()];
    refuses('E_UNKNOWN_OPTION', () => call(bus, 'registerPopulation', { name: 'p' }, pool, bridge));
    expectUntouched(bus, pool);
  });

  test('to a neuron of another bus, or one that has left, is E_UNKNOWN_NEURON', () => {
    const [bus, pool] = [manualBus(), quietPool()];
    const [gone, stranger] = [deaf(bus, 'gone'), deaf(manualBus(), 'stranger')];
    bus.unregister(gone);
    for (const to of [gone, stranger]) refuses('E_UNKNOWN_NEURON', () => put(bus, pool, { output: { range, to } }));
    expectUntouched(bus, pool);
  });

  test('undefined is the default everywhere', () => {
    const bridge: Bridge = {
      steps: undefined,
      input: { range, weight: 60, map: undefined },
      output: { range, map: undefined, to: undefined },
    };
    const { pool, bus, send, told } = scene(bridge);
    send(list(3));
    bus.tick();
    expect([pool.stats().tick, told()]).toEqual([2, [[3]]]);
    scene({ input: undefined, output: undefined });
  });
});

describe('a refused pool or card', () => {
  test('what is no NeuronPool', () => {
    const bus = manualBus();
    for (const group of [undefined, null, {}, 'pool', quietPool().stats(), NeuronPool]) {
      refuses('E_OUT_OF_RANGE', () => call(bus, 'registerPopulation', { name: 'p' }, group, {}));
    }
    expect(bus.stats().neurons).toBe(0);
  });

  test('a card as every other: what register refuses, and no place on the bus; the pool is free after it', () => {
    const [bus, pool] = [manualBus({ maxNeurons: 1 }), quietPool()];
    refuses('E_OUT_OF_RANGE', () => bus.registerPopulation({ name: '' }, pool, {}));
    refuses('E_UNKNOWN_OPTION', () => call(bus, 'registerPopulation', { name: 'p', size: 3 }, pool, {}));
    const only = deaf(bus, 'only');
    refuses('E_OUT_OF_RANGE', () => put(bus, pool, {}));
    bus.unregister(only);
    bus.tick();
    put(bus, pool, {});
  });

  test('after close: E_CLOSED, before anything about the arguments', async () => {
    const bus = manualBus();
    await bus.close();
    refuses('E_CLOSED', () => call(bus, 'registerPopulation', null, null, null));
  });
});

describe('one pool, one place', () => {
  test('twice on a bus, or on two: E_BUSY', () => {
    const [bus, other, pool] = [manualBus(), manualBus(), quietPool()];
    const { id } = put(bus, pool, {});
    for (const each of [bus, other]) expect(refuses('E_BUSY', () => put(each, pool, {})).detail).toMatchObject({ id });
    expect([bus.stats().neurons, other.stats().neurons]).toEqual([1, 0]);
    bus.tick();
    other.tick();
    expect(pool.stats().tick).toBe(1);
  });

  test('unregister stops it: it ticks no longer, and it is free for another bus', () => {
    const { bus, pool, cell, send, told } = scene({ input: { range, weight: 60 }, output: { range } });
    send(list(1));
    bus.unregister(cell);
    bus.tick(3);
    expect(pool.stats().tick).toBe(1);
    // What it fired before is still delivered.
    expect(told()).toEqual([[1]]);
    const other = manualBus();
    put(other, pool, {});
    other.tick();
    expect(pool.stats().tick).toBe(2);
    put(bus, quietPool(), {});
  });

  test('unregister with spikes for it on the way: they are dropped as left, and the pool takes nothing of them', () => {
    const { bus, pool, cell, sender } = scene({ input: { range, weight: 60 } });
    sender.fire(cell, list(1), { direct: true });
    bus.unregister(cell);
    bus.tick();
    expect(bus.stats()).toMatchObject({ delivered: 0, inFlight: 0, dropped: { left: 1 } });
    pool.tick();
    expect(fired(pool)).toEqual([]);
  });

  test('what waited for room when it was unregistered is fired no more', () => {
    const { bus, pool, cell, told } = scene({ output: { range, map: 'each' } }, quietPool(), { axonSlots: 2 });
    pool.inject([0, 4], { polarity: 1, magnitude: 255 });
    bus.tick();
    bus.unregister(cell);
    bus.tick(5);
    expect(told()).toEqual([[0], [1]]);
    expect(bus.stats().inFlight).toBe(0);
    expectBalance(bus);
  });

  test('what came in a tick and was not taken yet does not come with the pool to its next place', () => {
    const { bus, pool, cell, sender } = scene({ input: { range, weight: 20 } });
    const leaver = deaf(bus, 'leaver', { onSpike: () => bus.unregister(cell) });
    sender.fire(cell, list(1), { direct: true });
    sender.fire(leaver, 'now', { direct: true });
    bus.tick();
    const before = [...pool.membrane];
    put(bus, pool, { input: { range, weight: 20 } });
    bus.tick();
    expect([...pool.membrane]).toEqual(before);
  });

  test('a closed bus frees its pools', async () => {
    const [bus, pool] = [manualBus(), quietPool()];
    put(bus, pool, {});
    await bus.close();
    put(manualBus(), pool, {});
  });

  test('unregistered inside its own map, and the bus closed there: the tick ends without an error of the bus', () => {
    for (const end of ['unregister', 'close'] as const) {
      const { bus, errors } = scene({});
      const pool = quietPool();
      const neuron = put(bus, pool, {
        output: {
          range,
          map: () => {
            if (end === 'unregister') bus.unregister(neuron);
            else bus[Symbol.dispose]();
            return undefined;
          },
        },
      });
      pool.inject([0, 1], { polarity: 1, magnitude: 255 });
      bus.tick();
      expect([neuron.closed, errors]).toEqual([true, []]);
    }
  });

  test('a pool that nobody holds but its bus goes on', () => {
    const { bus, ear } = scene({});
    const cell = put(bus, quietPool(8), {
      input: { range: [0, 8], weight: 60 },
      output: { range: [0, 8], to: ear.neuron },
    });
    bus.connect(cell, ear.neuron, { weight: 1, stdp: false });
    const sender = deaf(bus, 'another');
    for (let i = 0; i < 8; i++) {
      sender.fire(cell, list(i), { direct: true });
      bus.tick();
    }
    bus.tick();
    expect(ear.heard).toHaveLength(8);
  });
});
