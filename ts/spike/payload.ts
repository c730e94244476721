/**
 * Turns payloads into bytes. Imports: `units`.
 */
import { types } from 'node:util';
import { refusal } from '../units/index.js';

/** The greatest ASCII character. */
const MAX_ASCII = 0x7f;
/** Bytes up to which a loop beats the call of `set`. */
const BY_LOOP = 10;

/** Whether a payload is sent as it is: bytes, also of another realm or over shared memory. */
export function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array || types.isUint8Array(value);
}

/**
 * The JSON text of a payload that is neither bytes nor a string.
 *
 * @throws E_OUT_OF_RANGE for what JSON cannot express at top level: undefined, functions, symbols, BigInt, cycles
 */
export function jsonText(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw refusal('payload', value, 'strings, Uint8Array, what JSON.stringify can express', cause);
  }
  if (text === undefined) throw refusal('payload', value, 'strings, Uint8Array, what JSON.stringify can express');
  return text;
}

/** Writes a string of ASCII characters. False at the first other one: what was written then means nothing. */
export function writeAscii(target: Uint8Array, at: number, text: string): boolean {
  const length = text.length;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > MAX_ASCII) return false;
    target[at + i] = unit;
  }
  return true;
}

/** Copies a few bytes. */
export function writeBytes(target: Uint8Array, at: number, source: Uint8Array, length: number): void {
  if (length > BY_LOOP) target.set(source, at);
  else for (let i = 0; i < length; i++) target[at + i] = source[i] ?? 0;
}
