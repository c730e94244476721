/** The delivery loop alone, on an inbox that the test fills in the cortex's stead. */
import { describe, expect, it } from 'vitest';
import { RingMemory, RingPublisher } from '../dist/axon/index.js';
import { Inbox, type InboxHost } from '../dist/bus/inbox.js';
import { BridgeMemory, RING, SPIKE } from '../dist/native/index.js';
import type { NeuronHandlers, Receiver } from '../dist/neuron/index.js';
import type { SpikeBatch } from '../dist/spike/index.js';
import { FilterBook } from '../dist/synapse/index.js';
import { numbersOf } from './helpers/frames.js';

const CONFIG = {
  arenaBytes: 65_536,
  axonSlots: 16,
  maxNeurons: 16,
  deferSlots: 4,
  inboxSlots: 128,
  outboxSlots: 2,
  wait: 'yield-then-park' as const,
  manualClock: true,
  pruneBelow: 0.01,
  pruneEveryTicks: 0,
};

/** An inbox, and the other side of it. */
class Desk implements InboxHost {
  readonly memory: BridgeMemory = new BridgeMemory(CONFIG);
  readonly ring: RingMemory = ringOf(this.memory);
  readonly cortex: RingPublisher = new RingPublisher(this.ring);
  readonly recipients: Uint16Array = new Uint16Array(
    this.memory.buffer,
    this.memory.base + this.memory.layout.recipients,
    CONFIG.inboxSlots,
  );
  readonly filters: FilterBook = new FilterBook();
  readonly receivers: (Receiver | undefined)[] = [];
  readonly errors: unknown[] = [];
  readonly drops: [string, number, number][] = [];
  readonly log: string[] = [];
  watched = true;
  touches = 0;
  readonly inbox: Inbox = new Inbox(this, this.memory, this.ring);

  failed(error: unknown): void {
    this.errors.push(error);
  }

  watch(): void {}

  touch(): void {
    this.touches++;
  }

  dropped(reason: string, spike: { sequence: number }, receiver: number): void {
    this.drops.push([reason, spike.sequence, receiver]);
  }

  /** Writes deliveries, one per id; false when the inbox is full. */
  deliver(...ids: number[]): boolean {
    for (const id of ids) {
      const slot = this.cortex.claim();
      if (slot < 0) return false;
      this.recipients[slot] = id;
      const { data } = this.ring.region;
      data.setUint32(slot * 64 + SPIKE.sequence, this.cortex.position, true);
      data.setUint16(slot * 64 + SPIKE.source, 7, true);
      data.setUint8(slot * 64 + SPIKE.tag, 1 << 2);
      this.cortex.commit();
    }
    return true;
  }

  /** Seats a receiver whose calls are logged. */
  seat(id: number, owner: NeuronHandlers, since = 0): Receiver {
    const seat = { id, open: true };
    const parts: object = { owner, ...owner, seat, since, crossed: 0, neuron: { id } };
    if (!isReceiver(parts)) throw new Error('no receiver');
    this.receivers[id] = parts;
    return parts;
  }

  /** Logs each spike. */
  each(id: number): NeuronHandlers {
    return { onSpike: (spike) => void this.log.push(`${id}:${spike.sequence}`) };
  }

  /** Logs each batch. */
  batches(id: number): NeuronHandlers {
    return {
      onSpikes: (batch) => void this.log.push(`${id}:${Array.from(batch, (spike) => spike.sequence).join(',')}`),
    };
  }

  get gate(): number {
    return this.ring.gate(0);
  }
}

function isReceiver(parts: object): parts is Receiver {
  return 'seat' in parts && 'owner' in parts;
}

function ringOf(memory: BridgeMemory): RingMemory {
  const ring = RingMemory.format(memory.buffer, memory.base + memory.layout.inbox, CONFIG.inboxSlots);
  ring.claimGate();
  return ring;
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

describe('the delivery loop', () => {
  it('goes by runs of one recipient, in order', () => {
    const desk = new Desk();
    desk.seat(1, desk.each(1));
    desk.seat(2, desk.batches(2));
    desk.seat(3, {});
    desk.deliver(1, 1, 2, 2, 2, 3, 1, 2);
    expect(desk.inbox.drain(1_000, Infinity)).toBe(8);
    expect(desk.log).toEqual(['1:0', '1:1', '2:2,3,4', '1:6', '2:7']);
    expect([desk.inbox.tally.delivered, desk.inbox.judged, desk.inbox.empty, desk.gate]).toEqual([8, 8, true, 8]);
  });

  it('a batch ends where the inbox wraps', () => {
    const desk = new Desk();
    const batches: number[] = [];
    desk.seat(1, {
      onSpikes: (batch: SpikeBatch) => {
        batches.push(batch.length);
        expect(numbersOf(batch.buffer.subarray(0, 0))).toEqual([]);
      },
    });
    desk.deliver(...new Array<number>(100).fill(1));
    desk.inbox.drain(1_000, Infinity);
    desk.deliver(...new Array<number>(60).fill(1));
    desk.inbox.drain(1_000, Infinity);
    expect(batches).toEqual([100, 28, 32]);
  });

  it('keeps to its budget of spikes', () => {
    const desk = new Desk();
    desk.seat(1, desk.each(1));
    desk.deliver(...new Array<number>(100).fill(1));
    expect([desk.inbox.drain(30, Infinity), desk.inbox.drain(30, Infinity), desk.inbox.drain(1_000, Infinity)]).toEqual(
      [30, 30, 40],
    );
    expect(desk.log.length).toBe(100);
  });

  it('keeps to its budget of time, looking every few dozen spikes', () => {
    const desk = new Desk();
    desk.seat(1, desk.each(1));
    desk.deliver(...new Array<number>(128).fill(1));
    expect(desk.inbox.drain(1_000, performance.now() - 1)).toBe(64);
    expect(desk.inbox.drain(1_000, performance.now() - 1)).toBe(64);
  });

  it('does not release what a handler is looking at, and releases what it is done with', () => {
    const desk = new Desk();
    const gates: number[] = [];
    desk.seat(1, {
      onSpike: () => {
        desk.inbox.flush();
        gates.push(desk.gate);
      },
    });
    desk.deliver(1, 1, 1);
    desk.inbox.drain(1_000, Infinity);
    expect([gates, desk.gate]).toEqual([[0, 1, 2], 3]);
  });

  it('releases on the way, so that a full inbox moves on', () => {
    const desk = new Desk();
    let most = 0;
    let room = true;
    desk.seat(1, {
      onSpike: (spike) => {
        most = Math.max(most, spike.sequence - desk.gate);
        if (spike.sequence === 100) room = desk.deliver(1);
      },
    });
    desk.deliver(...new Array<number>(128).fill(1));
    expect(desk.deliver(1)).toBe(false);
    desk.inbox.drain(1_000, Infinity);
    expect(most).toBeLessThanOrEqual(64 + 16);
    expect(room).toBe(true);
  });

  it('what came before a neuron was registered was meant for an earlier one', () => {
    const desk = new Desk();
    desk.deliver(1, 1, 1);
    desk.seat(1, desk.each(1), desk.inbox.end);
    desk.deliver(1, 1);
    desk.inbox.drain(1_000, Infinity);
    expect(desk.log).toEqual(['1:3', '1:4']);
    expect(desk.drops).toEqual([0, 1, 2].map((sequence) => ['left', sequence, 1]));
    expect(desk.inbox.tally).toEqual({ delivered: 2, filtered: 0, left: 3, closed: 0 });
  });

  it('nobody there: left', () => {
    const desk = new Desk();
    desk.deliver(5, 5);
    desk.watched = false;
    desk.inbox.drain(1_000, Infinity);
    expect([desk.inbox.tally.left, desk.drops]).toEqual([2, []]);
  });

  it('a receiver that leaves in the middle of a run gets no more of it', () => {
    const desk = new Desk();
    const receiver = desk.seat(1, {
      onSpike: (spike) => {
        desk.log.push(String(spike.sequence));
        if (spike.sequence === 1) {
          receiver.seat.open = false;
          desk.receivers[1] = undefined;
        }
      },
    });
    desk.deliver(1, 1, 1, 1);
    desk.inbox.drain(1_000, Infinity);
    expect([desk.log, desk.inbox.tally.delivered, desk.inbox.tally.left]).toEqual([['0', '1'], 2, 2]);
  });

  it('is not entered twice', () => {
    const desk = new Desk();
    const inner: number[] = [];
    desk.seat(1, { onSpike: () => void inner.push(desk.inbox.drain(1_000, Infinity)) });
    desk.deliver(1, 1);
    expect([desk.inbox.drain(1_000, Infinity), inner, desk.inbox.running]).toEqual([2, [0, 0], false]);
  });

  it('an error of a handler reaches the host, and the loop goes on', () => {
    const desk = new Desk();
    desk.seat(1, {
      onSpike: (spike) => {
        throw spike.sequence;
      },
    });
    desk.seat(2, {
      onSpikes: (batch) => {
        throw batch.length;
      },
    });
    desk.deliver(1, 1, 2, 2, 2, 1);
    desk.inbox.drain(1_000, Infinity);
    expect([desk.errors, desk.inbox.tally.delivered, desk.gate]).toEqual([[0, 1, 3, 5], 6, 6]);
  });

  it('closing in the middle leaves the rest to abandon', () => {
    const desk = new Desk();
    desk.seat(1, {
      onSpike: () => {
        desk.inbox.open = false;
        desk.inbox.abandon();
      },
    });
    desk.deliver(1, 1, 1, 2);
    desk.inbox.drain(1_000, Infinity);
    expect(desk.inbox.tally).toEqual({ delivered: 1, filtered: 0, left: 0, closed: 3 });
    expect([desk.inbox.judged, desk.drops.length]).toEqual([4, 3]);
  });
});

describe('custom filters', () => {
  it('cut runs into batches, and single calls are asked right before their handler', () => {
    const desk = new Desk();
    desk.filters.register('even', (spike) => {
      desk.log.push(`?${spike.sequence}`);
      return spike.sequence % 4 !== 1;
    });
    for (const id of [1, 2]) desk.filters.set(7, id, [{ type: 'custom', name: 'even' }], 0, 0);
    desk.seat(1, desk.each(1));
    desk.seat(2, desk.batches(2));
    desk.deliver(1, 1, 1, 2, 2, 2, 2);
    desk.inbox.drain(1_000, Infinity);
    expect(desk.log).toEqual(['?0', '1:0', '?1', '?2', '1:2', '?3', '?4', '?5', '2:3,4', '?6', '2:6']);
    expect(desk.drops).toEqual([
      ['filtered', 1, 1],
      ['filtered', 5, 2],
    ]);
    expect(desk.inbox.tally).toEqual({ delivered: 5, filtered: 2, left: 0, closed: 0 });
  });

  it('cost nothing to pairs without one', () => {
    const desk = new Desk();
    desk.filters.register('never', () => false);
    desk.filters.set(8, 1, [{ type: 'custom', name: 'never' }], 0, 0);
    desk.seat(1, desk.batches(1));
    desk.deliver(...range(0, 5).map(() => 1));
    desk.inbox.drain(1_000, Infinity);
    expect(desk.log).toEqual(['1:0,1,2,3,4']);
  });

  it('a receiver that a predicate removes gets nothing', () => {
    const desk = new Desk();
    const receiver = desk.seat(1, desk.each(1));
    desk.filters.register('out', () => {
      receiver.seat.open = false;
      desk.receivers[1] = undefined;
      return true;
    });
    desk.filters.set(7, 1, [{ type: 'custom', name: 'out' }], 0, 0);
    desk.deliver(1, 1);
    desk.inbox.drain(1_000, Infinity);
    expect([desk.log, desk.inbox.tally]).toEqual([[], { delivered: 0, filtered: 0, left: 2, closed: 0 }]);
  });
});

describe('the layout', () => {
  it('of rings is what the bridge has', () => {
    const memory = new BridgeMemory(CONFIG);
    expect(memory.base % 1).toBe(0);
    expect(RingMemory.bytes(CONFIG.inboxSlots)).toBe(RING.headerBytes + 64 * CONFIG.inboxSlots);
    expect(memory.bytes.length).toBe(memory.layout.bytes);
  });
});
