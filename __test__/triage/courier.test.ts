/** The two ways in which the agents fire, on a bus that has far too little room. */
import { type Neuron, NeuronBus, type Spike } from 'neuronbus';
import { expect, test } from 'vitest';
import { Courier, send } from '../../examples/triage/courier.js';

interface Pair {
  readonly bus: NeuronBus;
  readonly from: Neuron;
  readonly to: Neuron;
}

/** A sender and a receiver, started. */
function pair(onSpike: (spike: Spike) => void, options: { axonSlots?: number; arenaBytes?: number }): Pair {
  const bus = new NeuronBus(options);
  const [from, to] = [bus.register({ name: 'from' }), bus.register({ name: 'to' }, { onSpike })];
  bus.connect(from, to);
  bus.start();
  return { bus, from, to };
}

/** Waits until `done` holds. */
async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 1));
}

function expectBalance(bus: NeuronBus, delivered: number): number {
  const stats = bus.stats();
  const dropped = Object.values(stats.dropped).reduce((sum, count) => sum + count, 0);
  expect(stats.fired).toBe(stats.delivered + stats.refused + dropped + stats.inFlight);
  expect(stats).toMatchObject({ delivered, inFlight: 0 });
  return stats.refused;
}

test('a courier brings all, in order, over an axon of two slots', async () => {
  const got: number[] = [];
  const { bus, from, to } = pair((spike) => got.push(spike.json<number>()), { axonSlots: 2 });
  const courier = new Courier();
  const all = Array.from({ length: 500 }, (_, at) => at);
  for (const message of all) courier.post(from, to.id, message);
  await until(() => got.length === all.length);
  await bus.drain();
  expect(got).toEqual(all);
  expect(expectBalance(bus, all.length)).toBeGreaterThan(0);
  await bus.close();
});

test('a courier brings what the arena has no room for at once', async () => {
  const got: string[] = [];
  const { bus, from, to } = pair((spike) => got.push(spike.json<string>()), { arenaBytes: 2 ** 16 });
  const courier = new Courier();
  const all = Array.from({ length: 50 }, (_, at) => String(at).padEnd(20_000, '.'));
  for (const message of all) courier.post(from, to.id, message);
  await until(() => got.length === all.length);
  await bus.drain();
  expect(got).toEqual(all);
  expect(expectBalance(bus, all.length)).toBeGreaterThan(0);
  await bus.close();
});

test('many who send at once all get through', async () => {
  let bytes = 0;
  const { bus, from, to } = pair(
    (spike) => {
      bytes += spike.payload.length;
    },
    { arenaBytes: 2 ** 16 },
  );
  const payload = Buffer.alloc(40_000);
  await Promise.all(Array.from({ length: 100 }, () => send(from, to.id, payload)));
  await bus.drain();
  expect(bytes).toBe(100 * payload.length);
  // Each was woken for room that was there.
  expect(expectBalance(bus, 100)).toBe(0);
  await bus.close();
});
