/**
 * Columns of synapses, as users hand them in (FE-22). Imports: `native`, `units`, `pool`.
 */
import type { SynapseArrays } from '../native/index.js';
import { asMany, checkSynapses, octets, type SynapseInputs, words } from '../pool/index.js';
import { record, refuseUnknown } from '../units/index.js';

/** What is to change of some synapses: each column has as many entries as there are ids. */
export type SynapsePatch = { readonly [K in Exclude<keyof SynapseInputs, 'valid'>]?: SynapseInputs[K] | undefined };

const WORDS = ['sources', 'targets'] as const;
const OCTETS = ['weights', 'conductances', 'types'] as const;

/** @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION */
export function checkColumns(input: unknown): SynapseArrays {
  const { valid, ...columns } = checkSynapses(input);
  return valid === undefined ? columns : { ...columns, valid };
}

/**
 * Checks what is to change of so many synapses.
 *
 * @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION
 */
export function checkPatch(input: unknown, synapses: number): SynapseArrays {
  const given = record('synapses', input);
  refuseUnknown('synapses', given, [...WORDS, ...OCTETS]);
  const patch: SynapseArrays = {};
  for (const key of WORDS) {
    if (given[key] !== undefined) patch[key] = asLong(words(given[key], `synapses.${key}`), key, synapses);
  }
  for (const key of OCTETS) {
    if (given[key] !== undefined) patch[key] = asLong(octets(given[key], `synapses.${key}`), key, synapses);
  }
  return patch;
}

function asLong<A extends { readonly length: number }>(column: A, key: string, length: number): A {
  asMany(`synapses.${key}`, column.length, 'ids', length);
  return column;
}
