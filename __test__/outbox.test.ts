/** The hot path of `fire` alone, with a driver that is awake and does nothing. */
import { expect, test } from 'vitest';
import { RingMemory } from '../dist/axon/index.js';
import { BridgeMemory } from '../dist/native/index.js';
import { Outbox, type OutboxHost } from '../dist/neuron/outbox.js';
import { Seat } from '../dist/neuron/seat.js';

const CONFIG = {
  arenaBytes: 65_536,
  axonSlots: 1_024,
  maxNeurons: 2,
  deferSlots: 4,
  inboxSlots: 2,
  outboxSlots: 1_024,
  wait: 'yield-then-park' as const,
  manualClock: false,
  pruneBelow: 0.01,
  pruneEveryTicks: 0,
};

/** Fires so many spikes; returns after how many of them the clock was read anew. */
function reads(manualClock: boolean, spikes: number): number[] {
  const memory = new BridgeMemory({ ...CONFIG, manualClock });
  const ring = RingMemory.format(memory.buffer, memory.base + memory.layout.outbox, CONFIG.outboxSlots);
  const found: number[] = [];
  let fired = 0;
  const host: Omit<OutboxHost, 'native'> = {
    touch: () => void found.push(fired),
    manualClock,
    axonSlots: CONFIG.axonSlots,
    settle: () => false,
    stirred: () => {},
  };
  const outbox = new Outbox({ ...host, native: Object.create(null) }, memory, ring);
  const seat = new Seat(0, 0);
  for (; fired < spikes; fired++) expect(outbox.emit(seat, 1, 'x', undefined)).toBe(true);
  return found;
}

test('the clock is read anew before every 32nd spike, whatever the driver does', () => {
  expect(reads(false, 100)).toEqual([31, 63, 95]);
});

test('a clock that is driven by hand is never read anew', () => {
  expect(reads(true, 100)).toEqual([]);
});
