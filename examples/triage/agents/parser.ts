/**
 * Parses the files of one kind. Imports: `neuronbus`, `kinds`.
 */
import type { AgentCardInit, Neuron, NeuronHandlers, Spike } from 'neuronbus';
import { Courier } from '../courier.js';
import { type Frame, readFrame } from '../frame.js';
import { type Assembly, type Finding, type Kind, messageOf } from '../kinds/index.js';
import type { Result } from '../messages.js';
import type { Guild } from './guild.js';

interface Arriving {
  readonly path: string;
  readonly assembly: Assembly;
  bytes: number;
}

/** One agent for each kind. It holds the files that are arriving, at most as many as the walker reads at once. */
export class Parser implements NeuronHandlers {
  /** What the agent of a kind says about itself. */
  static card(kind: Kind): AgentCardInit {
    return {
      name: `${kind.id} parser`,
      description: `parses ${kind.names}`,
      capabilities: ['parse', `parse:${kind.id}`],
      regions: [`triage/parse/${kind.id}`],
    };
  }

  readonly #kind: Kind;
  readonly #guild: Guild;
  readonly #courier: Courier = new Courier();
  readonly #arriving: Map<number, Arriving> = new Map();

  constructor(kind: Kind, guild: Guild) {
    this.#kind = kind;
    this.#guild = guild;
  }

  onSpike(spike: Spike, self: Neuron): void {
    this.#guild.heard(spike);
    const { file, part, body } = readFrame(spike.payload);
    if (part === 'open') this.#open(file, body.toString('utf8'));
    else if (part === 'chunk') this.#push(file, body);
    else this.#close(file, part, self);
  }

  #open(file: number, path: string): void {
    this.#arriving.set(file, { path, bytes: 0, assembly: this.#kind.open(path) });
  }

  #push(file: number, body: Buffer): void {
    const arriving = this.#known(file);
    arriving.bytes += body.length;
    arriving.assembly.push(body);
  }

  #close(file: number, part: Frame['part'], self: Neuron): void {
    const { path, bytes, assembly } = this.#known(file);
    this.#arriving.delete(file);
    if (part === 'abort') return;
    const result: Result = { about: 'file', kind: this.#kind.id, path, bytes, ...finished(assembly) };
    this.#courier.post(self, this.#guild.who('sum'), result);
  }

  #known(file: number): Arriving {
    const found = this.#arriving.get(file);
    if (found === undefined) throw new Error(`File ${file} was never opened.`);
    return found;
  }
}

/** A parser that breaks is a parse error of this file, not the end of the agent. */
function finished(assembly: Assembly): Finding {
  try {
    return assembly.finish();
  } catch (error) {
    return { error: `the parser failed: ${messageOf(error)}`, found: {} };
  }
}
