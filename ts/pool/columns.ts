/**
 * What goes into a propagation: columns of typed arrays, checked. Imports: `errors`, `units`.
 */
import { record, refusal, refuseUnknown } from '../units/index.js';
import { octets, words } from './arrays.js';

/** Synapses between areas, a column for each quantity, all of one length. */
export interface SynapseInputs {
  /** Ids of the neurons they begin at. */
  readonly sources: Uint32Array;
  /** Ids of the neurons they end at. */
  readonly targets: Uint32Array;
  /** 0 to 255. */
  readonly weights: Uint8Array;
  /** 0 to 255. */
  readonly conductances: Uint8Array;
  /** 0 excites, everything else inhibits. */
  readonly types: Uint8Array;
  /** 0 for synapses that do not count; without it all do. */
  readonly valid?: Uint8Array | undefined;
}

/**
 * Checks all columns.
 *
 * @throws E_OUT_OF_RANGE for another kind of array, or another length than that of `sources`; E_UNKNOWN_OPTION
 */
export function checkSynapses(input: unknown): SynapseInputs {
  const given = record('synapses', input);
  refuseUnknown('synapses', given, KEYS);
  const checked = {
    sources: words(given['sources'], 'synapses.sources'),
    targets: words(given['targets'], 'synapses.targets'),
    weights: octets(given['weights'], 'synapses.weights'),
    conductances: octets(given['conductances'], 'synapses.conductances'),
    types: octets(given['types'], 'synapses.types'),
    valid: given['valid'] === undefined ? undefined : octets(given['valid'], 'synapses.valid'),
  };
  for (const [key, column] of Object.entries(checked)) {
    if (column !== undefined) asMany(key, column.length, 'sources', checked.sources.length);
  }
  return checked;
}

const KEYS = ['sources', 'targets', 'weights', 'conductances', 'types', 'valid'];

/** @throws E_OUT_OF_RANGE that names both lengths */
export function asMany(name: string, found: number, other: string, expected: number): void {
  if (found !== expected) throw refusal(`length of ${name}`, found, `${expected}, as many as ${other}`);
}
