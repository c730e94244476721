/**
 * Walks a directory tree. Names are raw bytes, so that a name that is no UTF-8 can be opened too. Imports: Node.
 */
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { messageOf } from './kinds/index.js';
import type { SkipReason } from './messages.js';

/** One entry of the tree; symbolic links are told, never followed. */
export type TreeEntry =
  | { readonly type: 'file'; readonly path: Buffer }
  | { readonly type: SkipReason; readonly path: Buffer; readonly message?: string };

const SEPARATOR = Buffer.from(sep);

/**
 * All entries below `root` but its directories, depth first, in the order of their bytes. Holds the entries of the
 * directories from the root down to where it stands, no more.
 */
export async function* walkTree(root: Buffer): AsyncGenerator<TreeEntry, void, void> {
  let entries: Dirent<Buffer>[];
  try {
    entries = await readdir(root, { encoding: 'buffer', withFileTypes: true });
  } catch (error) {
    yield { type: 'unreadable', path: root, message: messageOf(error) };
    return;
  }
  for (const entry of entries.sort((a, b) => Buffer.compare(a.name, b.name))) {
    const path = Buffer.concat([root, SEPARATOR, entry.name]);
    if (entry.isDirectory()) yield* walkTree(path);
    else if (entry.isSymbolicLink()) yield await followed(path);
    else yield { type: entry.isFile() ? 'file' : 'special', path };
  }
}

/** How many files {@link walkTree} will find; `counted` hears of each. Stops when the signal is aborted. */
export async function countFiles(root: Buffer, signal: AbortSignal, counted: () => void): Promise<void> {
  for await (const { type } of walkTree(root)) {
    if (signal.aborted) return;
    if (type === 'file') counted();
  }
}

/** A path below `root` for people, `/` between its parts; what is no UTF-8 shows as U+FFFD. */
export function display(path: Buffer, root: Buffer): string {
  const below = path.subarray(root.length + SEPARATOR.length).toString('utf8');
  return below === '' ? '.' : below.replaceAll(sep, '/');
}

async function followed(path: Buffer): Promise<TreeEntry> {
  try {
    await stat(path);
    return { type: 'link', path };
  } catch (error) {
    return { type: 'broken', path, message: messageOf(error) };
  }
}
