/** The main job: command line, exit codes, Ctrl-C. */

import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT, reportOf, run, start } from './start.js';

describe('what it refuses, in one sentence', () => {
  test.each([
    ['a directory that does not exist', ['/no/such/directory'], 1, 'There is no directory /no/such/directory.'],
    ['a file', [join(ROOT, 'package.json')], 1, 'package.json is not a directory.'],
    ['a path through a file', [join(ROOT, 'package.json/x')], 1, 'cannot be opened: ENOTDIR'],
    ['an empty name', [''], 2, 'The name of the directory is empty.'],
    ['an unknown flag', ['--fast'], 2, "Unknown option '--fast'."],
    ['a value for a flag', ['--json=1'], 2, '--json'],
    ['two directories', ['a', 'b'], 2, 'One directory at a time'],
  ])('%s', async (_, args, code, sentence) => {
    const ended = await run(...args);
    expect(ended).toMatchObject({ code, out: '' });
    expect(ended.err).toContain(sentence);
    expect(ended.err.trimEnd().split('\n')).toHaveLength(1);
  });
});

test('--help tells how to use it', async () => {
  const { code, out, err } = await run('--help');
  expect(code).toBe(0);
  expect(err).toBe('');
  for (const word of ['Usage', '--json', 'DIR', '*.json', '130']) expect(out).toContain(word);
});

test('DIR is taken from where npm was called', async () => {
  const env = { npm_lifecycle_event: 'start', INIT_CWD: join(ROOT, 'examples') };
  const ended = await start(['--json', 'triage/kinds'], undefined, env).ended;
  expect(reportOf(ended).directory).toBe(join(ROOT, 'examples/triage/kinds'));
});

describe.skipIf(process.platform === 'win32')('Ctrl-C', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '%s ends early with a report of what was done and a true balance',
    async (signal, code) => {
      const running = start(['--json']);
      await running.said('begins');
      setTimeout(() => running.child.kill(signal), 500);
      const ended = await running.ended;
      expect(ended.code).toBe(code);
      const { interrupted, balance, total, kinds } = reportOf(ended);
      expect(interrupted).toBe(true);
      expect(balance.holds).toBe(true);
      expect(balance.fired).toBe(balance.delivered + balance.refused + balance.dropped + balance.inFlight);
      expect(balance).toMatchObject({ dropped: 0, inFlight: 0 });
      expect(Object.values(kinds).reduce((sum, { files }) => sum + files, 0)).toBe(total.files);
    },
    30_000,
  );

  test('the table says that it was interrupted', async () => {
    const running = start([]);
    await running.said('begins');
    running.child.kill('SIGINT');
    const { code, out } = await running.ended;
    expect(code).toBe(130);
    expect(out).toContain('interrupted after');
    expect(out).toMatch(/Balance: [\d,]+ fired = /);
  }, 30_000);

  test('a huge file is left in the middle, and nothing of it is counted', async () => {
    const root = mkdtempSync(join(tmpdir(), 'triage-huge-'));
    writeFileSync(join(root, 'zeros'), '');
    truncateSync(join(root, 'zeros'), 2 ** 36);
    const running = start(['--json', root]);
    await running.said('begins');
    setTimeout(() => running.child.kill('SIGINT'), 300);
    const ended = await running.ended;
    rmSync(root, { recursive: true });
    expect(ended.code).toBe(130);
    const { total, balance, skipped } = reportOf(ended);
    expect(total).toMatchObject({ files: 0, bytes: 0 });
    expect(skipped.unreadable).toBe(0);
    expect(balance).toMatchObject({ holds: true, dropped: 0, inFlight: 0 });
  }, 30_000);

  test('twice ends at once', async () => {
    const running = start(['--json']);
    await running.said('begins');
    running.child.kill('SIGINT');
    running.child.kill('SIGTERM');
    const { code } = await running.ended;
    expect([130, 143]).toContain(code);
  }, 30_000);
});

test('npm start begins work within two seconds once all is built', async () => {
  const script = join(ROOT, 'scripts/start.mjs');
  const folder = join(ROOT, 'examples/triage');
  await start(['--json', folder], script).ended;
  const begin = performance.now();
  const running = start(['--json', folder], script);
  await running.said('begins');
  expect(performance.now() - begin).toBeLessThan(2_000);
  expect((await running.ended).code).toBe(0);
}, 600_000);
