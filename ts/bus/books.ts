/**
 * The books of a bus: what the cortex counted and what this side counted, put together. Imports: `native`.
 */
import type { NativeStats } from '../native/index.js';
import type { Inbox } from './inbox.js';
import { type BusStats, DROP_REASONS, type DropReason } from './types.js';

/** What this side counted. */
export interface OwnCounts {
  readonly inbox: Pick<Inbox, 'tally' | 'judged'>;
  readonly refused: number;
  readonly handlerErrors: number;
  readonly neurons: number;
}

/**
 * The counts of both sides. What the cortex wrote into the inbox and this side has not judged yet is in flight; so the sum holds
 * also inside a handler.
 */
export function balance(native: NativeStats, { inbox, refused, handlerErrors, neurons }: OwnCounts): BusStats {
  const { tally, judged } = inbox;
  const own: Partial<Record<DropReason, number>> = { filtered: tally.filtered, left: tally.left, closed: tally.closed };
  return Object.freeze({
    fired: native.fired + refused,
    delivered: native.delivered + tally.delivered,
    refused,
    deferred: native.deferred,
    dropped: Object.freeze(byReason((reason) => (native.dropped[reason] ?? 0) + (own[reason] ?? 0))),
    inFlight: native.inFlight + native.inboxWritten - judged,
    ticks: native.ticks,
    lateTicks: native.lateTicks,
    handlerErrors,
    neurons,
  });
}

/** How many spikes this side dropped. */
export function ownDrops({ tally }: Pick<Inbox, 'tally'>): number {
  return tally.filtered + tally.left + tally.closed;
}

/** Whether a word of the addon is a reason. */
export function isReason(word: string | undefined): word is DropReason {
  return DROP_REASONS.some((reason) => reason === word);
}

function byReason(count: (reason: DropReason) => number): Record<DropReason, number> {
  const [unknown, notConnected, noSynapse] = [count('unknown'), count('notConnected'), count('noSynapse')];
  const [filtered, left, closed] = [count('filtered'), count('left'), count('closed')];
  return { unknown, notConnected, noSynapse, filtered, left, closed, malformed: count('malformed') };
}
