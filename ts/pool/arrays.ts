/**
 * Typed arrays as users hand them in. Imports: `units`.
 */
import { types } from 'node:util';
import { type Check, refusal } from '../units/index.js';

interface View {
  readonly buffer: ArrayBufferLike;
  readonly length: number;
}

/** A Uint32Array whose memory is there, and is nobody else's: of shared memory a copy, which does not change meanwhile. */
export const words: Check<Uint32Array> = own('Uint32Array', types.isUint32Array);

/** The same of bytes. */
export const octets: Check<Uint8Array> = own('Uint8Array', types.isUint8Array);

/** The same of 16-bit numbers with a sign. */
export const shorts: Check<Int16Array> = own('Int16Array', types.isInt16Array);

/** The same of 16-bit numbers without one. */
export const halves: Check<Uint16Array> = own('Uint16Array', types.isUint16Array);

/** The same of 32-bit floats. */
export const floats: Check<Float32Array> = own('Float32Array', types.isFloat32Array);

function own<A extends View & { slice(): A }>(kind: string, is: (value: unknown) => value is A): Check<A> {
  return (value, name) => {
    if (is(value) && isAttached(value)) return isShared(value) ? value.slice() : value;
    throw refusal(name, value, `${kind} that is not detached`);
  };
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
