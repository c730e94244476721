/**
 * Sums up what the parsers found and what the walker passed over. Imports: `neuronbus`, `kinds`.
 */
import type { AgentCardInit, NeuronHandlers, Spike } from 'neuronbus';
import { KINDS } from '../kinds/index.js';
import type { News, Result, Skip, SkipReason } from '../messages.js';
import type { Guild } from './guild.js';

/** What there was of one kind. */
export interface KindSum {
  files: number;
  bytes: number;
  /** Files that do not parse. */
  parseErrors: number;
  /** Files too large to be parsed. */
  oversize: number;
  /** What was found in them, by name. */
  readonly found: Record<string, number>;
}

/** A path and what is wrong with it. */
export interface Complaint {
  readonly path: string;
  readonly message: string;
}

/** How many complaints of a sort are kept; the rest is only counted. */
export const KEPT = 20;

/** Everything that was summed up. */
export class Sum {
  readonly kinds: ReadonlyMap<string, KindSum> = new Map(KINDS.map(({ id }) => [id, emptySum()]));
  readonly skipped: Record<SkipReason, number> = { unreadable: 0, broken: 0, link: 0, special: 0 };
  /** The first {@link KEPT} of each. */
  readonly complaints: Readonly<Record<'unreadable' | 'broken' | 'parseError', Complaint[]>> = {
    unreadable: [],
    broken: [],
    parseError: [],
  };
  /** Files summed up so far. */
  files = 0;
  /** Their bytes. */
  bytes = 0;
}

/** Hears everyone's news; {@link Aggregator.done} resolves when the walker has ended and each of its files is summed up. */
export class Aggregator implements NeuronHandlers {
  static readonly card: AgentCardInit = {
    name: 'aggregator',
    description: 'sums up',
    capabilities: ['sum'],
    regions: ['triage/sum'],
  };

  readonly sum: Sum = new Sum();
  readonly done: Promise<void>;
  readonly #guild: Guild;
  #expected = Number.POSITIVE_INFINITY;
  #finish: () => void = () => {};

  constructor(guild: Guild) {
    this.#guild = guild;
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  onSpike(spike: Spike): void {
    this.#guild.heard(spike);
    const news = spike.json<News>();
    if (news.about === 'file') this.#add(news);
    else if (news.about === 'skip') this.#skip(news);
    else this.#expected = news.files;
    if (this.sum.files === this.#expected) this.#finish();
  }

  #add({ kind, path, bytes, error, oversize, found }: Result): void {
    const sum = this.sum.kinds.get(kind);
    if (sum === undefined) throw new Error(`There is no kind ${kind}.`);
    this.sum.files++;
    this.sum.bytes += bytes;
    sum.files++;
    sum.bytes += bytes;
    if (oversize) sum.oversize++;
    if (error !== undefined) sum.parseErrors++;
    if (error !== undefined) keep(this.sum.complaints.parseError, path, error);
    for (const [name, count] of Object.entries(found)) sum.found[name] = (sum.found[name] ?? 0) + count;
  }

  #skip({ reason, path, message = '' }: Skip): void {
    this.sum.skipped[reason]++;
    if (reason === 'unreadable' || reason === 'broken') keep(this.sum.complaints[reason], path, message);
  }
}

function keep(complaints: Complaint[], path: string, message: string): void {
  if (complaints.length < KEPT) complaints.push({ path, message });
}

function emptySum(): KindSum {
  return { files: 0, bytes: 0, parseErrors: 0, oversize: 0, found: {} };
}
