/**
 * The one door to the addon. Everything above imports from here, nothing else of `ts/` knows the addon.
 */
export type {
  ArenaStats,
  BridgeLayout,
  Bus as NativeBus,
  BusConfig,
  ConnectInit,
  FilterInit,
  NativeEvent,
  NativeStats,
  Pool as NativePool,
  PoolInit,
  Propagator,
  RefInit,
  StdpInit,
  SynapseState,
} from '../../index.js';
export { decodeFailure, type NativeFailure } from './decode.js';
export { RING, SPIKE } from './layout.js';
export { addon } from './load.js';
export { aligned, BridgeMemory, PARK } from './memory.js';
export { HALF, loadWord, storeWord } from './words.js';
