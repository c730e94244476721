/** Populations: pools of neurons, propagation between areas. */
export { floats, halves, octets, words } from './arrays.js';
export { asMany, checkSynapses, type SynapseInputs } from './columns.js';
export type { PoolConfig, PoolMode } from './config.js';
export type { PropagationStats, Scale } from './core.js';
export { type PropagationOptions, SynapticPropagationEngine } from './engine.js';
export { readWhole, writeWhole } from './file.js';
export { type Modulated, NeuronPool, type PoolLoadOptions } from './pool.js';
export { Propagation } from './propagation.js';
export { checkRange, type Levels, type NeuronRange, type Signal } from './signal.js';
export type { PoolStats, Thermal } from './stats.js';
