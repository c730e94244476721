/**
 * NB-1, NB-8: bytes 18 to 34 of a spike whose payload lies in the arena. The same literals stand in
 * `crates/spike/tests/spike.rs`: both languages must lay them out alike.
 */
import { describe, expect, it } from 'vitest';
import { refOf } from '../dist/arena/index.js';
import { inArena, SPIKE_BYTES } from '../dist/spike/index.js';
import { keeper, manualBus } from './helpers/bus.js';

/** Marker, offset 0x0001020304050607, length 0x11121314, slot 0x2122, generation 0x3132: no byte twice. */
const EVERY_BYTE = 'a007060504030201001413121122213231';
/** Marker, offset 73,760, length 259, slot 1, generation 1: what a bus writes in the test below. */
const FIRED = 'a020200100000000000301000001000100';

const bytes = (length: number): Uint8Array => new Uint8Array(length).fill(7);

describe('NB-8 a reference in a spike', () => {
  it('is read as the golden hex says, field by field', () => {
    const spike = Buffer.alloc(SPIKE_BYTES);
    spike.write(EVERY_BYTE, 18, 'hex');
    expect(refOf(new DataView(spike.buffer, spike.byteOffset, SPIKE_BYTES), 0)).toEqual({
      offset: 0x0001020304050607,
      length: 0x11121314,
      slot: 0x2122,
      generation: 0x3132,
    });
  });

  it('is written as the golden hex says', () => {
    using bus = manualBus();
    const sender = bus.register({ name: 'sender' }, { onSpike: () => undefined });
    const { neuron, got } = keeper(bus);
    bus.connect(sender, neuron);
    // The first slot is taken, and the second was given out before: so no field is 0.
    bus.arena.write(bytes(70_000));
    bus.arena.release(bus.arena.write(bytes(300)));
    sender.fire(neuron, bytes(0x103));
    bus.tick();
    const frame = got[0]?.bytes ?? Buffer.alloc(0);
    expect(inArena(frame[16] ?? 0)).toBe(true);
    expect(frame.toString('hex', 18, 35)).toBe(FIRED);
    expect(frame.toString('hex', 35)).toBe('00'.repeat(29));
  });
});
