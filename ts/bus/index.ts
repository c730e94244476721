/** The bus itself. */
export { type DiscoverQuery, NeuronBus } from './bus.js';
export type { BusOptions, BusSettings, PruneOptions } from './options.js';
export type { Bridge, BridgeInput, BridgeOutput } from './population/index.js';
export type { BusEvents, BusListener, BusStats, DropEvent, DropReason, TickReport } from './types.js';
