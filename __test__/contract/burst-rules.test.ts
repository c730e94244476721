/** Rules from outside: what they see, what they may, and what becomes of a burst in which they throw (FE-19, defect 3). */
import { BurstEngine, hebb, type PlasticityRule, type Touched } from 'neuronbus';
import { expect, test } from 'vitest';
import { edges, f32, lively, run, u8, u32, watcher, wired } from '../helpers/burst.js';
import { refuses, rejects, thrown } from './helpers.js';

test('FE-19 defect 3: a rule sees what took part, and its weights count', () => {
  const engine = wired(4, [0, 1], [2, 1], [3, 0], [2, 3]);
  const rule = watcher(({ weights }) => weights.fill(51));
  engine.use(rule);
  engine.inject(u32(0), 1);
  engine.burst();
  expect(rule.seen).toEqual([
    {
      burst: 0,
      ids: u32(2),
      sources: u32(3),
      targets: u32(0),
      types: u8(0),
      weights: u8(255),
      pre: u8(0),
      post: u8(1),
    },
  ]);
  engine.inject(u32(2), 1);
  engine.burst();
  expect(rule.seen[1]).toEqual({
    burst: 1,
    ids: u32(0, 1),
    sources: u32(0, 2),
    targets: u32(1, 1),
    types: u8(0, 0),
    weights: u8(255, 255),
    pre: u8(1, 0),
    post: u8(1, 1),
  });
  expect([...engine.export().synapses.weights]).toEqual([51, 51, 51, 255]);
  // The spike of 2 was sent after the rule had written.
  engine.burst();
  expect(engine.potentials()[1]).toBe(Math.fround(51 / 255));
});

test('FE-19 the built-in rule strengthens what fires together, and weakens what comes for nothing', () => {
  const engine = wired(3, [0, 1], [0, 2]);
  engine.updateSynapses(u32(0, 1), { weights: u8(250, 3) });
  engine.use(hebb({ potentiation: 10, depression: 5 }));
  for (const target of [1, 1]) {
    engine.inject(u32(0, target), f32(1, 0));
    engine.burst();
    engine.inject(u32(1, 2), f32(1, -1));
    engine.burst();
  }
  expect([...engine.export().synapses.weights]).toEqual([255, 0]);
});

test('FE-19 the built-in rule does the same in the addon and as a part of another rule', () => {
  const [native, wrapped] = [lively(200, 12), lively(200, 12)];
  const rule = hebb({ potentiation: 9, depression: 3 });
  native.use(rule);
  wrapped.use({ name: 'wrapped', update: (touched) => rule.update(touched) });
  expect(run(native, 200, 60)).toEqual(run(wrapped, 200, 60));
  expect(native.export()).toEqual(wrapped.export());
  expect(native.export()).not.toEqual(lively(200, 12).export());
});

test('FE-19 rules run one after the other, those of this package last; without any nothing changes', () => {
  const engine = wired(2, [0, 1]);
  const second = watcher(({ weights }) => weights.fill(100));
  engine.use(hebb({ potentiation: 7, depression: 7 }));
  engine.use(watcher(({ weights }) => weights.fill(20)));
  engine.use(second);
  for (let burst = 0; burst < 2; burst++) {
    engine.inject(u32(0), 1);
    engine.burst();
  }
  expect(second.seen[1]?.weights).toEqual(u8(20));
  expect([...engine.export().synapses.weights]).toEqual([107]);
  const plain = lively(100, 5);
  const before = plain.export();
  run(plain, 100, 30);
  expect(plain.export()).toEqual(before);
});

test('FE-19 what a rule writes later, or beside the weights, changes nothing', () => {
  const [engine, twin] = [lively(100, 8), lively(100, 8)];
  let last: Touched | undefined;
  engine.use({
    name: 'late',
    update: (touched) => {
      last?.weights.fill(0);
      touched.ids.fill(0);
      touched.pre.fill(9);
      last = touched;
    },
  });
  expect(run(engine, 100, 30)).toEqual(run(twin, 100, 30));
  expect(engine.export()).toEqual(twin.export());
});

test('FE-19 a rule that throws: its burst is finished without what it wrote, the others count, and then burst() throws', () => {
  const [engine, twin] = [lively(100, 8), lively(100, 8)];
  const wears: PlasticityRule = {
    name: 'wears',
    update: ({ weights }) => {
      for (const [at, weight] of weights.entries()) weights[at] = Math.max(0, weight - 1);
    },
  };
  const error = new Error('from a rule');
  let throws = false;
  engine.use(wears);
  engine.use({
    name: 'throws',
    update: ({ weights }) => {
      if (!throws) return;
      weights.fill(0);
      throw error;
    },
  });
  engine.use(wears);
  twin.use(wears);
  twin.use(wears);
  run(engine, 100, 10);
  run(twin, 100, 10);
  for (let burst = 0; burst < 10; burst++) {
    throws = burst % 2 === 0;
    engine.inject(u32(burst), 2);
    twin.inject(u32(burst), 2);
    const { fired } = twin.burst();
    if (throws) expect(thrown(() => engine.burst())).toBe(error);
    else expect(engine.burst().fired).toEqual(fired);
    expect(engine.ledger(0)).toEqual(fired);
  }
  expect(engine.export()).toEqual(twin.export());
  expect(engine.potentials()).toEqual(twin.potentials());
});

test('FE-19 two rules that throw: both errors come out', () => {
  const engine = wired(1);
  for (const name of ['one', 'two']) {
    engine.use({
      name,
      update: () => {
        throw name;
      },
    });
  }
  const error = thrown(() => engine.burst());
  expect(error).toBeInstanceOf(AggregateError);
  expect(error).toMatchObject({ errors: ['one', 'two'] });
  expect(engine.stats().bursts).toBe(1);
});

test('FE-19 weights that a rule transfers away are weights that it did not write', () => {
  const engine = wired(2, [0, 1]);
  engine.use({
    name: 'thief',
    update: ({ weights }) => {
      weights.fill(3);
      const { buffer } = weights;
      if (buffer instanceof ArrayBuffer) structuredClone(buffer, { transfer: [buffer] });
    },
  });
  engine.inject(u32(0), 1);
  engine.burst();
  refuses('E_OUT_OF_RANGE', () => engine.burst());
  expect([...engine.export().synapses.weights, engine.stats().bursts]).toEqual([255, 2]);
});

test('FE-19 a rule may look at its engine, and not change it', async () => {
  const engine = wired(2, [0, 1]);
  const other = wired(1);
  const saves: Promise<unknown>[] = [];
  const changes: [name: string, change: () => unknown][] = [
    ['burst', () => engine.burst()],
    ['start', () => engine.start()],
    ['inject', () => engine.inject(u32(0), 1)],
    ['addNeurons', () => engine.addNeurons({ thresholds: f32(1) })],
    ['updateNeurons', () => engine.updateNeurons(u32(0), { leaks: 1 })],
    ['removeNeurons', () => engine.removeNeurons(u32(0))],
    ['addSynapses', () => engine.addSynapses(edges([0, 1]))],
    ['updateSynapses', () => engine.updateSynapses(u32(0), { weights: u8(1) })],
    ['removeSynapses', () => engine.removeSynapses(u32(0))],
    ['use', () => engine.use(hebb({ potentiation: 1, depression: 1 }))],
  ];
  const messages: string[] = [];
  engine.use({
    name: 'reenters',
    update: () => {
      for (const [name, change] of changes) messages.push(refuses('E_REENTRANT', change).message.split('(')[0] ?? name);
      saves.push(engine.save('/nowhere/at/all'));
      expect([...(engine.ledger(0) ?? [])]).toEqual([0]);
      expect([engine.potentials().length, engine.stats().bursts]).toEqual([2, 0]);
      expect(engine.export().synapses.ids.length).toBe(1);
      other.burst();
    },
  });
  engine.inject(u32(0), 1);
  expect([...engine.burst().fired]).toEqual([0]);
  expect(messages).toEqual(changes.map(([name]) => name));
  await rejects('E_REENTRANT', Promise.all(saves));
  expect([engine.stats().neurons, engine.stats().synapses, other.stats().bursts]).toEqual([2, 1, 1]);
});

test.each([
  [undefined],
  [null],
  [5],
  ['hebb'],
  [() => {}],
  [[]],
  [{}],
  [{ name: 'a' }],
  [{ name: '', update: () => {} }],
  [{ name: 5, update: () => {} }],
  [{ name: 'a', update: 'b' }],
])('FE-19 %s is no rule', (rule) => {
  const engine = new BurstEngine();
  refuses('E_OUT_OF_RANGE', () => Reflect.apply(engine.use, engine, [rule]));
  engine.burst();
});

test('FE-19 what the built-in rule is made with is checked', () => {
  for (const options of [
    undefined,
    null,
    {},
    { potentiation: 1 },
    { potentiation: 256, depression: 0 },
    { potentiation: -1, depression: 0 },
    { potentiation: 1, depression: 1.5 },
  ]) {
    refuses('E_OUT_OF_RANGE', () => Reflect.apply(hebb, undefined, [options]));
  }
  refuses('E_UNKNOWN_OPTION', () => Reflect.apply(hebb, undefined, [{ potentiation: 1, depression: 1, rate: 1 }]));
  expect(hebb({ potentiation: 0, depression: 255 })).toMatchObject({ name: 'hebb', potentiation: 0, depression: 255 });
  expect(() => Object.assign(hebb({ potentiation: 1, depression: 1 }), { potentiation: 300 })).toThrow(TypeError);
});
