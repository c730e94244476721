/**
 * Typed arrays as users hand them in. Imports: `units`.
 */
import { types } from 'node:util';
import { type Check, refusal } from '../units/index.js';

/** A Uint32Array whose memory is there, and is nobody else's: of shared memory a copy, which does not change meanwhile. */
export const words: Check<Uint32Array> = (value, name) => {
  if (types.isUint32Array(value) && isAttached(value)) return isShared(value) ? value.slice() : value;
  throw refusal(name, value, 'Uint32Array that is not detached');
};

/** The same of bytes. */
export const octets: Check<Uint8Array> = (value, name) => {
  if (types.isUint8Array(value) && isAttached(value)) return isShared(value) ? value.slice() : value;
  throw refusal(name, value, 'Uint8Array that is not detached');
};

/** The same of 16-bit numbers with a sign. */
export const shorts: Check<Int16Array> = (value, name) => {
  if (types.isInt16Array(value) && isAttached(value)) return isShared(value) ? value.slice() : value;
  throw refusal(name, value, 'Int16Array that is not detached');
};

interface View {
  readonly buffer: ArrayBufferLike;
  readonly length: number;
}

function isShared({ buffer }: View): boolean {
  return types.isSharedArrayBuffer(buffer);
}

/** Transferred to another thread, an array is left without its memory, at length 0; nothing can be laid over that any more. */
function isAttached({ buffer, length }: View): boolean {
  if (length > 0) return true;
  try {
    return new Uint8Array(buffer).length >= 0;
  } catch {
    return false;
  }
}
