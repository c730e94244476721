/** The ring: one layout, one writer, reliable and lossy readers. */
export { Axon, type AxonOptions, MAX_SLOTS } from './axon.js';
export { LossyCursor, ReliableCursor } from './cursor.js';
export { RingMemory } from './memory.js';
export { RingPublisher } from './publisher.js';
export { AxonReader, openReader, type ReaderOptions } from './reader.js';
export { Signal } from './signal.js';
export { claimGate, type LeaseKeeper, type RingSource } from './source.js';
