/**
 * What a population fires. Imports: `errors`, `units`, `pool`, `neuron`, `spike`.
 */
import { type ErrorCode, NeuronBusError } from '../../errors/index.js';
import type { Neuron } from '../../neuron/index.js';
import { checkRange, type NeuronPool, type NeuronRange } from '../../pool/index.js';
import { isBytes, jsonText, type NeuronId, type Payload } from '../../spike/index.js';
import { isFunction, refusal } from '../../units/index.js';
import type { BridgeOutput } from './bridge.js';

/** What is fired for neurons that fired. */
type Telling = (fired: Uint32Array) => readonly Payload[];

/** What is no fault of the payload. */
const REFUSED: ReadonlySet<ErrorCode> = new Set(['E_BACK_PRESSURE', 'E_OUT_OF_SPACE', 'E_CLOSED']);

/** The output side of a bridge. */
export class Outflow {
  readonly range: NeuronRange;
  readonly #tell: Telling;
  readonly #to: Neuron | NeuronId | undefined;
  /** Most payloads that wait. */
  readonly #room: number;
  /** What was refused, in order. */
  #waiting: Payload[] = [];

  /**
   * @param room most payloads that wait for credit or arena room
   * @throws E_OUT_OF_RANGE
   */
  constructor(output: BridgeOutput, pool: NeuronPool, room: number) {
    this.range = checkRange(output.range, 'bridge.output.range', pool.membrane.length);
    this.#tell = tellBy(output.map);
    this.#to = output.to;
    this.#room = room;
  }

  /**
   * Fires what waits, and then what these neurons give. What is refused waits for the next tick. Where `room` payloads wait, one more
   * is given up, after another refused attempt: that is what the books of the bus count.
   *
   * @throws what the user's function throws; what `fire` refuses for another reason, and then that payload is gone
   */
  pass(self: Neuron, fired: Uint32Array): void {
    for (const payload of fired.length > 0 ? this.#tell(fired) : []) {
      if (this.#waiting.length === this.#room) this.#flush(self);
      if (this.#waiting.length < this.#room) this.#waiting.push(payload);
    }
    this.#flush(self);
  }

  #flush(self: Neuron): void {
    for (;;) {
      const [head] = this.#waiting.splice(0, 1);
      if (head === undefined) return;
      if (!this.#fire(self, head)) {
        this.#waiting.unshift(head);
        return;
      }
    }
  }

  /** Whether it was taken. A bus that is closing takes nothing more, which is no fault of a pool that still fires. */
  #fire(self: Neuron, payload: Payload): boolean {
    try {
      if (this.#to === undefined) self.broadcast(payload);
      else self.fire(this.#to, payload);
      return true;
    } catch (error) {
      if (isRefused(error)) return false;
      throw error;
    }
  }
}

function isRefused(error: unknown): boolean {
  return error instanceof NeuronBusError && REFUSED.has(error.code);
}

/** @throws E_OUT_OF_RANGE */
function tellBy(map: BridgeOutput['map']): Telling {
  if (map === undefined || map === 'list') return (fired) => [listOf(fired)];
  if (map === 'each') return (fired) => Array.from(fired, (neuron) => listOf([neuron]));
  if (!isFunction(map)) throw refusal('bridge.output.map', map, '"list", "each", functions');
  return (fired) => {
    const payload = map(fired);
    return payload === undefined ? [] : [kept(payload)];
  };
}

/** A payload as it is now: it may have to wait, and its owner may write to it meanwhile. */
function kept(payload: Payload): string | Uint8Array {
  if (isBytes(payload)) return Buffer.from(payload);
  return typeof payload === 'string' ? payload : jsonText(payload);
}

/** Ids, u16 little endian. */
function listOf(neurons: ArrayLike<number>): Uint8Array {
  const list = Buffer.alloc(neurons.length * 2);
  Array.from(neurons, (neuron, at) => list.writeUInt16LE(neuron, at * 2));
  return list;
}
