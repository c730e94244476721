/** Counts a tree without any part of the example: the numbers that the example has to meet. */
import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync } from 'node:fs';

/** Files and bytes of one kind. */
export interface Count {
  files: number;
  bytes: number;
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  json: 'json',
  jsonc: 'json',
  js: 'source',
  mjs: 'source',
  cjs: 'source',
  jsx: 'source',
  ts: 'source',
  mts: 'source',
  cts: 'source',
  tsx: 'source',
};

/** Walks by `fs`, with names as bytes. */
export function census(root: string): Record<string, Count> {
  const counts: Record<string, Count> = {};
  for (const kind of ['json', 'source', 'licence', 'markdown', 'other']) counts[kind] = { files: 0, bytes: 0 };
  visit(Buffer.from(root), (name, bytes) => {
    const count = counts[kindOf(name)];
    if (count === undefined) throw new Error(name);
    count.files++;
    count.bytes += bytes;
  });
  return counts;
}

/** Files and bytes that `find` finds; undefined where there is no GNU find. */
export function find(root: string, ...names: readonly string[]): Count | undefined {
  const tests = names.flatMap((name) => ['-o', '-name', name]).slice(1);
  const only = tests.length > 0 ? ['(', ...tests, ')'] : [];
  try {
    const sizes = execFileSync('find', [root, '-type', 'f', ...only, '-printf', '%s\n'], { encoding: 'utf8' });
    const lines = sizes.split('\n').filter((line) => line !== '');
    return { files: lines.length, bytes: lines.reduce((sum, line) => sum + Number(line), 0) };
  } catch {
    return undefined;
  }
}

function visit(directory: Buffer, found: (name: string, bytes: number) => void): void {
  for (const name of readdirSync(directory, { encoding: 'buffer' })) {
    const path = Buffer.concat([directory, Buffer.from('/'), name]);
    const stat = lstatSync(path);
    if (stat.isDirectory()) visit(path, found);
    else if (stat.isFile()) found(name.toString('latin1'), stat.size);
  }
}

function kindOf(name: string): string {
  const lower = name.toLowerCase();
  const extension = lower.includes('.') ? lower.slice(lower.lastIndexOf('.') + 1) : '';
  const known = EXTENSIONS[extension];
  if (known !== undefined) return known;
  const isText = ['', 'md', 'markdown', 'txt'].includes(extension);
  if (isText && /licen[cs]e|copying/.test(lower)) return 'licence';
  return extension === 'md' || extension === 'markdown' ? 'markdown' : 'other';
}
