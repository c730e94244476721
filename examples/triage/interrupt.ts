/**
 * Ctrl-C: once to end early and still get the report, twice to end at once. Imports: Node.
 */
import { constants } from 'node:os';

/** The signals that are heard, and the exit code of each. */
const SIGNALS = { SIGINT: 128 + constants.signals.SIGINT, SIGTERM: 128 + constants.signals.SIGTERM } as const;

/** Watches for signals from its construction on. */
export class Interrupt {
  readonly #controller: AbortController = new AbortController();
  #exitCode = 0;

  constructor() {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => this.#hear(SIGNALS[name]));
  }

  /** Aborted at the first signal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** 0 if there was no signal. */
  get exitCode(): number {
    return this.#exitCode;
  }

  #hear(exitCode: number): void {
    if (this.#exitCode !== 0) process.exit(exitCode);
    this.#exitCode = exitCode;
    this.#controller.abort();
  }
}
