/**
 * What a neuron says about itself. Imports: `units`, `spike`.
 */
import type { NeuronId } from '../spike/index.js';
import {
  type Check,
  finite,
  integer,
  list,
  option,
  optional,
  parse,
  refusal,
  type Table,
  text,
  word,
} from '../units/index.js';

/** How a membrane integrates, leaks and fires. A weight of 1 adds 1. */
export interface Membrane {
  /** Potential at which it fires, compared after the leak; above `rest`. Default 1. */
  threshold: number;
  /** Potential to which it leaks and falls back. Default 0. */
  rest: number;
  /** What a tick leaves of the distance from rest, 0 to 1 (no leak). Default 0.95. */
  leak: number;
  /** Ticks after one in which it fired during which it takes nothing, 0 to 2^32 − 1. Default 2. */
  refractoryTicks: number;
  /** The least potential, held after each spike; at most `rest`. Default rest − 1. */
  floor: number;
}

/** What a neuron is registered with. */
export interface AgentCardInit {
  /** Its name; not empty, not unique. */
  name: string;
  /** What it is, in words. Default empty. */
  description?: string | undefined;
  /** What it can do: words, or paths of words as `'translate/german'`, with no empty word. Default nothing. */
  capabilities?: readonly string[] | undefined;
  /** Where it lives: paths as `'cortex/language'`, with no empty word. Default nowhere. */
  regions?: readonly string[] | undefined;
  /** How many asks it serves at once, 1 to 2^32 − 1. Default 1. */
  slots?: number | undefined;
  /** Default: the defaults of {@link Membrane}. */
  membrane?: { [K in keyof Membrane]?: Membrane[K] | undefined } | undefined;
}

/** What a neuron says about itself; frozen. */
export interface AgentCard {
  /** The id of the neuron. */
  readonly id: NeuronId;
  readonly name: string;
  readonly description: string;
  /** Each once, in the order given. */
  readonly capabilities: readonly string[];
  /** Each once, in the order given. */
  readonly regions: readonly string[];
  /** How many asks it serves at once. */
  readonly slots: number;
  readonly membrane: Readonly<Membrane>;
}

const MAX_U32 = 2 ** 32 - 1;

const MEMBRANE = {
  threshold: option(finite(), 1),
  rest: option(finite(), 0),
  leak: option(finite(0, 1), 0.95),
  refractoryTicks: option(integer(0, MAX_U32), 2),
  floor: optional(finite()),
} satisfies Table;

const path: Check<string> = (value, name) => {
  const found = text(value, name);
  if (found.split('/').every((segment) => segment.length > 0)) return found;
  throw refusal(name, value, 'words joined by single slashes');
};

const paths: Check<readonly string[]> = (value, name) => Object.freeze([...new Set(list(path)(value, name))]);

const membrane: Check<Readonly<Membrane>> = (value, name) => {
  const fields = parse(name, value, MEMBRANE);
  const { threshold, rest, floor = rest - 1 } = fields;
  if (Math.fround(threshold) <= Math.fround(rest)) {
    throw refusal(`${name}.threshold`, threshold, `finite numbers above rest (${rest})`);
  }
  if (floor > rest) throw refusal(`${name}.floor`, floor, `finite numbers up to rest (${rest})`);
  return Object.freeze({ ...fields, floor });
};

const CARD = {
  name: optional(word),
  description: option(text, ''),
  capabilities: option(paths, Object.freeze([])),
  regions: option(paths, Object.freeze([])),
  slots: option(integer(1, MAX_U32), 1),
  membrane: option(membrane, membrane({}, 'membrane')),
} satisfies Table;

/**
 * A card as a user gives it.
 *
 * @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION
 */
export function checkCard(init: unknown): Omit<AgentCard, 'id'> {
  const card = parse('AgentCard', init ?? null, CARD);
  return { ...card, name: word(card.name, 'AgentCard.name') };
}
