/**
 * How a population stands on a bus: what spikes do to it, and what it fires. Imports: `units`, `pool`, `neuron`, `spike`.
 */
import type { Neuron } from '../../neuron/index.js';
import type { NeuronRange } from '../../pool/index.js';
import type { NeuronId, Payload, Spike } from '../../spike/index.js';
import { integer, record, refuseUnknown } from '../../units/index.js';

/** What spikes do to a population. */
export interface BridgeInput {
  /** Neurons that spikes may reach. */
  range: NeuronRange;
  /**
   * Whom a spike reaches. `'list'` (default): the neurons whose ids its payload holds, u16 little endian. `'source'`: one neuron, the
   * first of the range + the id of the source modulo the length of the range. A function: the ids that it returns.
   */
  map?: 'list' | 'source' | ((spike: Spike) => ArrayLike<number>) | undefined;
  /**
   * What a spike adds to each of them, as a weight of the pool (60 fires a rested neuron), times the weight of the synapse that it came
   * by; an inhibitory one subtracts it. A modulatory spike goes to `applyModulation` instead.
   */
  weight: number;
}

/** What a population fires. */
export interface BridgeOutput {
  /** Neurons whose firing is told. */
  range: NeuronRange;
  /**
   * How it is told in a tick of the bus in which any of them fired. `'list'` (default): one spike with their ids, u16 little endian, in
   * the order of firing. `'each'`: a spike for each, with its id. A function: one spike with what it returns, none for undefined.
   */
  map?: 'list' | 'each' | ((fired: Uint32Array) => Payload | undefined) | undefined;
  /** Who is told. Default: broadcast. */
  to?: Neuron | NeuronId | undefined;
}

/** How a population stands on a bus. */
export interface Bridge {
  /** Ticks of the pool in a tick of the bus, 1 to 10,000; what spikes bring comes with the first. Default 1. */
  steps?: number | undefined;
  /** Default: spikes do nothing to it. */
  input?: BridgeInput | undefined;
  /** Default: it fires nothing. */
  output?: BridgeOutput | undefined;
}

/** Ticks of the pool in a tick of the bus. */
const steps = integer(1, 10_000);

/** @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION */
export function checkBridge(bridge: Bridge): Bridge & { readonly steps: number } {
  refuseUnknown('bridge', record('bridge', bridge), ['steps', 'input', 'output']);
  const { input, output } = bridge;
  if (input !== undefined) refuseUnknown('bridge.input', record('bridge.input', input), ['range', 'map', 'weight']);
  if (output !== undefined) refuseUnknown('bridge.output', record('bridge.output', output), ['range', 'map', 'to']);
  return { steps: bridge.steps === undefined ? 1 : steps(bridge.steps, 'bridge.steps'), input, output };
}
