/** Memory of buses that nobody closes, and of those that are closed. */
import { expect, test } from 'vitest';
import { program } from './run.js';

test.concurrent.each(['unclosed', 'closed', 'disposed', 'stopped', 'reader', 'waiting'])(
  '800 buses (%s): resident memory does not grow without bound',
  async (argument) => {
    const { code, said, stderr } = await program('garbage', { argument, flags: ['--expose-gc'], limitMs: 60_000 });
    expect([code, stderr]).toEqual([0, '']);
    const rss = said[0]?.['rss'];
    if (!Array.isArray(rss)) throw new Error('no samples');
    const samples = rss.map(Number);
    const [warm, last] = [samples[2] ?? 0, samples.at(-1) ?? 0];
    // Each bus has 1 MiB of arena and touched more than a tenth of it: 500 leaked ones would be seen.
    expect(last - warm, `MiB: ${samples.join(' ')}`).toBeLessThan(40);
  },
  90_000,
);
