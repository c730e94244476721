/**
 * How the walker cuts a file into spikes: one that opens it, its chunks, one that ends it. A frame is five bytes and a body:
 *
 * ```text
 * 0 file u32 · 4 part u8 · 5 body: the path (open), bytes (chunk), nothing (end, abort)
 * ```
 *
 * Imports: nothing.
 */

/** What a frame is for; `abort` takes back a file that could not be read to its end. */
export type Part = 'open' | 'chunk' | 'end' | 'abort';

/** One part of one file. */
export interface Frame {
  /** The walker's number of the file. */
  readonly file: number;
  readonly part: Part;
  /** In place: it lives as long as the bytes that were read. */
  readonly body: Buffer;
}

/** Bytes before the body. */
export const FRAME_HEAD = 5;

const PARTS: readonly Part[] = ['open', 'chunk', 'end', 'abort'];

/** Writes the head of a frame to the front of `bytes`, whose body follows. */
export function writeHead(bytes: Buffer, file: number, part: Part): void {
  bytes.writeUInt32LE(file, 0);
  bytes.writeUInt8(PARTS.indexOf(part), 4);
}

/** A frame with a copy of `body`. */
export function frame(file: number, part: Part, body: string = ''): Buffer {
  const bytes = Buffer.alloc(FRAME_HEAD + Buffer.byteLength(body));
  writeHead(bytes, file, part);
  bytes.write(body, FRAME_HEAD, 'utf8');
  return bytes;
}

/** What {@link frame} or {@link writeHead} wrote. */
export function readFrame(bytes: Buffer): Frame {
  const part = PARTS[bytes.readUInt8(4)];
  if (part === undefined)
    throw new RangeError(`part ${bytes.readUInt8(4)} of a frame; 0 to ${PARTS.length - 1} are known`);
  return { file: bytes.readUInt32LE(0), part, body: bytes.subarray(FRAME_HEAD) };
}
