/**
 * Two ways to fire without losing anything: one for async code, which waits, one for handlers, which cannot.
 * Imports: `neuronbus`.
 */
import { type JsonValue, type Neuron, type NeuronId, OutOfSpaceError } from 'neuronbus';

/** Waits for credit and for arena room, then fires. Others may take the room first: then it waits again. */
export async function send(from: Neuron, to: NeuronId, payload: Buffer): Promise<void> {
  do await from.ready({ bytes: payload.length });
  while (!attempt(from, to, payload));
}

/** Fires for handlers: at once if there is room, else as soon as there is, in order. */
export class Courier {
  readonly #waiting: { readonly from: Neuron; readonly to: NeuronId; readonly payload: Buffer }[] = [];

  /** Takes over a message. */
  post(from: Neuron, to: NeuronId, message: JsonValue): void {
    const payload = Buffer.from(JSON.stringify(message));
    if (this.#waiting.length === 0 && attempt(from, to, payload)) return;
    if (this.#waiting.push({ from, to, payload }) === 1) void this.#deliver();
  }

  async #deliver(): Promise<void> {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      await send(next.from, next.to, next.payload);
      this.#waiting.shift();
    }
  }
}

/** False if there is no room now. */
function attempt(from: Neuron, to: NeuronId, payload: Buffer): boolean {
  try {
    return from.tryFire(to, payload);
  } catch (error) {
    if (error instanceof OutOfSpaceError) return false;
    throw error;
  }
}
