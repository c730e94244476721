/** Columns overwritten with anything: a pool may go wrong, but it never breaks the process, and what it saves can be read. */
import { randomFill } from 'node:crypto';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { NeuronBusError, NeuronPool } from 'neuronbus';
import { expect, test } from 'vitest';
import { current, Folder, firings, MODES, random, STRONG, snapshot, writeSynapse } from '../helpers/pool.js';
import { expectCode, rejects } from './helpers.js';

const folder = new Folder();
const NEURONS = 12;

type ColumnName = 'membrane' | 'threshold' | 'leak' | 'refractory' | 'flags' | 'trace' | 'rowPtr' | 'synapses';
const COLUMNS: ColumnName[] = ['membrane', 'threshold', 'leak', 'refractory', 'flags', 'trace', 'rowPtr', 'synapses'];

/** What is done with a pool whose columns are overwritten. */
type Step =
  | { do: 'bytes'; column: ColumnName; bytes: Uint8Array }
  | { do: 'row'; at: number; start: number }
  | { do: 'tick'; input: number }
  | { do: 'modulate'; level: number }
  | { do: 'grow' }
  | { do: 'prune' }
  | { do: 'save' };

const bytes = fc.uint8Array({ minLength: 1, maxLength: 8 * NEURONS * NEURONS });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('bytes' as const), column: fc.constantFrom(...COLUMNS), bytes }),
  fc.record({ do: fc.constant('row' as const), at: fc.nat(NEURONS), start: fc.nat(150) }),
  fc.record({ do: fc.constant('tick' as const), input: fc.integer({ min: -32_768, max: 32_767 }) }),
  fc.record({ do: fc.constant('modulate' as const), level: fc.nat(255) }),
  fc.constantFrom<Step>({ do: 'grow' }, { do: 'prune' }, { do: 'save' }),
);

/** Lays bytes over a column, as often as they fit. */
function overwrite(pool: NeuronPool, column: ColumnName, given: Uint8Array): void {
  const { buffer, byteOffset, byteLength } = pool[column];
  const view = new Uint8Array(buffer, byteOffset, byteLength);
  for (const at of view.keys()) view[at] = given[at % given.length] ?? 0;
}

async function take(pool: NeuronPool, taken: Step): Promise<void> {
  if (taken.do === 'bytes') overwrite(pool, taken.column, taken.bytes);
  else if (taken.do === 'row') pool.rowPtr[taken.at] = taken.start;
  else if (taken.do === 'tick')
    expect(pool.tick(new Int16Array(NEURONS).fill(taken.input))).toBeLessThanOrEqual(NEURONS);
  else if (taken.do === 'modulate')
    pool.applyModulation({ dopamine: taken.level, cortisol: 255 - taken.level, acetylcholine: 0 });
  else if (taken.do === 'grow') pool.synaptogenesis(255);
  else if (taken.do === 'prune') pool.pruneDead();
  else await saveAndLoad(pool);
  pool.stats();
  expect(pool.fired().length).toBeLessThanOrEqual(NEURONS);
}

/** What was saved can be read, and is what was there; or it is refused. */
async function saveAndLoad(pool: NeuronPool): Promise<void> {
  const path = await folder.path('hostile.pool');
  const saved = await pool.save(path).then(
    () => true,
    (error: unknown) => !expectCode(error, ['E_CORRUPT', 'E_OUT_OF_RANGE']),
  );
  if (!saved) return;
  const loaded = await NeuronPool.load(path);
  expect(snapshot(loaded)).toEqual(snapshot(pool));
  expect(firings(loaded, 3)).toEqual(firings(pool, 3));
}

test.each(MODES)(
  'NP-25 whatever is written into the columns, no call breaks, and what is saved can be read (%s)',
  async (mode) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.nat(3), async (steps, seed) => {
        const pool = random(NEURONS, 0.4, { mode, seed });
        for (let tick = 0; tick < 5; tick++) pool.tick(current(NEURONS, tick, 9_000));
        for (const taken of steps) await take(pool, taken);
        await saveAndLoad(pool);
      }),
      { numRuns: 300 },
    );
  },
);

test.each(MODES)('NP-25 every byte of every column at its extremes, one column after another (%s)', async (mode) => {
  for (const column of COLUMNS) {
    for (const byte of [0, 1, 0x7f, 0x80, 0xff]) {
      const pool = random(NEURONS, 0.5, { mode });
      overwrite(pool, column, Uint8Array.of(byte));
      for (const input of [STRONG, -32_768, 32_767, 0]) pool.tick(new Int16Array(NEURONS).fill(input));
      for (const level of [0, 128, 255]) {
        for (const other of [0, 255]) pool.applyModulation({ dopamine: level, cortisol: other, acetylcholine: other });
      }
      for (let growth = 0; growth < 3; growth++) expect(pool.synaptogenesis(255)).toBeLessThanOrEqual(NEURONS);
      pool.pruneDead();
      firings(pool, 210);
      await saveAndLoad(pool);
    }
  }
});

test('NP-25 rows that overlap do not multiply synapses when others are pruned', () => {
  const pool = random(100, 0.5);
  const { synapses } = pool.stats();
  for (const at of pool.rowPtr.keys()) pool.rowPtr[at] = at % 2 === 0 ? 0 : synapses;
  writeSynapse(pool, 5, { maturity: 0 });
  pool.pruneDead();
  expect(pool.stats().synapses).toBeLessThanOrEqual(synapses);
});

test('NP-25 rows that overlap do not multiply synapses when others grow', () => {
  const pool = random(100, 0.5, { maxSynapses: 65_535 });
  const { synapses } = pool.stats();
  pool.tick(new Int16Array(100).fill(STRONG));
  for (const at of pool.rowPtr.keys()) pool.rowPtr[at] = at % 2 === 0 ? 0 : synapses;
  pool.synaptogenesis(255);
  expect(pool.stats().synapses).toBeLessThanOrEqual(synapses + 100);
});

test('NP-25 flags that nobody knows are refused when the pool is saved, not before', async () => {
  const pool = random(10, 0.5);
  const path = await folder.path('flags.pool');
  pool.flags[3] = 8;
  pool.tick();
  await rejects('E_CORRUPT', pool.save(path));
  pool.flags[3] = 7;
  await pool.save(path);
  expect((await NeuronPool.load(path)).flags).toEqual(pool.flags);
});

test('NP-25 columns that another thread fills while the pool ticks (crypto.randomFill): nothing breaks', async () => {
  const fill = promisify(randomFill);
  const pool = random(500, 0.05);
  const input = new Int16Array(500).fill(STRONG);
  let filling = true;
  const fills = COLUMNS.map(async (column) => {
    for (let round = 0; round < 40; round++) await fill(pool[column]);
  });
  const filled = Promise.all(fills).finally(() => {
    filling = false;
  });
  while (filling) {
    for (let tick = 0; tick < 5; tick++) pool.tick(input);
    pool.applyModulation({ dopamine: 200, cortisol: 30, acetylcholine: 0 });
    await new Promise((resolve) => setImmediate(resolve));
  }
  await filled;
  expect(pool.stats().tick).toBeGreaterThan(0);
  const path = await folder.path('filled.pool');
  await pool.save(path).catch((error: unknown) => expect(error).toBeInstanceOf(NeuronBusError));
});
