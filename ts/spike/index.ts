/** The message: its types, its codec, its views. */
export { type BatchOwner, SpikeBatch } from './batch.js';
export {
  arenaTag,
  checkFrames,
  checkModulatory,
  inArena,
  inlineTag,
  KINDS,
  kind,
  kindCode,
  SPIKE_BYTES,
} from './codec.js';
export { isBytes, jsonText, writeAscii, writeBytes } from './payload.js';
export { MAX_VIEWS, SpikeRegion } from './region.js';
export type { JsonValue, NeuronId, Payload, Spike, SpikeInit, SpikeKind } from './types.js';
export { type ArenaWindow, SpikeView } from './view.js';
export { clearTail, frameOf } from './write.js';
