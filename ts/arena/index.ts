/** The memory for payloads above 46 bytes. */
export { Arena, type ArenaHost, checkFits, isOutOfSpace, withRoom } from './arena.js';
export { Lease } from './lease.js';
export { type ArenaRef, refOf } from './ref.js';
export { ArenaMemory } from './window.js';
