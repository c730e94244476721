/** `ready`: waiting for credit and for arena room. */
import type { Neuron } from 'neuronbus';
import { expect, test } from 'vitest';
import { call, deaf, listener, manualBus, pattern, rejected, rejects, startedBus, turn } from './helpers.js';

/** Fires until it is refused; returns how many went. */
function flood(sender: Neuron, target: Neuron | number, most = 1e6): number {
  let count = 0;
  while (count < most && sender.tryFire(target, `${count}`)) count++;
  return count;
}

test('ready resolves at once while there is credit, and after a tick when there was none', async () => {
  const bus = manualBus({ axonSlots: 2 });
  const [a, b] = [deaf(bus, 'a'), deaf(bus, 'b')];
  bus.connect(a, b);
  await a.ready();
  flood(a, b);
  let ready = false;
  const wait = a.ready().then(() => {
    ready = true;
  });
  await turn();
  expect(ready).toBe(false);
  bus.tick();
  await wait;
  a.fire(b, 'x');
});

test('ready({ bytes }) waits for arena room too', async () => {
  const bus = manualBus({ arenaBytes: 2 ** 16 });
  const [a, b] = [deaf(bus, 'a'), deaf(bus, 'b')];
  bus.connect(a, b);
  a.fire(b, pattern(50_000));
  await a.ready();
  await a.ready({ bytes: 100 });
  let ready = false;
  const wait = a.ready({ bytes: 50_000 }).then(() => {
    ready = true;
  });
  await turn();
  expect(ready).toBe(false);
  bus.tick();
  await wait;
  a.fire(b, pattern(50_000));
});

test('ready({ bytes }) resolves when room comes back by arena.release', async () => {
  const bus = manualBus({ arenaBytes: 2 ** 16 });
  const a = deaf(bus, 'a');
  const ref = bus.arena.write(pattern(50_000));
  const wait = a.ready({ bytes: 50_000 });
  await turn();
  bus.arena.release(ref);
  await wait;
});

test('ready for more bytes than the arena holds rejects with E_OUT_OF_SPACE at once', async () => {
  const bus = manualBus({ arenaBytes: 2 ** 16 });
  const a = deaf(bus, 'a');
  await rejects('E_OUT_OF_SPACE', a.ready({ bytes: 2 ** 16 + 1 }));
  bus.arena.write(pattern(100));
  await rejects('E_OUT_OF_SPACE', a.ready({ bytes: 2 ** 17 }));
});

test('ready rejects with the reason of its signal, also one that is aborted already', async () => {
  const bus = manualBus({ axonSlots: 2 });
  const [a, b] = [deaf(bus, 'a'), deaf(bus, 'b')];
  flood(a, b);
  const controller = new AbortController();
  const waits = [a.ready({ signal: controller.signal }), a.ready({ signal: controller.signal })];
  const reason = { enough: true };
  controller.abort(reason);
  for (const wait of waits) expect(await rejected(wait)).toBe(reason);
  expect(await rejected(a.ready({ signal: controller.signal }))).toBe(reason);
  bus.tick();
  await a.ready({ signal: new AbortController().signal });
});

test('ready rejects with E_CLOSED when the bus closes, with E_UNKNOWN_NEURON when its neuron goes', async () => {
  const bus = manualBus({ axonSlots: 2 });
  const [a, b] = [deaf(bus, 'a'), deaf(bus, 'b')];
  flood(a, b);
  flood(b, a);
  const waits = [a.ready(), b.ready()] as const;
  const gone = rejects('E_UNKNOWN_NEURON', waits[0]);
  const shut = rejects('E_CLOSED', waits[1]);
  bus.unregister(a);
  await gone;
  await rejects('E_UNKNOWN_NEURON', a.ready());
  await bus.close();
  await shut;
  await rejects('E_CLOSED', b.ready());
});

test('ready works inside a handler', async () => {
  const bus = manualBus({ axonSlots: 2 });
  const waits: Promise<void>[] = [];
  const a = deaf(bus, 'a', {
    onSpike: (_, self) => {
      flood(self, self);
      waits.push(self.ready());
    },
  });
  a.fire(a, 'x', { direct: true });
  bus.tick();
  expect(waits).toHaveLength(1);
  bus.tick();
  await Promise.all(waits);
});

test('ready resolves when a reliable reader gives room back, in started mode, 300 times over', async () => {
  const bus = startedBus({ axonSlots: 4, arenaBytes: 2 ** 16 });
  const sender = deaf(bus, 'sender');
  const { neuron } = listener(bus);
  const reader = sender.reader();
  for (let round = 0; round < 300; round++) {
    await sender.ready({ bytes: 50_000 });
    sender.fire(neuron, pattern(50_000, round), { direct: true });
    for (let i = 0; i < 3; i++) sender.fire(neuron, 'x', { direct: true });
    const waits = [sender.ready(), sender.ready({ bytes: 50_000 })];
    if (round % 2 === 0) await turn();
    let read = 0;
    while (read < 4) {
      const batch = reader.poll();
      read += batch.length;
      if (batch.length === 0) await turn();
    }
    reader.poll();
    await Promise.all(waits);
  }
  reader.close();
  await bus.drain();
  expect(bus.stats()).toMatchObject({ delivered: 1_200, inFlight: 0 });
  expect(bus.arena.used).toBe(0);
}, 20_000);

test.each(['poll', 'iterate', 'close'])(
  'ready resolves when a reliable reader gives room back, without a tick (%s)',
  async (how) => {
    const bus = manualBus({ axonSlots: 4, arenaBytes: 2 ** 16 });
    const sender = deaf(bus, 'sender');
    const { neuron } = listener(bus);
    bus.connect(sender, neuron);
    const reader = sender.reader();
    sender.fire(neuron, pattern(50_000));
    flood(sender, neuron);
    bus.tick(3);
    flood(sender, neuron);
    let ready = 0;
    const waits = [sender.ready(), sender.ready({ bytes: 50_000 })].map((wait) => wait.then(() => ready++));
    await turn();
    expect(ready).toBe(0);
    const iterate = async (): Promise<void> => {
      for await (const batch of reader) if (batch.length === 0) break;
    };
    if (how === 'poll') {
      reader.poll();
      reader.poll();
    } else if (how === 'close') reader.close();
    else void iterate();
    await Promise.all(waits);
    expect(sender.tryFire(neuron, pattern(50_000))).toBe(true);
  },
);

test.each<[string, unknown, 'E_OUT_OF_RANGE' | 'E_UNKNOWN_OPTION']>([
  ['null', null, 'E_OUT_OF_RANGE'],
  ['a number', 5, 'E_OUT_OF_RANGE'],
  ['bytes −1', { bytes: -1 }, 'E_OUT_OF_RANGE'],
  ['bytes 0.5', { bytes: 0.5 }, 'E_OUT_OF_RANGE'],
  ['bytes NaN', { bytes: Number.NaN }, 'E_OUT_OF_RANGE'],
  ['bytes a string', { bytes: '5' }, 'E_OUT_OF_RANGE'],
  ['bytes null', { bytes: null }, 'E_OUT_OF_RANGE'],
  ['signal null', { signal: null }, 'E_OUT_OF_RANGE'],
  ['signal an object', { signal: {} }, 'E_OUT_OF_RANGE'],
  ['a controller instead of its signal', { signal: new AbortController() }, 'E_OUT_OF_RANGE'],
  ['an unknown key', { timeout: 5 }, 'E_UNKNOWN_OPTION'],
])('Life: ready refuses %s', async (_, options, code) => {
  const bus = manualBus();
  const a = deaf(bus, 'a');
  const result = call(a, 'ready', options);
  if (!(result instanceof Promise)) throw new Error('no promise');
  await rejects(code, result);
});
