/**
 * Writes spikes into slots. Imports: `native`, `units`.
 */
import { SPIKE } from '../native/index.js';
import { type Check, integer, option, optional, parse, refusal, type Table } from '../units/index.js';
import { checkModulatory, inlineTag, kindCode, SPIKE_BYTES } from './codec.js';
import { isBytes, jsonText } from './payload.js';
import type { SpikeRegion } from './region.js';
import type { SpikeInit } from './types.js';

const MAX_U64 = 2n ** 64n - 1n;

const timestamp: Check<bigint> = (value, name) => {
  if (typeof value === 'bigint' && value >= 0n && value <= MAX_U64) return value;
  throw refusal(name, value, 'BigInt 0n to 2n ** 64n - 1n');
};

const INIT = {
  timestampNs: option(timestamp, 0n),
  sequence: option(integer(0, 2 ** 32 - 1), 0),
  source: option(integer(0, SPIKE.broadcast - 1), 0),
  target: option(integer(0, SPIKE.broadcast), 0),
  kind: option(kindCode, 0),
  priority: option(integer(0, 255), 0),
  payload: optional<unknown>((value) => value),
} satisfies Table;

/**
 * The 64 bytes of a spike without an arena.
 *
 * @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION
 */
export function frameOf(init: SpikeInit | null): Uint8Array {
  const fields = parse('SpikeInit', init, INIT);
  const payload = bareBytes(fields.payload);
  checkModulatory(fields.kind, payload.length);
  const frame = new Uint8Array(SPIKE_BYTES);
  const data = new DataView(frame.buffer);
  data.setBigUint64(SPIKE.timestampNs, fields.timestampNs, true);
  data.setUint32(SPIKE.sequence, fields.sequence, true);
  data.setUint16(SPIKE.source, fields.source, true);
  data.setUint16(SPIKE.target, fields.target, true);
  data.setUint8(SPIKE.tag, inlineTag(fields.kind, payload.length));
  data.setUint8(SPIKE.priority, fields.priority);
  frame.set(payload, SPIKE.payload);
  return frame;
}

/** Zeroes a slot from its tag's word on, past `kept` payload bytes that are about to be written. */
export function clearTail(region: SpikeRegion, at: number, kept: number): void {
  const data = region.data;
  const end = at + SPIKE_BYTES;
  for (let word = (at + SPIKE.payload + kept) & ~7; word < end; word += 8) data.setFloat64(word, 0, true);
}

function bareBytes(payload: unknown): Uint8Array {
  const body = payload === undefined ? '' : payload;
  const bytes = isBytes(body) ? body : Buffer.from(typeof body === 'string' ? body : jsonText(body), 'utf8');
  if (bytes.length <= SPIKE.inlineBytes) return bytes;
  throw refusal('payload of a bare axon, bytes', bytes.length, `0 to ${SPIKE.inlineBytes}`);
}
