/**
 * The events of a started engine. Imports: `units`.
 */
import { callable, oneOf } from '../units/index.js';
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

const eventName = oneOf('burst', 'error');

/** Lists of listeners. A listener that throws becomes an unhandled rejection: it never stops the engine. */
export class Listeners {
  readonly #lists: { [E in keyof BurstEvents]: BurstListener<E>[] } = { burst: [], error: [] };

  /** @throws E_OUT_OF_RANGE */
  on<E extends keyof BurstEvents>(event: E, listener: BurstListener<E>): void {
    eventName(event, 'event');
    callable(listener, 'listener');
    this.#lists[event].push(listener);
  }

  /** @throws E_OUT_OF_RANGE */
  off<E extends keyof BurstEvents>(event: E, listener: BurstListener<E>): void {
    eventName(event, 'event');
    callable(listener, 'listener');
    const found = this.#lists[event].lastIndexOf(listener);
    if (found >= 0) this.#lists[event].splice(found, 1);
  }

  emit<E extends keyof BurstEvents>(event: E, ...args: BurstEvents[E]): void {
    for (const listener of [...this.#lists[event]]) {
      try {
        listener(...args);
      } catch (error) {
        reject(error);
      }
    }
  }

  /** Tells of an error. */
  fail(error: unknown): void {
    if (this.#lists.error.length > 0) this.emit('error', error);
    else reject(error);
  }
}

function reject(error: unknown): void {
  void Promise.reject(error);
}
