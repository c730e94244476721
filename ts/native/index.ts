/**
 * The one door to the addon. Everything above imports from here, nothing else of `ts/` knows the addon.
 */
export type {
  ArenaStats,
  BridgeLayout,
  BurstInit,
  BurstOutcome,
  Bursts as NativeBursts,
  Bus as NativeBus,
  BusConfig,
  ConnectInit,
  ConnectomeArrays,
  FilterInit,
  NativeEvent,
  NativeStats,
  NeuronArrays,
  Pool as NativePool,
  PoolInit,
  Propagator,
  RefInit,
  StdpInit,
  SynapseArrays,
  SynapseState,
  TouchedArrays,
} from '../../index.js';
export { decodeFailure, type NativeFailure } from './decode.js';
export { RING, SPIKE } from './layout.js';
export { addon, hasAddon } from './load.js';
export { aligned, BridgeMemory, PARK } from './memory.js';
export { HALF, loadWord, storeWord } from './words.js';
