/** Pools in files: what goes on bit for bit, and what is refused (NP-24, NP-25, NP-28, defects 4 and 5). */
import { readFile, writeFile } from 'node:fs/promises';
import { NeuronPool } from 'neuronbus';
import { expect, test } from 'vitest';
import { current, Folder, firings, MODES, random, snapshot, wiresOf, writeSynapse } from '../helpers/pool.js';
import { fileV1, le, withChecksum } from '../helpers/pool-file.js';
import { expectCode, rejected, rejects } from './helpers.js';

const folder = new Folder();

/** A pool in the middle of its life: spikes under way, eligibilities, thresholds that moved. */
function busy(neurons: number, mode: 'product' | 'compat', ticks = 137): NeuronPool {
  const pool = random(neurons, 0.2, { mode, homeostasis: 3, seed: 11 });
  for (let tick = 0; tick < ticks; tick++) live(pool, tick);
  return pool;
}

/** One tick, and what else one does with a pool. */
function live(pool: NeuronPool, tick: number): number[] {
  pool.inject([tick % 3, 3], { polarity: tick % 3 === 0 ? -1 : 1, magnitude: tick % 256 });
  pool.tick(current(pool.membrane.length, tick));
  if (tick % 20 === 7)
    pool.applyModulation({ dopamine: (tick * 7) % 256, cortisol: (tick * 3) % 50, acetylcholine: 100 });
  if (tick % 50 === 9) pool.synaptogenesis(200);
  if (tick % 50 === 29) pool.pruneDead();
  return [...pool.fired()];
}

test.each(MODES)(
  'NP-24 defect 4 a reloaded pool and its original stay bit-equal for 1,000 further ticks (%s)',
  async (mode) => {
    const pool = busy(60, mode);
    pool.inject([0, 5], { polarity: 1, magnitude: 99 });
    const path = await folder.path(`${mode}.pool`);
    await pool.save(path);
    const loaded = await NeuronPool.load(path);
    expect([loaded.config, loaded.name]).toEqual([pool.config, pool.name]);
    expect([...loaded.fired()]).toEqual([...pool.fired()]);
    for (let tick = 0; tick < 1_000; tick++) expect(live(loaded, tick)).toEqual(live(pool, tick));
    expect(snapshot(loaded)).toEqual(snapshot(pool));
    expect(await folder.bytesOf(loaded)).toEqual(await folder.bytesOf(pool));
  },
);

test('NP-24 a file says by which rules its pool lives, whatever load is told', async () => {
  for (const mode of MODES) {
    const bytes = await folder.bytesOf(busy(10, mode));
    for (const told of [undefined, ...MODES]) expect((await folder.load(bytes, told)).config.mode).toBe(mode);
  }
});

test('NP-24 a save holds one moment, also while the pool goes on ticking', async () => {
  const [pool, twin] = [busy(50, 'product'), busy(50, 'product')];
  const path = await folder.path('moment.pool');
  const saved = pool.save(path);
  for (let tick = 0; tick < 200; tick++) live(pool, tick);
  pool.membrane.fill(0);
  await saved;
  expect(await readFile(path)).toEqual(await folder.bytesOf(twin));
  expect(snapshot(await NeuronPool.load(path))).toEqual(snapshot(twin));
});

test('NP-24 saves to one path at once: the file is one of them, whole, and nothing else stays there', async () => {
  const pool = busy(40, 'product');
  const path = await folder.path('twice.pool');
  const moments: Buffer[] = [];
  const saves: Promise<void>[] = [];
  for (let at = 0; at < 8; at++) {
    moments.push(await folder.bytesOf(pool));
    saves.push(pool.save(path));
    live(pool, at);
  }
  await Promise.all(saves);
  const found = await readFile(path);
  expect(moments.some((moment) => moment.equals(found))).toBe(true);
  expect((await folder.names()).filter((name) => /tmp|twice/.test(name))).toEqual(['twice.pool']);
});

test('NP-24 a save puts itself in the place of what was there, and saving changes nothing', async () => {
  const path = await folder.path('old.pool');
  await writeFile(path, 'x'.repeat(1e5));
  const pool = busy(20, 'product');
  const before = snapshot(pool);
  await pool.save(path);
  expect(snapshot(pool)).toEqual(before);
  expect(snapshot(await NeuronPool.load(path))).toEqual(before);
});

test('NP-25 a v1 file of a pool "ab" with 10 neurons and no synapse is 196 bytes, and is read', async () => {
  const file = fileV1({ name: 'ab', neurons: 10, tick: 77 });
  expect(file.length).toBe(196);
  for (const mode of MODES) {
    const pool = await folder.load(file, mode);
    expect(pool.config).toEqual({ ...random(1, 0).config, mode });
    expect(pool.stats()).toMatchObject({ name: 'ab', neurons: 10, excitatory: 8, synapses: 0, tick: 77 });
    expect(snapshot(pool)).toMatchObject({ membrane: Array(10).fill(-17_920), rowPtr: Array(11).fill(0) });
  }
  expect((await folder.load(file)).config.mode).toBe('product');
});

test('NP-9 defect 2 synapses of a v1 file are read; in product mode they get the signs of their neurons', async () => {
  const synapse = { target: 1, weight: -60, delay: 2, eligibility: 5, maturity: 17 };
  const file = fileV1({
    neurons: 5,
    rows: [[synapse], [], [synapse, { ...synapse, target: 4 }], [], [{ ...synapse, weight: 40 }]],
  });
  const weights = (pool: NeuronPool): number[] => wiresOf(pool).map(({ weight }) => weight);
  expect(weights(await folder.load(file, 'compat'))).toEqual([-60, -60, -60, 40]);
  const pool = await folder.load(file, 'product');
  expect(weights(pool)).toEqual([60, 60, 60, -40]);
  expect([...pool.rowPtr]).toEqual([0, 1, 1, 3, 3, 4]);
  expect(wiresOf(pool)[2]).toEqual({ source: 2, target: 4, weight: 60, delay: 2, eligibility: 5, maturity: 17 });
  expect(firings(pool, 20).flat()).toEqual([]);
});

/** Loads bytes that are wrong. */
async function refusedBytes(bytes: Uint8Array, what: string): Promise<void> {
  const path = await folder.path('wrong.pool');
  await writeFile(path, bytes);
  const error = await rejected(NeuronPool.load(path)).catch(() => new Error(`accepted: ${what}`));
  expectCode(error, ['E_CORRUPT', 'E_OUT_OF_RANGE']);
}

const SMALL = {
  'version 1': () =>
    fileV1({ neurons: 3, rows: [[{ target: 1, weight: 60, delay: 1, eligibility: 0, maturity: 16 }]] }),
  product: () => folder.bytesOf(busy(3, 'product', 12)),
  compat: () => folder.bytesOf(busy(3, 'compat', 12)),
};

test.each(Object.entries(SMALL))('NP-25 every flipped byte and every truncation is refused (%s)', async (_, make) => {
  const file = await make();
  await folder.load(file);
  for (const [at, byte] of file.entries()) {
    for (const flip of [1, 2, 4, 8, 16, 32, 64, 128, 255]) {
      const wrong = Buffer.from(file);
      wrong[at] = byte ^ flip;
      await refusedBytes(wrong, `byte ${at} of ${file.length}, ${byte} ^ ${flip}`);
    }
  }
  for (let length = 0; length < file.length; length++) await refusedBytes(file.subarray(0, length), `${length} bytes`);
  await refusedBytes(Buffer.concat([file, Buffer.alloc(1)]), 'a byte more');
  expect(firings(random(3, 1), 3)).toHaveLength(3);
});

test('NP-25 with a checksum that fits, every count is distrusted, and makes no room', async () => {
  const file = fileV1({ neurons: 10 });
  const before = process.memoryUsage().rss;
  for (const at of [8, 16, 20, 24, 28, 32, 144, 148, 188, 192]) {
    for (const count of [0xffff_ffff, 0x7fff_ffff, 65_537, 11, 9]) {
      const wrong = Buffer.from(file);
      if (at === 16) wrong.writeUInt16LE(count & 0xffff, at);
      else wrong.writeUInt32LE(count, at);
      // The tick at byte 32 may be any number: half of it is too much only in its upper half.
      if (at !== 32) await refusedBytes(withChecksum(wrong), `${count} at ${at}`);
    }
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
});

test.each([
  ['a delay of 0', { delay: 0 }],
  ['a delay of 9', { delay: 9 }],
  ['a delay above the maximum of its config', { delay: 4 }],
  ['a target past the end', { target: 5 }],
  ['a target far past the end', { target: 65_535 }],
])('NP-8 NP-25 defect 5 a file with %s is refused', async (_, wrong) => {
  const right = { target: 1, weight: 60, delay: 3, eligibility: 0, maturity: 16 };
  await folder.load(fileV1({ neurons: 5, maxDelay: 3, rows: [[right]] }));
  await refusedBytes(fileV1({ neurons: 5, maxDelay: 3, rows: [[{ ...right, ...wrong }]] }), 'it');
});

test('NP-25 NP-28 a file with a full row too many, a config that no pool has, or 0 or 65,537 neurons is refused', async () => {
  const synapse = { target: 1, weight: 60, delay: 1, eligibility: 0, maturity: 16 };
  await folder.load(fileV1({ neurons: 5, maxSynapses: 2, rows: [[synapse, synapse]] }));
  await refusedBytes(fileV1({ neurons: 5, maxSynapses: 1, rows: [[synapse, synapse]] }), 'a row that is too long');
  await refusedBytes(fileV1({ neurons: 5, maxSynapses: 0 }), 'no synapses at all');
  await refusedBytes(fileV1({ neurons: 5, maxDelay: 9 }), 'delays of 9');
  await refusedBytes(fileV1({ neurons: 5, maxDelay: 0 }), 'delays of 0');
  await refusedBytes(fileV1({ neurons: 5, threshold: -17_920 }), 'a threshold at rest');
  await refusedBytes(fileV1({ neurons: 5, excitatory: 6 }), 'six of five that excite');
  await refusedBytes(fileV1({ neurons: 0 }), 'no neurons');
  await refusedBytes(fileV1({ neurons: 65_537 }), '65,537 neurons');
  expect((await folder.load(fileV1({ neurons: 65_536 }))).stats().neurons).toBe(65_536);
  await refusedBytes(Buffer.concat([Buffer.from('POOL'), le(2, 3, 0), le(4, 1, 0)]), 'version 3');
});

test.each([
  ['a delay of 0', { delay: 0 }],
  ['a delay of 9', { delay: 9 }],
  ['a target past the end', { target: 10 }],
])('NP-25 %s, written to a view, cannot be saved, and the old file stays', async (_, wrong) => {
  const pool = random(10, 0.5);
  const path = await folder.path('kept.pool');
  await pool.save(path);
  const before = await readFile(path);
  const names = await folder.names();
  writeSynapse(pool, 0, wrong);
  await rejects('E_CORRUPT', pool.save(path));
  expect(await readFile(path)).toEqual(before);
  expect(await folder.names()).toEqual(names);
  expect(firings(pool, 5)).toHaveLength(5);
});
