/**
 * Rules by which synapses learn (FE-19). Imports: `units`.
 */
import { integer, isFunction, record, refusal, refuseUnknown, word } from '../units/index.js';

/**
 * The synapses that took part in a burst: a spike of their source arrived in it, or their target fired in it. Entry n of each array
 * belongs to one synapse; each stands once, by ascending id.
 */
export interface Touched {
  /** The number of the burst, from 0. */
  readonly burst: number;
  readonly ids: Uint32Array;
  /** The neurons they begin at. */
  readonly sources: Uint32Array;
  /** The neurons they end at. */
  readonly targets: Uint32Array;
  /** 0 for those that excite. */
  readonly types: Uint8Array;
  /** How strong they are: a rule writes here. */
  readonly weights: Uint8Array;
  /** 1 where the source fired in the burst before, so that its spike arrived in this one; else 0. */
  readonly pre: Uint8Array;
  /** 1 where the target fired in this burst; else 0. */
  readonly post: Uint8Array;
}

/** Changes weights after who fires is settled, in each burst. They count from the spikes of that burst on. */
export interface PlasticityRule {
  /** What it is called. */
  readonly name: string;
  /**
   * Changes the weights of what took part. The arrays are copies that belong to this burst: what is written later is lost. It may not
   * change the engine meanwhile.
   */
  update(touched: Touched): void;
}

/** How fast {@link hebb} learns. */
export interface HebbOptions {
  /** What a synapse gains, 0 to 255. */
  potentiation: number;
  /** What it loses, 0 to 255. */
  depression: number;
}

/** What {@link hebb} makes. An engine runs it in the addon. */
export class Hebb implements PlasticityRule {
  readonly name = 'hebb';
  readonly potentiation: number;
  readonly depression: number;

  constructor({ potentiation, depression }: HebbOptions) {
    this.potentiation = potentiation;
    this.depression = depression;
    Object.freeze(this);
  }

  /** For rules that are made of others. */
  update({ weights, pre, post }: Touched): void {
    weights.forEach((weight, at) => {
      const change = post[at] === 0 ? -this.depression : this.potentiation;
      if (pre[at] !== 0) weights[at] = Math.min(255, Math.max(0, weight + change));
    });
  }
}

const amount = integer(0, 255);

/**
 * A rule: a spike that arrives when its target fires makes the synapse stronger, one that arrives for nothing makes it weaker. Weights
 * end at 0 and at 255.
 *
 * @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION
 */
export function hebb(options: HebbOptions): PlasticityRule {
  const given = record('options', options);
  refuseUnknown('options', given, ['potentiation', 'depression']);
  return new Hebb({
    potentiation: amount(given['potentiation'], 'options.potentiation'),
    depression: amount(given['depression'], 'options.depression'),
  });
}

/** @throws E_OUT_OF_RANGE */
export function checkRule(rule: PlasticityRule): PlasticityRule {
  const given = record('rule', rule);
  word(given['name'], 'rule.name');
  if (!isFunction(given['update'])) throw refusal('rule.update', given['update'], 'functions');
  return rule;
}

/**
 * Runs rules one after the other; each sees what those before it left. What one has written that throws is forgotten.
 *
 * @param touched what took part; in the end its weights are those that the rules left
 * @returns what was thrown
 */
export function runRules(rules: readonly PlasticityRule[], touched: Touched): unknown[] {
  const errors: unknown[] = [];
  for (const rule of rules) {
    try {
      keep(touched.weights, (weights) => rule.update(Object.freeze({ ...touched, weights })));
    } catch (error) {
      errors.push(error);
    }
  }
  return errors;
}

/** Takes over what was written to a copy. */
function keep(weights: Uint8Array, write: (copy: Uint8Array) => void): void {
  const copy = weights.slice();
  write(copy);
  // Transferred to another thread, an array is left with nothing.
  if (copy.length !== weights.length)
    throw refusal('weights of a rule', 'detached', 'weights that stay where they are');
  if (weights.length > 0) weights.set(copy);
}
