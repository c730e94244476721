/**
 * Events, and who listens to them. Imports: `errors`.
 */
import { callable, oneOf } from './check.js';

/** Events by name, each with what its listeners get; one of them tells of errors. */
export type EventMap<Events> = { [E in keyof Events]: unknown[] } & { error: [error: unknown, ...rest: unknown[]] };

/** Lists of listeners. A listener that throws becomes an unhandled rejection: it never stops who tells. */
export class Emitter<Events extends EventMap<Events>> {
  readonly #lists: { readonly [E in keyof Events]: ((...args: Events[E]) => void)[] };

  /** @param lists an empty list for each event */
  constructor(lists: { readonly [E in keyof Events]: ((...args: Events[E]) => void)[] }) {
    this.#lists = lists;
  }

  /** @throws E_OUT_OF_RANGE */
  on<E extends keyof Events>(event: E, listener: (...args: Events[E]) => void): void {
    this.#check(event, listener);
    this.#lists[event].push(listener);
  }

  /** @throws E_OUT_OF_RANGE */
  off<E extends keyof Events>(event: E, listener: (...args: Events[E]) => void): void {
    this.#check(event, listener);
    const listeners = this.#lists[event];
    const found = listeners.lastIndexOf(listener);
    if (found >= 0) listeners.splice(found, 1);
  }

  /** Whether someone listens. */
  heard(event: keyof Events): boolean {
    return this.#lists[event].length > 0;
  }

  emit<E extends keyof Events>(event: E, ...args: Events[E]): void {
    for (const listener of [...this.#lists[event]]) {
      try {
        listener(...args);
      } catch (error) {
        reject(error);
      }
    }
  }

  /** Tells of an error; without a listener it becomes an unhandled rejection. */
  fail(...args: Events['error']): void {
    if (this.heard('error')) this.emit('error', ...args);
    else reject(args[0]);
  }

  #check(event: unknown, listener: unknown): void {
    oneOf(...Object.keys(this.#lists))(event, 'event');
    callable(listener, 'listener');
  }
}

function reject(error: unknown): void {
  void Promise.reject(error);
}
