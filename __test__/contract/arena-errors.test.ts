/** What the arena refuses, in fields (NB-26, NB-28), and what a refusal costs. */
import { expect, test } from 'vitest';
import { withRoom } from '../../dist/arena/index.js';
import { failure } from '../../dist/errors/index.js';
import { call, deaf, manualBus, pattern, refuses } from './helpers.js';

test('NB-28 no room: what was requested and what is free, exactly', () => {
  const { arena } = manualBus({ arenaBytes: 2 ** 16 });
  arena.write(pattern(40_000));
  const free = arena.capacity - arena.used;
  expect(refuses('E_OUT_OF_SPACE', () => arena.write(pattern(free + 1))).detail).toEqual({
    requested: free + 1,
    available: free,
  });
});

test('NB-28 a reference that nobody gave: offset and length', () => {
  const { arena } = manualBus();
  const ref = arena.write(pattern(100));
  for (const [offset, length] of [
    [ref.offset + 8, 100],
    [ref.offset, 101],
    [2 ** 30, 100],
    [ref.offset + 1, 100],
  ] as const) {
    for (const verb of ['read', 'addRef', 'release']) {
      const { detail, message } = refuses('E_OUT_OF_RANGE', () => call(arena, verb, { ...ref, offset, length }));
      expect(detail).toEqual({ offset, length });
      expect(message).toContain(`${offset}`);
    }
  }
});

test('NB-28 a stale reference: slot and generation', () => {
  const { arena } = manualBus();
  const ref = arena.write(pattern(100));
  arena.release(ref);
  const { slot, generation } = ref;
  for (const verb of ['read', 'addRef', 'release']) {
    expect(refuses('E_STALE_REF', () => call(arena, verb, ref)).detail).toEqual({ slot, generation });
  }
});

test('NB-26 65,535 references to one payload, and one more is refused: the slot', () => {
  const { arena } = manualBus();
  const ref = arena.write(pattern(10));
  for (let i = 1; i < 65_535; i++) arena.addRef(ref);
  const { detail } = refuses('E_OUT_OF_RANGE', () => arena.addRef(ref));
  expect(detail).toEqual({ slot: ref.slot });
  for (let i = 1; i < 65_535; i++) expect(arena.release(ref)).toBe(false);
  expect(arena.release(ref)).toBe(true);
});

test('NB-26 1,023 leases of one payload, and one more is refused: the slot', () => {
  const { arena } = manualBus();
  const ref = arena.write(pattern(10));
  const leases = Array.from({ length: 1_023 }, () => arena.read(ref));
  const { detail } = refuses('E_OUT_OF_RANGE', () => arena.read(ref));
  expect(detail).toEqual({ slot: ref.slot });
  leases.pop()?.release();
  arena.read(ref).release();
  for (const lease of leases) lease.release();
  expect(arena.release(ref)).toBe(true);
});

test('NB-28 65,536 payloads, and one more is refused: the most there can be', () => {
  const { arena } = manualBus({ arenaBytes: 2 ** 21 });
  const refs = Array.from({ length: 65_536 }, () => arena.write(pattern(1)));
  expect(refuses('E_OUT_OF_SPACE', () => arena.write(pattern(1))).detail).toEqual({ max: 65_536 });
  for (const ref of refs) arena.release(ref);
  expect(arena.used).toBe(0);
});

test('NB-28 busy: how many leases are open, and how many references are in flight', () => {
  const bus = manualBus();
  const [sender, receiver] = [deaf(bus, 'sender'), deaf(bus, 'receiver')];
  const lease = bus.arena.read(bus.arena.write(pattern(64)));
  for (let i = 0; i < 3; i++) sender.fire(receiver, pattern(500), { direct: true });
  expect(refuses('E_BUSY', () => bus.arena.reset()).detail).toEqual({ leases: 1, inFlight: 3 });
  bus.tick();
  expect(refuses('E_BUSY', () => bus.arena.reset()).detail).toEqual({ leases: 1, inFlight: 0 });
  lease.release();
  bus.arena.reset();
});

test('a refusal for want of room throws once, unless a handler has something to give back', () => {
  const refused = failure('E_OUT_OF_SPACE', 'full');
  let calls = 0;
  const store = (): never => {
    calls++;
    throw refused;
  };
  for (const [settled, expected] of [
    [false, 1],
    [true, 2],
  ] as const) {
    calls = 0;
    expect(() => withRoom({ settle: () => settled }, store)).toThrow(refused);
    expect(calls).toBe(expected);
  }
});

test('what released batches and handled spikes hold is taken back before a payload is refused', () => {
  const bus = manualBus({ arenaBytes: 2 ** 16 });
  const sender = deaf(bus, 'sender');
  const sizes: number[] = [];
  const receiver = deaf(bus, 'receiver', {
    onSpike: (spike, self) => {
      sizes.push(spike.payload.length);
      if (sizes.length === 2) self.fire(self, pattern(30_000), { direct: true });
    },
  });
  for (let i = 0; i < 2; i++) sender.fire(receiver, pattern(30_000), { direct: true });
  bus.tick(2);
  sender.fire(receiver, pattern(60_000), { direct: true });
  bus.tick();
  expect(sizes).toEqual([30_000, 30_000, 30_000, 60_000]);
  expect(bus.stats().refused).toBe(0);
});
