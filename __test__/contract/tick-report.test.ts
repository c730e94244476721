/** What `tick` reports when the bus ends in it. */
import { expect, test } from 'vitest';
import { deaf, manualBus } from './helpers.js';

test('ticks counts those that were finished: not the one in which a handler closed the bus, nor those after it', () => {
  const bus = manualBus();
  const a = deaf(bus, 'a', {
    onSpike: (spike) => {
      if (spike.text() === 'end') bus[Symbol.dispose]();
    },
  });
  a.fire(a, 'go', { direct: true });
  expect(bus.tick(3)).toMatchObject({ ticks: 3, delivered: 1 });
  a.fire(a, 'end', { direct: true });
  expect(bus.tick(5)).toMatchObject({ ticks: 0, delivered: 1, inFlight: 0 });
  expect(bus.stats().ticks).toBe(3);
});

test('ticks counts the one in whose tick handler the bus was closed', () => {
  const bus = manualBus();
  let left = 3;
  deaf(bus, 'a', {
    tick: () => {
      left--;
      if (left === 0) bus[Symbol.dispose]();
    },
  });
  expect(bus.tick(5).ticks).toBe(3);
  expect(bus.stats().ticks).toBe(3);
});
