/**
 * The events of a bus. Imports: `units`.
 */
import { callable, oneOf } from '../units/index.js';
import type { BusEvents, BusListener } from './types.js';

type Listeners = { [E in keyof BusEvents]: BusListener<E>[] };

const eventName = oneOf('error', 'drop', 'prune', 'left');

/** Lists of listeners. A listener that throws becomes an unhandled rejection: it never stops the bus. */
export class Emitter {
  readonly #listeners: Listeners = { error: [], drop: [], prune: [], left: [] };

  /** @throws E_OUT_OF_RANGE */
  on<E extends keyof BusEvents>(event: E, listener: BusListener<E>): void {
    eventName(event, 'event');
    callable(listener, 'listener');
    this.#listeners[event].push(listener);
  }

  /** @throws E_OUT_OF_RANGE */
  off<E extends keyof BusEvents>(event: E, listener: BusListener<E>): void {
    eventName(event, 'event');
    callable(listener, 'listener');
    const listeners = this.#listeners[event];
    const found = listeners.lastIndexOf(listener);
    if (found >= 0) listeners.splice(found, 1);
  }

  /** Whether someone listens. */
  heard(event: keyof BusEvents): boolean {
    return this.#listeners[event].length > 0;
  }

  emit<E extends keyof BusEvents>(event: E, ...args: BusEvents[E]): void {
    for (const listener of [...this.#listeners[event]]) {
      try {
        listener(...args);
      } catch (error) {
        reject(error);
      }
    }
  }

  /** Tells of an error; without a listener it becomes an unhandled rejection. */
  fail(...args: BusEvents['error']): void {
    if (this.heard('error')) this.emit('error', ...args);
    else reject(args[0]);
  }
}

function reject(error: unknown): void {
  void Promise.reject(error);
}
