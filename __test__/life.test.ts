/** Beginnings and ends: register and unregister, ready, drain, close, events. */
import { ClosedError, type Neuron, NeuronBus, type NeuronHandlers } from 'neuronbus';
import { describe, expect, it } from 'vitest';
import { CALM, codeOf, expectBalance, keeper, manualBus, rejection, texts, until } from './helpers/bus.js';

describe('NB-42 register and unregister', () => {
  it('ids begin at 0 and a freed one is given again after a tick', () => {
    using bus = manualBus();
    const made = ['a', 'b', 'c'].map((name) => bus.register({ name }));
    expect(made.map(({ id }) => id)).toEqual([0, 1, 2]);
    bus.unregister(1);
    expect(made.map(({ closed }) => closed)).toEqual([false, true, false]);
    bus.tick(2);
    expect(bus.register({ name: 'd' }).id).toBe(1);
    expect(bus.stats().neurons).toBe(3);
  });

  it('NB-3 0xFFFF is never an id', () => {
    using bus = new NeuronBus({ maxNeurons: 65_534, axonSlots: 2, arenaBytes: 4_096 });
    expect(codeOf(() => bus.unregister(0xffff))).toBe('E_OUT_OF_RANGE');
  });

  it('a stale handle is refused by every verb, also when its id lives again', () => {
    using bus = manualBus();
    const [old, other] = [bus.register({ name: 'old' }), bus.register({ name: 'other' })];
    bus.unregister(old);
    bus.tick(2);
    const again = bus.register({ name: 'again' });
    expect(again.id).toBe(old.id);
    const verbs = [
      () => old.fire(other, ''),
      () => old.tryFire(other, ''),
      () => old.broadcast(''),
      () => old.potential,
      () => old.reader(),
      () => other.fire(old, ''),
      () => bus.connect(old, other),
      () => bus.connect(other, old),
      () => bus.synapse(old, other),
      () => bus.disconnect(other, old),
      () => bus.unregister(old),
    ];
    expect(verbs.map(codeOf)).toEqual(verbs.map(() => 'E_UNKNOWN_NEURON'));
    expect([old.card.name, old.id, old.sequence]).toEqual(['old', 0, 0]);
  });

  it('a handle of another bus is refused', async () => {
    using one = manualBus();
    using two = manualBus();
    const [mine, foreign] = [one.register({ name: 'mine' }), two.register({ name: 'foreign' })];
    const verbs = [
      () => mine.fire(foreign, ''),
      () => mine.tryFire(foreign, ''),
      () => one.connect(mine, foreign),
      () => one.unregister(foreign),
      () => one.synapse(foreign, mine),
    ];
    expect(verbs.map(codeOf)).toEqual(verbs.map(() => 'E_UNKNOWN_NEURON'));
    expect(await rejection(foreign.ready())).toBe('none');
  });

  it('a spike to an id that was given again reaches nobody by mistake', () => {
    using bus = manualBus();
    const a = bus.register({ name: 'a' });
    const first = keeper(bus, 'first');
    bus.connect(a, first.neuron);
    a.fire(first.neuron, 'for the first');
    bus.unregister(first.neuron);
    bus.tick(3);
    const second = keeper(bus, 'second');
    bus.connect(a, second.neuron);
    bus.tick(2);
    expect(second.got).toEqual([]);
    expect(bus.stats().dropped.left).toBe(1);
    expectBalance(bus.stats());
  });

  it('NB-41 NB-46 discover finds by capability and by region with its subtree', () => {
    using bus = manualBus();
    const make = (name: string, capabilities: string[], regions: string[]): Neuron =>
      bus.register({ name, capabilities, regions });
    make('one', ['translate', 'ocr'], ['cortex/language']);
    make('two', ['translate'], ['cortex']);
    make('three', ['ocr'], ['cortexial']);
    const names = (query: object): string[] => bus.discover(query).map(({ name }) => name);
    expect(names({ capability: 'translate' })).toEqual(['one', 'two']);
    expect(names({ region: 'cortex' })).toEqual(['one', 'two']);
    expect(names({ region: 'cortex/language' })).toEqual(['one']);
    expect(names({ capability: 'ocr', region: 'cortex' })).toEqual(['one']);
    expect(names({})).toEqual(['one', 'two', 'three']);
    expect(names({ capability: 'none' })).toEqual([]);
    bus.unregister(0);
    expect(names({ region: 'cortex' })).toEqual(['two']);
  });
});

describe('start', () => {
  it('inside a handler of a tick by hand is refused', () => {
    using bus = manualBus();
    const codes: string[] = [];
    const a = bus.register(
      { name: 'a', membrane: CALM },
      {
        onSpike: () => void codes.push(codeOf(() => bus.start())),
        tick: () => void codes.push(codeOf(() => bus.start())),
      },
    );
    a.fire(a, '', { direct: true });
    bus.tick();
    expect(codes).toEqual(['E_REENTRANT', 'E_REENTRANT']);
    expect(codeOf(() => bus.tick())).toBe('none');
  });
});

describe('ready', () => {
  it('resolves at once where there is room', async () => {
    using bus = manualBus();
    await bus.register({ name: 'a' }).ready();
    await bus.register({ name: 'b' }).ready({ bytes: 1_000 });
  });

  it('resolves when credit comes back', async () => {
    using bus = manualBus({ axonSlots: 2 });
    const [a, { neuron: b }] = [bus.register({ name: 'a' }), keeper(bus)];
    bus.connect(a, b);
    a.fire(b, '');
    a.fire(b, '');
    let resolved = false;
    const waiting = a.ready().then(() => {
      resolved = true;
    });
    await new Promise(setImmediate);
    expect(resolved).toBe(false);
    bus.tick();
    await waiting;
    expect(a.tryFire(b, '')).toBe(true);
  });

  it('resolves when the arena has room again', async () => {
    using bus = manualBus({ arenaBytes: 4_096 });
    const a = bus.register({ name: 'a' });
    const ref = bus.arena.write(new Uint8Array(3_000));
    let resolved = false;
    const waiting = a.ready({ bytes: 2_000 }).then(() => {
      resolved = true;
    });
    bus.tick();
    await new Promise(setImmediate);
    expect(resolved).toBe(false);
    bus.arena.release(ref);
    await waiting;
  });

  it('more than the arena ever holds rejects at once', async () => {
    using bus = manualBus({ arenaBytes: 4_096 });
    expect(await rejection(bus.register({ name: 'a' }).ready({ bytes: 5_000 }))).toBe('E_OUT_OF_SPACE');
  });

  it("rejects with the signal's reason, before and while it waits", async () => {
    using bus = manualBus({ axonSlots: 2 });
    const a = bus.register({ name: 'a' });
    const early = AbortSignal.abort('early');
    await expect(a.ready({ signal: early })).rejects.toBe('early');
    a.fire(a, '');
    a.fire(a, '');
    const controller = new AbortController();
    const waiting = a.ready({ signal: controller.signal });
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });

  it('rejects with E_CLOSED at close and E_UNKNOWN_NEURON at unregister', async () => {
    const bus = manualBus({ axonSlots: 2 });
    const [a, b] = [bus.register({ name: 'a' }), bus.register({ name: 'b' })];
    for (const each of [a, b]) for (let i = 0; i < 2; i++) each.fire(each, '');
    const [first, second] = [rejection(a.ready()), rejection(b.ready())];
    bus.unregister(b);
    expect(await second).toBe('E_UNKNOWN_NEURON');
    expect(await rejection(b.ready())).toBe('E_UNKNOWN_NEURON');
    await bus.close();
    expect(await first).toBe('E_CLOSED');
    expect(await rejection(a.ready())).toBe('E_CLOSED');
  });
});

describe('drain', () => {
  it('ticks until nothing is on its way, and takes new spikes meanwhile', async () => {
    using bus = manualBus();
    let hops = 0;
    const a: Neuron = bus.register(
      { name: 'a', membrane: CALM },
      { onSpike: (_, self) => void (++hops < 50 && self.fire(self, '')) },
    );
    bus.connect(a, a);
    a.fire(a, '');
    await bus.drain();
    expect([hops, bus.stats().inFlight]).toEqual([50, 0]);
  });

  it('waits for refractory neurons', async () => {
    using bus = manualBus();
    const got: string[] = [];
    const a = bus.register({ name: 'a' });
    const b = bus.register(
      { name: 'b', membrane: { threshold: 0.1, refractoryTicks: 300 } },
      { onSpike: (spike) => void got.push(spike.text()) },
    );
    bus.connect(a, b);
    for (const text of ['1', '2', '3']) {
      a.fire(b, text);
      bus.tick();
    }
    await bus.drain();
    expect(got).toEqual(['1', '2', '3']);
    expectBalance(bus.stats());
  });

  it('called inside a handler begins afterwards', async () => {
    using bus = manualBus();
    let drained: Promise<void> | undefined;
    const a: Neuron = bus.register(
      { name: 'a', membrane: CALM },
      {
        onSpike: (spike, self) => {
          drained ??= bus.drain();
          if (spike.sequence < 3) self.fire(self, '');
        },
      },
    );
    bus.connect(a, a);
    a.fire(a, '');
    bus.tick();
    await drained;
    expect(bus.stats()).toMatchObject({ delivered: 4, inFlight: 0 });
  });

  it('a close meanwhile rejects it', async () => {
    const bus = manualBus();
    const a: Neuron = bus.register({ name: 'a', membrane: CALM }, { onSpike: (_, self) => self.tryFire(self, '') });
    bus.connect(a, a);
    a.fire(a, '');
    const draining = rejection(bus.drain());
    await new Promise(setImmediate);
    bus[Symbol.dispose]();
    expect(await draining).toBe('E_CLOSED');
  });
});

describe('close', () => {
  it('drains first, refuses new spikes at once, and then everything', async () => {
    const bus = manualBus();
    const [a, { neuron: b, got }] = [bus.register({ name: 'a' }), keeper(bus)];
    const synapse = bus.connect(a, b);
    const reader = a.reader();
    a.fire(b, 'on its way');
    const closing = bus.close();
    expect(codeOf(() => a.fire(b, ''))).toBe('E_CLOSED');
    expect(codeOf(() => a.tryFire(b, ''))).toBe('E_CLOSED');
    expect(codeOf(() => a.broadcast(''))).toBe('E_CLOSED');
    expect(await rejection(a.ready())).toBe('E_CLOSED');
    await closing;
    await bus.close();
    expect(texts(got)).toEqual(['on its way']);
    const calls = [
      () => bus.register({ name: 'x' }),
      () => bus.unregister(a),
      () => bus.connect(a, b),
      () => bus.disconnect(a, b),
      () => bus.synapse(a, b),
      () => bus.synapses(),
      () => bus.discover({}),
      () => bus.tick(),
      () => bus.start(),
      () => bus.prune(),
      () => bus.registerFilter('x', () => true),
      () => bus.on('drop', () => {}),
      () => bus.off('drop', () => {}),
      () => bus.advance(1),
      () => bus.nowNs,
      () => a.potential,
      () => a.reader(),
      () => synapse.weight,
      () => synapse.stdp,
      () => synapse.filters,
      () => Reflect.set(synapse, 'weight', 0.5),
    ];
    expect(calls.map(codeOf)).toEqual(calls.map(() => 'E_CLOSED'));
    for (const promise of [bus.stop(), bus.drain()]) expect(await rejection(promise)).toBe('E_CLOSED');
    expect(() => a.fire(b, '')).toThrow(ClosedError);
    expect(codeOf(() => reader.poll())).toBe('none');
    expect(a.closed).toBe(true);
    expect(bus.stats()).toMatchObject({ fired: 1, delivered: 1, inFlight: 0 });
    expectBalance(bus.stats());
  });

  it('gives up after closeTimeoutMs and counts the rest as closed', async () => {
    const bus = manualBus({ closeTimeoutMs: 20 });
    const a: Neuron = bus.register({ name: 'a', membrane: { threshold: 0.1, refractoryTicks: 2 ** 32 - 1 } });
    bus.connect(a, a);
    for (let i = 0; i < 5; i++) {
      a.fire(a, '');
      bus.tick();
    }
    const begin = performance.now();
    await bus.close();
    expect(performance.now() - begin).toBeLessThan(2_000);
    expect(bus.stats()).toMatchObject({ fired: 5, delivered: 1, inFlight: 0, dropped: { closed: 4 } });
    expectBalance(bus.stats());
  });

  it('without time drains nothing', async () => {
    const bus = manualBus({ closeTimeoutMs: 0 });
    const [a, { neuron: b, got }] = [bus.register({ name: 'a' }), keeper(bus)];
    bus.connect(a, b);
    a.fire(b, '');
    await bus.close();
    expect([got.length + bus.stats().dropped.closed, bus.stats().inFlight]).toEqual([1, 0]);
    expectBalance(bus.stats());
  });

  it('works inside a handler', async () => {
    const bus = manualBus();
    let closing: Promise<void> | undefined;
    const [a, log] = [bus.register({ name: 'a' }), [] as string[]];
    const b = bus.register(
      { name: 'b', membrane: CALM },
      {
        onSpike: (spike) => {
          log.push(spike.text());
          closing ??= bus.close();
          closing = Promise.all([closing, bus.close()]).then(() => {});
        },
      },
    );
    bus.connect(a, b);
    for (let i = 0; i < 3; i++) a.fire(b, String(i));
    bus.tick();
    await closing;
    expect(log).toEqual(['0', '1', '2']);
    expectBalance(bus.stats());
    expect(codeOf(() => bus.tick())).toBe('E_CLOSED');
  });

  it('dispose inside a handler stops at once; the rest is closed', () => {
    for (const kind of ['onSpike', 'onSpikes', 'tick', 'filter'] as const) {
      const bus = manualBus();
      const calls: string[] = [];
      const end = (): void => {
        calls.push(kind);
        bus[Symbol.dispose]();
      };
      const handlers: NeuronHandlers = kind === 'filter' ? { onSpike: () => void calls.push('late') } : { [kind]: end };
      bus.registerFilter('end', () => {
        if (kind === 'filter') end();
        return true;
      });
      const [a, b] = [bus.register({ name: 'a' }), bus.register({ name: 'b', membrane: CALM }, handlers)];
      bus.connect(a, b, { filters: [{ type: 'custom', name: 'end' }] });
      for (let i = 0; i < 4; i++) a.fire(b, '');
      a.fire(99, '');
      expect(codeOf(() => bus.tick(3))).toBe('none');
      expect(calls).toEqual([kind]);
      expect(bus.stats().inFlight).toBe(0);
      expectBalance(bus.stats());
    }
  });

  it('tells listeners of what it counts as closed', () => {
    const bus = manualBus();
    const reasons: string[] = [];
    bus.on('drop', ({ reason }) => void reasons.push(reason));
    const a = bus.register({ name: 'a' });
    bus.connect(a, a);
    for (let i = 0; i < 3; i++) a.fire(a, '');
    bus[Symbol.dispose]();
    expect(bus.stats().dropped.closed).toBe(3);
    expect(reasons.every((reason) => reason === 'closed')).toBe(true);
  });

  it('await using drains and closes, using only closes', async () => {
    let [kept, shut]: (NeuronBus | undefined)[] = [];
    {
      await using drained = manualBus();
      using dropped = manualBus();
      [kept, shut] = [drained, dropped];
      for (const bus of [drained, dropped]) {
        const a = bus.register({ name: 'a' });
        bus.connect(a, a);
        a.fire(a, '');
      }
    }
    expect(kept?.stats()).toMatchObject({ delivered: 1, dropped: { closed: 0 } });
    expect(shut?.stats()).toMatchObject({ delivered: 0, dropped: { closed: 1 } });
  });

  it('many buses live and die', async () => {
    for (let i = 0; i < 60; i++) {
      const bus = new NeuronBus({ arenaBytes: 65_536, maxNeurons: 4, axonSlots: 16 });
      const a = bus.register({ name: 'a' });
      bus.connect(a, a);
      if (i % 2 === 0) bus.start();
      a.fire(a, 'x'.repeat(i));
      await bus.close();
      expect(bus.stats()).toMatchObject({ fired: 1, delivered: 1, inFlight: 0 });
    }
  });
});

describe('events', () => {
  it('a listener that throws becomes an unhandled rejection, others still hear', async () => {
    using bus = manualBus();
    const before = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    const caught: unknown[] = [];
    process.on('unhandledRejection', (reason) => void caught.push(reason));
    try {
      let heard = 0;
      bus.on('drop', () => {
        throw new Error('bad listener');
      });
      bus.on('drop', () => void heard++);
      bus.register({ name: 'a' }).fire(9, '');
      bus.tick();
      expect(heard).toBe(1);
      await until(() => caught.length === 1);
    } finally {
      process.removeAllListeners('unhandledRejection');
      for (const listener of before) process.on('unhandledRejection', listener);
    }
  });

  it('on and off give the bus back; one added twice is heard twice', () => {
    using bus = manualBus();
    let heard = 0;
    const listener = (): void => void heard++;
    expect(bus.on('drop', listener).on('drop', listener).off('drop', listener)).toBe(bus);
    bus.register({ name: 'a' }).fire(9, '');
    bus.tick();
    expect(heard).toBe(1);
    expect(codeOf(() => bus.off('error', listener))).toBe('none');
  });
});
