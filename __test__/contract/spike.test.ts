/** The 64 bytes: layout, kinds, priority, payloads (NB-1 … NB-8, defect 6, defect 8). */
import { Axon, type Payload, type Spike, type SpikeInit, type SpikeKind } from 'neuronbus';
import { expect, test } from 'vitest';
import { call, deaf, listener, manualBus, pattern, refuses } from './helpers.js';

const KNOWN: SpikeInit = {
  timestampNs: 0x0102_0304_0506_0708n,
  sequence: 0x0a0b_0c0d,
  source: 0x1112,
  target: 0x2122,
  kind: 'inhibitory',
  priority: 200,
  payload: 'hello',
};

/** One spike through a bare axon. */
function through(spike: SpikeInit | Uint8Array): Spike {
  using axon = new Axon({ slots: 2 });
  using reader = axon.reader();
  axon.publish(spike);
  return reader.poll().at(0).copy();
}

test('NB-1 a known spike has the golden bytes, little endian, the same as in Rust', () => {
  const hex = through(KNOWN).bytes.toString('hex');
  expect(hex).toBe(`08070605040302010d0c0b0a1211222119c868656c6c6f${'0'.repeat(82)}`);
  expect(hex.length).toBe(128);
});

test('NB-1 a fired spike has the golden bytes: time, sequence, source, target, kind and length, priority, payload', () => {
  const bus = manualBus();
  const sender = deaf(bus, 'sender');
  const { neuron, heard } = listener(bus);
  bus.connect(sender, neuron);
  bus.advance(1);
  sender.fire(neuron, 'first');
  bus.advance(1.5);
  sender.fire(neuron, 'hello', { kind: 'inhibitory', priority: 7 });
  bus.tick();
  expect(heard[1]?.bytes.toString('hex')).toBe(`a025260000000000010000000000010019076865${'6c6c6f'}${'0'.repeat(82)}`);
});

test('NB-1 bytes is 64 bytes long', () => {
  expect(through({}).bytes.length).toBe(64);
});

test.each<[SpikeKind, number]>([
  ['excitatory', 0],
  ['inhibitory', 1],
  ['modulatory', 2],
])('NB-2 the kind %s has the code %i in the low two bits of byte 16', (kind, code) => {
  const spike = through({ kind, payload: 'abc' });
  expect((spike.bytes[16] ?? 0) & 3).toBe(code);
  expect(spike.kind).toBe(kind);
});

test('NB-2 defect 6 an unknown kind is refused at the boundary, not read as excitatory', () => {
  using axon = new Axon({ slots: 2 });
  for (let length = 0; length < 64; length++) {
    const frame = Buffer.alloc(64);
    frame[16] = (length << 2) | 3;
    refuses('E_OUT_OF_RANGE', () => axon.publish(frame));
    refuses('E_OUT_OF_RANGE', () => axon.tryPublish(frame));
    refuses('E_OUT_OF_RANGE', () => axon.publishBatch(frame));
  }
  refuses('E_OUT_OF_RANGE', () => call(axon, 'publish', { kind: 'calm' }));
});

test('NB-2 unknown length codes are refused', () => {
  using axon = new Axon({ slots: 2 });
  for (let code = 48; code < 64; code++) {
    const frame = Buffer.alloc(64);
    frame[16] = code << 2;
    refuses('E_OUT_OF_RANGE', () => axon.publish(frame));
  }
});

test('NB-4 every priority 0 to 255 round trips', () => {
  for (let priority = 0; priority < 256; priority++) expect(through({ priority }).priority).toBe(priority);
});

test('NB-5 every field is visible in the bytes', () => {
  const spike = through(KNOWN);
  expect(spike.timestampNs).toBe(0x0102_0304_0506_0708n);
  expect(spike.sequence).toBe(0x0a0b_0c0d);
  expect(spike.source).toBe(0x1112);
  expect(spike.target).toBe(0x2122);
  expect(spike.kind).toBe('inhibitory');
  expect(spike.priority).toBe(200);
  expect(spike.text()).toBe('hello');
});

test('NB-5 Spikes: defaults are kind excitatory, priority 0, payload empty, length code 1, all other bytes 0', () => {
  const spike = through({});
  expect([...spike.bytes].map((byte, at) => (at === 16 ? byte >> 2 : byte))).toEqual(
    Array.from({ length: 64 }, (_, at) => (at === 16 ? 1 : 0)),
  );
  expect(spike).toMatchObject({ kind: 'excitatory', priority: 0, sequence: 0, source: 0, target: 0, timestampNs: 0n });
  expect(spike.payload.length).toBe(0);
});

test('NB-5 fire without options sends excitatory, priority 0; an empty payload has length code 1', () => {
  const bus = manualBus();
  const sender = deaf(bus, 'sender');
  const { neuron, heard } = listener(bus);
  bus.connect(sender, neuron);
  sender.fire(neuron, '');
  bus.tick();
  expect(heard[0]).toMatchObject({ kind: 'excitatory', priority: 0 });
  expect(heard[0]?.bytes[16]).toBe(1 << 2);
  expect(heard[0]?.payload.length).toBe(0);
});

test('NB-6 64 bytes round trip, also from an unaligned view and over shared memory', () => {
  const record = through(KNOWN).bytes;
  for (let shift = 0; shift < 9; shift++) {
    const memory = new Uint8Array(new SharedArrayBuffer(80));
    memory.set(record, shift);
    expect(through(memory.subarray(shift, shift + 64)).bytes.equals(record)).toBe(true);
  }
});

test('NB-6 frames of another size than 64 are refused', () => {
  using axon = new Axon({ slots: 2 });
  for (const size of [0, 1, 63, 65, 128]) refuses('E_OUT_OF_RANGE', () => axon.publish(new Uint8Array(size)));
});

test('NB-6 old frames stay valid: length code 0 is 46 bytes, zero padded', () => {
  const frame = Buffer.alloc(64);
  frame.write('legacy', 18);
  const spike = through(frame);
  expect(spike.payload.length).toBe(46);
  expect(spike.payload.toString('utf8', 0, 6)).toBe('legacy');
});

/** What a receiver sees of a payload. */
function carried(payload: Payload): Spike {
  const bus = manualBus({ arenaBytes: 2 ** 22 });
  const sender = deaf(bus, 'sender');
  const { neuron, heard } = listener(bus);
  bus.connect(sender, neuron);
  sender.fire(neuron, payload);
  bus.tick();
  const [spike] = heard;
  if (spike === undefined) throw new Error('not delivered');
  return spike;
}

test('NB-7 NB-8 payloads of 0 to 50 bytes, 1 MiB and more arrive intact, never truncated', () => {
  const sizes = [...Array.from({ length: 51 }, (_, size) => size), 4_096, 65_537, 2 ** 20, 3_000_001];
  for (const size of sizes) {
    const bytes = pattern(size);
    expect(carried(bytes).payload.equals(bytes), `${size} bytes`).toBe(true);
  }
});

test('NB-7 46 bytes travel inline, 47 through the arena', () => {
  expect((carried(pattern(46)).bytes[16] ?? 0) >> 2).toBe(47);
  expect((carried(pattern(47)).bytes[16] ?? 0) >> 2).toBe(63);
});

test('NB-8 a payload above 46 bytes is a reference marked 0xA0: offset u64, length u32, slot u32', () => {
  const { bytes } = carried(pattern(100));
  expect(bytes[18]).toBe(0xa0);
  expect(bytes.readBigUInt64LE(19)).toBeLessThan(2n ** 22n);
  expect(bytes.readUInt32LE(27)).toBe(100);
});

test('NB-8 inline data that starts with 0xA0 is just data', () => {
  const bytes = Buffer.alloc(17, 0xa0);
  expect(carried(bytes).payload.equals(bytes)).toBe(true);
});

test('defect 8 payloads have a length: zeros at the end are kept, none are added', () => {
  expect([...carried(Uint8Array.of(1, 0, 0)).payload]).toEqual([1, 0, 0]);
  expect(carried('a').payload.length).toBe(1);
});

test.each<[string, string]>([
  ['ASCII', 'plain'],
  ['two-byte', 'größe'],
  ['wide', '神経バス🧠'],
  ['46 bytes in fewer characters', 'ä'.repeat(23)],
  ['48 bytes in fewer characters', 'ä'.repeat(24)],
  ['long', '🧠ä'.repeat(9_000)],
])('Payload: strings travel as UTF-8 (%s)', (_, text) => {
  const spike = carried(text);
  expect(spike.text()).toBe(text);
  expect(spike.payload.equals(Buffer.from(text, 'utf8'))).toBe(true);
});

test('Payload: a lone surrogate becomes what UTF-8 makes of it', () => {
  expect(carried('a\ud800b').payload.equals(Buffer.from('a\ud800b', 'utf8'))).toBe(true);
});

test('Payload: a Uint8Array travels as it is, also over shared memory, also as part of a larger buffer', () => {
  const shared = new Uint8Array(new SharedArrayBuffer(200));
  shared.set(pattern(200));
  expect(carried(shared.subarray(3, 20)).payload.equals(pattern(200).subarray(3, 20))).toBe(true);
  expect(carried(shared.subarray(3, 120)).payload.equals(pattern(200).subarray(3, 120))).toBe(true);
});

test.each<[string, Payload]>([
  ['an object', { a: 1, b: [true, null, 'x'] }],
  ['an array', [1, 2, 3]],
  ['a number', 42.5],
  ['true', true],
  ['null', null],
  ['a large object', { list: Array.from({ length: 1_000 }, (_, i) => i) }],
])('Payload: anything else travels by JSON.stringify (%s)', (_, value) => {
  const spike = carried(value);
  expect(spike.text()).toBe(JSON.stringify(value));
  expect(spike.json()).toEqual(value);
});

test('Payload: what JSON.stringify cannot express at top level is refused, and changes nothing', () => {
  const bus = manualBus();
  const sender = deaf(bus, 'sender');
  const { neuron } = listener(bus);
  bus.connect(sender, neuron);
  const cycle: unknown[] = [];
  cycle.push(cycle);
  const bad: unknown[] = [undefined, () => 1, Symbol('s'), 7n, cycle, { toJSON: () => undefined }, { deep: 1n }];
  for (const payload of bad) {
    for (const door of ['fire', 'tryFire']) {
      const error = refuses('E_OUT_OF_RANGE', () => call(sender, door, neuron, payload));
      expect(error.message).toMatch(/payload/);
    }
    refuses('E_OUT_OF_RANGE', () => call(sender, 'broadcast', payload));
  }
  expect(bus.stats().fired).toBe(0);
  expect(bus.arena.used).toBe(0);
});

test('Payload: bytes are copied before fire returns', () => {
  const bus = manualBus();
  const sender = deaf(bus, 'sender');
  const { neuron, heard } = listener(bus);
  bus.connect(sender, neuron);
  const [small, large] = [pattern(20), pattern(2_000)];
  sender.fire(neuron, small);
  sender.fire(neuron, large);
  small.fill(0);
  large.fill(0);
  bus.tick();
  expect(heard[0]?.payload.equals(pattern(20))).toBe(true);
  expect(heard[1]?.payload.equals(pattern(2_000))).toBe(true);
});

test('NB-40 fire stamps source, sequence 0, 1, 2 … and time', () => {
  const bus = manualBus();
  const sender = deaf(bus, 'sender');
  const { neuron, heard } = listener(bus);
  bus.connect(sender, neuron);
  for (let i = 0; i < 3; i++) {
    bus.advance(2);
    sender.fire(neuron, i);
  }
  bus.tick();
  expect(heard.map(({ sequence, source, timestampNs }) => [sequence, source, timestampNs])).toEqual([
    [0, sender.id, 2_000_000n],
    [1, sender.id, 4_000_000n],
    [2, sender.id, 6_000_000n],
  ]);
});

test('NB-40 on a real clock stamps never go back', () => {
  const bus = manualBus({ clock: 'real' });
  const sender = deaf(bus, 'sender');
  const { neuron, heard } = listener(bus);
  bus.connect(sender, neuron);
  for (let i = 0; i < 100; i++) sender.fire(neuron, i);
  bus.tick();
  for (let i = 0; i < 50; i++) sender.fire(neuron, i);
  bus.tick();
  const stamps = heard.map((spike) => spike.timestampNs);
  expect(stamps.every((stamp, at) => at === 0 || stamp >= (stamps[at - 1] ?? 0n))).toBe(true);
  expect(stamps.length).toBe(150);
});

test('a delivered broadcast keeps target 0xFFFF; self tells who received it', () => {
  const bus = manualBus();
  const sender = deaf(bus, 'sender');
  const told: [number, number][] = [];
  for (const name of ['one', 'two']) {
    const neuron = deaf(bus, name, { onSpike: (spike, self) => told.push([spike.target, self.id]) });
    bus.connect(sender, neuron);
  }
  sender.broadcast('all');
  bus.tick();
  expect(told).toEqual([
    [0xffff, 1],
    [0xffff, 2],
  ]);
});
