/** Measures contenders in TypeScript by the rules of speed.md: interleaved rounds, the bare ping-pong before each, in-round ratios. */
import { median, rounded } from './figures.js';
import { probe } from './native.js';
import { type Options, parseOptions, wants } from './options.js';
import type { Row } from './row.js';

/** One of those that are compared. */
export interface Contender {
  readonly name: string;
  /** One round: does the work, verifies it, and gives a figure in the unit of the bench. */
  figure(): Promise<number>;
}

/** What is asked of a measurement; each verdict is a row. */
export interface Verdict {
  readonly id: string;
  readonly what: string;
  /** For the ratio to the best of `peers`, or, without peers, for the figure itself. */
  readonly aim: number;
  readonly peers?: readonly string[];
}

/** A measurement. */
export interface Bench {
  readonly verdicts: readonly Verdict[];
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  readonly topology: string;
  readonly ours: Contender;
  readonly peers?: readonly Contender[];
}

/** Rounds of a full and of a quick run. */
const ROUNDS = { full: 9, quick: 2 };

/** The figures of one round by contender. */
interface Measured {
  readonly pingPongNs: number;
  readonly figures: ReadonlyMap<string, number>;
}

/** The body of a bench process: measures those of `benches` that the command line asks for, and prints their rows. */
export async function main(...benches: ((quick: boolean) => Bench)[]): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  for (const make of benches) {
    const bench = make(options.quick);
    const verdicts = bench.verdicts.filter(({ id }) => wants(options, id));
    if (verdicts.length > 0) await run({ ...bench, verdicts }, options);
  }
}

async function run(bench: Bench, options: Options): Promise<void> {
  const contenders = [bench.ours, ...(bench.peers ?? []).filter(({ name }) => isCompared(bench, name))];
  // A round that does not count: code is compiled, memory is touched.
  for (const contender of contenders) await contender.figure();
  const rounds: Measured[] = [];
  const count = options.rounds ?? (options.quick ? ROUNDS.quick : ROUNDS.full);
  for (let round = 0; round < count; round++) rounds.push(await measure(contenders, round));
  for (const verdict of bench.verdicts) process.stdout.write(`${JSON.stringify(row(bench, verdict, rounds))}\n`);
}

function isCompared(bench: Bench, name: string): boolean {
  return bench.verdicts.some(({ peers }) => peers?.includes(name));
}

/** One round. The contender to begin moves on, so that none always follows the same. */
async function measure(contenders: readonly Contender[], round: number): Promise<Measured> {
  const pingPongNs = probe('ping-pong');
  const figures = new Map<string, number>();
  const first = round % contenders.length;
  for (const contender of [...contenders.slice(first), ...contenders.slice(0, first)]) {
    figures.set(contender.name, await contender.figure());
  }
  return { pingPongNs, figures };
}

function row(bench: Bench, verdict: Verdict, rounds: readonly Measured[]): Row {
  const { unit, better, topology } = bench;
  const peers = verdict.peers ?? [];
  const figuresOf = (name: string): number[] => rounds.map(({ figures }) => figures.get(name) ?? Number.NaN);
  const ours = figuresOf(bench.ours.name);
  const ratios = (theirs: readonly number[]): number[] =>
    ours.map((figure, at) => ahead(better, figure, theirs[at] ?? Number.NaN));
  const all = peers.length === 0 ? [ratios(ours.map(() => verdict.aim))] : peers.map((name) => ratios(figuresOf(name)));
  // The best peer is the one that ours is least ahead of, by the median of what was measured side by side.
  const best = all.reduce((least, next) => (median(next) < median(least) ? next : least));
  // A figure that is held against an aim is the median; only peers are compared round by round.
  const ratio = peers.length === 0 ? ahead(better, median(ours), verdict.aim) : median(best);
  return {
    id: verdict.id,
    what: verdict.what,
    unit,
    better,
    ours: rounded(median(ours)),
    peers: Object.fromEntries(peers.map((name) => [name, rounded(median(figuresOf(name)))])),
    ratio: rounded(ratio),
    aim: verdict.aim,
    met: ratio >= (peers.length === 0 ? 1 : verdict.aim),
    topology,
    rounds: rounds.length,
    each: rounds.map(({ pingPongNs }, at) => ({
      pingPongNs: rounded(pingPongNs),
      ratio: rounded(best[at] ?? Number.NaN),
    })),
  };
}

/** How many times better `ours` is. */
function ahead(better: 'higher' | 'lower', ours: number, theirs: number): number {
  return better === 'higher' ? ours / theirs : theirs / ours;
}
