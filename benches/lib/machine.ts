/** What the figures were measured on, and with. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { median, rounded } from './figures.js';
import { root } from './native.js';
import type { Row } from './row.js';

/** The machine, as it is written in the results. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  /** Median of all bare ping-pongs; the two cores are near below about 200 ns, far above. */
  readonly pingPongNs: number | null;
  /** Least and most. */
  readonly pingPongRangeNs: readonly [number | null, number | null];
  /** Load averages over 1, 5 and 15 minutes before the run began. */
  readonly load: readonly number[];
  readonly versions: Readonly<Record<string, string>>;
  /** All workloads are the same in each run. */
  readonly seeds: Readonly<Record<string, number>>;
  readonly mode: 'full' | 'quick';
  readonly at: string;
}

/** Load averages now. */
export function load(): number[] {
  return loadavg().map((average) => rounded(average) ?? 0);
}

/**
 * Describes the machine after a run.
 *
 * @param before {@link load} before it began
 */
export function describe(rows: readonly Row[], before: readonly number[], quick: boolean): Machine {
  const pings = rows.flatMap(({ each }) => each.flatMap(({ pingPongNs }) => pingPongNs ?? []));
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()} ${arch()}`,
    pingPongNs: rounded(median(pings)),
    pingPongRangeNs: [rounded(Math.min(...pings)), rounded(Math.max(...pings))],
    load: before,
    versions: versions(),
    seeds: { messages: 0, bus: 0, pools: 0 },
    mode: quick ? 'quick' : 'full',
    at: new Date().toISOString(),
  };
}

function versions(): Record<string, string> {
  const manifest: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const own = { neuronbus: manifest.version, commit: said('git', 'rev-parse', '--short', 'HEAD') };
  return { ...own, node: process.versions.node, v8: process.versions.v8, rustc: said('rustc', '-V'), ...peers() };
}

/** The peers are pinned in the manifest of the native benches. */
function peers(): Record<string, string> {
  const manifest = readFileSync(join(root, 'benches', 'native', 'Cargo.toml'), 'utf8');
  const pins = manifest.matchAll(/^([\w-]+) = (?:\{ (?:package = "[\w-]+", )?version = )?"=([\d.]+)"/gm);
  return Object.fromEntries([...pins].map(([, name = '', version = '']) => [name, version]));
}

function said(program: string, ...args: string[]): string {
  const { status, stdout } = spawnSync(program, args, { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : 'unknown';
}
