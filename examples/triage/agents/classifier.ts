/**
 * Tells the walker which parser takes a file. Imports: `neuronbus`, `kinds`.
 */
import type { AgentCardInit, Neuron, NeuronHandlers, Spike } from 'neuronbus';
import { Courier } from '../courier.js';
import { kindOf } from '../kinds/index.js';
import type { Question, Verdict } from '../messages.js';
import type { Guild } from './guild.js';

/** Looks at names only: so anyone can check its counts by `find -name`. */
export class Classifier implements NeuronHandlers {
  static readonly card: AgentCardInit = {
    name: 'classifier',
    description: 'tells the kind of a file by its name',
    capabilities: ['classify'],
    regions: ['triage/classify'],
  };

  readonly #guild: Guild;
  readonly #courier: Courier = new Courier();

  constructor(guild: Guild) {
    this.#guild = guild;
  }

  onSpike(spike: Spike, self: Neuron): void {
    this.#guild.heard(spike);
    const { file, name } = spike.json<Question>();
    const verdict: Verdict = { file, parser: this.#guild.who(`parse:${kindOf(name).id}`) };
    this.#courier.post(self, spike.source, verdict);
  }
}
