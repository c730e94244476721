/** `.pool` files of version 1, written by hand after their description. */
import type { SynapseBytes } from './pool.js';

/** A pool as version 1 holds it. Everything but the neurons has a default. */
export interface FileV1 {
  readonly name?: string;
  readonly neurons: number;
  /** The first of the neurons that inhibit. */
  readonly excitatory?: number;
  readonly tick?: number;
  readonly maxSynapses?: number;
  readonly maxDelay?: number;
  readonly threshold?: number;
  /** Rows of synapses, by source. */
  readonly rows?: readonly (readonly SynapseBytes[])[];
}

const LEAK = { regular: 4, fast: 8 };

/** Bytes from numbers and lists of them, little endian. */
export function le(bytes: 1 | 2 | 4 | 8, ...parts: (number | number[])[]): Buffer {
  const numbers = parts.flat();
  const out = Buffer.alloc(bytes * numbers.length);
  for (const [at, number] of numbers.entries()) {
    const whole = BigInt(number);
    for (let byte = 0; byte < bytes; byte++) out[at * bytes + byte] = Number((whole >> BigInt(byte * 8)) & 0xffn);
  }
  return out;
}

/** A whole file. */
export function fileV1(file: FileV1): Buffer {
  return withChecksum(Buffer.concat([Buffer.from('POOL'), le(2, 1, 0), le(4, file.neurons, 0), bodyOf(file)]));
}

/** The same bytes with the checksum that fits them. */
export function withChecksum(bytes: Uint8Array): Buffer {
  const out = Buffer.from(bytes);
  out.writeUInt32LE(crc32(out.subarray(16)), 12);
  return out;
}

/** CRC-32 (0xEDB88320). */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb8_8320 : 0);
  }
  return ~crc >>> 0;
}

function bodyOf({ name = 'ab', neurons, excitatory = Math.floor(neurons * 0.8), tick = 0, ...rest }: FileV1): Buffer {
  const rows = Array.from({ length: neurons }, (_, source) => rest.rows?.[source] ?? []);
  const each = (value: (inhibits: boolean) => number): number[] =>
    Array.from({ length: neurons }, (_, neuron) => value(neuron >= excitatory));
  let total = 0;
  const ends = rows.map((row) => {
    total += row.length;
    return total;
  });
  return Buffer.concat([
    le(2, Buffer.byteLength(name)),
    Buffer.from(name),
    le(4, neurons, excitatory, neurons - excitatory),
    le(8, tick),
    configOf(rest),
    le(
      2,
      each(() => -17_920),
      each(() => rest.threshold ?? -14_080),
    ),
    le(
      1,
      each((inhibits) => (inhibits ? LEAK.fast : LEAK.regular)),
      each(() => 0),
    ),
    le(
      1,
      each((inhibits) => (inhibits ? 3 : 0)),
      each(() => 0),
      each(() => 0),
    ),
    le(4, neurons, 0, ends, total),
    ...rows.flat().map(synapseOf),
  ]);
}

function configOf({ threshold = -14_080, maxSynapses = 128, maxDelay = 8 }: Partial<FileV1>): Buffer {
  const potentials = le(2, -17_920, threshold, -16_640);
  return Buffer.concat([potentials, le(1, 2, 230, 1), le(2, maxSynapses), le(1, 20, -10, maxDelay)]);
}

function synapseOf({ target, weight, delay, eligibility, maturity }: SynapseBytes): Buffer {
  return Buffer.concat([le(2, target), le(1, weight, delay, eligibility, maturity, 0, 0)]);
}
