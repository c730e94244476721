/** The books: what counts where. */
import type { DropEvent, DropReason } from 'neuronbus';
import { expect, test } from 'vitest';
import { deaf, expectBalance, listener, manualBus } from './helpers.js';

/** A bus, a sender and what the drop event tells. */
function scene(): { bus: ReturnType<typeof manualBus>; sender: ReturnType<typeof deaf>; told: DropEvent[] } {
  const bus = manualBus();
  const told: DropEvent[] = [];
  bus.on('drop', (event) => told.push(event));
  return { bus, sender: deaf(bus, 'sender'), told };
}

const REASONS: readonly DropReason[] = ['unknown', 'notConnected', 'noSynapse', 'filtered', 'left', 'closed'];

test('stats holds numbers only: fired, delivered, refused, deferred, dropped by reason, inFlight, ticks, lateTicks, handlerErrors', () => {
  const stats = manualBus().stats();
  const { dropped: reasons, ...counts } = stats;
  for (const key of ['fired', 'delivered', 'refused', 'deferred', 'inFlight', 'ticks', 'lateTicks', 'handlerErrors'])
    expect(Reflect.get(counts, key), key).toBe(0);
  for (const reason of REASONS) expect(reasons[reason], reason).toBe(0);
  for (const value of [...Object.values(counts), ...Object.values(reasons)]) expect(value).toBeTypeOf('number');
});

test('Accounting: fired counts addressed spikes: a unicast 1, a broadcast one per target that it met', () => {
  const { bus, sender } = scene();
  const ears = Array.from({ length: 5 }, (_, i) => listener(bus, `e${i}`));
  for (const { neuron } of ears) bus.connect(sender, neuron);
  sender.broadcast('x');
  expectBalance(bus);
  bus.tick();
  expect(bus.stats()).toMatchObject({ fired: 5, delivered: 5 });
  sender.fire(1, 'x');
  bus.tick();
  expect(bus.stats()).toMatchObject({ fired: 6, delivered: 6 });
});

test('Accounting: delivered counts receivers without handlers, and those whose handler throws', () => {
  const { bus, sender } = scene();
  const errors: unknown[] = [];
  bus.on('error', (error) => errors.push(error));
  const mute = deaf(bus, 'mute');
  const bad = deaf(bus, 'bad', {
    onSpike: () => {
      throw new Error('bad');
    },
  });
  const worse = deaf(bus, 'worse', {
    onSpikes: () => {
      throw new Error('worse');
    },
  });
  for (const target of [mute, bad, worse, bad, worse]) sender.fire(target, 'x', { direct: true });
  bus.tick();
  expect(bus.stats()).toMatchObject({ delivered: 5, handlerErrors: errors.length });
  expect(errors.length).toBeGreaterThanOrEqual(3);
});

test('Accounting: deferred is part of inFlight', () => {
  const { bus, sender } = scene();
  const sleepy = bus.register({ name: 'sleepy', membrane: { refractoryTicks: 3, leak: 1 } });
  bus.connect(sender, sleepy, { weight: 1, stdp: false });
  sender.fire(sleepy, 'a');
  bus.tick();
  sender.fire(sleepy, 'b');
  sender.fire(sleepy, 'c');
  bus.tick();
  sender.fire(sleepy, 'd');
  expect(bus.stats()).toMatchObject({ deferred: 2, inFlight: 3, fired: 4 });
});

test('Accounting: balanced at every moment in manual mode, also inside handlers, listeners and predicates', () => {
  const { bus, sender } = scene();
  const seen: number[] = [];
  const look = (): void => {
    expectBalance(bus);
    seen.push(bus.stats().inFlight);
  };
  bus.registerFilter('half', (spike) => {
    look();
    return spike.sequence % 2 === 0;
  });
  bus.on('drop', look);
  const one = deaf(bus, 'one', { onSpike: look, tick: look });
  const many = deaf(bus, 'many', { onSpikes: look });
  bus.connect(sender, one, { filters: [{ type: 'custom', name: 'half' }] });
  bus.connect(sender, many);
  for (let i = 0; i < 6; i++) sender.broadcast(i);
  sender.fire(44, 'x');
  look();
  bus.tick();
  look();
  expect(seen[0]).toBe(7);
  expect(seen.at(-1)).toBe(0);
});
