/**
 * What a run is reported as; `--json` prints exactly this. Imports: `neuronbus`, `agents`.
 */
import type { BusStats, NeuronBus } from 'neuronbus';
import type { Complaint, KindSum, Sum } from '../agents/aggregator.js';
import type { Latency, LatencyReport } from '../latency.js';
import type { SkipReason } from '../messages.js';
import type { Wire } from '../wiring.js';

/** The sums of all kinds. */
export type Total = Omit<KindSum, 'found'>;

/** Where every spike went. */
export interface Balance {
  readonly fired: number;
  readonly delivered: number;
  readonly refused: number;
  /** All reasons together. */
  readonly dropped: number;
  readonly inFlight: number;
  /** Whether fired = delivered + refused + dropped + inFlight. */
  readonly holds: boolean;
}

/** A synapse before and after the run. */
export interface WeightChange {
  readonly pre: string;
  readonly post: string;
  readonly before: number;
  readonly after: number;
}

/** The report of one run. */
export interface Report {
  readonly directory: string;
  /** True after Ctrl-C: then the rest tells what was done until then. */
  readonly interrupted: boolean;
  readonly seconds: number;
  readonly kinds: Readonly<Record<string, KindSum>>;
  readonly total: Total;
  /** How many entries were passed over; symbolic links are not followed. */
  readonly skipped: Readonly<Record<SkipReason, number>>;
  /** The first few of each. */
  readonly complaints: Readonly<Record<'unreadable' | 'broken' | 'parseError', readonly Complaint[]>>;
  readonly spikesPerSecond: number;
  /** From fire to handler. */
  readonly latencyNs: LatencyReport;
  readonly arena: { readonly capacityBytes: number; readonly highWaterBytes: number };
  readonly synapses: readonly WeightChange[];
  readonly balance: Balance;
}

/** What a report is made of. */
export interface Facts {
  readonly bus: NeuronBus;
  readonly wires: readonly Wire[];
  readonly sum: Sum;
  readonly latency: Latency;
  readonly directory: string;
  readonly seconds: number;
  readonly interrupted: boolean;
}

/** The report of a bus that is quiet. */
export function makeReport({ bus, wires, sum, latency, directory, seconds, interrupted }: Facts): Report {
  const balance = balanceOf(bus.stats());
  return {
    directory,
    interrupted,
    seconds,
    kinds: Object.fromEntries(sum.kinds),
    total: totalOf([...sum.kinds.values()]),
    skipped: sum.skipped,
    complaints: sum.complaints,
    spikesPerSecond: Math.round(balance.delivered / seconds),
    latencyNs: latency.report(),
    arena: { capacityBytes: bus.arena.capacity, highWaterBytes: bus.arena.highWater },
    synapses: wires.map(({ pre, post, before, synapse }) => ({ pre, post, before, after: synapse.weight })),
    balance,
  };
}

function balanceOf({ fired, delivered, refused, dropped: reasons, inFlight }: BusStats): Balance {
  const dropped = Object.values(reasons).reduce((sum, count) => sum + count, 0);
  return { fired, delivered, refused, dropped, inFlight, holds: fired === delivered + refused + dropped + inFlight };
}

function totalOf(kinds: readonly KindSum[]): Total {
  const add = (key: keyof Total): number => kinds.reduce((sum, kind) => sum + kind[key], 0);
  return { files: add('files'), bytes: add('bytes'), parseErrors: add('parseErrors'), oversize: add('oversize') };
}
