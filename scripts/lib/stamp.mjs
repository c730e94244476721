/**
 * Is a product older than what it is made of? Decided by content, never by time: a fresh clone, a switched branch and a
 * touched file are all judged right. The stamp of a product is removed before it is made and written after, so that an
 * interrupted build is never taken for a finished one.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './run.mjs';

const folder = join(root, 'build', 'stamps');

/**
 * A hash over the names and contents of files and folders (those that exist), and of `salt`.
 * @param {string[]} inputs paths from the root
 * @param {(path: string) => boolean} [skip] paths from the root that do not count
 */
export function fingerprint(inputs, salt = '', skip = () => false) {
  const hash = createHash('sha256').update(salt);
  for (const file of inputs.flatMap((input) => files(join(root, input)))) {
    const name = relative(root, file).replaceAll('\\', '/');
    if (!skip(name)) hash.update(`\0${name}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** Whether `outputs` exist and were made from what `print` stands for. */
export function isFresh(name, print, outputs) {
  const stamp = join(folder, name);
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== print) return false;
  return outputs.every((output) => existsSync(join(root, output)));
}

/** Runs `make` and remembers that it made `name` from `print`. */
export async function stamped(name, print, make) {
  const stamp = join(folder, name);
  mkdirSync(folder, { recursive: true });
  rmSync(stamp, { force: true });
  await make();
  writeFileSync(stamp, print);
}

/** All files at or below `path`, sorted; none if it does not exist. */
export function files(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => name !== 'node_modules' && name !== 'target')
    .sort()
    .flatMap((name) => files(join(path, name)));
}
