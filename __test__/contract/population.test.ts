/** Pools on the bus: what spikes do to them (`registerPopulation`). */
import { NeuronPool, type Spike } from 'neuronbus';
import { describe, expect, test } from 'vitest';
import { call, deaf, manualBus } from './helpers.js';
import { fired, list, put, quietPool, RESET, REST, scene, UNIT } from './population-scene.js';

describe('who is reached', () => {
  test('list, the default: the neurons whose ids the payload holds, u16 little endian', () => {
    for (const map of [undefined, 'list'] as const) {
      const { pool, send } = scene({ input: { range: [0, 300], map, weight: 60 } }, quietPool(300));
      send(Buffer.from([1, 0, 4, 1, 43, 1]));
      expect(fired(pool)).toEqual([1, 260, 299]);
    }
  });

  test('list: an id that stands twice is reached twice, and an empty list reaches nobody', () => {
    const { pool, send, errors } = scene({ input: { range: [0, 16], weight: 30 } });
    send(list(3, 5, 3));
    expect(fired(pool)).toEqual([3]);
    expect(pool.membrane[5]).toBe(REST + 30 * UNIT);
    send(list());
    expect(errors).toEqual([]);
  });

  test('list: more ids than a spike holds come through the arena', () => {
    const { pool, send, bus } = scene({ input: { range: [0, 1_000], weight: 60 } }, quietPool(1_000));
    const many = Array.from({ length: 500 }, (_, at) => 2 * at);
    send(list(...many));
    expect(fired(pool)).toEqual(many);
    bus.tick();
    expect(bus.arena.used).toBe(0);
  });

  test('source: the first of the range + the id of the source modulo its length, whatever the payload', () => {
    const { bus, pool, cell } = scene({ input: { range: [4, 7], map: 'source', weight: 60 } });
    const more = Array.from({ length: 4 }, (_, at) => deaf(bus, `sender ${at}`));
    for (const sender of more) {
      sender.fire(cell, 'odd', { direct: true });
      bus.tick(4);
      sender.fire(cell, 'odd', { direct: true });
      bus.tick();
      expect(fired(pool)).toEqual([4 + (sender.id % 3)]);
    }
  });

  test('a function: what it returns, of any array-like kind; the view it gets is that of the spike', () => {
    const seen: string[] = [];
    const map = (spike: Spike): ArrayLike<number> => {
      seen.push(`${spike.source} ${spike.kind} ${spike.text()}`);
      return Uint32Array.from(spike.text(), Number);
    };
    const { pool, send, sender } = scene({ input: { range: [0, 16], map, weight: 60 } });
    send(Buffer.from('27'));
    expect(fired(pool)).toEqual([2, 7]);
    expect(seen).toEqual([`${sender.id} excitatory 27`]);
  });

  test('without an input spikes are delivered and do nothing', () => {
    const { pool, send, bus, errors } = scene({});
    send(Buffer.from('odd'));
    expect([...pool.membrane]).toEqual(Array(16).fill(REST));
    expect([bus.stats().delivered, errors]).toEqual([1, []]);
  });
});

describe('how much', () => {
  test('60 × a synapse of 1 fires a rested neuron in the tick of the delivery, 59 does not', () => {
    for (const [weight, expected] of [
      [60, [2]],
      [59, []],
    ] as const) {
      const { bus, pool, cell, sender } = scene({ input: { range: [0, 16], weight } });
      bus.connect(sender, cell, { weight: 1, stdp: false });
      sender.fire(cell, list(2));
      expect(bus.tick().delivered).toBe(1);
      expect(fired(pool)).toEqual(expected);
    }
  });

  test('the weight of the synapse counts, as it is when the spike is delivered', () => {
    const { bus, pool, cell, sender } = scene({ input: { range: [0, 16], weight: 100 } });
    bus.connect(sender, cell, { weight: 0.25, stdp: false });
    sender.fire(cell, list(1));
    bus.tick();
    expect(pool.membrane[1]).toBe(REST + 25 * UNIT);
    bus.connect(sender, cell, { weight: 0.5 });
    sender.fire(cell, list(2));
    bus.tick();
    expect(pool.membrane[2]).toBe(REST + 50 * UNIT);
  });

  test('without a synapse a direct spike comes by 1; with one, by its weight', () => {
    const { bus, pool, cell, sender, send } = scene({ input: { range: [0, 16], weight: 40 } });
    send(list(1));
    expect(pool.membrane[1]).toBe(REST + 40 * UNIT);
    bus.connect(sender, cell, { weight: 0.5, stdp: false });
    send(list(2));
    expect(pool.membrane[2]).toBe(REST + 20 * UNIT);
  });

  test('what comes in one tick adds up, from all senders, each by its own synapse', () => {
    const { bus, pool, cell, sender } = scene({ input: { range: [0, 16], weight: 88 } });
    const other = deaf(bus, 'other');
    bus.connect(sender, cell, { weight: 0.25, stdp: false });
    bus.connect(other, cell, { weight: 0.5, stdp: false });
    sender.fire(cell, list(0, 1));
    other.fire(cell, list(1));
    bus.tick();
    expect([...pool.membrane.subarray(0, 3)]).toEqual([REST + 22 * UNIT, RESET, REST]);
    expect(fired(pool)).toEqual([1]);
  });

  test('an inhibitory spike subtracts, and so does a negative weight; both together excite', () => {
    for (const [weight, kind, expected] of [
      [20, 'excitatory', 20],
      [20, 'inhibitory', -20],
      [-20, 'excitatory', -20],
      [-20, 'inhibitory', 20],
    ] as const) {
      const { pool, send } = scene({ input: { range: [0, 16], weight } });
      send(list(4), { kind });
      expect(pool.membrane[4]).toBe(REST + expected * UNIT);
    }
  });

  test('an inhibitory spike takes away what an excitatory one of the same tick brings', () => {
    const { bus, pool, cell, sender } = scene({ input: { range: [0, 16], weight: 60 } });
    sender.fire(cell, list(1, 2), { direct: true });
    sender.fire(cell, list(2), { direct: true, kind: 'inhibitory' });
    bus.tick();
    expect(fired(pool)).toEqual([1]);
    expect(pool.membrane[2]).toBe(REST);
  });

  test('a weight has fractions: it is rounded as a potential, once for all spikes of a tick', () => {
    const { bus, pool, cell, sender } = scene({ input: { range: [0, 16], weight: 1 / 256 } });
    for (let i = 0; i < 3; i++) sender.fire(cell, list(1), { direct: true });
    bus.tick();
    expect(pool.membrane[1]).toBe(REST + 1);
  });

  test('any weight saturates and wraps nowhere', () => {
    for (const [weight, expected] of [
      [1e30, 'fires'],
      [-1e30, 'falls'],
    ] as const) {
      const { pool, send, errors } = scene({ input: { range: [0, 16], weight } });
      send(list(1, 1, 1));
      expect(fired(pool)).toEqual(expected === 'fires' ? [1] : []);
      if (expected === 'falls') expect(pool.membrane[1]).toBe(-32_768);
      expect(errors).toEqual([]);
    }
  });
});

describe('modulatory spikes', () => {
  /** Two neurons that are driven together, over and over: their synapses become eligible. */
  function trained(): { pool: NeuronPool; drive(): void } {
    const pool = NeuronPool.withRandomConnectivity('plastic', 24, 0.5, { homeostasis: 0, maxDelay: 2 });
    const input = new Int16Array(24).fill(3_000);
    const drive = (): void => void Array.from({ length: 20 }, () => pool.tick(input));
    return { pool, drive };
  }

  test('go to applyModulation: dopamine, cortisol, acetylcholine', () => {
    const { pool, drive } = trained();
    drive();
    const { send, bus, errors } = scene({}, pool);
    const twin = trained();
    twin.drive();
    send(Buffer.from([200, 90, 100]), { kind: 'modulatory' });
    const { reinforced, weakened } = twin.pool.applyModulation({ dopamine: 200, cortisol: 90, acetylcholine: 100 });
    expect(reinforced + weakened).toBeGreaterThan(0);
    twin.pool.tick();
    expect([...pool.synapses]).toEqual([...twin.pool.synapses]);
    expect([bus.stats().delivered, errors]).toEqual([1, []]);
  });

  test('add no current, also where there is an input; at the baselines they change nothing', () => {
    const { pool, drive } = trained();
    drive();
    const before = [...pool.synapses].filter((_, at) => at % 8 === 2);
    const map = (): number[] => [1];
    const quiet = scene({ input: { range: [0, 16], map, weight: 60 } });
    quiet.send(Buffer.from([255, 0, 255]), { kind: 'modulatory' });
    expect(fired(quiet.pool)).toEqual([]);
    scene({}, pool).send(Buffer.from([128, 30, 100]), { kind: 'modulatory' });
    expect([...pool.synapses].filter((_, at) => at % 8 === 2)).toEqual(before);
  });

  test('reach every pool by a spike of its own', () => {
    const [one, two] = [trained(), trained()];
    one.drive();
    two.drive();
    const { bus, cell, sender } = scene({}, one.pool);
    put(bus, two.pool, {}, 'second');
    const weights = ({ pool }: typeof one): number => pool.stats().meanWeight;
    const before = weights(two);
    sender.fire(cell, Uint8Array.of(255, 30, 100), { kind: 'modulatory', direct: true });
    bus.tick();
    expect(weights(one)).toBeGreaterThan(before);
    expect(weights(two)).toBe(before);
  });
});

test('steps: so many ticks of the pool in one of the bus, and the input comes with the first', () => {
  const { bus, pool, send } = scene({ steps: 5, input: { range: [0, 16], weight: 20 } });
  send(list(1));
  const twin = quietPool();
  const input = new Int16Array(16);
  input[1] = 20 * UNIT;
  twin.tick(input);
  for (let i = 0; i < 4; i++) twin.tick();
  expect([...pool.membrane]).toEqual([...twin.membrane]);
  expect(pool.stats().tick).toBe(5);
  bus.tick(3);
  expect(pool.stats().tick).toBe(20);
});

test('a pool ticks with the bus from its registration on, also when nothing comes', () => {
  const { bus, pool } = scene({});
  bus.tick(7);
  expect(pool.stats().tick).toBe(7);
});

test('it may be read, written to and ticked by hand between the ticks', () => {
  const { bus, pool, told, send } = scene({
    input: { range: [0, 16], weight: 60 },
    output: { range: [0, 16] },
  });
  pool.membrane[5] = REST + 59 * UNIT;
  pool.inject([5, 6], { polarity: 1, magnitude: 30 });
  bus.tick();
  expect(fired(pool)).toEqual([5]);
  pool.tick();
  send(list(7));
  bus.tick();
  expect(told()).toEqual([[5], [7]]);
  expect(pool.stats().tick).toBe(4);
});

test('its neuron has a card, an id and a membrane as every other', () => {
  const { bus, pool } = scene({});
  const other = quietPool();
  const neuron = bus.registerPopulation({ name: 'vision', capabilities: ['see'] }, other, {});
  expect(neuron.card).toMatchObject({ name: 'vision', capabilities: ['see'], membrane: { threshold: 1 } });
  expect(bus.discover({ capability: 'see' })).toEqual([neuron.card]);
  expect(neuron.potential).toBe(0);
  expect(call(pool, 'stats')).toMatchObject({ neurons: 16 });
});

test('its membrane is never refractory, so that nothing waits, unless its card says otherwise; and nothing is lost', () => {
  const bus = manualBus();
  const pool = quietPool();
  const sender = deaf(bus, 'sender');
  const membrane = { refractoryTicks: 2 };
  const cell = bus.registerPopulation({ name: 'crossing', membrane }, pool, { input: { range: [0, 16], weight: 60 } });
  bus.connect(sender, cell, { weight: 1, stdp: false });
  const fire = (...neurons: number[]): void => {
    for (const neuron of neurons) sender.fire(cell, list(neuron));
    bus.tick();
  };
  fire(1, 2);
  expect(fired(pool)).toEqual([1, 2]);
  fire(3);
  expect([fired(pool), bus.stats().deferred]).toEqual([[], 1]);
  bus.tick(2);
  expect([fired(pool), bus.stats().deferred]).toEqual([[3], 0]);

  bus.unregister(cell);
  const calm = bus.registerPopulation({ name: 'calm' }, quietPool(16, { refractory: 0 }), {
    input: { range: [0, 16], weight: 60 },
  });
  expect(calm.card.membrane).toMatchObject({ refractoryTicks: 0, threshold: 1 });
  bus.connect(sender, calm, { weight: 1, stdp: false });
  for (let round = 0; round < 5; round++) {
    for (const neuron of [1, 2, 3]) sender.fire(calm, list(neuron));
    bus.tick();
    expect(bus.stats()).toMatchObject({ deferred: 0, inFlight: 0 });
  }
});
