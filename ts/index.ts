/**
 * The public door: everything that `neuronbus` exports, by name.
 */
export { Arena, type ArenaRef, Lease } from './arena/index.js';
export { Axon, type AxonOptions, AxonReader, type ReaderOptions } from './axon/index.js';
export {
  type Bridge,
  type BridgeInput,
  type BridgeOutput,
  type BusEvents,
  type BusListener,
  type BusOptions,
  type BusSettings,
  type BusStats,
  type DiscoverQuery,
  type DropEvent,
  type DropReason,
  NeuronBus,
  type PruneOptions,
  type TickReport,
} from './bus/index.js';
export {
  BackPressureError,
  BusyError,
  ClosedError,
  CorruptError,
  type ErrorCode,
  type ErrorDetail,
  IoError,
  NeuronBusError,
  NotConnectedError,
  OutOfRangeError,
  OutOfSpaceError,
  PanicError,
  ReentrantError,
  StaleRefError,
  StateError,
  UnknownFilterError,
  UnknownNeuronError,
  UnknownOptionError,
} from './errors/index.js';
export {
  type AgentCard,
  type AgentCardInit,
  type FireOptions,
  type Membrane,
  Neuron,
  type NeuronHandlers,
  type ReadyOptions,
} from './neuron/index.js';
export {
  type Levels,
  type Modulated,
  NeuronPool,
  type NeuronRange,
  type PoolConfig,
  type PoolLoadOptions,
  type PoolMode,
  type PoolStats,
  Propagation,
  type PropagationOptions,
  type PropagationStats,
  type Scale,
  type Signal,
  type SynapseInputs,
  SynapticPropagationEngine,
  type Thermal,
} from './pool/index.js';
export {
  type JsonValue,
  type NeuronId,
  type Payload,
  type Spike,
  SpikeBatch,
  type SpikeInit,
  type SpikeKind,
} from './spike/index.js';
export {
  type ConnectOptions,
  type Filter,
  type Predicate,
  type StdpOptions,
  type StdpPatch,
  Synapse,
} from './synapse/index.js';
