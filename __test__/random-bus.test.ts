/** Random programs on a bus driven by hand, against a model that knows no rings: who gets what, in which order, and the books. */
import fc from 'fast-check';
import type { DropReason, Neuron, NeuronBus } from 'neuronbus';
import { describe, expect, it } from 'vitest';
import { CALM, codeOf, expectBalance, manualBus } from './helpers/bus.js';

const AXON_SLOTS = 8;

interface Fired {
  readonly id: number;
  /** Undefined: a broadcast. */
  readonly to: Agent | undefined;
  readonly direct: boolean;
  readonly priority: number;
}

/** One neuron in the model. */
interface Agent {
  readonly neuron: Neuron;
  readonly got: string[];
  /** Receivers and the least priority that their synapse lets through. */
  readonly targets: Map<Agent, number>;
  open: boolean;
  pending: Fired[];
}

class World {
  readonly bus: NeuronBus = manualBus({ axonSlots: AXON_SLOTS, maxNeurons: 6 });
  agents: Agent[] = [];
  /** Unregistered with spikes of theirs on the way. */
  leaving: Agent[] = [];
  readonly expected: Map<Agent, string[]> = new Map();
  readonly got: Map<Agent, string[]> = new Map();
  readonly dropped: Partial<Record<DropReason, number>> = {};
  fired = 0;
  refused = 0;
  delivered = 0;
  count = 0;

  pick(index: number): Agent | undefined {
    return this.agents[index % Math.max(1, this.agents.length)];
  }

  drop(reason: DropReason): void {
    this.dropped[reason] = (this.dropped[reason] ?? 0) + 1;
  }

  register(batches: boolean): void {
    const got: string[] = [];
    const handlers = batches
      ? {
          onSpikes: (batch: Iterable<{ text(): string }>): void =>
            void got.push(...Array.from(batch, (spike) => spike.text())),
        }
      : { onSpike: (spike: { text(): string }): void => void got.push(spike.text()) };
    let neuron: Neuron | undefined;
    const code = codeOf(() => {
      neuron = this.bus.register({ name: 'agent', membrane: CALM }, handlers);
    });
    if (neuron === undefined) {
      expect(code).toBe('E_OUT_OF_RANGE');
      return;
    }
    const agent: Agent = { neuron, got, targets: new Map(), open: true, pending: [] };
    this.agents.push(agent);
    this.expected.set(agent, []);
  }

  unregister(agent: Agent): void {
    this.bus.unregister(agent.neuron);
    agent.open = false;
    this.agents = this.agents.filter((each) => each !== agent);
    if (agent.pending.length > 0) this.leaving.push(agent);
  }

  fire(agent: Agent, to: Agent | undefined, direct: boolean, priority: number, size: number): void {
    const id = this.count++;
    const payload = text(id, size);
    const options = { direct, priority };
    this.fired++;
    const taken =
      to === undefined
        ? codeOf(() => agent.neuron.broadcast(payload, options)) === 'none'
        : agent.neuron.tryFire(to.neuron, payload, options);
    expect(taken).toBe(agent.pending.length < AXON_SLOTS);
    if (!taken) {
      this.refused++;
      return;
    }
    agent.pending.push({ id, to, direct, priority });
    payloads.set(id, payload);
  }

  tick(): void {
    const senders = [...this.agents, ...this.leaving].sort((a, b) => a.neuron.id - b.neuron.id);
    for (const sender of senders) {
      for (const spike of sender.pending) this.#route(sender, spike);
      sender.pending = [];
    }
    this.leaving = [];
    this.bus.tick();
    for (const [agent, expected] of this.expected) expect(agent.got).toEqual(expected);
  }

  #route(sender: Agent, spike: Fired): void {
    const targets: (Agent | undefined)[] =
      spike.to === undefined
        ? [...sender.targets.keys()].filter(({ open }) => open).sort((a, b) => a.neuron.id - b.neuron.id)
        : [spike.to];
    if (targets.length === 0) {
      this.drop('noSynapse');
      return;
    }
    this.fired += targets.length - 1;
    for (const target of targets) if (target !== undefined) this.#meet(sender, target, spike);
  }

  #meet(sender: Agent, target: Agent, { id, direct, priority }: Fired): void {
    const least = sender.targets.get(target);
    if (!target.open) this.drop('left');
    else if (least === undefined && !direct) this.drop('notConnected');
    else if (least !== undefined && priority < least) this.drop('filtered');
    else {
      this.delivered++;
      this.expected.get(target)?.push(payloads.get(id) ?? '');
    }
  }

  check(): void {
    const stats = this.bus.stats();
    expectBalance(stats);
    expect(stats.refused).toBe(this.refused);
    expect(stats.neurons).toBe(this.agents.length);
    const inFlight = [...this.agents, ...this.leaving].reduce((sum, { pending }) => sum + pending.length, 0);
    expect([stats.inFlight, stats.delivered]).toEqual([inFlight, this.delivered]);
    expect(stats.fired).toBe(this.fired);
    for (const [reason, count] of Object.entries(this.dropped)) expect(Reflect.get(stats.dropped, reason)).toBe(count);
  }
}

const payloads: Map<number, string> = new Map();

function text(id: number, size: number): string {
  return `${id}:${'é'.repeat(size)}`;
}

type Step = (world: World) => void;

const nat = fc.nat({ max: 1_000 });
const register: fc.Arbitrary<Step> = fc.boolean().map((batches) => (world) => world.register(batches));
const unregister: fc.Arbitrary<Step> = nat.map((index) => (world) => {
  const agent = world.pick(index);
  if (agent !== undefined) world.unregister(agent);
});
const connect: fc.Arbitrary<Step> = fc.tuple(nat, nat, fc.nat({ max: 3 })).map(([from, to, least]) => (world) => {
  const [pre, post] = [world.pick(from), world.pick(to)];
  if (pre === undefined || post === undefined) return;
  world.bus.connect(pre.neuron, post.neuron, { filters: least === 0 ? [] : [{ type: 'priority', min: least }] });
  pre.targets.set(post, least);
});
const disconnect: fc.Arbitrary<Step> = fc.tuple(nat, nat).map(([from, to]) => (world) => {
  const [pre, post] = [world.pick(from), world.pick(to)];
  if (pre === undefined || post === undefined) return;
  expect(world.bus.disconnect(pre.neuron, post.neuron)).toBe(pre.targets.delete(post));
});
const size = fc.oneof(fc.nat({ max: 30 }), fc.nat({ max: 2_000 }));
const fire: fc.Arbitrary<Step> = fc
  .tuple(nat, nat, fc.boolean(), fc.nat({ max: 3 }), size)
  .map(([from, to, direct, priority, length]) => (world) => {
    const [pre, post] = [world.pick(from), world.pick(to)];
    if (pre !== undefined && post !== undefined) world.fire(pre, post, direct, priority, length);
  });
const broadcast: fc.Arbitrary<Step> = fc
  .tuple(nat, fc.nat({ max: 3 }), size)
  .map(([from, priority, length]) => (world) => {
    const pre = world.pick(from);
    if (pre !== undefined) world.fire(pre, undefined, false, priority, length);
  });
const tick: fc.Arbitrary<Step> = fc.constant((world) => world.tick());
const look: fc.Arbitrary<Step> = fc.constant((world) => world.check());

const programs = fc.array(
  fc.oneof(
    { arbitrary: register, weight: 3 },
    unregister,
    { arbitrary: connect, weight: 4 },
    disconnect,
    { arbitrary: fire, weight: 8 },
    { arbitrary: broadcast, weight: 3 },
    { arbitrary: tick, weight: 3 },
    look,
  ),
  { minLength: 20, maxLength: 120 },
);

describe('NB-14 NB-44 NB-47 random programs', () => {
  it('deliver what the model says, in its order, and the books balance', () => {
    fc.assert(
      fc.property(programs, (steps) => {
        const world = new World();
        for (let i = 0; i < 3; i++) world.register(i % 2 === 0);
        for (const step of steps) step(world);
        world.check();
        world.tick();
        world.check();
        world.bus.tick();
        expect(world.bus.arena.used).toBe(0);
        world.bus[Symbol.dispose]();
        expectBalance(world.bus.stats());
      }),
      { numRuns: 150 },
    );
  });

  it('closed at any moment, every spike is accounted for', () => {
    fc.assert(
      fc.property(programs, fc.nat({ max: 120 }), (steps, cut) => {
        const world = new World();
        for (let i = 0; i < 3; i++) world.register(false);
        for (const step of steps.slice(0, cut)) step(world);
        world.bus[Symbol.dispose]();
        const stats = world.bus.stats();
        expect(stats.inFlight).toBe(0);
        expectBalance(stats);
        expect(stats.fired).toBeGreaterThanOrEqual(world.fired);
      }),
      { numRuns: 80 },
    );
  });
});
