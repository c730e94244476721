/** Neurons: cards, handles, handlers, and the hot path of fire. */
export { type AgentCard, type AgentCardInit, checkCard, type Membrane } from './card.js';
export { checkHandlers, type NeuronHandlers, Receiver } from './handlers.js';
export { Neuron, type NeuronHost, type ReadyOptions } from './neuron.js';
export type { FireOptions } from './options.js';
export { Outbox, type OutboxHost } from './outbox.js';
export { Seat } from './seat.js';
