/** Pools on the bus: spikes that they cannot take (`registerPopulation`). */
import type { Spike } from 'neuronbus';
import { describe, expect, test } from 'vitest';
import { expectBalance, expectCode } from './helpers.js';
import { fired, list, REST, scene } from './population-scene.js';

describe('what is refused on its way', () => {
  test.each([
    ['an id past the range', list(2, 9)],
    ['an id before the range', list(2, 1)],
    ['an id past the pool', list(2, 16)],
    ['an odd length', Buffer.from([2, 0, 3])],
  ])('%s: an error event and handlerErrors, and nothing of the spike is taken', (_, payload) => {
    const { bus, pool, send, errors, cell } = scene({ input: { range: [2, 9], weight: 60 } });
    const about: unknown[] = [];
    bus.on('error', (_error, neuron) => about.push(neuron));
    send(payload);
    expectCode(errors[0], 'E_OUT_OF_RANGE');
    expect(about).toEqual([cell]);
    expect(fired(pool)).toEqual([]);
    expect([...pool.membrane]).toEqual(Array(16).fill(REST));
    expect(bus.stats()).toMatchObject({ delivered: 1, handlerErrors: 1 });
    send(list(2));
    expect(fired(pool)).toEqual([2]);
  });

  test('the other spikes of the tick are taken', () => {
    const { bus, pool, cell, sender, errors } = scene({ input: { range: [0, 16], weight: 60 } });
    for (const id of [1, 99, 3]) sender.fire(cell, list(id), { direct: true });
    bus.tick();
    expect(fired(pool)).toEqual([1, 3]);
    expect(errors).toHaveLength(1);
  });

  test.each<[string, (spike: Spike) => ArrayLike<number>]>([
    ['a function that throws', () => raise()],
    ['fractions', () => [1, 1.5]],
    ['negative ids', () => [1, -1]],
    ['NaN', () => [1, Number.NaN]],
    ['no numbers', () => Object.assign([], { 0: '1', length: 1 })],
    ['an id past the range', () => Uint16Array.of(1, 16)],
  ])('%s: the same', (_, map) => {
    const { bus, pool, send, errors } = scene({ input: { range: [0, 16], map, weight: 60 } });
    send(list(1));
    expect([errors.length, bus.stats().handlerErrors, fired(pool)]).toEqual([1, 1, []]);
    expectBalance(bus);
  });

  test('a range without neurons refuses every id, and takes nobody as the source', () => {
    const empty = scene({ input: { range: [3, 3], weight: 60 } });
    empty.send(list(3));
    expectCode(empty.errors[0], 'E_OUT_OF_RANGE');
    const bySource = scene({ input: { range: [3, 3], map: 'source', weight: 60 } });
    bySource.send(list(3));
    expect([bySource.errors, fired(bySource.pool)]).toEqual([[], []]);
  });
});

function raise(): never {
  throw new Error('no');
}
