/** The books balance at every moment, whatever is done: the property of the no-loss contract, through the public door alone. */
import fc from 'fast-check';
import { type FireOptions, type Neuron, NeuronBus, NeuronBusError, type NeuronHandlers, type Spike } from 'neuronbus';
import { expect, test } from 'vitest';
import { dropped, expectBalance, sleep, until } from './helpers.js';

/** What one step does; numbers are taken modulo what there is. */
type Step =
  | { readonly do: 'register'; readonly behaviour: number; readonly refractory: number }
  | { readonly do: 'unregister'; readonly a: number; readonly b: number }
  | { readonly do: 'disconnect'; readonly a: number; readonly b: number }
  | { readonly do: 'connect'; readonly a: number; readonly b: number; readonly weight: number; readonly filter: number }
  | { readonly do: 'fire'; readonly a: number; readonly b: number; readonly size: number; readonly how: number }
  | { readonly do: 'tick'; readonly n: number }
  | { readonly do: 'advance'; readonly n: number }
  | { readonly do: 'prune' | 'settle' };

const nat = (max: number): fc.Arbitrary<number> => fc.nat({ max });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('register'), behaviour: nat(7), refractory: nat(4) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unregister'), a: nat(9), b: nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('disconnect'), a: nat(9), b: nat(9) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('connect'), a: nat(9), b: nat(9), weight: nat(99), filter: nat(4) }),
  },
  {
    weight: 12,
    arbitrary: fc.record({ do: fc.constant('fire'), a: nat(9), b: nat(11), size: nat(200), how: nat(29) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('tick'), n: nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('advance'), n: nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('prune', 'settle') }) },
);

/** A payload that says its own length and can be checked. */
function payload(size: number): Buffer {
  const bytes = Buffer.alloc(size > 190 ? size * 90 : size);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (bytes.length * 7 + i) & 0xff;
  return bytes;
}

function intact({ payload: bytes }: Spike): boolean {
  return bytes.every((byte, i) => byte === ((bytes.length * 7 + i) & 0xff));
}

/** A bus under test and an oracle that knows what must never happen. */
class World {
  readonly bus: NeuronBus;
  readonly neurons: Neuron[] = [];
  /** Last sequence that a receiver saw of a source: per pair order. */
  readonly #last: Map<Neuron, Map<number, number>> = new Map();
  /** Handler calls, by spike. */
  heard = 0;
  wrong: string[] = [];
  readonly #eachStep: boolean;

  constructor(bus: NeuronBus, eachStep: boolean) {
    this.bus = bus;
    this.#eachStep = eachStep;
    bus.registerFilter('even', (spike) => {
      this.look();
      return spike.sequence % 2 === 0;
    });
    bus.registerFilter('throws', (spike) => {
      if (spike.sequence % 3 === 0) throw new Error('predicate');
      return true;
    });
    bus.on('error', () => this.look());
    bus.on('drop', () => this.look());
  }

  /** Asserts the books, where they must balance. */
  look(): void {
    if (!this.#eachStep) return;
    const stats = this.bus.stats();
    const { fired, delivered, refused, inFlight } = stats;
    if (fired !== delivered + refused + dropped(stats) + inFlight) this.wrong.push(JSON.stringify(stats));
    if (stats.deferred > inFlight) this.wrong.push(`deferred ${stats.deferred} of ${inFlight}`);
  }

  run(step: Step): void {
    try {
      this.#run(step);
    } catch (error) {
      if (!(error instanceof NeuronBusError)) throw error;
    }
    this.look();
  }

  #run(step: Step): void {
    const { bus } = this;
    if (step.do === 'register') {
      if (this.neurons.length < 10) this.#register(step.behaviour, step.refractory);
    } else if (step.do === 'unregister') bus.unregister(this.#at(step.a));
    else if (step.do === 'disconnect') bus.disconnect(this.#at(step.a), this.#at(step.b));
    else if (step.do === 'connect') this.#connect(step.a, step.b, step.weight, step.filter);
    else if (step.do === 'fire') this.fire(this.#at(step.a), step.b, step.size, step.how);
    else if (step.do === 'prune') bus.prune();
    else if (step.do === 'settle') expect(bus.arena.used).toBeGreaterThanOrEqual(0);
    else if (this.#eachStep && step.do === 'tick') bus.tick(step.n);
    else if (this.#eachStep && step.do === 'advance') bus.advance(step.n * 10);
  }

  #at(index: number): Neuron {
    const neuron = this.neurons[index % Math.max(1, this.neurons.length)];
    if (neuron === undefined) return this.#register(0, 1);
    return neuron;
  }

  #connect(a: number, b: number, weight: number, filter: number): void {
    const filters = [
      [],
      [{ type: 'priority', min: 1 }],
      [{ type: 'custom', name: 'even' }],
      [{ type: 'custom', name: 'throws' }],
      [{ type: 'kind', kind: 'excitatory' }],
    ] as const;
    this.bus.connect(this.#at(a), this.#at(b), { weight: (weight + 1) / 100, filters: filters[filter] ?? [] });
  }

  fire(from: Neuron, to: number, size: number, how: number): void {
    const options: FireOptions = {
      kind: how % 3 === 1 ? 'inhibitory' : how % 7 === 6 ? 'modulatory' : 'excitatory',
      priority: how % 2,
      direct: how % 5 === 0,
    };
    const bytes = options.kind === 'modulatory' ? payload(3) : payload(size);
    const target = this.neurons[to] ?? to * 1_000;
    if (how % 4 === 0) from.broadcast(bytes, options);
    else if (how % 4 === 1) from.fire(target, bytes, options);
    else from.tryFire(target, bytes, options);
  }

  #register(behaviour: number, refractoryTicks: number): Neuron {
    const card = { name: `n${this.neurons.length}`, membrane: { threshold: 0.6, refractoryTicks } };
    const neuron = this.bus.register(card, this.#handlers(behaviour));
    this.neurons.push(neuron);
    return neuron;
  }

  #handlers(behaviour: number): NeuronHandlers {
    if (behaviour === 0) return { onSpike: (spike, self) => this.#hear(spike, self) };
    if (behaviour === 1) return { onSpike: (spike, self) => this.#thenFires(spike, self) };
    if (behaviour === 2) return { onSpike: (spike, self) => this.#thenThrows(spike, self) };
    if (behaviour === 3) return { onSpikes: (batch, self) => this.#hearAll(batch, self) };
    if (behaviour === 4)
      return { tick: (self, fired) => this.#ticked(self, fired), onSpike: (s, n) => this.#hear(s, n) };
    if (behaviour === 5) return { onSpike: (spike, self) => this.#thenLeaves(spike, self) };
    if (behaviour === 6) return { onSpike: (spike, self) => this.#thenRewires(spike, self) };
    return { onSpike: async (spike, self) => this.#thenThrows(spike, self) };
  }

  #hear(spike: Spike, self: Neuron): void {
    this.heard++;
    this.look();
    if (!intact(spike)) this.wrong.push(`torn ${spike.source} ${spike.sequence}`);
    const lasts = this.#last.get(self) ?? new Map<number, number>();
    this.#last.set(self, lasts);
    // A freed id may be given again: its numbers then start anew, at 0.
    const last = lasts.get(spike.source) ?? -1;
    const inOrder = spike.sequence > last || this.neurons.filter(({ id }) => id === spike.source).length > 1;
    if (!inOrder) this.wrong.push(`order ${spike.source} ${last} ${spike.sequence}`);
    lasts.set(spike.source, spike.sequence);
  }

  #hearAll(batch: Iterable<Spike>, self: Neuron): void {
    for (const spike of batch) this.#hear(spike, self);
  }

  #thenFires(spike: Spike, self: Neuron): void {
    this.#hear(spike, self);
    if (spike.sequence % 2 === 0) this.fire(self, spike.source % 10, spike.sequence % 70, spike.sequence);
    this.look();
  }

  #thenThrows(spike: Spike, self: Neuron): void {
    this.#hear(spike, self);
    if (spike.sequence % 2 === 1) throw new Error('handler');
  }

  #thenLeaves(spike: Spike, self: Neuron): void {
    this.#hear(spike, self);
    if (spike.sequence % 5 === 4) this.bus.unregister(self);
    this.look();
  }

  #thenRewires(spike: Spike, self: Neuron): void {
    this.#hear(spike, self);
    if (spike.sequence % 3 === 0) this.bus.disconnect(spike.source, self);
    else this.bus.connect(self, spike.source, { weight: 0.9 });
    this.look();
  }

  #ticked(self: Neuron, fired: boolean): void {
    this.look();
    if (fired) self.broadcast(payload(60));
    this.look();
  }
}

const SMALL = { axonSlots: 4, deferSlots: 2, arenaBytes: 2 ** 16, maxNeurons: 10, closeTimeoutMs: 50 } as const;
const RUNS = process.env['NEURONBUS_SOAK'] === '1' ? 3_000 : 300;

test('conservation: fired = delivered + refused + Σ dropped + inFlight after every step and inside every handler (manual)', async () => {
  const property = fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 120 }), async (steps) => {
    const bus = new NeuronBus({ ...SMALL, clock: 'manual', prune: { below: 0.05, everyTicks: 3 } });
    const world = new World(bus, true);
    for (const each of steps) world.run(each);
    expect(world.wrong).toEqual([]);
    for (let i = 0; i < 400 && bus.stats().inFlight > 0; i++) bus.tick();
    expectBalance(bus);
    await bus.close();
    expectBalance(bus);
    expect(world.wrong).toEqual([]);
    expect(bus.stats().inFlight).toBe(0);
    expect(world.heard).toBeLessThanOrEqual(bus.stats().delivered);
  });
  await fc.assert(property, { numRuns: RUNS });
}, 120_000);

test('conservation: a quiet started bus is balanced (drain, then stats)', async () => {
  const property = fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 120 }), async (steps) => {
    const bus = new NeuronBus({ ...SMALL, prune: { below: 0.05, everyTicks: 3 } });
    const world = new World(bus, false);
    bus.start();
    for (const [at, each] of steps.entries()) {
      world.run(each);
      if (at % 20 === 19) await sleep(0);
    }
    // Neurons that answer each other for ever are silenced first.
    for (const neuron of world.neurons) for (const other of world.neurons) quietly(() => bus.disconnect(neuron, other));
    await until(() => bus.stats().inFlight === 0 || steps.length === 0);
    await bus.drain();
    expectBalance(bus);
    expect(bus.stats().inFlight).toBe(0);
    await bus.close();
    expectBalance(bus);
    expect(world.wrong).toEqual([]);
  });
  await fc.assert(property, { numRuns: RUNS / 5 });
}, 120_000);

function quietly(act: () => unknown): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof NeuronBusError)) throw error;
  }
}
