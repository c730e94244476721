/** Populations on a bus. */
export type { Bridge, BridgeInput, BridgeOutput } from './bridge.js';
export { Population, type PopulationHost } from './population.js';
