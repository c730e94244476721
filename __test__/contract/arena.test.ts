/** The arena (NB-8, NB-23 … NB-28, defects 2 and 3). */
import type { ArenaRef, NeuronBus } from 'neuronbus';
import { expect, test } from 'vitest';
import { call, deaf, listener, manualBus, pattern, refuses } from './helpers.js';

test('NB-24 in a fresh arena 3 B then 2 B lie at offsets 0 and 8', () => {
  const { arena } = manualBus();
  const refs = [arena.write(pattern(3)), arena.write(pattern(2))];
  expect(refs.map((ref) => ref.offset)).toEqual([0, 8]);
  expect(refs.map((ref) => ref.length)).toEqual([3, 2]);
});

test('NB-24 a thousand payloads of all sizes stay intact beside each other', () => {
  const { arena } = manualBus({ arenaBytes: 2 ** 22 });
  const refs = Array.from({ length: 1_000 }, (_, i) => arena.write(pattern(1 + ((i * 37) % 3_000), i)));
  refs.forEach((ref, i) => {
    using lease = arena.read(ref);
    expect(lease.bytes.equals(pattern(1 + ((i * 37) % 3_000), i))).toBe(true);
  });
});

test('NB-25 a lease shows the arena without a copy: two leases share memory', () => {
  const { arena } = manualBus();
  const ref = arena.write(pattern(10));
  using first = arena.read(ref);
  using second = arena.read(ref);
  expect(first.bytes.buffer).toBe(second.bytes.buffer);
  expect(first.bytes.byteOffset).toBe(second.bytes.byteOffset);
  expect(first.bytes.length).toBe(10);
});

test('NB-26 references count 1 → 2 → 1 → 0; release is true at the last; one more is an error, no wrap', () => {
  const { arena } = manualBus();
  const ref = arena.write(pattern(10));
  arena.addRef(ref);
  expect(arena.release(ref)).toBe(false);
  expect(arena.release(ref)).toBe(true);
  for (let i = 0; i < 3; i++) refuses('E_STALE_REF', () => arena.release(ref));
  expect(arena.used).toBe(0);
});

test('NB-26 a lease counts as a reference, release returns true when it was the last', () => {
  const { arena } = manualBus();
  const ref = arena.write(pattern(100));
  const lease = arena.read(ref);
  expect(arena.release(ref)).toBe(false);
  expect(lease.bytes.equals(pattern(100))).toBe(true);
  expect(arena.used).toBeGreaterThan(0);
  lease.release();
  expect(arena.used).toBe(0);
  refuses('E_STALE_REF', () => arena.read(ref));
});

test('NB-26 a lease is released once, by release or by using; its bytes then throw E_STALE_REF', () => {
  const { arena } = manualBus();
  const ref = arena.write(pattern(100));
  const lease = arena.read(ref);
  lease.release();
  lease.release();
  lease[Symbol.dispose]();
  refuses('E_STALE_REF', () => lease.bytes);
  expect(arena.release(ref)).toBe(true);
});

test('defect 2 references do not outlive release: read, addRef and release of a stale one throw E_STALE_REF', () => {
  const { arena } = manualBus();
  const stale = arena.write(pattern(64));
  arena.release(stale);
  const fresh = arena.write(pattern(64));
  expect(fresh).not.toEqual(stale);
  refuses('E_STALE_REF', () => arena.read(stale));
  refuses('E_STALE_REF', () => arena.addRef(stale));
  refuses('E_STALE_REF', () => arena.release(stale));
  using lease = arena.read(fresh);
  expect(lease.bytes.length).toBe(64);
});

test('NB-27 reset: used 0, epoch one more, references of the epoch before are refused', () => {
  const { arena } = manualBus();
  const { epoch } = arena;
  const ref = arena.write(pattern(64));
  arena.reset();
  expect([arena.used, arena.epoch]).toEqual([0, epoch + 1]);
  for (const verb of ['read', 'addRef', 'release']) refuses('E_STALE_REF', () => call(arena, verb, ref));
  const again = arena.write(pattern(64));
  refuses('E_STALE_REF', () => arena.read(ref));
  arena.read(again).release();
});

test('Arena: reset with leases open throws E_BUSY and changes nothing', () => {
  const { arena } = manualBus();
  const ref = arena.write(pattern(64));
  const lease = arena.read(ref);
  const [used, epoch] = [arena.used, arena.epoch];
  refuses('E_BUSY', () => arena.reset());
  expect([arena.used, arena.epoch]).toEqual([used, epoch]);
  expect(lease.bytes.equals(pattern(64))).toBe(true);
  lease.release();
  arena.reset();
});

test('Arena: reset with spikes in flight that hold references throws E_BUSY, before and after they are routed', () => {
  const bus = manualBus();
  const [sender, receiver] = [deaf(bus, 'sender'), bus.register({ name: 'r', membrane: { refractoryTicks: 5 } })];
  bus.connect(sender, receiver, { weight: 1, stdp: false });
  sender.fire(receiver, 'x');
  sender.fire(receiver, 'y');
  bus.tick();
  sender.fire(receiver, pattern(500));
  refuses('E_BUSY', () => bus.arena.reset());
  bus.tick();
  expect(bus.stats().deferred).toBe(1);
  refuses('E_BUSY', () => bus.arena.reset());
  bus.tick(20);
  expect(bus.stats().inFlight).toBe(0);
  bus.arena.reset();
});

test('Arena: reset while a handler holds the payload throws E_BUSY', () => {
  const bus = manualBus();
  const errors: unknown[] = [];
  bus.on('error', (error) => errors.push(error));
  const sender = deaf(bus, 'sender');
  const receiver = deaf(bus, 'receiver', { onSpike: () => bus.arena.reset() });
  bus.connect(sender, receiver);
  sender.fire(receiver, pattern(500));
  bus.tick();
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatchObject({ code: 'E_BUSY' });
});

test('NB-28 E_OUT_OF_SPACE tells what was requested and what is available', () => {
  const { arena } = manualBus({ arenaBytes: 2 ** 16 });
  const error = refuses('E_OUT_OF_SPACE', () => arena.write(pattern(2 ** 17)));
  expect(error.detail['requested']).toBe(2 ** 17);
  expect(error.detail['available']).toBeTypeOf('number');
  expect(arena.used).toBe(0);
});

test('NB-28 used, capacity and epoch are readable; used is live bytes, rounded as allocated', () => {
  const { arena } = manualBus({ arenaBytes: 2 ** 20 });
  expect([arena.used, arena.capacity, arena.epoch]).toEqual([0, 2 ** 20, 0]);
  const ref = arena.write(pattern(3));
  expect(arena.used).toBe(8);
  const other = arena.write(pattern(1_000));
  expect(arena.used).toBeGreaterThanOrEqual(1_008);
  arena.release(other);
  expect(arena.used).toBe(8);
  arena.release(ref);
  expect(arena.used).toBe(0);
});

test('defect 3 the arena frees: 200,000 one-byte writes, each released, and it still serves', () => {
  const { arena } = manualBus({ arenaBytes: 2 ** 18 });
  for (let i = 0; i < 200_000; i++) if (!arena.release(arena.write(Uint8Array.of(i & 0xff)))) throw new Error('kept');
  expect(arena.used).toBe(0);
});

test.each([2 ** 16, 2 ** 20, 2 ** 24])(
  'Arena: memory freed by one size serves every other: after small ones 9/10 of %i fits',
  (arenaBytes) => {
    const { arena } = manualBus({ arenaBytes });
    for (const size of [8, 48, 200, 1_000, 5_000, 30_000]) {
      const refs: ArenaRef[] = [];
      try {
        for (;;) refs.push(arena.write(Buffer.alloc(size)));
      } catch {
        expect(refs.length).toBeGreaterThan(0);
      }
      for (const ref of refs) arena.release(ref);
      expect(arena.used).toBe(0);
      const large = arena.write(pattern(Math.floor(arenaBytes * 0.9)));
      expect(arena.release(large)).toBe(true);
    }
  },
);

test('Arena: writing zero bytes is refused', () => {
  const { arena } = manualBus();
  refuses('E_OUT_OF_RANGE', () => arena.write(new Uint8Array(0)));
  expect(arena.used).toBe(0);
});

test.each([undefined, null, 'text', 42, {}, [], new Uint16Array(3), new DataView(new ArrayBuffer(4))])(
  'Arena: write refuses %s',
  (value) => {
    const { arena } = manualBus();
    const error = refuses('E_OUT_OF_RANGE', () => call(arena, 'write', value));
    expect(error.message).toMatch(/Uint8Array/);
    expect(arena.used).toBe(0);
  },
);

const HOSTILE: [string, Partial<Record<keyof ArenaRef, unknown>>][] = [
  ['offset 2^64 − 8', { offset: 2 ** 64 - 8, length: 16 }],
  ['offset 2^53 − 1', { offset: Number.MAX_SAFE_INTEGER }],
  ['offset beside', { offset: 104 }],
  ['offset −8', { offset: -8 }],
  ['offset 0.5', { offset: 0.5 }],
  ['offset NaN', { offset: Number.NaN }],
  ['offset a string', { offset: '0' }],
  ['offset a BigInt', { offset: 0n }],
  ['length one more', { length: 65 }],
  ['length one less', { length: 63 }],
  ['length 2^32 − 1', { length: 2 ** 32 - 1 }],
  ['length 2^32', { length: 2 ** 32 }],
  ['length −1', { length: -1 }],
  ['length 0', { length: 0 }],
  ['slot of another', { slot: 17 }],
  ['slot 65,535', { slot: 65_535 }],
  ['slot 65,536', { slot: 65_536 }],
  ['slot null', { slot: null }],
  ['slot missing', { slot: undefined }],
  ['generation one more', { generation: 1 }],
  ['generation 65,535', { generation: 65_535 }],
  ['generation −1', { generation: -1 }],
  ['generation missing', { generation: undefined }],
];

function victim(bus: NeuronBus): ArenaRef {
  return bus.arena.write(pattern(64));
}

test.each(HOSTILE)('defect 2 every field of an ArenaRef is checked: %s is refused', (_, fields) => {
  const bus = manualBus();
  const { arena } = bus;
  const ref = victim(bus);
  const forged = { ...ref, ...fields };
  expect(forged).not.toEqual(ref);
  for (const verb of ['read', 'addRef', 'release'])
    refuses(['E_STALE_REF', 'E_OUT_OF_RANGE'], () => call(arena, verb, forged));
  expect(arena.used).toBe(64);
  expect(arena.release(ref)).toBe(true);
});

test.each([undefined, null, 'ref', 3, [], {}])('Arena: %j is no reference', (value) => {
  const { arena } = manualBus();
  for (const verb of ['read', 'addRef', 'release']) refuses('E_OUT_OF_RANGE', () => call(arena, verb, value));
});

test('Arena: an unknown key of a reference is refused', () => {
  const bus = manualBus();
  const ref = victim(bus);
  for (const verb of ['read', 'addRef', 'release'])
    refuses('E_UNKNOWN_OPTION', () => call(bus.arena, verb, { ...ref, epoch: 0 }));
});

test('Arena: a reference of another bus is refused unless it happens to name the same', () => {
  const [bus, other] = [manualBus(), manualBus()];
  other.arena.write(pattern(8));
  const foreign = other.arena.write(pattern(300));
  refuses(['E_STALE_REF', 'E_OUT_OF_RANGE'], () => bus.arena.read(foreign));
});

test('Arena: the bus lets a payload go when its spike is done and its batch released, not when the slot is overwritten', () => {
  const bus = manualBus();
  const sender = deaf(bus, 'sender');
  const used: number[] = [];
  const receiver = deaf(bus, 'receiver', { onSpike: () => used.push(bus.arena.used) });
  bus.connect(sender, receiver);
  sender.fire(receiver, pattern(1_000));
  const before = bus.arena.used;
  expect(before).toBeGreaterThanOrEqual(1_000);
  bus.tick();
  expect(used).toEqual([before]);
  expect(bus.arena.used).toBe(0);
});

test('Arena: a broadcast holds one copy until its last target is done', () => {
  const bus = manualBus();
  const sender = deaf(bus, 'sender');
  for (let i = 0; i < 10; i++) bus.connect(sender, deaf(bus, `r${i}`));
  sender.broadcast(pattern(4_096));
  expect(bus.arena.used).toBeLessThan(8_192);
  bus.tick();
  expect(bus.arena.used).toBe(0);
  expect(bus.stats().delivered).toBe(10);
});

test('Arena: payloads of dropped and of filtered spikes are let go', () => {
  const bus = manualBus();
  const sender = deaf(bus, 'sender');
  const { neuron } = listener(bus);
  sender.fire(neuron, pattern(900));
  bus.tick();
  bus.connect(sender, neuron, { filters: [{ type: 'priority', min: 200 }] });
  sender.fire(neuron, pattern(900));
  bus.tick();
  bus.registerFilter('none', () => false);
  bus.connect(sender, neuron, { filters: [{ type: 'custom', name: 'none' }] });
  sender.fire(neuron, pattern(900));
  bus.tick();
  expect(bus.stats().dropped).toMatchObject({ notConnected: 1, filtered: 2 });
  expect(bus.arena.used).toBe(0);
});

test('Arena: after close every call is E_CLOSED, while release and disposal are quiet', async () => {
  const bus = manualBus();
  const { arena } = bus;
  const ref = arena.write(pattern(64));
  const [lease, disposed] = [arena.read(ref), arena.read(ref)];
  await bus.close();
  refuses('E_CLOSED', () => arena.write(pattern(3)));
  refuses('E_CLOSED', () => arena.read(ref));
  refuses('E_CLOSED', () => arena.addRef(ref));
  refuses('E_CLOSED', () => arena.reset());
  refuses('E_CLOSED', () => arena.used);
  refuses('E_CLOSED', () => arena.capacity);
  refuses('E_CLOSED', () => arena.epoch);
  expect(arena.release(ref)).toBe(false);
  lease.release();
  disposed[Symbol.dispose]();
});
