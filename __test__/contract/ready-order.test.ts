/** `ready` with many who wait: in order, no more than there is room for, and nobody for ever. */
import type { Neuron, NeuronBus } from 'neuronbus';
import { expect, test } from 'vitest';
import { deaf, listener, manualBus, pattern, rejected, sleep, startedBus, turn, until } from './helpers.js';

interface Crowd {
  readonly bus: NeuronBus;
  readonly target: Neuron;
  /** Numbers of those who have fired, in order. */
  readonly fired: number[];
  readonly waits: Promise<void>[];
}

/** `count` neurons that wait for room for `bytes` and fire as much; what they find is in the books as `refused`. */
function crowd(bus: NeuronBus, count: number, bytes: number): Crowd {
  const target = listener(bus).neuron;
  const fired: number[] = [];
  const one = async (sender: Neuron, number: number): Promise<void> => {
    await sender.ready({ bytes });
    sender.fire(target, pattern(bytes, number), { direct: true });
    fired.push(number);
  };
  const waits = Array.from({ length: count }, (_, number) => one(deaf(bus, `${number}`), number));
  // Those that the end of a test leaves waiting are rejected by its close.
  for (const wait of waits) wait.catch(() => {});
  return { bus, target, fired, waits };
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, number) => number);
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await turn();
}

test('ready: of 100 who wait for a full arena as many wake as there is room for, in order, and each finds its room', async () => {
  const bus = manualBus({ arenaBytes: 2 ** 20 });
  const hold = bus.arena.write(pattern(1_000_000));
  const { fired, waits } = crowd(bus, 100, 60_000);
  await turns(3);
  expect(fired).toEqual([]);
  bus.arena.release(hold);
  await turns(60);
  expect(fired).toEqual(upTo(fired.length));
  expect(fired.length).toBeGreaterThanOrEqual(15);
  expect(fired.length).toBeLessThanOrEqual(17);
  for (let i = 0; i < 100 && fired.length < 100; i++) {
    bus.tick();
    await turns(60);
  }
  await Promise.all(waits);
  expect(fired).toEqual(upTo(100));
  bus.tick();
  expect(bus.stats()).toMatchObject({ refused: 0, delivered: 100 });
});

test('ready: the same of a started bus', async () => {
  const bus = startedBus({ arenaBytes: 2 ** 20 });
  const hold = bus.arena.write(pattern(1_000_000));
  const { fired, waits } = crowd(bus, 100, 200_000);
  await turns(3);
  bus.arena.release(hold);
  await Promise.all(waits);
  expect(fired).toEqual(upTo(100));
  await bus.drain();
  expect(bus.stats()).toMatchObject({ refused: 0, delivered: 100 });
});

test('ready: many who ask at once while there is room for few', async () => {
  const bus = manualBus({ arenaBytes: 2 ** 20 });
  const { fired } = crowd(bus, 50, 300_000);
  await turns(10);
  expect(fired).toEqual(upTo(3));
  expect(bus.stats().refused).toBe(0);
});

test('ready: credit is given to as many as there is, in order', async () => {
  const bus = manualBus({ axonSlots: 4 });
  const [a, target] = [deaf(bus, 'a'), listener(bus).neuron];
  while (a.tryFire(target, 'x', { direct: true }));
  const { refused } = bus.stats();
  const fired: number[] = [];
  for (const number of upTo(10)) {
    void a.ready().then(() => {
      a.fire(target, 'y', { direct: true });
      fired.push(number);
    });
  }
  for (const ready of [0, 4, 8, 10]) {
    await turns(4);
    expect(fired).toEqual(upTo(ready));
    bus.tick();
  }
  expect(bus.stats().refused).toBe(refused);
});

test('ready: room that is not used is offered to the next', async () => {
  const bus = manualBus({ arenaBytes: 2 ** 20, axonSlots: 2 });
  const [a, b] = [deaf(bus, 'a'), deaf(bus, 'b')];
  const woken: string[] = [];
  for (const neuron of [a, b, a]) void neuron.ready({ bytes: 900_000 }).then(() => woken.push(neuron.card.name));
  await turns(10);
  expect(woken).toEqual(['a', 'b', 'a']);
});

test('ready: who asks for less waits behind who asks for more, but not for ever: what it waits for may depend on it', async () => {
  const bus = manualBus({ arenaBytes: 2 ** 20 });
  const [large, small] = [deaf(bus, 'large'), deaf(bus, 'small')];
  const hold = bus.arena.write(pattern(500_000));
  const order: string[] = [];
  const begin = performance.now();
  const wait = large.ready({ bytes: 900_000 }).then(() => order.push('large'));
  const less = small.ready({ bytes: 1_000 }).then(() => {
    order.push('small');
    bus.arena.release(hold);
    expect(performance.now() - begin).toBeGreaterThan(8);
  });
  await Promise.all([wait, less]);
  expect(order).toEqual(['small', 'large']);
});

test('ready: who waits for credit alone waits behind nobody’s bytes', async () => {
  const bus = manualBus({ arenaBytes: 2 ** 20 });
  const [large, small] = [deaf(bus, 'large'), deaf(bus, 'small')];
  bus.arena.write(pattern(500_000));
  void large.ready({ bytes: 900_000 }).catch(() => {});
  let done = 0;
  for (const options of [undefined, { bytes: 0 }, { bytes: 46 }]) void small.ready(options).then(() => done++);
  await turns(2);
  expect(done).toBe(3);
});

test('ready: who asks for much is not starved by who asks for little again and again', async () => {
  const bus = manualBus({ arenaBytes: 2 ** 20 });
  const target = listener(bus).neuron;
  let served = 0;
  let large = false;
  const churn = async (sender: Neuron): Promise<void> => {
    while (!large) {
      await sender.ready({ bytes: 100_000 });
      if (!large) sender.fire(target, pattern(100_000), { direct: true });
      served++;
    }
  };
  // Each fires in its own tick, so that at no time all is free by itself.
  const senders = upTo(8).map((number) => deaf(bus, `${number}`));
  const busy = deaf(bus, 'busy');
  const loops: Promise<void>[] = [];
  for (const sender of senders) {
    loops.push(churn(sender));
    await turn();
  }
  const wait = busy.ready({ bytes: 1_000_000 }).then(() => {
    large = true;
  });
  for (let i = 0; i < 20 && !large; i++) {
    bus.tick();
    await turns(3);
  }
  expect(large).toBe(true);
  expect(served).toBeLessThan(60);
  await wait;
  bus.tick();
  await Promise.all(loops);
});

test('ready: who gives up lets those behind it go on', async () => {
  const bus = manualBus({ arenaBytes: 2 ** 20 });
  const [large, small] = [deaf(bus, 'large'), deaf(bus, 'small')];
  bus.arena.write(pattern(500_000));
  const controller = new AbortController();
  const wait = rejected(large.ready({ bytes: 900_000, signal: controller.signal }));
  let ready = false;
  void small.ready({ bytes: 1_000 }).then(() => {
    ready = true;
  });
  await turn();
  controller.abort('enough');
  expect(await wait).toBe('enough');
  await turn();
  expect(ready).toBe(true);
});

test('ready: what its sender waits for comes back when a receiver is unregistered', async () => {
  const bus = manualBus({ axonSlots: 2 });
  const sender = deaf(bus, 'sender');
  const cell = bus.register({ name: 'cell', membrane: { refractoryTicks: 1_000, leak: 1 } });
  bus.connect(sender, cell, { weight: 1 });
  sender.fire(cell, 'crosses');
  bus.tick();
  while (sender.tryFire(cell, 'waits'));
  bus.tick();
  expect(bus.stats().deferred).toBe(2);
  let ready = false;
  void sender.ready().then(() => {
    ready = true;
  });
  await turn();
  expect(ready).toBe(false);
  bus.unregister(cell);
  await turn();
  expect(ready).toBe(true);
});

test('ready({ bytes }): up to what an empty arena takes it waits, for more it rejects at once', async () => {
  const bus = manualBus({ arenaBytes: 65_541 });
  const a = deaf(bus, 'a');
  const hold = bus.arena.write(pattern(100));
  expect(await rejected(a.ready({ bytes: 65_537 }))).toMatchObject({
    code: 'E_OUT_OF_SPACE',
    detail: { requested: 65_537, capacity: 65_541, largest: 65_536 },
  });
  const wait = a.ready({ bytes: 65_536 });
  bus.arena.release(hold);
  await wait;
  bus.arena.write(pattern(65_536));
});

test('ready: those who wait are rejected at close, also those behind others', async () => {
  const bus = manualBus({ arenaBytes: 2 ** 20 });
  bus.arena.write(pattern(500_000));
  const waits = [900_000, 1_000, 2_000].map((bytes) => rejected(deaf(bus, `${bytes}`).ready({ bytes })));
  await turn();
  bus[Symbol.dispose]();
  for (const wait of waits) expect(await wait).toMatchObject({ code: 'E_CLOSED' });
  await sleep(30);
  await until(() => bus.stats().refused === 0);
});
