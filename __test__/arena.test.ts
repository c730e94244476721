/** The arena by hand. */
import { type ArenaRef, type Lease, NeuronBus, OutOfSpaceError, StaleRefError } from 'neuronbus';
import { describe, expect, it } from 'vitest';
import { codeOf, keeper, manualBus } from './helpers/bus.js';

const bytes = (length: number, fill = 7): Uint8Array => new Uint8Array(length).fill(fill);

describe('write and read', () => {
  it('NB-24 in a fresh arena 3 bytes, then 2, lie at offsets 0 and 8', () => {
    using bus = manualBus();
    expect([bus.arena.write(bytes(3)).offset, bus.arena.write(bytes(2)).offset]).toEqual([0, 8]);
  });

  it('NB-25 gives the bytes without a copy', () => {
    using bus = manualBus();
    const [one, two] = [bus.arena.write(bytes(100, 1)), bus.arena.write(bytes(5_000, 2))];
    using first: Lease = bus.arena.read(one);
    using second: Lease = bus.arena.read(two);
    expect([first.bytes.length, first.bytes[99], second.bytes.length, second.bytes[4_999]]).toEqual([100, 1, 5_000, 2]);
    expect(first.bytes.buffer).toBe(second.bytes.buffer);
    expect(first.bytes.byteOffset).toBe(one.offset);
  });

  it('takes bytes over shared memory', () => {
    using bus = manualBus();
    const shared = new Uint8Array(new SharedArrayBuffer(64), 8, 50).fill(9);
    using lease = bus.arena.read(bus.arena.write(shared));
    expect([...lease.bytes]).toEqual([...shared]);
  });

  it('NB-26 counts references', () => {
    using bus = manualBus();
    const { arena } = bus;
    const ref = arena.write(bytes(10));
    arena.addRef(ref);
    expect(arena.release(ref)).toBe(false);
    expect(arena.release(ref)).toBe(true);
    expect(() => arena.release(ref)).toThrow(StaleRefError);
    expect(codeOf(() => arena.read(ref))).toBe('E_STALE_REF');
    expect(codeOf(() => arena.addRef(ref))).toBe('E_STALE_REF');
    expect(arena.used).toBe(0);
  });

  it('a lease keeps the bytes, and counts as a reference', () => {
    using bus = manualBus();
    const { arena } = bus;
    const ref = arena.write(bytes(10, 5));
    const lease = arena.read(ref);
    expect(arena.release(ref)).toBe(false);
    arena.write(bytes(10, 6));
    expect(lease.bytes[0]).toBe(5);
    lease.release();
    lease.release();
    expect(codeOf(() => lease.bytes)).toBe('E_STALE_REF');
    expect(codeOf(() => arena.read(ref))).toBe('E_STALE_REF');
  });

  it('references are frozen', () => {
    using bus = manualBus();
    const ref = bus.arena.write(bytes(10));
    expect(Object.isFrozen(ref)).toBe(true);
    expect(Object.keys(ref).sort()).toEqual(['generation', 'length', 'offset', 'slot']);
  });
});

describe('forged references', () => {
  it.each<[string, (ref: ArenaRef) => object]>([
    ['another length', (ref) => ({ ...ref, length: ref.length + 1 })],
    ['another offset', (ref) => ({ ...ref, offset: ref.offset + 8 })],
    ['the end of numbers', (ref) => ({ ...ref, offset: Number.MAX_SAFE_INTEGER })],
    ['another generation', (ref) => ({ ...ref, generation: (ref.generation + 1) % 65_536 })],
    ['another slot', (ref) => ({ ...ref, slot: 60_000 })],
  ])('%s', (_, forge) => {
    using bus = manualBus();
    const { arena } = bus;
    const ref = arena.write(bytes(64));
    for (const verb of [arena.read, arena.addRef, arena.release]) {
      expect(codeOf(() => Reflect.apply(verb, arena, [forge(ref)]))).toMatch(/^E_(STALE_REF|OUT_OF_RANGE)$/);
    }
    expect(arena.release(ref)).toBe(true);
  });

  it.each<[string, unknown, string]>([
    ['undefined', undefined, 'E_OUT_OF_RANGE'],
    ['null', null, 'E_OUT_OF_RANGE'],
    ['a number', 3, 'E_OUT_OF_RANGE'],
    ['an empty object', {}, 'E_OUT_OF_RANGE'],
    ['a missing field', { offset: 0, length: 1, slot: 0 }, 'E_OUT_OF_RANGE'],
    ['a negative offset', { offset: -8, length: 1, slot: 0, generation: 0 }, 'E_OUT_OF_RANGE'],
    ['a fraction', { offset: 0.5, length: 1, slot: 0, generation: 0 }, 'E_OUT_OF_RANGE'],
    ['no length', { offset: 0, length: 0, slot: 0, generation: 0 }, 'E_OUT_OF_RANGE'],
    ['a wide slot', { offset: 0, length: 1, slot: 65_536, generation: 0 }, 'E_OUT_OF_RANGE'],
    ['an unknown key', { offset: 0, length: 1, slot: 0, generation: 0, epoch: 1 }, 'E_UNKNOWN_OPTION'],
  ])('%s', (_, ref, code) => {
    using bus = manualBus();
    const { arena } = bus;
    for (const verb of [arena.read, arena.addRef, arena.release])
      expect(codeOf(() => Reflect.apply(verb, arena, [ref]))).toBe(code);
  });
});

describe('room', () => {
  it('NB-28 says how much was asked for and how much there is', () => {
    using bus = manualBus({ arenaBytes: 1_024 });
    try {
      bus.arena.write(bytes(2_000));
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(OutOfSpaceError);
      expect(error).toMatchObject({ code: 'E_OUT_OF_SPACE' });
      expect(JSON.stringify(error instanceof OutOfSpaceError ? error.detail : {})).toContain('2000');
    }
  });

  it('memory freed by one size serves every other', () => {
    using bus = manualBus({ arenaBytes: 65_536 });
    const { arena } = bus;
    for (const size of [1, 8, 47, 100, 1_000, 4_000, 20_000]) {
      const refs: ArenaRef[] = [];
      while (codeOf(() => refs.push(arena.write(bytes(size)))) === 'none') if (refs.length > 70_000) break;
      expect(refs.length).toBeGreaterThan(0);
      for (const ref of refs) expect(arena.release(ref)).toBe(true);
      expect(arena.used).toBe(0);
      const large = arena.write(bytes(Math.floor(65_536 * 0.9)));
      arena.release(large);
    }
    expect(arena.highWater).toBeGreaterThan(30_000);
  });

  it('used counts what spikes hold, until their batch is released', () => {
    using bus = manualBus();
    const [a, { neuron: b }] = [bus.register({ name: 'a' }), keeper(bus)];
    bus.connect(a, b);
    expect([bus.arena.used, bus.arena.capacity, bus.arena.epoch]).toEqual([0, 2 ** 20, 0]);
    a.fire(b, bytes(1_000));
    expect(bus.arena.used).toBeGreaterThanOrEqual(1_000);
    bus.tick();
    expect(bus.arena.used).toBe(0);
  });

  it('a broadcast holds one payload until its last target is done', () => {
    using bus = manualBus();
    const a = bus.register({ name: 'a' });
    const seen: number[] = [];
    for (let i = 0; i < 3; i++) {
      const each = bus.register(
        { name: `b${i}`, membrane: { threshold: 1e9 } },
        { onSpike: (spike) => void seen.push(spike.payload.length) },
      );
      bus.connect(a, each);
    }
    a.broadcast(bytes(800));
    bus.tick();
    expect([seen, bus.arena.used]).toEqual([[800, 800, 800], 0]);
  });
});

describe('NB-27 reset', () => {
  it('frees all, begins an epoch, and every reference is stale', () => {
    using bus = manualBus();
    const { arena } = bus;
    const ref = arena.write(bytes(500));
    arena.reset();
    expect([arena.used, arena.epoch]).toEqual([0, 1]);
    expect(codeOf(() => arena.read(ref))).toBe('E_STALE_REF');
    expect(arena.write(bytes(3)).offset).toBe(0);
  });

  it('with a lease open throws E_BUSY', () => {
    using bus = manualBus();
    const lease = bus.arena.read(bus.arena.write(bytes(100)));
    expect(codeOf(() => bus.arena.reset())).toBe('E_BUSY');
    lease.release();
    expect(codeOf(() => bus.arena.reset())).toBe('none');
  });

  it('with a spike in flight that holds a reference throws E_BUSY', () => {
    using bus = manualBus();
    const [a, { neuron: b }] = [bus.register({ name: 'a' }), keeper(bus)];
    bus.connect(a, b);
    a.fire(b, bytes(100));
    expect(codeOf(() => bus.arena.reset())).toBe('E_BUSY');
    bus.tick();
    expect(codeOf(() => bus.arena.reset())).toBe('none');
  });
});

describe('after close', () => {
  it('every call throws E_CLOSED, release and disposal are quiet, views are empty', () => {
    const bus = new NeuronBus({ arenaBytes: 65_536 });
    const { arena } = bus;
    const ref = arena.write(bytes(100));
    const [lease, view] = [arena.read(ref), arena.read(ref).bytes];
    bus[Symbol.dispose]();
    const calls = [
      () => arena.write(bytes(1)),
      () => arena.read(ref),
      () => arena.addRef(ref),
      () => arena.reset(),
      () => arena.used,
      () => arena.capacity,
      () => arena.epoch,
      () => arena.highWater,
    ];
    expect(calls.map(codeOf)).toEqual(calls.map(() => 'E_CLOSED'));
    expect(arena.release(ref)).toBe(false);
    expect([lease.bytes.length, view.length]).toEqual([0, 0]);
    expect(codeOf(() => lease[Symbol.dispose]())).toBe('none');
  });
});
