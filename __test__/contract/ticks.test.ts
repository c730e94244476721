/** Time of a spike and the order inside a tick (NB-40, NB-43, NB-44, NB-50, defect 5, defect 8). */
import { type Neuron, NeuronBus } from 'neuronbus';
import { expect, test } from 'vitest';
import { call, deaf, expectCode, listener, manualBus, pattern, refuses, startedBus, thrown } from './helpers.js';

test('NB-50 the quick start of the README: one line of TypeScript per step, the receiver hears it once', () => {
  using bus = new NeuronBus();
  let count = 0;
  const sender = bus.register({ name: 'sender' });
  const receiver = bus.register({ name: 'receiver', capabilities: ['greet'] }, { onSpike: () => count++ });
  bus.connect(sender, receiver, { weight: 0.8 });
  sender.fire(receiver, 'hello');
  bus.tick();
  expect(count).toBe(1);
});

test('Time: nothing is delivered before a tick', () => {
  const bus = manualBus();
  const sender = deaf(bus, 'sender');
  const { neuron, texts } = listener(bus);
  bus.connect(sender, neuron);
  sender.fire(neuron, 'x');
  bus.advance(1_000);
  expect(bus.stats()).toMatchObject({ fired: 1, inFlight: 1, delivered: 0 });
  expect(texts).toEqual([]);
  bus.tick();
  expect(texts).toEqual(['x']);
});

test('NB-44 NB-40 defect 8 a spike fired in a callback arrives in the next tick: an echo agent works', () => {
  const bus = manualBus();
  const trace: string[] = [];
  let now = 0;
  const echo = deaf(bus, 'echo', {
    onSpike: (spike, self) => {
      trace.push(`${now} echo ${spike.text()}`);
      self.fire(spike.source, `${spike.text()}!`);
    },
  });
  const caller = deaf(bus, 'caller', { onSpike: (spike) => trace.push(`${now} caller ${spike.text()}`) });
  bus.connect(caller, echo);
  bus.connect(echo, caller);
  caller.fire(echo, 'a');
  for (now = 1; now <= 3; now++) bus.tick();
  expect(trace).toEqual(['1 echo a', '2 caller a!']);
});

test('Time: what is fired in tick n is seen in n + 1, never in n, whatever the ids, the kind of call and the number', () => {
  const bus = manualBus({ axonSlots: 4_096 });
  const seen: [string, number][] = [];
  let now = 0;
  const heard = (label: string) => () => seen.push([label, now]);
  const low = deaf(bus, 'low', { onSpike: heard('low') });
  const middle = deaf(bus, 'middle', {
    onSpike: (_, self) => {
      self.fire(low, 'x', { direct: true });
      self.tryFire(high, 'x', { direct: true });
    },
  });
  const high = deaf(bus, 'high', { onSpike: heard('high') });
  const source = deaf(bus, 'source');
  for (let i = 0; i < 2_000; i++) source.fire(middle, i, { direct: true });
  for (now = 1; now <= 3; now++) bus.tick();
  expect(seen).toHaveLength(4_000);
  expect(seen.every(([, tick]) => tick === 2)).toBe(true);
});

test('Time: also when more is delivered in one tick than fits into any queue between the threads', () => {
  const bus = manualBus({ axonSlots: 65_536 });
  const ticks: number[] = [];
  let [now, count] = [0, 0];
  const answerer = deaf(bus, 'answerer', {
    onSpike: (_, self) => {
      if (++count % 100 === 0) self.fire(sink, 'x', { direct: true });
    },
  });
  const sink = deaf(bus, 'sink', { onSpike: () => ticks.push(now) });
  const source = deaf(bus, 'source');
  for (let i = 0; i < 50_000; i++) source.fire(answerer, 'x', { direct: true });
  now = 1;
  expect(bus.tick().delivered).toBe(50_000);
  expect(ticks).toEqual([]);
  now = 2;
  bus.tick();
  expect(ticks).toEqual(Array.from({ length: 500 }, () => 2));
});

test('Time: per pair order is kept, over all sizes, kinds and ways to fire', () => {
  const bus = manualBus();
  const sender = deaf(bus, 'sender');
  const { neuron, heard } = listener(bus);
  bus.connect(sender, neuron);
  for (let i = 0; i < 300; i++) {
    const payload = pattern(i % 7 === 0 ? 200 + i : i % 40, i);
    if (i % 3 === 0) sender.broadcast(payload);
    else if (i % 3 === 1) sender.fire(neuron, payload, { kind: 'inhibitory' });
    else sender.tryFire(neuron.id, payload, { direct: true });
    if (i % 50 === 0) bus.tick();
  }
  bus.tick();
  expect(heard.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 300 }, (_, i) => i));
});

test('NB-43 inside a tick senders are routed in id order, each in the order of its axon; handlers in that order, then tick in id order', () => {
  const bus = manualBus();
  const trace: string[] = [];
  const [a, b, c] = ['a', 'b', 'c'].map((name) =>
    deaf(bus, name, {
      onSpike: (spike, self) => trace.push(`${self.card.name} hears ${spike.text()}`),
      tick: (self) => trace.push(`${self.card.name} ticks`),
    }),
  );
  if (a === undefined || b === undefined || c === undefined) throw new Error('three');
  const direct = { direct: true };
  c.fire(a, 'c1', direct);
  b.fire(c, 'b1', direct);
  a.fire(c, 'a1', direct);
  c.fire(b, 'c2', direct);
  a.fire(b, 'a2', direct);
  bus.tick();
  expect(trace).toEqual([
    ...['c hears a1', 'b hears a2', 'c hears b1', 'a hears c1', 'b hears c2'],
    ...['a ticks', 'b ticks', 'c ticks'],
  ]);
});

test('NB-44 a broadcast goes to all outgoing synapses, in id order, and to no one else', () => {
  const bus = manualBus();
  const heard: string[] = [];
  const neurons = ['a', 'b', 'c', 'd'].map((name) =>
    deaf(bus, name, { onSpike: (_, self) => heard.push(self.card.name) }),
  );
  const [a, b, c, d] = neurons;
  if (a === undefined || b === undefined || c === undefined || d === undefined) throw new Error('four');
  bus.connect(b, d);
  bus.connect(b, a);
  bus.connect(a, c);
  b.broadcast('x');
  bus.tick();
  expect(heard).toEqual(['a', 'd']);
});

test('Ticks: tick() is one tick, tick(n) n of them, tick(0) does nothing', () => {
  const bus = manualBus();
  let calls = 0;
  const { neuron, texts } = listener(bus);
  deaf(bus, 'ticker', { tick: () => calls++ });
  neuron.fire(neuron, 'x', { direct: true });
  expect(bus.tick(0)).toMatchObject({ ticks: 0, delivered: 0, dropped: 0, inFlight: 1 });
  expect([bus.stats().ticks, calls, texts.length]).toEqual([0, 0, 0]);
  bus.tick();
  expect([bus.stats().ticks, calls]).toEqual([1, 1]);
  expect(bus.tick(7).ticks).toBe(7);
  expect([bus.stats().ticks, calls]).toEqual([8, 8]);
});

test('Ticks: the report tells ticks, deliveries, drops and what is in flight', () => {
  const bus = manualBus();
  const sender = deaf(bus, 'sender');
  const { neuron } = listener(bus);
  const echo = deaf(bus, 'echo', { onSpike: (_, self) => self.fire(neuron, 'x', { direct: true }) });
  sender.fire(neuron, '1', { direct: true });
  sender.fire(neuron, '2');
  sender.fire(echo, '3', { direct: true });
  expect(bus.tick()).toMatchObject({ ticks: 1, delivered: 2, dropped: 1, inFlight: 1 });
  expect(bus.tick()).toMatchObject({ ticks: 1, delivered: 1, dropped: 0, inFlight: 0 });
});

test.each([-1, 0.5, Number.NaN, Infinity, 2 ** 32, '1', null, {}, 1n, true])('Life: tick(%s) is refused', (count) => {
  const bus = manualBus();
  const error = refuses('E_OUT_OF_RANGE', () => call(bus, 'tick', count));
  expect(error.message).toMatch(/allowed/);
  expect(bus.stats().ticks).toBe(0);
});

test('Life: tick(undefined) is tick(1)', () => {
  const bus = manualBus();
  call(bus, 'tick', undefined);
  expect(bus.stats().ticks).toBe(1);
});

test('Life: tick() inside a handler throws E_REENTRANT: in onSpike, onSpikes, tick, a predicate and a drop listener', () => {
  const bus = manualBus();
  const caught: unknown[] = [];
  const probe = (): void => {
    caught.push(
      thrown(() => bus.tick()),
      thrown(() => bus.tick(0)),
    );
  };
  bus.registerFilter('probe', () => {
    probe();
    return true;
  });
  const sender = deaf(bus, 'sender');
  const one = deaf(bus, 'one', { onSpike: probe });
  const many = deaf(bus, 'many', { onSpikes: probe });
  bus.connect(sender, one, { filters: [{ type: 'custom', name: 'probe' }] });
  bus.connect(sender, many);
  bus.on('drop', probe);
  const ticker = deaf(bus, 'ticker', { tick: probe });
  sender.broadcast('x');
  sender.fire(65_000, 'nowhere');
  bus.tick();
  expect(caught).toHaveLength(10);
  for (const error of caught) expectCode(error, 'E_REENTRANT');
  expect(bus.stats()).toMatchObject({ ticks: 1, delivered: 2 });
  bus.unregister(ticker);
});

test('Life: tick() while started throws E_STATE', async () => {
  const bus = startedBus();
  refuses('E_STATE', () => bus.tick());
  await bus.stop();
  bus.tick();
});

test('Ticks: a handler that ticks in a promise of its own does so after the tick', async () => {
  const bus = manualBus();
  const { neuron, texts } = listener(bus);
  const later: Promise<void>[] = [];
  const eager = deaf(bus, 'eager', {
    onSpike: () => {
      later.push(Promise.resolve().then(() => void bus.tick()));
    },
  });
  neuron.fire(eager, 'x', { direct: true });
  bus.tick();
  neuron.fire(neuron, 'y', { direct: true });
  await Promise.all(later);
  expect(texts).toEqual(['y']);
});

/** A small brain with everything in it, and its trace. */
function trace(): string[] {
  const bus = manualBus({ seed: 7, deferSlots: 4, axonSlots: 16 });
  const lines: string[] = [];
  bus.on('drop', ({ reason, source, target, sequence }) =>
    lines.push(`drop ${reason} ${source} ${target} ${sequence}`),
  );
  const neurons: Neuron[] = [];
  for (let i = 0; i < 20; i++) {
    neurons.push(
      bus.register(
        { name: `n${i}`, membrane: { refractoryTicks: i % 3 } },
        {
          onSpike: (spike, self) => {
            lines.push(`${self.id} ${spike.bytes.toString('hex')}`);
            if (spike.sequence % 3 === 0) self.tryFire((self.id * 7 + spike.sequence) % 21, 'on');
          },
          tick: (self, fired) => {
            if (fired) lines.push(`${self.id} fired`);
            if (fired) self.broadcast(`tick ${self.id}`);
          },
        },
      ),
    );
  }
  for (const [i, neuron] of neurons.entries())
    for (let k = 1; k < 6; k++) bus.connect(neuron, (i + k * k) % 20, { weight: 0.2 * k });
  for (let step = 0; step < 60; step++) {
    bus.advance(1.25);
    neurons[(step * 5) % 20]?.tryFire(
      (step * 3) % 20,
      step % 9 === 0 ? pattern(100, step).toString('hex') : `s${step}`,
    );
    bus.tick();
  }
  lines.push(...[...bus.synapses()].map(({ pre, post, weight }) => `${pre} ${post} ${weight}`));
  return lines;
}

test('NB-43 defect 5 the same calls with a manual clock give the same trace, byte for byte', () => {
  const first = trace();
  expect(first.length).toBeGreaterThan(150);
  expect(trace()).toEqual(first);
});

test('defect 5 a tick costs what it moves: idle neurons are nearly free', () => {
  const bus = manualBus({ maxNeurons: 10_000 });
  const [a, b] = [deaf(bus, 'a'), deaf(bus, 'b')];
  bus.connect(a, b);
  const time = (): number => {
    const begin = performance.now();
    for (let i = 0; i < 300; i++) {
      a.fire(b, 'x');
      bus.tick();
    }
    return performance.now() - begin;
  };
  time();
  const few = Math.min(time(), time(), time());
  for (let i = 0; i < 9_000; i++) deaf(bus, 'idle');
  const many = Math.min(time(), time(), time());
  expect(many).toBeLessThan(few * 8 + 20);
});
