/** Pools on the bus: what they fire, and what becomes of it without room (`registerPopulation`). */
import { type Bridge, type BusOptions, type NeuronBus, type Payload, type Spike, SpikeBatch } from 'neuronbus';
import { describe, expect, test } from 'vitest';
import { call, deaf, dropped, expectBalance, expectCode, listener, pattern } from './helpers.js';
import { fired, ids, list, put, quietPool, type Scene, scene } from './population-scene.js';

const INPUT = { range: [0, 16], weight: 60 } as const;

/** Ticks, and looks at the books after each. */
function balancedTicks(bus: NeuronBus, count: number): void {
  for (let i = 0; i < count; i++) {
    bus.tick();
    expectBalance(bus);
  }
}

describe('how it is told', () => {
  test('list, the default: one spike a tick with those of the range that fired, u16 little endian; none when nobody did', () => {
    for (const map of [undefined, 'list'] as const) {
      const { bus, send, ear, told, cell } = scene(
        { input: { range: [0, 300], weight: 60 }, output: { range: [2, 261], map } },
        quietPool(300),
      );
      send(list(260, 1, 2, 299));
      expect(told()).toEqual([]);
      bus.tick();
      expect(told()).toEqual([[2, 260]]);
      expect(ear.heard[0]?.payload).toEqual(Buffer.from([2, 0, 4, 1]));
      expect(ear.heard[0]).toMatchObject({ source: cell.id, kind: 'excitatory', priority: 0 });
      send(list(1));
      bus.tick(5);
      expect(told()).toHaveLength(1);
    }
  });

  test('each: a spike for each that fired, with its id, in their order', () => {
    const { bus, send, told } = scene({ input: INPUT, output: { range: [0, 16], map: 'each' } });
    send(list(9, 4, 11));
    bus.tick();
    expect(told()).toEqual([[4], [9], [11]]);
  });

  test('a function: one spike with what it returns, of every kind of payload; none for undefined', () => {
    const answers: (Payload | undefined)[] = ['text', { a: [1] }, Uint8Array.of(7, 8), undefined, null, 5];
    const seen: number[][] = [];
    const map = (who: Uint32Array): Payload | undefined => {
      seen.push([...who]);
      return answers[seen.length - 1];
    };
    const { bus, send, ear, errors } = scene({ input: INPUT, output: { range: [0, 16], map } });
    for (let i = 0; i < answers.length; i++) send(list(2 * i, 2 * i + 1));
    bus.tick();
    expect(seen).toEqual(answers.map((_, i) => [2 * i, 2 * i + 1]));
    expect(ear.texts).toEqual(['text', '{"a":[1]}', '\u0007\b', 'null', '5']);
    expect(errors).toEqual([]);
  });

  test('steps: one list of all steps in the order of firing; who fired twice stands there twice', () => {
    const pool = quietPool(16, { refractory: 0 });
    // Below rest: it fires in every tick of its own.
    pool.threshold[5] = -20_000;
    const { bus, send, told } = scene({ steps: 3, input: INPUT, output: { range: [0, 16] } }, pool);
    send(list(9, 2));
    bus.tick();
    expect(told()).toEqual([[2, 5, 9, 5, 5]]);
  });

  test('without an output it fires nothing', () => {
    const { bus, send, cell, pool } = scene({ input: INPUT });
    send(list(1));
    expect(fired(pool)).toEqual([1]);
    bus.tick();
    expect([cell.sequence, bus.stats().fired]).toEqual([0, 1]);
  });

  test('a list of more than 23 neurons goes through the arena, whole, and leaves nothing there', () => {
    const { bus, send, told } = scene(
      { input: { range: [0, 400], weight: 60 }, output: { range: [0, 400] } },
      quietPool(400),
    );
    for (const count of [23, 24, 400]) {
      send(list(...Array.from({ length: count }, (_, at) => at)));
      bus.tick();
      expect(told().at(-1)).toEqual(Array.from({ length: count }, (_, at) => at));
      bus.tick(4);
    }
    expect(bus.arena.used).toBe(0);
  });
});

describe('who is told', () => {
  test('broadcast, the default: everyone it has a synapse to', () => {
    const { bus, send, told, cell } = scene({ input: INPUT, output: { range: [0, 16] } });
    const second = listener(bus, 'second');
    const third = listener(bus, 'third');
    bus.connect(cell, second.neuron, { weight: 0.5, stdp: false });
    send(list(6));
    bus.tick();
    expect([told(), second.heard.map(({ payload }) => ids(payload)), third.heard]).toEqual([[[6]], [[6]], []]);
  });

  test.each(['handle', 'id'])('to, by its %s: that one only, through a synapse', (by) => {
    const { bus } = scene({});
    const [target, other] = [listener(bus, 'target'), listener(bus, 'other')];
    const pool = quietPool();
    const output = { range: [0, 16], to: by === 'id' ? target.neuron.id : target.neuron } as const;
    const neuron = put(bus, pool, { output });
    for (const { neuron: post } of [target, other]) bus.connect(neuron, post, { weight: 1, stdp: false });
    pool.inject([1, 2], { polarity: 1, magnitude: 255 });
    bus.tick(2);
    expect([target.heard.map(({ payload }) => ids(payload)), other.heard]).toEqual([[[1]], []]);
    expect(bus.stats()).toMatchObject({ fired: 1, delivered: 1 });
  });

  test('nobody: a broadcast without synapses is dropped as noSynapse, a unicast as notConnected', () => {
    const { bus } = scene({});
    const { neuron: target } = listener(bus);
    for (const to of [undefined, target]) {
      const pool = quietPool();
      put(bus, pool, { output: { range: [0, 16], to } });
      pool.inject([0, 1], { polarity: 1, magnitude: 255 });
    }
    balancedTicks(bus, 2);
    expect(bus.stats().dropped).toMatchObject({ noSynapse: 1, notConnected: 1 });
  });

  test('one pool drives the next: a chain passes a spike on, a tick of the bus each', () => {
    const { bus, cell, send } = scene({ input: INPUT, output: { range: [0, 16] } });
    const pools = Array.from({ length: 4 }, () => quietPool());
    let before = cell;
    for (const pool of pools) {
      const next = put(bus, pool, { input: INPUT, output: { range: [0, 16] } });
      bus.connect(before, next, { weight: 1, stdp: false });
      before = next;
    }
    send(list(5, 7));
    for (const pool of pools) {
      bus.tick();
      expect(fired(pool)).toEqual([5, 7]);
    }
    expectBalance(bus);
  });

  test.each(['handle', 'id'])('to a neuron that left, by its %s: nothing is lost without a word', (by) => {
    const { bus, errors } = scene({});
    const { neuron: target } = listener(bus);
    const pool = quietPool();
    const neuron = put(bus, pool, { output: { range: [0, 16], to: by === 'id' ? target.id : target } });
    bus.connect(neuron, target, { weight: 1, stdp: false });
    bus.unregister(target);
    for (let i = 0; i < 5; i++) {
      pool.inject([i, i + 1], { polarity: 1, magnitude: 255 });
      balancedTicks(bus, 1);
    }
    balancedTicks(bus, 3);
    const { handlerErrors, dropped: reasons, inFlight } = bus.stats();
    expect(inFlight).toBe(0);
    if (by === 'id') expect([handlerErrors, reasons.unknown]).toEqual([0, 5]);
    else expect([handlerErrors, errors.length, reasons.unknown]).toEqual([5, 5, 0]);
    for (const error of errors) expectCode(error, 'E_UNKNOWN_NEURON');
    expect(pool.stats().tick).toBe(8);
  });
});

describe('without room', () => {
  /** The pool’s axon is held back by a reader that does not read until it is told to. */
  function held(bridge: Bridge, options: BusOptions): Scene & { read(): void } {
    const set = scene(bridge, quietPool(64, { refractory: 0 }), options);
    const reader = set.cell.reader();
    const read = (): void => {
      for (let batch = reader.poll(); batch.length > 0; batch = reader.poll()) expect(batch).toBeInstanceOf(SpikeBatch);
    };
    return { ...set, read };
  }

  /** One neuron of the pool fires. */
  function fire({ pool, bus }: Scene, id: number): void {
    pool.inject([id, id + 1], { polarity: 1, magnitude: 255 });
    balancedTicks(bus, 1);
  }

  test('what is refused is fired again in the next ticks, in order, and nothing of it is lost', () => {
    const set = held({ output: { range: [0, 64] } }, { axonSlots: 8 });
    for (let id = 0; id < 12; id++) fire(set, id);
    const before = set.bus.stats();
    expect(before.refused).toBeGreaterThan(0);
    expect(set.told().length).toBeLessThan(12);
    for (let i = 0; i < 8; i++) {
      set.read();
      balancedTicks(set.bus, 1);
    }
    expect(set.told()).toEqual(Array.from({ length: 12 }, (_, id) => [id]));
    expect(set.bus.stats().inFlight).toBe(0);
  });

  test('axonSlots payloads wait at most; each further one is given up, and the refused count tells of it', () => {
    const set = held({ output: { range: [0, 64], map: 'each' } }, { axonSlots: 4 });
    for (let id = 0; id < 40; id++) fire(set, id);
    const { refused } = set.bus.stats();
    for (let i = 0; i < 12; i++) {
      set.read();
      balancedTicks(set.bus, 1);
    }
    const told = set.told().map(([id = -1]) => id);
    const lost = 40 - told.length;
    expect(lost).toBeGreaterThan(0);
    expect(refused).toBeGreaterThanOrEqual(lost);
    // The oldest are kept: what is told has no gap before the last one that was.
    expect(told).toEqual(Array.from({ length: told.length }, (_, id) => id));
    const after = set.bus.stats();
    expect(after.delivered).toBe(told.length);
    expect(after.fired).toBe(after.delivered + after.refused + dropped(after));
    fire(set, 50);
    set.read();
    balancedTicks(set.bus, 2);
    expect(set.told().at(-1)).toEqual([50]);
  });

  test('more in one tick than there is credit: what can go goes, in order, and the rest in the next ticks', () => {
    const { bus, pool, told } = scene({ output: { range: [0, 64], map: 'each' } }, quietPool(64), { axonSlots: 8 });
    pool.inject([0, 14], { polarity: 1, magnitude: 255 });
    balancedTicks(bus, 5);
    expect(told()).toEqual(Array.from({ length: 14 }, (_, id) => [id]));
    expect(bus.stats()).toMatchObject({ delivered: 14, inFlight: 0 });
  });

  test('a large list that finds no room is refused tick after tick, and comes when there is', () => {
    const { bus, pool, told } = scene({ output: { range: [0, 4_000] } }, quietPool(4_000), { arenaBytes: 2 ** 14 });
    const filling = bus.arena.write(pattern(12_000));
    pool.inject([0, 3_000], { polarity: 1, magnitude: 255 });
    balancedTicks(bus, 4);
    expect(bus.stats()).toMatchObject({ fired: 4, refused: 4, delivered: 0, handlerErrors: 0 });
    bus.arena.release(filling);
    balancedTicks(bus, 2);
    expect(told().map(({ length }) => length)).toEqual([3_000]);
    expect(bus.stats()).toMatchObject({ fired: 5, refused: 4, delivered: 1, inFlight: 0 });
  });

  test('what waits is what was given: bytes that are written to meanwhile do not change it', () => {
    const scratch = Buffer.alloc(2);
    const map = (who: Uint32Array): Buffer => {
      scratch.writeUInt16LE(who[0] ?? 0);
      return scratch;
    };
    const set = held({ output: { range: [0, 64], map } }, { axonSlots: 8 });
    for (let id = 0; id < 12; id++) fire(set, id);
    for (let i = 0; i < 8; i++) {
      set.read();
      balancedTicks(set.bus, 1);
    }
    expect(set.told()).toEqual(Array.from({ length: 12 }, (_, id) => [id]));
  });
});

describe('what throws', () => {
  test('a function: an error event, and the pool goes on', () => {
    let calls = 0;
    const map = (who: Uint32Array): Payload => {
      if (calls++ === 0) throw new Error('no');
      return `${who}`;
    };
    const { bus, pool, ear, errors, cell } = scene({ output: { range: [0, 16], map } });
    const about: unknown[] = [];
    bus.on('error', (_, neuron) => about.push(neuron));
    for (let id = 0; id < 3; id++) {
      pool.inject([id, id + 1], { polarity: 1, magnitude: 255 });
      balancedTicks(bus, 1);
    }
    bus.tick();
    expect(errors).toEqual([new Error('no')]);
    expect(about).toEqual([cell]);
    expect(ear.texts).toEqual(['1', '2']);
    expect(bus.stats()).toMatchObject({ fired: 2, handlerErrors: 1 });
  });

  test('what is no payload: an error event E_OUT_OF_RANGE, counted nowhere else, and not fired again', () => {
    const [{ bus, errors }, pool] = [scene({}), quietPool()];
    const output = { range: [0, 16], map: () => Symbol('none') };
    call(bus, 'registerPopulation', { name: 'mute' }, pool, { output });
    pool.inject([1, 2], { polarity: 1, magnitude: 255 });
    balancedTicks(bus, 4);
    expect(errors).toHaveLength(1);
    expectCode(errors[0], 'E_OUT_OF_RANGE');
    expect(bus.stats()).toMatchObject({ fired: 0, refused: 0, handlerErrors: 1 });
  });

  test('a payload that the arena can never hold is refused tick after tick, without an error', () => {
    const map = (): Payload => pattern(2 ** 17);
    const { bus, pool } = scene({ output: { range: [0, 16], map } }, quietPool(), { arenaBytes: 2 ** 16 });
    pool.inject([1, 2], { polarity: 1, magnitude: 255 });
    balancedTicks(bus, 4);
    expect(bus.stats()).toMatchObject({ fired: 4, refused: 4, delivered: 0, handlerErrors: 0 });
  });
});

test('filters, drop events and learning of synapses apply to what a pool fires as to every spike', () => {
  const { bus, pool, cell } = scene({});
  const other = quietPool();
  const neuron = put(bus, other, { output: { range: [0, 16] } });
  const texts: Spike[] = [];
  const ear = deaf(bus, 'filtered', { onSpike: (spike) => texts.push(spike.copy()) });
  bus.connect(neuron, ear, { weight: 1, stdp: false, filters: [{ type: 'prefix', prefix: list(3) }] });
  for (const id of [3, 4]) {
    other.inject([id, id + 1], { polarity: 1, magnitude: 255 });
    balancedTicks(bus, 1);
  }
  balancedTicks(bus, 1);
  expect(texts.map(({ payload }) => ids(payload))).toEqual([[3]]);
  expect(bus.stats().dropped.filtered).toBe(1);
  expect([fired(pool), cell.sequence]).toEqual([[], 0]);
});
