/** What a bus is built with: ranges, defaults, types (NB-10, NB-12, NB-49). */
import { type BusOptions, type ErrorCode, NeuronBus } from 'neuronbus';
import { expect, test } from 'vitest';
import { anyBus, construct, deaf, manualBus, refuses, sleep } from './helpers.js';

const RANGE: [string, unknown][] = [
  ...[null, 3, 'options', true, [], 1n].map((value): [string, unknown] => [`options ${String(value)}`, value]),
  ...[0, -1, 1, 3, 100, 1_000, 2.5, Number.NaN, Infinity, '8', null, 8n].map((value): [string, unknown] => [
    `axonSlots ${String(value)}`,
    { axonSlots: value },
  ]),
  ...[0, -1, 1.5, 2 ** 60, Number.NaN, Infinity, '64', null].map((value): [string, unknown] => [
    `arenaBytes ${String(value)}`,
    { arenaBytes: value },
  ]),
  ...[0, -1, 1.5, 65_535, 65_536, Number.NaN, '9', null].map((value): [string, unknown] => [
    `maxNeurons ${String(value)}`,
    { maxNeurons: value },
  ]),
  ...['spin', 'BusySpin', 0, null, {}].map((value): [string, unknown] => [`wait ${String(value)}`, { wait: value }]),
  ...[0, -1, Number.NaN, '3', null].map((value): [string, unknown] => [
    `patience ${String(value)}`,
    { patience: value },
  ]),
  ...[-1, 0.5, 2 ** 53, Number.NaN, '1', null, 1n].map((value): [string, unknown] => [
    `seed ${String(value)}`,
    { seed: value },
  ]),
  ...['wall', 1, null, {}].map((value): [string, unknown] => [`clock ${String(value)}`, { clock: value }]),
  ...[-1, Number.NaN, Infinity, '1', null].map((value): [string, unknown] => [
    `tickMs ${String(value)}`,
    { tickMs: value },
  ]),
  ...[0, -1, 65_537, 1.5, Number.NaN, '4', null].map((value): [string, unknown] => [
    `deferSlots ${String(value)}`,
    { deferSlots: value },
  ]),
  ...[-1, Number.NaN, '5', null].map((value): [string, unknown] => [
    `closeTimeoutMs ${String(value)}`,
    { closeTimeoutMs: value },
  ]),
  ...[null, 3, 'all', []].map((value): [string, unknown] => [`prune ${String(value)}`, { prune: value }]),
  ...[Number.NaN, '1', null, Infinity].map((value): [string, unknown] => [
    `prune.below ${String(value)}`,
    { prune: { below: value } },
  ]),
  ...[-1, 1.5, Number.NaN, '1', null].map((value): [string, unknown] => [
    `prune.everyTicks ${String(value)}`,
    { prune: { everyTicks: value } },
  ]),
];

test.each(RANGE)('NB-12 NB-49 Life: %s is refused, quoting value, type and range', (label, options) => {
  const { message, detail } = refuses('E_OUT_OF_RANGE', () => construct(NeuronBus, options));
  const [what = '', value = ''] = label.split(' ');
  if (what !== 'options') expect(message).toContain(what.split('.').at(-1));
  if (value !== '' && !value.startsWith('[') && what !== 'options') expect(message).toContain(value);
  expect(message).toMatch(/allowed/);
  expect(Object.keys(detail).length).toBeGreaterThan(0);
});

test.each<[string, unknown]>([
  ['axonslots', { axonslots: 4 }],
  ['retries', { seed: 1, retries: 4 }],
  ['every', { prune: { every: 4 } }],
  ['own', Object.create({ own: 1 })],
])('Life: the unknown key %s is refused and named', (key, options) => {
  const { message } = refuses('E_UNKNOWN_OPTION' satisfies ErrorCode, () => construct(NeuronBus, options));
  expect(message).toContain(key);
  expect(message).toMatch(/allowed/);
});

const GOOD: BusOptions[] = [
  {},
  { axonSlots: 2 },
  { axonSlots: 2 ** 16 },
  { maxNeurons: 1 },
  { maxNeurons: 65_534, axonSlots: 2 },
  { wait: 'busy-spin' },
  { wait: 'spin-hint' },
  { wait: 'yield-then-park' },
  { patience: 1e-3 },
  { patience: Infinity },
  { seed: 0 },
  { seed: 2 ** 53 - 1 },
  { clock: 'real' },
  { tickMs: 0.5 },
  { tickMs: 0.001 },
  { tickMs: 3_600_000 },
  { arenaBytes: 64 },
  { prune: { below: -1, everyTicks: 2 ** 53 - 1 } },
  { deferSlots: 1 },
  { deferSlots: 65_536 },
  { closeTimeoutMs: 0 },
  { closeTimeoutMs: Infinity },
  { prune: {} },
  { prune: { below: 0.5, everyTicks: 3 } },
];

test.each(GOOD)('Life: %j is taken, and the bus works, by hand and started', async (options) => {
  const bus = anyBus({ arenaBytes: 2 ** 16, ...options });
  const neuron = deaf(bus, 'only');
  neuron.fire(neuron, 'x', { direct: true });
  bus.tick();
  expect(bus.stats().delivered).toBe(1);
  bus.start();
  await bus.stop();
});

test('Life: undefined means default, in every option', () => {
  const names = 'arenaBytes axonSlots maxNeurons wait patience seed clock tickMs deferSlots closeTimeoutMs prune';
  const bus = construct(NeuronBus, Object.fromEntries(names.split(' ').map((name) => [name, undefined])));
  if (!(bus instanceof NeuronBus)) throw new Error('no bus');
  expect(bus.arena.capacity).toBe(2 ** 26);
  bus[Symbol.dispose]();
  new NeuronBus(undefined)[Symbol.dispose]();
  construct(NeuronBus, { prune: { below: undefined, everyTicks: undefined } });
});

test('NB-49 the defaults: arena 64 MiB, 1,024 neurons, axons of 1,024 slots; they start on any machine', () => {
  const bus = anyBus();
  expect(bus.arena.capacity).toBe(64 * 2 ** 20);
  const neurons = Array.from({ length: 1_024 }, (_, i) => bus.register({ name: `n${i}` }));
  refuses(['E_OUT_OF_RANGE', 'E_OUT_OF_SPACE'], () => bus.register({ name: 'one more' }));
  const [first] = neurons;
  let count = 0;
  while (first?.tryFire(1, 'x')) count++;
  expect(count).toBe(1_024);
  bus.tick();
});

test.each(['busy-spin', 'spin-hint', 'yield-then-park'] as const)(
  'NB-10 wait %s: a started bus delivers',
  async (wait) => {
    const bus = anyBus({ wait, arenaBytes: 2 ** 16 });
    let heard = 0;
    const neuron = deaf(bus, 'n', { onSpike: () => heard++ });
    bus.start();
    for (let i = 0; i < 100; i++) neuron.fire(neuron, i, { direct: true });
    await bus.drain();
    expect(heard).toBe(100);
  },
);

test('memory that the system, or one Buffer of this Node, does not give is a typed error, not a crash', () => {
  for (const options of [{ axonSlots: 2 ** 24, maxNeurons: 65_534 }, { arenaBytes: 2 ** 36 }]) {
    try {
      const bus = new NeuronBus(options);
      bus[Symbol.dispose]();
    } catch (error) {
      expect(error).toMatchObject({ code: expect.stringMatching(/^E_OUT_OF_(SPACE|RANGE)$/) });
    }
  }
});

test('Life: the manual clock starts at 0 and moves only by advance(ms), fractions down to 1 ns', async () => {
  const bus = manualBus();
  const stamps: bigint[] = [];
  const neuron = deaf(bus, 'n', { onSpike: (spike) => stamps.push(spike.timestampNs) });
  const shoot = (): void => {
    neuron.fire(neuron, 'x', { direct: true });
    bus.tick();
  };
  shoot();
  await new Promise((resolve) => setTimeout(resolve, 5));
  shoot();
  bus.advance(1);
  shoot();
  bus.advance(0.000_001);
  shoot();
  bus.advance(0);
  shoot();
  expect(stamps).toEqual([0n, 0n, 1_000_000n, 1_000_001n, 1_000_001n]);
});

test('Life: on a real clock advance throws E_STATE', () => {
  refuses('E_STATE', () => anyBus({ arenaBytes: 2 ** 16 }).advance(1));
});

test.each([-1, Number.NaN, Infinity, -Infinity, '1', null, undefined, 1n, {}])('Life: advance(%s) is refused', (ms) => {
  const bus = manualBus();
  const advance: unknown = Reflect.get(bus, 'advance');
  if (typeof advance !== 'function') throw new Error('no method');
  refuses('E_OUT_OF_RANGE', () => Reflect.apply(advance, bus, [ms]));
});

test('NB-49 a bus tells what it was built with, the defaults included', async () => {
  const defaults = {
    arenaBytes: 2 ** 26,
    axonSlots: 1_024,
    maxNeurons: 1_024,
    wait: 'yield-then-park',
    patience: 3_000,
    seed: 0,
    clock: 'real',
    tickMs: 0,
    deferSlots: 64,
    closeTimeoutMs: 5_000,
    prune: { below: 0.01, everyTicks: 0 },
  };
  expect(anyBus().options).toEqual(defaults);
  const given: BusOptions = {
    arenaBytes: 4_096,
    wait: 'spin-hint',
    prune: { everyTicks: 7 },
    closeTimeoutMs: Infinity,
  };
  const bus = anyBus(given);
  const expected = { ...defaults, ...given, prune: { below: 0.01, everyTicks: 7 } };
  expect(bus.options).toEqual(expected);
  for (const part of [bus.options, bus.options.prune]) expect(Object.isFrozen(part)).toBe(true);
  given.axonSlots = 2;
  await bus.close();
  expect(bus.options).toEqual(expected);
});

test('NB-10 defect 8 the chosen strategy is the one that waits: busy-spin burns a core where yield-then-park sleeps', async () => {
  const burnt: number[] = [];
  for (const wait of ['busy-spin', 'yield-then-park'] as const) {
    const bus = anyBus({ wait, arenaBytes: 2 ** 16 });
    bus.start();
    await sleep(50);
    const [before, begin] = [process.cpuUsage(), performance.now()];
    await sleep(400);
    const { user, system } = process.cpuUsage(before);
    burnt.push((user + system) / 1e3 / (performance.now() - begin));
    await bus.close();
  }
  const [spinning = 0, parked = 1] = burnt;
  expect(spinning).toBeGreaterThan(0.2);
  expect(parked).toBeLessThan(0.1);
});
