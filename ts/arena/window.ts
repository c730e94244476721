/**
 * The arena's memory, seen from JavaScript: one external ArrayBuffer, detached when the bus closes. Imports: `native`, `spike`.
 */
import { addon } from '../native/index.js';
import type { ArenaWindow } from '../spike/index.js';

const EMPTY: Buffer = Buffer.alloc(0);

/** Views of the arena. */
export class ArenaMemory implements ArenaWindow {
  readonly #buffer: ArrayBuffer;

  constructor(buffer: ArrayBuffer) {
    this.#buffer = buffer;
  }

  view(offset: number, length: number): Buffer {
    return offset + length <= this.#buffer.byteLength ? Buffer.from(this.#buffer, offset, length) : EMPTY;
  }

  /** Makes every view that was ever given out empty. */
  detach(): void {
    if (this.#buffer.byteLength > 0) addon().detach(this.#buffer);
  }
}
