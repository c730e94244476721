/**
 * Everything else: told apart into text and binary as it streams by; nothing is kept. Imports: Node.
 */
import { TextDecoder } from 'node:util';
import type { Assembly, Finding, Kind } from './kind.js';

/** All files of no other kind. */
export const other: Kind = {
  id: 'other',
  title: 'Everything else',
  names: 'all other names',
  matches: () => true,
  open: () => new TextOrBinary(),
};

const NEWLINE = 10;

class TextOrBinary implements Assembly {
  /** Undefined once the bytes are known to be no text. */
  #decoder: TextDecoder | undefined = new TextDecoder('utf-8', { fatal: true });
  #lines = 0;
  #bytes = 0;

  push(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    this.#decode(chunk);
    if (this.#decoder !== undefined) this.#lines += newlines(chunk);
  }

  finish(): Finding {
    if (this.#bytes === 0) return { found: { empty: 1 } };
    this.#decode();
    return { found: this.#decoder === undefined ? { binary: 1 } : { text: 1, lines: this.#lines } };
  }

  #decode(chunk?: Uint8Array): void {
    try {
      const text = this.#decoder?.decode(chunk, { stream: chunk !== undefined });
      if (text?.includes('\0')) this.#decoder = undefined;
    } catch {
      this.#decoder = undefined;
    }
  }
}

function newlines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}
