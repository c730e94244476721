/** Learning by spike timing, and the gain that modulatory spikes set (NB-31 … NB-34, NB-48, defect 7). */
import type { ConnectOptions, Neuron, NeuronBus, StdpPatch, Synapse } from 'neuronbus';
import { expect, test } from 'vitest';
import { deaf, manualBus, refuses } from './helpers.js';

/** A pair to learn by: `pre` → `post`, and a `driver` that makes `post` cross its threshold on its own. */
interface Pair {
  readonly bus: NeuronBus;
  readonly pre: Neuron;
  readonly post: Neuron;
  readonly synapse: Synapse;
  /** Delivers a spike of `pre` now. */
  spike(): void;
  /** Makes `post` fire now. */
  cross(): void;
  /** Delivers a modulatory spike to `post` now, from outside. */
  modulate(dopamine: number, cortisol?: number): void;
}

function pair(options: ConnectOptions = {}, membrane = {}): Pair {
  const bus = manualBus();
  const [pre, driver] = [deaf(bus, 'pre'), deaf(bus, 'driver')];
  const post = bus.register({ name: 'post', membrane: { threshold: 50, leak: 1, refractoryTicks: 0, ...membrane } });
  const synapse = bus.connect(pre, post, { weight: 0.5, ...options });
  bus.connect(driver, post, { weight: 100, stdp: { wMax: 100, aPlus: 0, aMinus: 0 } });
  const spike = (): void => {
    pre.fire(post, 'x');
    bus.tick();
  };
  const cross = (): void => {
    driver.fire(post, 'now');
    bus.tick();
  };
  const modulate = (dopamine: number, cortisol = 0): void => {
    driver.fire(post, Uint8Array.of(dopamine, cortisol, 77), { kind: 'modulatory' });
    bus.tick();
  };
  return { bus, pre, post, synapse, spike, cross, modulate };
}

test('NB-32 pre before post by 5 ms strengthens by a+·e^(−dt/τ+): 0.5 → +0.0077880', () => {
  const { bus, synapse, spike, cross } = pair();
  spike();
  bus.advance(5);
  cross();
  expect(Math.abs(synapse.weight - 0.5 - 0.007788)).toBeLessThan(1e-6);
});

test('NB-33 post before pre by 5 ms weakens by a−·e^(−dt/τ−): 0.5 → −0.0093456', () => {
  const { bus, synapse, spike, cross } = pair();
  cross();
  bus.advance(5);
  spike();
  expect(Math.abs(synapse.weight - 0.5 + 0.0093456)).toBeLessThan(1e-6);
});

test('STDP: delivery and crossing in the same tick are causal, also at dt = 0: + a+', () => {
  const { pre, bus, synapse, post } = pair();
  const driver = deaf(bus, 'again');
  bus.connect(driver, post, { weight: 100, stdp: { wMax: 100 } });
  pre.fire(post, 'x');
  driver.fire(post, 'now');
  bus.tick();
  expect(synapse.weight).toBeCloseTo(0.51, 6);
});

test('defect 7 a synapse whose own spike makes its target cross grows: effective paths grow', () => {
  const bus = manualBus();
  const pre = deaf(bus, 'pre');
  const post = bus.register({ name: 'post', membrane: { threshold: 0.4, refractoryTicks: 0 } });
  const [used, idle] = [bus.connect(pre, post), bus.connect(post, pre)];
  for (let i = 0; i < 20; i++) {
    bus.advance(50);
    pre.fire(post, 'x');
    bus.tick();
  }
  expect(used.weight).toBeCloseTo(0.7, 4);
  expect(idle.weight).toBe(0.5);
});

test('STDP: when post fired first and pre comes at an equal time in a later tick, nothing changes', () => {
  const { synapse, spike, cross } = pair();
  cross();
  spike();
  expect(synapse.weight).toBe(0.5);
});

test('STDP: post fires means its membrane crosses, never fire()', () => {
  const { bus, post, synapse, spike } = pair();
  const ear = deaf(bus, 'ear');
  bus.connect(post, ear);
  spike();
  bus.advance(5);
  post.fire(ear, 'said');
  bus.tick();
  expect(synapse.weight).toBe(0.5);
});

test('STDP: nearest pair; a pairing consumes both stamps', () => {
  const { bus, synapse, spike, cross } = pair();
  spike();
  bus.advance(3);
  spike();
  bus.advance(5);
  cross();
  const once = synapse.weight;
  expect(once).toBeCloseTo(0.5 + 0.01 * Math.exp(-5 / 20), 6);
  bus.advance(1);
  cross();
  expect(synapse.weight).toBe(once);
});

test('STDP: a post stamp that made a pair is used up: the next pre weakens nothing', () => {
  const { bus, synapse, spike, cross } = pair();
  spike();
  bus.advance(5);
  cross();
  const once = synapse.weight;
  bus.advance(2);
  spike();
  expect(synapse.weight).toBe(once);
});

test('STDP: t_pre is the time of delivery: a deferred spike learns when it is delivered', () => {
  const { bus, synapse, spike, cross, pre, post } = pair({}, { refractoryTicks: 3 });
  cross();
  bus.advance(1);
  pre.fire(post, 'waits');
  bus.tick();
  expect([bus.stats().deferred, synapse.weight]).toEqual([1, 0.5]);
  bus.advance(4);
  bus.tick(3);
  expect(bus.stats().deferred).toBe(0);
  expect(synapse.weight).toBeCloseTo(0.5 - 0.012 * Math.exp(-5 / 20), 6);
  spike();
});

test('NB-33 at equal |dt| depression is stronger than potentiation', () => {
  for (const dt of [1, 5, 20, 50]) {
    const [up, down] = [pair(), pair()];
    up.spike();
    up.bus.advance(dt);
    up.cross();
    down.cross();
    down.bus.advance(dt);
    down.spike();
    expect(0.5 - down.synapse.weight).toBeGreaterThan(up.synapse.weight - 0.5);
  }
});

test('NB-33 random traffic does not drift to wMax', () => {
  const { bus, synapse, spike, cross } = pair();
  let state = 42;
  for (let i = 0; i < 4_000; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bus.advance(1 + ((state >>> 9) % 30));
    if ((state >>> 20) % 2 === 0) spike();
    else cross();
  }
  expect(synapse.weight).toBeLessThan(0.6);
});

test('STDP: weights stay in [wMin, wMax] however strong the learning', () => {
  const { bus, synapse, spike, cross } = pair({ stdp: { aPlus: 10, aMinus: 10 } });
  spike();
  cross();
  expect(synapse.weight).toBe(1);
  bus.advance(100);
  cross();
  bus.advance(1);
  spike();
  expect(synapse.weight).toBeCloseTo(0.001, 7);
});

test('STDP: constants of one synapse are its own', () => {
  const { bus, synapse, spike, cross } = pair({ stdp: { aPlus: 0.1, tauPlusMs: 10 } });
  spike();
  bus.advance(10);
  cross();
  expect(synapse.weight).toBeCloseTo(0.5 + 0.1 * Math.exp(-1), 5);
});

test('STDP: every synapse learns unless connected with stdp: false', () => {
  const { bus, synapse, spike, cross } = pair({ stdp: false });
  spike();
  bus.advance(5);
  cross();
  bus.advance(5);
  spike();
  expect(synapse.weight).toBe(0.5);
});

test('STDP: decayPerSecond fades weight × e^(−d·t), down to wMin', () => {
  const { bus, synapse, spike } = pair({ stdp: { decayPerSecond: 0.5 } });
  bus.advance(1_000);
  bus.tick();
  spike();
  expect(synapse.weight).toBeCloseTo(0.5 * Math.exp(-0.5), 4);
  bus.advance(60_000);
  bus.tick();
  expect(synapse.weight).toBeCloseTo(0.001, 6);
});

test('STDP: without decayPerSecond an unused synapse keeps its weight', () => {
  const { bus, synapse } = pair();
  bus.advance(1e6);
  bus.tick(10);
  expect(synapse.weight).toBe(0.5);
});

test.each<['dopamine' | 'cortisol', number, number, number]>([
  ['dopamine', 128, 0, 1],
  ['dopamine', 255, 0, 1 + 127 / 128],
  ['dopamine', 0, 0, 0],
  ['dopamine', 192, 0, 1.5],
  ['cortisol', 128, 30, 1],
  ['cortisol', 128, 62, 0.75],
  ['cortisol', 0, 255, 0],
  ['cortisol', 255, 94, 1 + 127 / 128 - 0.5],
])('NB-48 a modulatory spike sets the gain (%s: %i, %i → %f)', (_, dopamine, cortisol, gain) => {
  const { synapse, spike, cross, modulate } = pair();
  spike();
  modulate(dopamine, cortisol);
  cross();
  expect(synapse.weight - 0.5).toBeCloseTo(0.01 * gain, 6);
});

test('NB-48 the gain is taken at the moment of learning, for both signs', () => {
  const { bus, synapse, spike, cross, modulate } = pair();
  cross();
  bus.advance(5);
  modulate(192);
  spike();
  expect(0.5 - synapse.weight).toBeCloseTo(1.5 * 0.012 * Math.exp(-5 / 20), 6);
  const weakened = synapse.weight;
  bus.advance(1e6);
  spike();
  modulate(0);
  cross();
  expect(synapse.weight).toBe(weakened);
});

test('NB-48 the gain returns to 1 with a time constant of 1 s', () => {
  const { bus, synapse, spike, cross, modulate } = pair();
  modulate(0);
  bus.advance(1_000);
  spike();
  cross();
  expect(synapse.weight - 0.5).toBeCloseTo(0.01 * (1 - Math.exp(-1)), 5);
});

test('NB-48 NB-38 a modulatory spike adds nothing to the membrane', () => {
  const { bus, pre, post } = pair({ weight: 1 });
  pre.fire(post, Uint8Array.of(255, 0, 0), { kind: 'modulatory' });
  bus.tick();
  expect(post.potential).toBe(0);
});

test('NB-48 a modulatory spike needs a synapse or direct like any other', () => {
  const { bus, pre, post, synapse, spike, cross } = pair();
  const stranger = deaf(bus, 'stranger');
  stranger.fire(post, Uint8Array.of(0, 0, 0), { kind: 'modulatory' });
  bus.tick();
  expect(bus.stats().dropped.notConnected).toBe(1);
  spike();
  cross();
  expect(synapse.weight).toBeCloseTo(0.51, 6);
  stranger.fire(post, Uint8Array.of(192, 0, 0), { kind: 'modulatory', direct: true });
  bus.tick();
  spike();
  cross();
  expect(synapse.weight).toBeCloseTo(0.51 + 0.015, 6);
  expect(pre.sequence).toBe(2);
});

test('STDP: a modulatory spike carries exactly 3 bytes: anything else is refused and counts nowhere', () => {
  const { bus, pre, post } = pair();
  for (const payload of ['', 'ab', 'abcd', Uint8Array.of(1, 2), new Uint8Array(100), [1, 2, 3]]) {
    refuses('E_OUT_OF_RANGE', () => pre.fire(post, payload, { kind: 'modulatory' }));
    refuses('E_OUT_OF_RANGE', () => pre.tryFire(post, payload, { kind: 'modulatory' }));
    refuses('E_OUT_OF_RANGE', () => pre.broadcast(payload, { kind: 'modulatory' }));
  }
  expect(bus.stats().fired).toBe(0);
  expect(pre.sequence).toBe(0);
  pre.fire(post, 'abc', { kind: 'modulatory' });
});

test('NB-34 a causal path outgrows an uncorrelated one', () => {
  const bus = manualBus();
  const [cause, noise] = [deaf(bus, 'cause'), deaf(bus, 'noise')];
  const post = bus.register({ name: 'post', membrane: { threshold: 0.45, leak: 1, refractoryTicks: 0 } });
  const stdp: StdpPatch = { aPlus: 0.02, aMinus: 0.024 };
  const [good, idle] = [bus.connect(cause, post, { stdp }), bus.connect(noise, post, { weight: 0.3, stdp })];
  for (let i = 0; i < 200; i++) {
    bus.advance(30);
    cause.fire(post, 'x');
    bus.tick();
    bus.advance(5);
    noise.fire(post, 'y');
    bus.tick();
  }
  expect(good.weight).toBeGreaterThan(0.9);
  expect(idle.weight).toBeLessThan(0.01);
});

test('STDP: an update of constants after learning keeps the weight', () => {
  const { bus, synapse, spike, cross } = pair();
  spike();
  bus.advance(5);
  cross();
  const learned = synapse.weight;
  synapse.stdp = { aPlus: 0.5 };
  expect(synapse.weight).toBe(learned);
});
