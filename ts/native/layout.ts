/**
 * Where things lie in shared memory, as the addon tells it once at start. No other file of `ts/` knows such a number.
 * Imports: the addon.
 */
import type { RingLayout, SpikeLayout } from '../../index.js';
import { addon, hasAddon } from './load.js';

/** Without the addon there is no memory in which anything could lie: nobody comes to read a number. */
const NOWHERE = Object.create(null);

/** Offsets of a ring's cursors and gates, in bytes from its first byte. */
export const RING: Readonly<RingLayout> = Object.freeze(hasAddon ? addon().ringLayout() : NOWHERE);

/** Offsets of a spike's fields, in bytes from its first byte, and the codes of its tag. */
export const SPIKE: Readonly<SpikeLayout> = Object.freeze(hasAddon ? addon().spikeLayout() : NOWHERE);
