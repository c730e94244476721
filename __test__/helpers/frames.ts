/** Records of 64 bytes for the ring tests. */

/** Tag of an empty excitatory spike. */
export const EMPTY_TAG = 1 << 2;

/** A record whose timestamp and payload both hold a number, so that a torn one shows. */
export function frame(value: number): Uint8Array {
  const bytes = new Uint8Array(64);
  const data = new DataView(bytes.buffer);
  data.setBigUint64(0, BigInt(value), true);
  data.setUint8(16, (1 + 46) << 2);
  for (let at = 24; at < 64; at += 8) data.setBigUint64(at, BigInt(value), true);
  return bytes;
}

/** Records of consecutive numbers. */
export function frames(from: number, count: number): Uint8Array {
  const bytes = new Uint8Array(64 * count);
  for (let i = 0; i < count; i++) bytes.set(frame(from + i), 64 * i);
  return bytes;
}

/** The number in a record; throws if its words do not agree. */
export function numberOf(bytes: Uint8Array, at = 0): number {
  const data = new DataView(bytes.buffer, bytes.byteOffset + at, 64);
  const value = data.getBigUint64(0, true);
  for (let word = 24; word < 64; word += 8) {
    if (data.getBigUint64(word, true) !== value) throw new Error(`torn record: ${value} at word ${word}`);
  }
  return Number(value);
}

/** The numbers of a batch. */
export function numbersOf(buffer: Uint8Array): number[] {
  return Array.from({ length: buffer.length / 64 }, (_, i) => numberOf(buffer, 64 * i));
}
