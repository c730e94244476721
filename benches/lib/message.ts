/** The message that the TypeScript rows carry, and its verification: in order, once, intact. */
import type { Spike, SpikeBatch } from 'neuronbus';

/** Bytes of a payload: what lies in a spike from byte 18 to byte 48. */
export const PAYLOAD_BYTES = 30;

const WORDS_OF_A_SPIKE = 16;
/** Words (32 bits) of a spike: sequence; source and target; and the seven words of the payload after its first two bytes. */
const [SEQUENCE, ADDRESS, FIRST, LAST] = [2, 3, 5, 11];
/** One spike of so many is looked at byte by byte where that would cost more than the delivery. */
const SAMPLE = 64;

/** The payload of one sender, rewritten for each message. */
export class Message {
  readonly payload: Uint8Array;
  readonly #words: Int32Array;

  constructor() {
    const buffer = new ArrayBuffer(PAYLOAD_BYTES + 2);
    this.#words = new Int32Array(buffer, 4);
    this.payload = new Uint8Array(buffer, 2);
  }

  /** Makes it message `sequence`. */
  write(sequence: number): Uint8Array {
    for (let word = FIRST; word <= LAST; word++) this.#words[word - FIRST] = mixed(sequence, word);
    return this.payload;
  }
}

/** What one receiver expects of its senders. */
export class Expectation {
  /** Spikes seen. */
  seen = 0;
  readonly #next: number[];
  readonly #target: number;

  /** @param target id of the receiver; ids of senders are below `senders` or up to it */
  constructor(target: number, senders: number) {
    this.#target = target;
    this.#next = new Array<number>(senders + 1).fill(0);
  }

  /** Takes one spike; every so many are looked at byte by byte. */
  spike(spike: Spike): void {
    const { sequence, source } = spike;
    this.#step(sequence, source);
    if (sequence % SAMPLE === 0) this.#intact(spike);
  }

  /** Takes a batch; every byte that the sender wrote is looked at. */
  batch(batch: SpikeBatch): void {
    const { buffer, length } = batch;
    const words = new Int32Array(buffer.buffer, buffer.byteOffset, length * WORDS_OF_A_SPIKE);
    for (let at = 0; at < words.length; at += WORDS_OF_A_SPIKE) {
      const sequence = (words[at + SEQUENCE] ?? 0) >>> 0;
      const address = words[at + ADDRESS] ?? 0;
      this.#step(sequence, address & 0xffff);
      let wrong = (address >>> 16) ^ this.#target;
      for (let word = FIRST; word <= LAST; word++) wrong |= (words[at + word] ?? 0) ^ mixed(sequence, word);
      if (wrong !== 0) throw new Error(`spike ${sequence} is not intact`);
    }
  }

  #step(sequence: number, source: number): void {
    const next = this.#next[source];
    if (sequence !== next) throw new Error(`spike ${sequence} of neuron ${source} came instead of ${next}`);
    this.#next[source] = sequence + 1;
    this.seen++;
  }

  #intact(spike: Spike): void {
    const { payload, sequence } = spike;
    const expected = Buffer.from(new Message().write(sequence));
    if (spike.target !== this.#target || payload.compare(expected) !== 0) {
      throw new Error(`spike ${sequence} is not intact: ${payload.toString('hex')}`);
    }
  }
}

/** A word that tells messages and places apart. */
function mixed(sequence: number, word: number): number {
  return Math.imul(sequence ^ word, 0x9e3779b1);
}
