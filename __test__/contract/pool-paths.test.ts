/** Where pools are saved and loaded, and where not (NP-24). */
import { mkdir, writeFile } from 'node:fs/promises';
import { NeuronPool } from 'neuronbus';
import { expect, test } from 'vitest';
import { Folder, random, snapshot } from '../helpers/pool.js';
import { call, expectCode, rejected, rejects } from './helpers.js';

const folder = new Folder();
const NO_PATHS: unknown[] = [
  undefined,
  null,
  '',
  5,
  {},
  ['a'],
  Buffer.from('/tmp/a'),
  new URL('file:///tmp/a'),
  Symbol('a'),
];

/** A call of plain JavaScript that gives a promise. */
function eventually(target: object, verb: string, ...args: unknown[]): Promise<unknown> {
  const result = call(target, verb, ...args);
  expect(result).toBeInstanceOf(Promise);
  return Promise.resolve(result);
}

test.each(NO_PATHS.map((path) => [path]))('a path that is %s is refused, by a promise', async (path) => {
  await rejects('E_OUT_OF_RANGE', eventually(random(3, 0), 'save', path));
  await rejects('E_OUT_OF_RANGE', eventually(NeuronPool, 'load', path));
});

test('load refuses options that mean nothing, before it looks for the file', async () => {
  const path = await folder.path('nobody.pool');
  for (const options of [null, 'compat', 5, [], { mode: 'fast' }, { mode: null }, { mode: 1 }]) {
    await rejects('E_OUT_OF_RANGE', eventually(NeuronPool, 'load', path, options));
  }
  await rejects('E_UNKNOWN_OPTION', eventually(NeuronPool, 'load', path, { modus: 'compat' }));
  for (const options of [undefined, {}, { mode: undefined }]) {
    await rejects('E_IO', eventually(NeuronPool, 'load', path, options));
  }
});

/** Places where no file can be, with what stands in their way. */
const PLACES: [what: string, name: string][] = [
  ['in a folder that is not there', 'missing/a.pool'],
  ['a folder', 'folder'],
  ['a folder, with a slash', 'folder/'],
  ['below a file', 'file/a.pool'],
  ['a name that is too long', 'x'.repeat(300)],
  ['a name with a zero', 'a\0b.pool'],
];

test.each(PLACES)('E_IO, and no litter: %s', async (_, name) => {
  await mkdir(await folder.path('folder'), { recursive: true });
  await writeFile(await folder.path('file'), '');
  const [pool, names] = [random(5, 0.5), await folder.names()];
  const before = snapshot(pool);
  const path = await folder.path(name);
  const error = expectCode(await rejected(pool.save(path)), 'E_IO');
  expect(error.detail).toMatchObject({ path });
  expect(error.cause).toBeInstanceOf(Error);
  expectCode(await rejected(NeuronPool.load(path)), 'E_IO');
  expect(await folder.names()).toEqual(names);
  expect(await folder.names('folder')).toEqual([]);
  expect(snapshot(pool)).toEqual(before);
});

test('every name that the system takes can be saved, also one of 255 bytes', async () => {
  for (const name of ['ü pool.pool', '.pool', 'x'.repeat(255)]) {
    const path = await folder.path(name);
    await random(5, 0.5).save(path);
    expect((await NeuronPool.load(path)).stats().neurons).toBe(5);
  }
});

test('NP-25 what is no pool is refused: an empty file, text, zeros', async () => {
  for (const bytes of ['', 'POOL', 'x'.repeat(1_000), '\0'.repeat(1_000)]) {
    await rejects('E_CORRUPT', folder.load(Buffer.from(bytes)));
  }
});
