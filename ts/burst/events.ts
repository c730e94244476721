/**
 * The events of a started engine. Imports: nothing.
 */
import type { Burst } from './burst.js';

/** The events of a started engine, and what their listeners get. */
export interface BurstEvents {
  /** A burst is over. */
  burst: [burst: Burst];
  /** A rule threw. Without a listener it becomes an unhandled rejection. */
  error: [error: unknown];
}

/** Hears an event. */
export type BurstListener<E extends keyof BurstEvents> = (...args: BurstEvents[E]) => void;
