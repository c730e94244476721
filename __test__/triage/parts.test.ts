/** The parts of the main job that need no bus: kinds, frames, licences, numbers, walk. */

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Sum } from '../../examples/triage/agents/aggregator.js';
import { FRAME_HEAD, frame, readFrame, writeHead } from '../../examples/triage/frame.js';
import { type Finding, KINDS, kindOf } from '../../examples/triage/kinds/index.js';
import { LicenceIndex } from '../../examples/triage/kinds/licence-index.js';
import { WholeText } from '../../examples/triage/kinds/whole.js';
import { columns, count, plain, time } from '../../examples/triage/report/columns.js';
import { Progress } from '../../examples/triage/report/progress.js';
import { display, walkTree } from '../../examples/triage/tree.js';
import { ROOT } from './start.js';

function parse(path: string, ...chunks: readonly (string | Buffer)[]): Finding {
  const assembly = kindOf(path).open(path);
  for (const chunk of chunks) assembly.push(Buffer.from(chunk));
  return assembly.finish();
}

describe('kinds by name', () => {
  test.each([
    ['json', 'a.json', 'A.JSON', '.json', 'license.json', 'x.jsonc'],
    [
      'source',
      'a.js',
      'a.mjs',
      'a.cjs',
      'a.jsx',
      'a.ts',
      'a.mts',
      'a.cts',
      'a.tsx',
      'a.d.ts',
      'license.js',
      'COPYING.ts',
    ],
    [
      'licence',
      'LICENSE',
      'licence',
      'LICENSE.md',
      'License.txt',
      'LICENSE-MIT',
      'LICENSE-2.0.txt',
      'MIT-LICENSE',
      'COPYING',
      'COPYING.LESSER',
      'UNLICENSE',
      'THIRD-PARTY-LICENSE',
      'ThirdParty_Licenses.md',
    ],
    ['markdown', 'a.md', 'README.MD', 'a.markdown', 'relicense.md'],
    [
      'other',
      'a.json5',
      'a.mdx',
      'a.map',
      'json',
      'js',
      'license.css',
      'license-header.rs',
      'LICENSE.png',
      'relicense',
      '',
      'a.ts.bak',
      'a.jts',
    ],
  ])('%s', (id, ...names) => {
    for (const name of names) expect([name, kindOf(`some/where/${name}`).id]).toEqual([name, id]);
  });

  test('only the base name counts', () => expect(kindOf('LICENSE/x.json/file').id).toBe('other'));

  test('ids and titles are unique, and the last kind takes all', () => {
    expect(new Set(KINDS.map(({ id }) => id)).size).toBe(KINDS.length);
    expect(new Set(KINDS.map(({ title }) => title)).size).toBe(KINDS.length);
    expect(KINDS.at(-1)?.matches('anything')).toBe(true);
  });
});

describe('parsers', () => {
  test('strict JSON, where comments are errors', () => {
    expect(parse('a.json', '{"a":', ' [1]}')).toEqual({ found: { objects: 1, keys: 1 } });
    expect(parse('a.json', '3')).toEqual({ found: { scalars: 1 } });
    expect(parse('a.json', '{} // no').error).toBeTruthy();
    expect(parse('a.json').error).toBeTruthy();
  });

  test.each(['tsconfig.json', 'tsconfig.build.json', 'jsconfig.json', '.eslintrc.json', 'a.jsonc'])(
    'comments in %s',
    (name) => {
      expect(parse(name, '{ "a": 1, // yes\n }')).toEqual({ found: { objects: 1, keys: 1 } });
      expect(parse(name, '{ "a": }').error).toMatch(/at offset 7/);
    },
  );

  test('a character may be cut by a chunk', () => {
    const bytes = Buffer.from('{"ä€𝄞": 1}');
    for (let at = 0; at <= bytes.length; at++) {
      expect(parse('a.json', bytes.subarray(0, at), bytes.subarray(at)).error).toBeUndefined();
      expect(parse('a.txt', bytes.subarray(0, at), bytes.subarray(at)).found).toEqual({ text: 1, lines: 0 });
    }
  });

  test('what a chunk shows may change once it is pushed', () => {
    const [assembly, chunk] = [kindOf('a.json').open('a.json'), Buffer.from('{}')];
    assembly.push(chunk);
    chunk.fill('x');
    expect(assembly.finish().error).toBeUndefined();
  });

  test('text that is cut in the middle of a character is binary', () => {
    expect(parse('a.txt', Buffer.from('ä').subarray(0, 1)).found).toEqual({ binary: 1 });
    expect(parse('a.md', Buffer.from([0xff])).error).toBe('not UTF-8 text');
  });

  test('lines are counted', () => expect(parse('a.txt', 'a\nb', '\n\n', 'c').found).toEqual({ text: 1, lines: 3 }));

  test('source: the file name tells the language', () => {
    expect(parse('a.ts', 'const a: number = 1; export { a };').found).toEqual({ imports: 0, exports: 1 });
    expect(parse('A.TSX', 'import a from "a"; export default <a/>;').found).toEqual({ imports: 1, exports: 1 });
    expect(parse('a.js', 'const a: number = 1;').error).toBeTruthy();
    expect(parse('a.ts', '').error).toBeUndefined();
  });

  test('files over the limit are not parsed, and not kept', () => {
    const parser = new WholeText(() => ({ error: 'called', found: {} }), 4);
    for (const chunk of ['ab', 'cd', 'e', 'f']) parser.push(Buffer.from(chunk));
    expect(parser.finish()).toEqual({ oversize: true, found: {} });
  });
});

describe('licences', () => {
  const index = new LicenceIndex();
  const mit = (owner: string): string =>
    `MIT License\n\nCopyright (c) 2020 ${owner}\n\nPermission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:\n\nThe above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.\n\nTHE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

  test('whoever owns it', () => {
    for (const owner of ['Ann', 'A Very Long Name of Some Company Incorporated'])
      expect(index.identify(mit(owner))).toBe('MIT');
  });

  test('however it is wrapped', () => expect(index.identify(mit('Ann').replaceAll(' ', '\n'))).toBe('MIT'));

  test('lost among other words, prose, nothing: not identified', () => {
    const others = Array.from({ length: 200 }, (_, at) => `word${at}`).join(' ');
    expect(index.identify(`${mit('Ann')}\n${others}`)).toBeUndefined();
    expect(index.identify('Do what you want, I do not mind.')).toBeUndefined();
    expect(index.identify('')).toBeUndefined();
  });
});

describe('frames', () => {
  test.each(['open', 'chunk', 'end', 'abort'] as const)('%s goes there and back', (part) => {
    const read = readFrame(frame(2 ** 32 - 1, part, 'päth'));
    expect({ ...read, body: read.body.toString() }).toEqual({ file: 2 ** 32 - 1, part, body: 'päth' });
  });

  test('a head is written in place', () => {
    const bytes = Buffer.alloc(FRAME_HEAD + 2, 'x');
    writeHead(bytes, 7, 'chunk');
    expect(readFrame(bytes)).toEqual({ file: 7, part: 'chunk', body: Buffer.from('xx') });
  });

  test('an unknown part is refused', () => {
    expect(() => readFrame(Buffer.from([0, 0, 0, 0, 4]))).toThrow(RangeError);
    expect(() => readFrame(Buffer.alloc(4))).toThrow(RangeError);
  });
});

describe('numbers and columns', () => {
  test('times get the unit that fits', () => {
    expect([1, 999, 1_500, 2_500_000, 3e9].map(time)).toEqual(['1 ns', '999 ns', '1.50 µs', '2.50 ms', '3.00 s']);
  });

  test('thousands are set apart', () => expect(count(1234567)).toBe('1,234,567'));

  test('control characters are shown, not obeyed', () =>
    expect(plain('a\u001b[2J\n\u007fé')).toBe('a\\u001b[2J\\n\\u007fé'));

  test('columns line up', () => {
    expect(
      columns([
        ['a', '1', 'x'],
        ['bb', '22', 'yy'],
      ]),
    ).toEqual(['a    1  x', 'bb  22  yy']);
  });
});

describe('progress', () => {
  test('a bar on a terminal, taken away at the end', async () => {
    const sum = new Sum();
    const written: string[] = [];
    const progress = new Progress({ isTTY: true, write: (text: string) => written.push(text) > 0 }, sum);
    progress.total = 4;
    sum.files = 1;
    await new Promise((resolve) => setTimeout(resolve, 250));
    progress.end();
    expect(written[0]).toContain('██████░░░░░░░░░░░░░░░░░░  25 % 1 of 4 files');
    expect(written.at(-1)).toBe('\r\u001b[K');
  });
});

describe('the walk', () => {
  test('gives the same entries in the same order each time', async () => {
    const root = Buffer.from(join(ROOT, 'examples'));
    const walk = async (): Promise<string[]> => {
      const paths: string[] = [];
      for await (const { path } of walkTree(root)) paths.push(display(path, root));
      return paths;
    };
    const paths = await walk();
    expect(paths).toContain('triage/main.ts');
    expect(await walk()).toEqual(paths);
  });

  test('tells of a root that is gone', async () => {
    const root = Buffer.from('/no/such/root');
    const { value } = await walkTree(root).next();
    expect(value).toMatchObject({ type: 'unreadable' });
    expect(display(root, root)).toBe('.');
  });
});
