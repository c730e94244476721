/** Populations: propagation between areas. */
export type { SynapseInputs } from './columns.js';
export type { PropagationStats, Scale } from './core.js';
export { type PropagationOptions, SynapticPropagationEngine } from './engine.js';
export { Propagation } from './propagation.js';
