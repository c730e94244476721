/**
 * The columns of a pool as typed arrays over its own memory. Imports: `native`, `errors`.
 */
import { markAsUntransferable } from 'node:worker_threads';
import { guarded } from '../errors/index.js';
import type { NativePool } from '../native/index.js';

/** The columns whose memory stays where it is. */
export interface PoolColumns {
  readonly membrane: Int16Array;
  readonly threshold: Int16Array;
  readonly leak: Uint8Array;
  readonly refractory: Uint8Array;
  readonly flags: Uint8Array;
  readonly trace: Int8Array;
}

/** Those that lie elsewhere after synapses have grown or were pruned. */
export interface PoolRows {
  readonly rowPtr: Uint32Array;
  readonly synapses: Uint8Array;
}

/** Views of the columns, to be made once. */
export function viewColumns(native: NativePool): PoolColumns {
  return {
    membrane: new Int16Array(show(native, 'membrane')),
    threshold: new Int16Array(show(native, 'threshold')),
    leak: new Uint8Array(show(native, 'leak')),
    refractory: new Uint8Array(show(native, 'refractory')),
    flags: new Uint8Array(show(native, 'flags')),
    trace: new Int8Array(show(native, 'trace')),
  };
}

/** Views of the rows, to be made once until they move. */
export function viewRows(native: NativePool): PoolRows {
  return {
    rowPtr: new Uint32Array(show(native, 'rowPtr')),
    synapses: new Uint8Array(show(native, 'synapses')),
  };
}

/** The memory of all pools. */
const shown = new WeakSet<object>();

/** Input for a tick: never the memory that the tick writes to. */
export function apart(input: Int16Array): Int16Array {
  return shown.has(input.buffer) ? input.slice() : input;
}

/** No other thread may write to this memory while the pool ticks. */
function show(native: NativePool, name: keyof PoolColumns | keyof PoolRows): ArrayBuffer {
  const buffer = guarded(() => native.column(name));
  markAsUntransferable(buffer);
  shown.add(buffer);
  return buffer;
}
