/**
 * All neurons and synapses of an engine, with their ids, out of it and into another (FE-22). Imports: `native`, `units`, `pool`.
 */
import type { ConnectomeArrays } from '../native/index.js';
import { asMany, type SynapseInputs, words } from '../pool/index.js';
import { record, refuseUnknown } from '../units/index.js';
import { checkNeurons, type NeuronColumns } from './neurons.js';
import { checkColumns } from './synapses.js';

/** All neurons and synapses, without what changes from burst to burst. Ids ascend. */
export interface BurstConnectome {
  readonly neurons: NeuronColumns & { readonly ids: Uint32Array };
  readonly synapses: Omit<SynapseInputs, 'valid'> & { readonly ids: Uint32Array };
}

/** @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION */
export function checkConnectome(input: unknown): ConnectomeArrays {
  const given = record('connectome', input);
  refuseUnknown('connectome', given, ['neurons', 'synapses']);
  const [neuronIds, cells] = split(given['neurons'], 'connectome.neurons');
  const [synapseIds, edges] = split(given['synapses'], 'connectome.synapses');
  refuseUnknown('connectome.synapses', edges, ['sources', 'targets', 'weights', 'conductances', 'types']);
  const [neurons, synapses] = [checkNeurons(cells, 'connectome.neurons'), checkColumns(edges)];
  asMany('connectome.neurons.thresholds', neurons.thresholds?.length ?? 0, 'ids', neuronIds.length);
  asMany('connectome.synapses.sources', synapses.sources?.length ?? 0, 'ids', synapseIds.length);
  return { neuronIds, neurons, synapseIds, synapses };
}

/** The ids, and the columns. */
function split(table: unknown, name: string): [Uint32Array, Record<string, unknown>] {
  const { ids, ...columns } = record(name, table);
  return [words(ids, `${name}.ids`), columns];
}

/** As the addon gave it. */
export function readConnectome({ neuronIds, neurons, synapseIds, synapses }: ConnectomeArrays): BurstConnectome {
  const { thresholds = new Float32Array(), ...cells } = neurons;
  const { sources = none(), targets = none(), ...rest } = synapses;
  const { weights = new Uint8Array(), conductances = new Uint8Array(), types = new Uint8Array() } = rest;
  return {
    neurons: { ids: neuronIds, thresholds, ...cells },
    synapses: { ids: synapseIds, sources, targets, weights, conductances, types },
  };
}

function none(): Uint32Array {
  return new Uint32Array();
}
