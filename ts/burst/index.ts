/** Neurons and synapses that run in bursts. */
export type { Burst, BurstPhases, BurstStats } from './burst.js';
export type { BurstConnectome } from './connectome.js';
export { BurstEngine, type BurstLoadOptions } from './engine.js';
export type { BurstEvents, BurstListener } from './events.js';
export type { NeuronColumns, NeuronPatch } from './neurons.js';
export type { BurstOptions } from './options.js';
export { type HebbOptions, hebb, type PlasticityRule, type Touched } from './rule.js';
export type { SynapsePatch } from './synapses.js';
