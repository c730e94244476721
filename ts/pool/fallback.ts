/**
 * Propagation in TypeScript, to the same bits as the addon's (FE-23). Imports: nothing.
 */
import type { SynapseInputs } from './columns.js';
import type { PropagationCore, PropagationStats, Scale } from './core.js';
import type { PropagationArrays } from './propagation.js';

/** A synapse of a row. */
interface Entry {
  readonly target: number;
  readonly contribution: number;
  /** Weight, conductance, type, and that it counts. */
  readonly bytes: readonly number[];
}

/** What a target gets. */
type Given = Pick<Entry, 'target' | 'contribution'>;

/** The greatest weight and conductance. */
const FULL = 255;
/** Bytes of a synapse. */
const RECORD = 12;

/** As the addon, but slower. */
export class PropagationFallback implements PropagationCore {
  readonly #scale: Scale;
  readonly #merge: boolean;
  /** By source, in the order of building. */
  #rows = new Map<number, Entry[]>();
  #areas = new Map<number, number>();
  #stats: PropagationStats = NONE;

  constructor(scale: Scale, merge: boolean) {
    this.#scale = scale;
    this.#merge = merge;
  }

  buildIndex({ sources, targets, weights, conductances, types, valid }: SynapseInputs): void {
    const rows = new Map<number, Entry[]>();
    sources.forEach((source, at) => {
      if (valid?.[at] === 0) return;
      const [weight = 0, conductance = 0, type = 0] = [weights[at], conductances[at], types[at]];
      const amount = this.#amount(weight, conductance);
      const bytes = [weight, conductance, type, 1];
      const entry = { target: targets[at] ?? 0, contribution: type === 0 ? amount : -amount, bytes };
      const row = rows.get(source);
      if (row === undefined) rows.set(source, [entry]);
      else row.push(entry);
    });
    this.#rows = rows;
  }

  setNeuronMapping(neurons: Uint32Array, areas: Uint32Array): void {
    this.#areas = new Map(Array.from(neurons, (neuron, at) => [neuron, areas[at] ?? 0]));
  }

  propagate(fired: Uint32Array): PropagationArrays {
    const byArea = new Map<number, Given[]>();
    let { synapses, unmapped, unknown } = this.#stats;
    for (const source of fired) {
      const row = this.#rows.get(source);
      if (row === undefined) unknown++;
      for (const entry of row ?? []) {
        synapses++;
        const area = this.#areas.get(entry.target);
        if (area === undefined) unmapped++;
        else entriesOf(byArea, area).push(entry);
      }
    }
    this.#stats = { propagations: this.#stats.propagations + 1, synapses, unmapped, unknown };
    return arrays(this.#merge ? new Map(Array.from(byArea, ([area, entries]) => [area, merged(entries)])) : byArea);
  }

  synapses(): Uint8Array {
    const rows = Array.from(this.#rows).sort(([one], [other]) => one - other);
    const records = rows.flatMap(([source, row]) => row.map((entry) => ({ source, ...entry })));
    const data = new DataView(new ArrayBuffer(records.length * RECORD));
    for (const [n, { source, target, bytes }] of records.entries()) {
      data.setUint32(n * RECORD, source, true);
      data.setUint32(n * RECORD + 4, target, true);
      bytes.forEach((byte, at) => void data.setUint8(n * RECORD + 8 + at, byte));
    }
    return new Uint8Array(data.buffer);
  }

  stats(): PropagationStats {
    return this.#stats;
  }

  resetStats(): void {
    this.#stats = NONE;
  }

  /** In 32 bits after each step, as the addon. */
  #amount(weight: number, conductance: number): number {
    if (this.#scale === 'raw') return weight * conductance;
    return Math.fround(Math.fround(weight / FULL) * Math.fround(conductance / FULL));
  }
}

const NONE: PropagationStats = Object.freeze({ propagations: 0, synapses: 0, unmapped: 0, unknown: 0 });

function entriesOf(byArea: Map<number, Given[]>, area: number): Given[] {
  const found = byArea.get(area) ?? [];
  if (found.length === 0) byArea.set(area, found);
  return found;
}

/** One entry per target, where its first one stood. */
function merged(entries: readonly Given[]): Given[] {
  const sums = new Map<number, number>();
  for (const { target, contribution } of entries) {
    const sum = sums.get(target);
    sums.set(target, sum === undefined ? contribution : Math.fround(sum + contribution));
  }
  return Array.from(sums, ([target, contribution]) => ({ target, contribution }));
}

function arrays(byArea: ReadonlyMap<number, readonly Given[]>): PropagationArrays {
  const areas = Uint32Array.from(byArea.keys()).sort();
  const offsets = new Uint32Array(areas.length + 1);
  areas.forEach((area, at) => {
    offsets[at + 1] = (offsets[at] ?? 0) + (byArea.get(area)?.length ?? 0);
  });
  const size = offsets.at(-1) ?? 0;
  const [targets, contributions] = [new Uint32Array(size), new Float32Array(size)];
  areas.forEach((area, at) => {
    byArea.get(area)?.forEach((entry, n) => {
      const place = (offsets[at] ?? 0) + n;
      targets[place] = entry.target;
      contributions[place] = entry.contribution;
    });
  });
  return { areas, offsets, targets, contributions };
}
