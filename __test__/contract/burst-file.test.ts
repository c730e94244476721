/** Engines in files: what goes on bit for bit, and what is refused (FE-22, defects 4 and 5). */
import { readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { BurstEngine, hebb, NeuronPool } from 'neuronbus';
import { expect, test } from 'vitest';
import { bits, drive, f32, lively, run, u8, u32, wired } from '../helpers/burst.js';
import { Folder } from '../helpers/pool.js';
import { crc32 } from '../helpers/pool-file.js';
import { expectCode, rejected, rejects } from './helpers.js';

const folder = new Folder();

async function bytesOf(engine: BurstEngine): Promise<Buffer> {
  const path = await folder.path('bytes.nbrs');
  await engine.save(path);
  return readFile(path);
}

async function load(bytes: Uint8Array): Promise<BurstEngine> {
  const path = await folder.path('load.nbrs');
  await writeFile(path, bytes);
  return BurstEngine.load(path);
}

/** An engine that learns, with spikes and injections on their way, and ids that are gone. */
function busy(neurons = 200): BurstEngine {
  const engine = lively(neurons, 12, { ledger: 5 });
  engine.use(hebb({ potentiation: 9, depression: 3 }));
  run(engine, neurons, 40);
  engine.removeSynapses(u32(5, 77));
  engine.updateSynapses(u32(8), { targets: u32(3) });
  engine.inject(u32(1, 2, 1), f32(0.5, 0.25, 0.125));
  return engine;
}

test('FE-22 defect 4: save, load and 100 bursts are 100 bursts', async () => {
  const engine = busy();
  const loaded = await load(await bytesOf(engine));
  loaded.use(hebb({ potentiation: 9, depression: 3 }));
  expect(loaded.options).toEqual({ ...engine.options });
  // When rows are made anew is not a part of an engine's life.
  const { young: _, compiles: _compiles, ...figures } = engine.stats();
  expect(loaded.stats()).toMatchObject(figures);
  expect([0, 4, 5].map((back) => loaded.ledger(back))).toEqual([0, 4, 5].map((back) => engine.ledger(back)));
  for (let burst = 0; burst < 100; burst++) {
    expect(drive(loaded, 200)).toEqual(drive(engine, 200));
    expect(bits(loaded)).toEqual(bits(engine));
  }
  expect(loaded.export()).toEqual(engine.export());
  expect(await bytesOf(loaded)).toEqual(await bytesOf(engine));
});

test('FE-22 a save holds one moment, whatever happens while it is written, and stands whole in its place', async () => {
  const [engine, twin] = [busy(), busy()];
  const path = await folder.path('moment.nbrs');
  await writeFile(path, 'x'.repeat(1e5));
  const saved = engine.save(path);
  run(engine, 200, 20);
  await saved;
  expect(await readFile(path)).toEqual(await bytesOf(twin));
  expect((await folder.names()).filter((name) => /tmp|moment/.test(name))).toEqual(['moment.nbrs']);
});

test('FE-22 the rate is not in the file, and can be given', async () => {
  const path = await folder.path('rate.nbrs');
  await new BurstEngine({ rateHz: 500, threads: 2, seed: 9, ledger: 0 }).save(path);
  expect((await BurstEngine.load(path)).options).toEqual({ rateHz: 30, threads: 2, seed: 9, ledger: 0 });
  expect((await BurstEngine.load(path, { rateHz: 100 })).options.rateHz).toBe(100);
  await rejects('E_OUT_OF_RANGE', BurstEngine.load(path, { rateHz: 0 }));
  const wrong: Promise<unknown> = Reflect.apply(BurstEngine.load, BurstEngine, [path, { threads: 1 }]);
  await rejects('E_UNKNOWN_OPTION', wrong);
});

test('FE-22 what is no file is an E_IO with its path, and a refused save leaves nothing behind', async () => {
  const names = await folder.names();
  for (const path of [await folder.path('none.nbrs'), await folder.path('')]) {
    expect((await rejects('E_IO', BurstEngine.load(path))).detail).toMatchObject({ path });
  }
  await rejects('E_IO', wired(1).save(await folder.path('')));
  await rejects('E_IO', wired(1).save(await folder.path('no/such/folder')));
  for (const path of ['', undefined, null, 5, {}]) {
    await rejects('E_OUT_OF_RANGE', Reflect.apply(BurstEngine.load, BurstEngine, [path]));
    const engine = wired(1);
    await rejects('E_OUT_OF_RANGE', Reflect.apply(engine.save, engine, [path]));
  }
  expect(await folder.names()).toEqual(names);
});

test('FE-22 defect 4: every flip of a bit and every truncation of a small file is refused', async () => {
  const engine = wired(2, [0, 1]);
  engine.inject(u32(0), 1);
  engine.burst();
  engine.inject(u32(1), 0.5);
  const bytes = await bytesOf(engine);
  expect(bytes.length).toBeLessThan(500);
  const accepted: string[] = [];
  const path = await folder.path('wrong.nbrs');
  const attempt = async (wrong: Uint8Array, what: string): Promise<void> => {
    await writeFile(path, wrong);
    const error = await rejected(BurstEngine.load(path)).catch(() => accepted.push(what));
    if (typeof error !== 'number') expectCode(error, 'E_CORRUPT');
  };
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const wrong = Buffer.from(bytes);
    wrong[bit >> 3] = (wrong[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    await attempt(wrong, `bit ${bit}`);
  }
  for (let length = 0; length < bytes.length; length++) await attempt(bytes.subarray(0, length), `${length} bytes`);
  await attempt(Buffer.concat([bytes, u8(0)]), 'one byte more');
  expect(accepted).toEqual([]);
});

/** Where each section begins, and how long its content is. */
function sectionsOf(bytes: Buffer): { tag: string; at: number; length: number }[] {
  const found: { tag: string; at: number; length: number }[] = [];
  for (let at = 8; at < bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at + 4));
    found.push({ tag: bytes.toString('latin1', at, at + 4), at, length });
    at += 16 + length;
  }
  return found;
}

/** The same bytes with the checksums that fit them. */
function sealed(bytes: Buffer): Buffer {
  const out = Buffer.from(bytes);
  for (const { at, length } of sectionsOf(bytes)) {
    const covered = Buffer.concat([out.subarray(at, at + 12), out.subarray(at + 16, at + 16 + length)]);
    out.writeUInt32LE(crc32(covered), at + 12);
  }
  return out;
}

test('FE-22 defect 5: counts of terabytes under right checksums are refused, and cost nothing', async () => {
  const bytes = await bytesOf(busy(4));
  const sections = sectionsOf(bytes);
  expect(sections.map(({ tag }) => tag)).toEqual(['HEAD', 'NEUR', 'SYNA', 'QUEU', 'LEDG']);
  expect(sealed(bytes)).toEqual(bytes);
  const before = process.memoryUsage().rss;
  for (const { at, length } of sections) {
    const long = Buffer.from(bytes);
    long.writeBigUInt64LE(2n ** 42n, at + 4);
    expectCode(await rejected(load(long)), 'E_CORRUPT');
    for (let place = at + 16; place + 4 <= at + 16 + length; place++) {
      for (const count of [0xffff_ffff, 0x7fff_ffff, 0x4000_0000]) {
        const wrong = Buffer.from(bytes);
        wrong.writeUInt32LE(count, place);
        const loaded = await load(sealed(wrong)).catch((error: unknown) => expectCode(error, 'E_CORRUPT'));
        if (loaded instanceof BurstEngine) loaded.burst();
      }
    }
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(300 * 2 ** 20);
});

test('FE-22 defect 5: bytes at random under right checksums are refused or are an engine', async () => {
  const bytes = await bytesOf(busy(6));
  const sections = sectionsOf(bytes);
  const change = fc.tuple(fc.nat(sections.length - 1), fc.nat(10_000), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
      const wrong = Buffer.from(bytes);
      for (const [section, place, byte] of changes) {
        const { at = 0, length = 0 } = sections[section] ?? {};
        if (length > 0) wrong[at + 16 + (place % length)] = byte;
      }
      const loaded = await load(sealed(wrong)).catch((error: unknown) => expectCode(error, 'E_CORRUPT'));
      if (!(loaded instanceof BurstEngine)) return;
      for (let burst = 0; burst < 3; burst++) loaded.burst();
      expect((await load(await bytesOf(loaded))).export()).toEqual(loaded.export());
    }),
    { numRuns: 300 },
  );
});

test('FE-22 files of pools and of engines are not mixed up', async () => {
  const path = await folder.path('other');
  await NeuronPool.withRandomConnectivity('p', 5, 0.5).save(path);
  await rejects('E_CORRUPT', BurstEngine.load(path));
  await wired(2).save(path);
  await rejects('E_CORRUPT', NeuronPool.load(path));
  await writeFile(path, '');
  await rejects('E_CORRUPT', BurstEngine.load(path));
});
