/**
 * Puts a text file together before it is parsed, up to a limit. Imports: nothing but Node.
 */
import { isUtf8 } from 'node:buffer';
import type { Assembly, Finding } from './kind.js';

/** The largest file that is put together, bytes. */
export const WHOLE_BYTES = 32 * 1024 * 1024;

/** What is wrong with bytes that are no text. */
export const NOT_TEXT = 'not UTF-8 text';

const BYTE_ORDER_MARK = '\uFEFF';

/** Collects the chunks of one file, then hands its text, without byte order mark, to `parse`. */
export class WholeText implements Assembly {
  readonly #parse: (text: string) => Finding;
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(parse: (text: string) => Finding, limit: number = WHOLE_BYTES) {
    this.#parse = parse;
    this.#limit = limit;
  }

  push(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= this.#limit) this.#chunks.push(Buffer.from(chunk));
    else this.#chunks = [];
  }

  finish(): Finding {
    if (this.#bytes > this.#limit) return { oversize: true, found: {} };
    const bytes = Buffer.concat(this.#chunks);
    if (!isUtf8(bytes)) return { error: NOT_TEXT, found: {} };
    const text = bytes.toString('utf8');
    return this.#parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text);
  }
}

/** The message of whatever was thrown, on one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s+/g, ' ').trim();
}
