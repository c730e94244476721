/**
 * Where things lie in shared memory, as the addon tells it once at start. No other file of `ts/` knows such a number.
 * Imports: the addon.
 */
import type { RingLayout, SpikeLayout } from '../../index.js';
import { addon } from './load.js';

/** Offsets of a ring's cursors and gates, in bytes from its first byte. */
export const RING: Readonly<RingLayout> = Object.freeze(addon.ringLayout());

/** Offsets of a spike's fields, in bytes from its first byte, and the codes of its tag. */
export const SPIKE: Readonly<SpikeLayout> = Object.freeze(addon.spikeLayout());
