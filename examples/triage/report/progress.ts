/**
 * How far the run is, on stderr: a bar on a terminal, a line now and then elsewhere. Imports: nothing.
 */
import type { Sum } from '../agents/aggregator.js';
import { count } from './columns.js';

const [BAR_MS, LINE_MS] = [100, 5_000];
const BAR_CELLS = 24;
const MEGABYTE = 1e6;

/** Where it is shown. */
export type Screen = Pick<NodeJS.WriteStream, 'write'> & { readonly isTTY?: boolean };

/** The progress of one run, from construction to {@link Progress.end}. */
export class Progress {
  /** Files there are, as far as they have been counted. */
  total = 0;
  readonly #screen: Screen;
  readonly #sum: Sum;
  readonly #timer: NodeJS.Timeout;
  #ended = false;

  constructor(screen: Screen, sum: Sum) {
    this.#screen = screen;
    this.#sum = sum;
    this.#timer = setInterval(() => this.#show(), screen.isTTY ? BAR_MS : LINE_MS);
    if (!screen.isTTY) screen.write('triage: begins\n');
  }

  /** Takes the bar away. More than once does nothing more. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#timer);
    if (this.#screen.isTTY) this.#screen.write('\r\u001b[K');
  }

  #show(): void {
    const { files, bytes } = this.#sum;
    const total = Math.max(this.total, files);
    const text = `${count(files)} of ${count(total)} files, ${count(Math.round(bytes / MEGABYTE))} MB`;
    this.#screen.write(this.#screen.isTTY ? `\r${bar(files, total)} ${text}\u001b[K` : `triage: ${text}\n`);
  }
}

function bar(done: number, total: number): string {
  const share = total === 0 ? 0 : done / total;
  const full = Math.floor(share * BAR_CELLS);
  const percent = `${Math.floor(share * 100)} %`;
  return `${'█'.repeat(full)}${'░'.repeat(BAR_CELLS - full)} ${percent.padStart(5)}`;
}
