/** Builds a tree of known files, awkward ones among them, and takes it away again. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import licences from 'spdx-license-list/full.js';

/** Bytes of the two large files. */
export const LARGE_BYTES = 5 * 1024 * 1024;

/** Files whose content is as their name says. */
export const SOUND: Readonly<Record<string, string | Buffer>> = {
  'package.json': '{ "name": "forest", "private": true }',
  'lists/numbers.json': '[1, 2, 3]',
  'lists/marked.json': '\uFEFF{"bom": true}',
  'tsconfig.json': '{ /* comments */ "files": [], }',
  'editor/settings.jsonc': '{ // comments\n "a": 1 }',
  'README.md': '# Title\n\nSome [link](https://example.org).\n\n```js\n1\n```\n',
  'docs/guide.markdown': '## Guide\n\n| a |\n|---|\n| 1 |\n',
  'docs/empty.md': '',
  'src/script.js': 'with (Math) { x = sin(1); }\n',
  'src/module.js': 'import "./script.js"; export const a = 1;\n',
  'src/a.mjs': 'export default await 1;\n',
  'src/b.cjs': 'module.exports = require("node:fs");\n',
  'src/c.jsx': 'export const C = () => <p>hi</p>;\n',
  'src/d.ts': 'export type D<T> = { readonly d: T };\n',
  'src/e.mts': 'export enum E { A }\n',
  'src/f.cts': 'export = 1;\n',
  'src/g.tsx': 'export const G = <p>{1 as number}</p>;\n',
  'src/types.d.ts': 'export declare const t: number;\n',
  LICENSE: licences['MIT']?.licenseText ?? '',
  'sub/LICENSE.md': licences['Apache-2.0']?.licenseText ?? '',
  'sub/licence.txt': licences['ISC']?.licenseText ?? '',
  'sub/COPYING': licences['GPL-3.0-only']?.licenseText ?? '',
  'sub/MIT-LICENSE.txt': 'All rights to all people.',
  'assets/image.png': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]),
  'assets/style.css': 'a { color: red }\n',
  'assets/empty': '',
  'assets/LICENSE.png': Buffer.from([0, 0, 0]),
  'names/with space and ünïcödé.json': '{}',
  'names/line\nbreak.md': '# broken name\n',
  'names/.hidden.json': '{}',
  'names/__proto__.json': '{"__proto__": 1}',
  [`${'deep/'.repeat(60)}bottom.json`]: '{}',
  [`${'x'.repeat(200)}.md`]: 'a long name',
  'large/large.txt': Buffer.alloc(LARGE_BYTES, 'forest\n'),
  'large/large.json': `[${'1,'.repeat(LARGE_BYTES / 2)}1]`,
};

/** Files that do not parse. */
export const SICK: Readonly<Record<string, string | Buffer>> = {
  'sick/empty.json': '',
  'sick/open.json': '{"a": ',
  'sick/comment.json': '{ /* not here */ }',
  'sick/tsconfig.json': '{ "files": [ }',
  'sick/latin1.json': Buffer.from('{"\xe4": 1}', 'latin1'),
  'sick/syntax.js': 'const = 1;\n',
  'sick/syntax.ts': 'export const a: = 1;\n',
  'sick/binary.ts': Buffer.from([0x47, 0x00, 0xff, 0xfe]),
  'sick/utf16.md': Buffer.from('\uFEFF# Title', 'utf16le'),
  'sick/LICENSE': '',
};

/** A tree on disk. */
export interface Forest {
  readonly root: string;
  /** Whether the system let it have a name that is no UTF-8. */
  readonly rawName: boolean;
  /** How many special files it has. */
  readonly special: number;
  close(): Promise<void>;
}

/** Grows a forest of {@link SOUND}, {@link SICK}, links and special files. */
export async function forest(): Promise<Forest> {
  const root = mkdtempSync(join(tmpdir(), 'triage-'));
  for (const [path, content] of Object.entries({ ...SOUND, ...SICK })) put(join(root, path), content);
  const rawName = putRaw(root);
  link(root);
  const socket = await listen(join(root, 's'));
  const special = 1 + fifo(join(root, 'fifo'));
  return { root, rawName, special, close: () => fell(root, socket) };
}

/** Goes down by relative names, which have no limit together. */
const DIG = `
  const { mkdirSync, writeFileSync } = require('node:fs');
  for (let depth = 0; depth < 20; depth++) {
    mkdirSync(process.argv[1]);
    process.chdir(process.argv[1]);
  }
  writeFileSync('bottom.json', '{}');
`;

/** A tree that goes deeper than a path may be long: its bottom cannot be opened by name, not even by root. */
export function abyss(): { readonly root: string; close(): void } {
  const root = mkdtempSync(join(tmpdir(), 'triage-abyss-'));
  writeFileSync(join(root, 'top.json'), '{}');
  execFileSync(process.execPath, ['-e', DIG, 'n'.repeat(250)], { cwd: root });
  return { root, close: () => remove(root) };
}

function put(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function putRaw(root: string): boolean {
  try {
    writeFileSync(
      Buffer.concat([Buffer.from(`${root}/raw-`), Buffer.from([0xff, 0xfe]), Buffer.from('.json')]),
      '{"raw": 1}',
    );
    return true;
  } catch {
    return false;
  }
}

function link(root: string): void {
  symlinkSync('nowhere', join(root, 'broken.json'));
  symlinkSync('loop', join(root, 'loop'));
  symlinkSync('package.json', join(root, 'alias.json'));
  symlinkSync('..', join(root, 'src/up'));
}

function listen(path: string): Promise<Server> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve(server));
  });
}

function fifo(path: string): number {
  try {
    execFileSync('mkfifo', [path], { stdio: 'ignore' });
    return 1;
  } catch {
    return 0;
  }
}

async function fell(root: string, socket: Server): Promise<void> {
  await new Promise((resolve) => socket.close(resolve));
  remove(root);
}

/** `rm` goes down step by step where `rmSync` would need a path too long. */
function remove(root: string): void {
  try {
    execFileSync('rm', ['-rf', root]);
  } catch {
    rmSync(root, { recursive: true, force: true });
  }
}
