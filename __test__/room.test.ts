/** Who may go on of those who wait for room: what it costs, and who is passed when. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Request, Room, type RoomHost } from '../dist/bus/room.js';
import { Waiters } from '../dist/bus/waiters.js';
import { Seat } from '../dist/neuron/index.js';

const MB = 1_000_000;

/** A bus of which there is only the room: an arena of a megabyte, and neurons with two credits each. */
class Desk implements RoomHost {
  readonly axonSlots = 2;
  readonly room: Room = new Room(this);
  readonly waiters: Waiters = new Waiters(this.room);
  readonly capacity = MB;
  inUse = 0;
  looks = 0;

  owed(seat: Seat): number {
    return seat.owed(0);
  }

  fits(bytes: number): boolean {
    this.looks++;
    return this.inUse + bytes <= MB;
  }

  used(): number {
    return this.inUse;
  }

  recheck(): void {
    this.waiters.check();
  }

  recheckSoon(): void {
    this.recheck();
  }

  /** Waits for room; `use` says whether it then fires. */
  async ask(seat: Seat, bytes: number, use = true): Promise<void> {
    const request = new Request(seat, bytes);
    const wait = this.waiters.wait(() => this.room.grant(request), seat);
    this.waiters.check();
    await wait;
    if (!use) return;
    seat.fired = (seat.fired + 1) >>> 0;
    this.inUse += bytes;
    expect(this.inUse).toBeLessThanOrEqual(MB);
  }
}

let desk: Desk;
let log: string[];

/** Asks, and notes when it got its room. */
function ask(name: string, bytes: number, use = true, seat = new Seat(0, 0)): void {
  void desk.ask(seat, bytes, use).then(() => log.push(name));
}

/** Lets time pass, and all that follows from it. */
async function pass(ms: number): Promise<string[]> {
  await vi.advanceTimersByTimeAsync(ms);
  return log.splice(0);
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate'] });
  desk = new Desk();
  log = [];
});

afterEach(() => {
  desk.room.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('room', () => {
  it('costs one look at the arena a round while nothing fits, however many wait', async () => {
    desk.inUse = MB;
    for (let i = 0; i < 100; i++) ask(`${i}`, 1_000);
    const before = desk.looks;
    for (let i = 0; i < 10; i++) desk.waiters.check();
    expect(desk.looks - before).toBe(10);
    desk.inUse = 0;
    desk.waiters.check();
    expect((await pass(1)).length).toBe(100);
  });

  it('is nobody else’s in the turn in which it was given out, and then it is', async () => {
    ask('a', 600_000, false);
    ask('b', 600_000);
    expect(log).toEqual([]);
    await Promise.resolve();
    desk.waiters.check();
    expect(await pass(0)).toEqual(['a', 'b']);
    ask('c', 600_000);
    expect(await pass(5)).toEqual([]);
  });

  it('that has been used is not counted twice: who asks again in the same turn gets what is left', async () => {
    const seat = new Seat(0, 0);
    await desk.ask(seat, 400_000);
    await desk.ask(seat, 400_000);
    expect(desk.inUse).toBe(800_000);
  });

  it('credit is given as often as there is, also over the wrap of the counter', async () => {
    const seat = new Seat(0, 1);
    seat.fired = 0xffff_ffff;
    for (const name of ['a', 'b', 'c']) ask(name, 0, true, seat);
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
    expect(log).toEqual(['a', 'b']);
  });

  it('passes who asks for too much when no room comes back for a while, each time after twice as long, up to a second', async () => {
    desk.inUse = 500_000;
    ask('large', 900_000);
    for (const ms of [10, 20, 40, 80, 160, 320, 640, 1_000, 1_000]) {
      ask('small', 100);
      expect(await pass(ms - 1)).toEqual([]);
      expect(await pass(1)).toEqual(['small']);
    }
    desk.inUse = 0;
    desk.waiters.check();
    expect(await pass(0)).toEqual(['large']);
  });

  it('passes nobody while room comes back', async () => {
    desk.inUse = MB;
    ask('large', 900_000);
    ask('small', 100);
    for (let i = 0; i < 10; i++) {
      desk.inUse -= 50_000;
      desk.waiters.check();
      expect(await pass(9)).toEqual([]);
    }
    expect(await pass(1)).toEqual(['small']);
  });

  it('passes one who cannot go for want of credit at once', async () => {
    const seat = new Seat(0, 0);
    seat.fired = 2;
    ask('no credit', 1_000, true, seat);
    ask('next', 1_000);
    expect(await pass(0)).toEqual(['next']);
  });
});
