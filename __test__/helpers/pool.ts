/** What the tests of pools share: wiring by hand, snapshots, files. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type Levels, NeuronPool, type PoolConfig, type PoolMode } from 'neuronbus';
import { afterAll } from 'vitest';

/** Both ways in which a pool can live. */
export const MODES: PoolMode[] = ['product', 'compat'];

/** Q8.8 potentials of a pool with the default config. */
export const REST = -17_920;
export const RESET = -16_640;
export const THRESHOLD = -14_080;

/** A current that fires every neuron that is not refractory. */
export const STRONG = 20_000;

/** Modulators that change nothing. */
export const BASELINE: Readonly<Levels> = Object.freeze({ dopamine: 128, cortisol: 30, acetylcholine: 100 });

const level = fc.nat(255);
/** Any levels of the modulators. */
export const levels: fc.Arbitrary<Levels> = fc.record({ dopamine: level, cortisol: level, acetylcholine: level });

/** The eight bytes of a synapse (NP-6). */
export interface SynapseBytes {
  target: number;
  weight: number;
  delay: number;
  eligibility: number;
  /** The stage in bits 0 and 1: 0 hot, 1 warm, 2 cool, 3 cold. */
  maturity: number;
}

/** A synapse, and whose it is. */
export interface Wire extends SynapseBytes {
  source: number;
}

/** A pool with the default config but for `config`. */
export function random(neurons: number, density: number, config: Partial<PoolConfig> = {}): NeuronPool {
  return NeuronPool.withRandomConnectivity('p', neurons, density, config);
}

/**
 * A pool in which all is connected with all, but only the given synapses have a weight. The others are there, hot and silent.
 */
export function wired(
  neurons: number,
  wires: (Partial<Wire> & Pick<Wire, 'source' | 'target'>)[],
  config = {},
): NeuronPool {
  const pool = random(neurons, 1, config);
  for (const at of pool.synapses.keys()) if (at % 8 === 2) pool.synapses[at] = 0;
  for (const { source, target, ...rest } of wires) {
    writeSynapse(pool, placeOf(neurons, source, target), {
      weight: 0,
      delay: 1,
      eligibility: 0,
      maturity: 16,
      ...rest,
    });
  }
  return pool;
}

/** A pool of two whose synapse from 0 (which excites) to 1 and from 1 (which inhibits) to 0 are as given. */
export function pair(
  first: { weight: number; eligibility: number; maturity?: number },
  second = { weight: -50, eligibility: 0 },
  mode = 'product',
): NeuronPool {
  return wired(
    2,
    [
      { source: 0, target: 1, ...first },
      { source: 1, target: 0, ...second },
    ],
    { mode },
  );
}

/** Which synapse of a pool of {@link wired} goes from one neuron to another: no neuron is its own target. */
export function placeOf(neurons: number, source: number, target: number): number {
  return source * (neurons - 1) + (target > source ? target - 1 : target);
}

/** Sets what is given of a synapse. */
export function writeSynapse(pool: NeuronPool, place: number, bytes: Partial<SynapseBytes>): void {
  const data = viewOf(pool.synapses, place);
  if (bytes.target !== undefined) data.setUint16(0, bytes.target, true);
  if (bytes.weight !== undefined) data.setInt8(2, bytes.weight);
  if (bytes.delay !== undefined) data.setUint8(3, bytes.delay);
  if (bytes.eligibility !== undefined) data.setInt8(4, bytes.eligibility);
  if (bytes.maturity !== undefined) data.setUint8(5, bytes.maturity);
}

/** One synapse as it is now. */
export function readSynapse(pool: NeuronPool, place: number): SynapseBytes {
  return synapseAt(pool.synapses, place);
}

function synapseAt(synapses: Uint8Array, place: number): SynapseBytes {
  const data = viewOf(synapses, place);
  return {
    target: data.getUint16(0, true),
    weight: data.getInt8(2),
    delay: data.getUint8(3),
    eligibility: data.getInt8(4),
    maturity: data.getUint8(5),
  };
}

/** All synapses with their sources, row by row. */
export function wiresOf(pool: NeuronPool): Wire[] {
  const { rowPtr, synapses } = pool;
  return Array.from({ length: rowPtr.length - 1 }, (_, source) => {
    const [from, to] = [rowPtr[source] ?? 0, rowPtr[source + 1] ?? 0];
    return Array.from({ length: to - from }, (_, at) => ({ source, ...synapseAt(synapses, from + at) }));
  }).flat();
}

/** Weights whose sign is not the one of their neuron. */
export function wrongSigns(pool: NeuronPool): number {
  return wiresOf(pool).filter(({ source, weight }) => weight * ((pool.flags[source] ?? 0) & 1 ? -1 : 1) < 0).length;
}

function viewOf(synapses: Uint8Array, place: number): DataView {
  return new DataView(synapses.buffer, synapses.byteOffset + place * 8, 8);
}

/** A current for each neuron: `current` for those that `chosen` picks, else none. */
export function drive(neurons: number, chosen: (neuron: number) => boolean, current: number = STRONG): Int16Array {
  return Int16Array.from({ length: neurons }, (_, neuron) => (chosen(neuron) ? current : 0));
}

/** Ticks so often, and says which neurons fired in each. */
export function firings(pool: NeuronPool, ticks: number, input?: Int16Array): number[][] {
  return Array.from({ length: ticks }, () => {
    pool.tick(input);
    return [...pool.fired()];
  });
}

/** All that shows of a pool, as copies. */
export function snapshot(pool: NeuronPool): Record<string, unknown> {
  const { membrane, threshold, leak, refractory, flags, trace, rowPtr, synapses } = pool;
  const columns = { membrane, threshold, leak, refractory, flags, trace, rowPtr, synapses };
  const copies = Object.entries(columns).map(([name, column]) => [name, [...column]]);
  return { ...Object.fromEntries(copies), stats: pool.stats(), fired: [...pool.fired()], config: pool.config };
}

/** Numbers that are the same in every run: a current for each neuron and tick. */
export function current(neurons: number, tick: number, most = 6_000): Int16Array {
  return Int16Array.from({ length: neurons }, (_, neuron) => (neuron * 977 + tick * 331) % most);
}

/** A folder of its own for the files of a test file, which is removed when its tests are over. */
export class Folder {
  readonly #made: Promise<string> = mkdtemp(join(tmpdir(), 'neuronbus-pool-'));

  constructor() {
    afterAll(async () => rm(await this.#made, { recursive: true, force: true }));
  }

  /** The path of a file in it; with an empty name, its own. */
  async path(name: string): Promise<string> {
    return join(await this.#made, name);
  }

  /** What lies in it, or in a folder of it, by name. */
  async names(folder = ''): Promise<string[]> {
    return (await readdir(await this.path(folder))).sort();
  }

  /** The bytes of the file that a pool saves. */
  async bytesOf(pool: NeuronPool): Promise<Buffer> {
    const path = await this.path('bytes.pool');
    await pool.save(path);
    return readFile(path);
  }

  /** The pool of a file with these bytes. */
  async load(bytes: Uint8Array, mode?: PoolMode): Promise<NeuronPool> {
    const path = await this.path('load.pool');
    await writeFile(path, bytes);
    return NeuronPool.load(path, { mode });
  }
}
