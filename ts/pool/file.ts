/**
 * Files that are there whole or not at all. Imports: `errors`.
 */
import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { failure } from '../errors/index.js';

/**
 * Writes a file beside its place, and moves it there when it is safe on disk: what stood there before stays until then.
 *
 * @throws E_IO; then nothing was left behind
 */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  // A name of its own, and no longer than any system allows.
  const beside = join(dirname(path), `.${randomUUID()}.tmp`);
  try {
    const file = await open(beside, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (cause) {
    // Where the file could not be made, it cannot be removed either.
    await rm(beside, { force: true }).catch(() => {});
    throw refused('written', path, cause);
  }
}

/** @throws E_IO */
export async function readWhole(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw refused('read', path, cause);
  }
}

function refused(what: string, path: string, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause);
  return failure('E_IO', `${path} could not be ${what}: ${why}`, { path }, cause);
}
