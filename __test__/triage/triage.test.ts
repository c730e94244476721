/** The main job, from outside: counts, errors and balance of trees that are known. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../examples/triage/report/report.js';
import { census, find } from './census.js';
import { abyss, type Forest, forest, LARGE_BYTES, SICK, SOUND } from './forest.js';
import { ROOT, run, triage } from './start.js';

let trees: Forest;
let report: Report;

beforeAll(async () => {
  trees = await forest();
  report = await triage(trees.root);
}, 60_000);

afterAll(() => trees.close());

function sums({ kinds }: Report): Record<string, { files: number; bytes: number }> {
  return Object.fromEntries(Object.entries(kinds).map(([id, { files, bytes }]) => [id, { files, bytes }]));
}

function expectBalance({ balance }: Report): void {
  const { fired, delivered, refused, dropped, inFlight } = balance;
  expect(balance.holds).toBe(true);
  expect(delivered + refused + dropped + inFlight).toBe(fired);
  expect({ dropped, inFlight }).toEqual({ dropped: 0, inFlight: 0 });
}

describe('a known tree', () => {
  test('files and bytes of each kind are those of an independent walk', () => {
    expect(sums(report)).toEqual(census(trees.root));
  });

  test('and the total is that of the files that were made', () => {
    const made = Object.values({ ...SOUND, ...SICK, ...(trees.rawName ? { raw: '{"raw": 1}' } : {}) });
    const bytes = made.reduce<number>((sum, content) => sum + Buffer.byteLength(content), 0);
    expect(report.total).toMatchObject({ files: made.length, bytes });
  });

  test('files and bytes are those of find', (context) => {
    const all = find(trees.root);
    if (all === undefined) return context.skip();
    expect(report.total).toMatchObject(all);
    expect(sums(report)['json']).toEqual(find(trees.root, '*.json', '*.jsonc'));
    expect(sums(report)['source']).toEqual(find(trees.root, '*.[cm][jt]s', '*.[jt]s', '*.[jt]sx'));
  });

  test('every sick file is a parse error, and no other', () => {
    const paths = report.complaints.parseError.map(({ path }) => path);
    expect(paths.sort()).toEqual(Object.keys(SICK).sort());
    expect(report.total.parseErrors).toBe(paths.length);
    for (const { message } of report.complaints.parseError) expect(message).not.toBe('');
  });

  test('licences are identified by their text', () => {
    expect(report.kinds['licence']?.found).toMatchObject({
      MIT: 1,
      'Apache-2.0': 1,
      ISC: 1,
      'GPL-3.0-only': 1,
      unidentified: 1,
    });
  });

  test('parsers found what is in the files', () => {
    expect(report.kinds['markdown']?.found).toMatchObject({ headings: 3, links: 1, 'code blocks': 1, tables: 1 });
    expect(report.kinds['source']?.found).toMatchObject({ imports: 1 });
    expect(report.kinds['other']?.found).toMatchObject({ binary: 2, empty: 1 });
    expect(report.kinds['json']?.found).toMatchObject({ items: 3 + LARGE_BYTES / 2 + 1 });
  });

  test('links are not followed, broken ones and special files are told', () => {
    expect(report.skipped).toEqual({ unreadable: 0, broken: 2, link: 2, special: trees.special });
    expect(report.complaints.broken.map(({ path }) => path)).toEqual(['broken.json', 'loop']);
  });

  test('large files went through an arena smaller than they are together', () => {
    expect(report.arena.highWaterBytes).toBeGreaterThan(256 * 1024);
    expect(report.arena.highWaterBytes).toBeLessThanOrEqual(report.arena.capacityBytes);
    expect(report.arena.capacityBytes).toBeLessThan(2 * LARGE_BYTES);
  });

  test('the books balance', () => expectBalance(report));

  test('latencies are ordered and the synapses have weights', () => {
    const { p50, p99, 'p99.9': p999, max } = report.latencyNs;
    expect([p50, p99, p999, max]).toEqual([p50, p99, p999, max].sort((a, b) => a - b));
    expect(p50).toBeGreaterThan(0);
    expect(report.spikesPerSecond).toBeGreaterThan(0);
    expect(report.synapses).toHaveLength(13);
    for (const { before, after } of report.synapses) {
      expect(before).toBe(0.5);
      expect(after).toBeGreaterThanOrEqual(0.001);
      expect(after).toBeLessThanOrEqual(1);
    }
  });
});

describe('the table', () => {
  test('tells the numbers of the JSON report', async () => {
    const { code, out } = await run(trees.root);
    expect(code).toBe(0);
    const count = (value: number): string => value.toLocaleString('en-US');
    for (const { files, bytes, parseErrors } of [...Object.values(report.kinds), report.total]) {
      expect(out).toMatch(new RegExp(`${count(files)} +${count(bytes)} +${count(parseErrors)} `));
    }
    for (const path of [...Object.keys(SICK), 'broken.json', 'loop']) expect(out).toContain(path);
    expect(out).toMatch(/Balance: [\d,]+ fired = [\d,]+ delivered \+ 0 refused \+ 0 dropped \+ 0 in flight/);
  });

  test('is on stdout, progress on stderr, without control characters', async () => {
    const { out, err } = await run(trees.root);
    expect(out).not.toMatch(/[^\P{Cc}\n]/u);
    expect(err).not.toMatch(/[^\P{Cc}\n]/u);
    expect(err).toContain('triage: begins');
  });
});

describe('trees that resist', () => {
  test('an empty directory is fine', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'triage-empty-'));
    const nothing = await triage(empty);
    rmdirSync(empty);
    expect(nothing.total).toEqual({ files: 0, bytes: 0, parseErrors: 0, oversize: 0 });
    expectBalance(nothing);
  });

  test('what lies too deep to be opened is told, the rest is done', async (context) => {
    if (process.platform === 'win32') return context.skip();
    const pit = abyss();
    const deep = await triage(pit.root);
    pit.close();
    expect(deep.total.files).toBe(1);
    expect(deep.skipped.unreadable).toBe(1);
    expect(deep.complaints.unreadable[0]?.message).toContain('ENAMETOOLONG');
    expectBalance(deep);
  });

  test('what may not be read is told, the rest is done', async (context) => {
    if (process.getuid?.() === 0 || process.platform === 'win32') return context.skip();
    const closed = await forest();
    execFileSync('chmod', ['000', join(closed.root, 'package.json'), join(closed.root, 'docs')]);
    const rest = await triage(closed.root);
    execFileSync('chmod', ['755', join(closed.root, 'docs')]);
    await closed.close();
    expect(rest.complaints.unreadable.map(({ path }) => path)).toEqual(['docs', 'package.json']);
    expect(rest.total.files).toBe(report.total.files - 3);
    expectBalance(rest);
  });

  test('files that can be opened but not read are told, with nothing counted of them', async (context) => {
    if (process.platform !== 'linux') return context.skip();
    const odd = await triage('/proc/self/attr');
    const files = readdirSync('/proc/self/attr', { withFileTypes: true }).filter((entry) => entry.isFile());
    expect(odd.total.files + odd.skipped.unreadable).toBe(files.length);
    expect(odd.complaints.unreadable).toHaveLength(odd.skipped.unreadable);
    expectBalance(odd);
  });
});

describe('this repository', () => {
  test('thousands of real files: the default directory, counted twice', async () => {
    const modules = join(ROOT, 'node_modules');
    const before = census(modules);
    const real = await triage(modules);
    expect(real.directory).toBe(modules);
    // Someone else may write there meanwhile (a cache, say).
    expect([before, census(modules)]).toContainEqual(sums(real));
    expect(real.total.files).toBeGreaterThan(1_000);
    expectBalance(real);
  }, 120_000);
});
