/** The bus, driven by hand. */
import { BackPressureError, type DropEvent, type Neuron, NeuronBus, type SpikeBatch } from 'neuronbus';
import { describe, expect, it } from 'vitest';
import { CALM, codeOf, expectBalance, keeper, manualBus, texts, until } from './helpers/bus.js';

describe('delivery', () => {
  it('NB-50 the quick start: a spike fired in one tick arrives in the next', () => {
    const bus = new NeuronBus();
    const sender = bus.register({ name: 'sender' });
    const { neuron, got } = keeper(bus);
    bus.connect(sender, neuron, { weight: 0.8 });
    sender.fire(neuron, 'hello');
    expect(got).toEqual([]);
    expect(bus.tick()).toEqual({ ticks: 1, delivered: 1, dropped: 0, inFlight: 0 });
    expect(texts(got)).toEqual(['hello']);
    bus[Symbol.dispose]();
  });

  it('NB-40 stamps source, sequence and time', () => {
    const bus = manualBus();
    const [a, { neuron: b, got }] = [bus.register({ name: 'a' }), keeper(bus)];
    bus.connect(a, b);
    bus.advance(1.5);
    a.fire(b, 'one');
    bus.advance(0.000_001);
    a.fire(b, 'two', { kind: 'inhibitory', priority: 200 });
    expect(a.sequence).toBe(2);
    bus.tick();
    const seen = got.map(({ timestampNs, sequence, source, target, kind, priority }) => [
      timestampNs,
      sequence,
      source,
      target,
      kind,
      priority,
    ]);
    expect(seen).toEqual([
      [1_500_000n, 0, a.id, b.id, 'excitatory', 0],
      [1_500_001n, 1, a.id, b.id, 'inhibitory', 200],
    ]);
    expect(bus.nowNs).toBe(1_500_001n);
  });

  it('stamps from the real clock', () => {
    using bus = new NeuronBus();
    const [a, { neuron: b, got }] = [bus.register({ name: 'a' }), keeper(bus)];
    bus.connect(a, b);
    const before = bus.nowNs;
    a.fire(b, '');
    const after = bus.nowNs;
    bus.tick();
    const stamp = got[0]?.timestampNs ?? 0n;
    expect(stamp >= before && stamp <= after).toBe(true);
  });

  it('NB-44 what a handler fires is delivered in the next tick', () => {
    const bus = manualBus();
    const log: string[] = [];
    const echo = bus.register(
      { name: 'echo', membrane: CALM },
      { onSpike: (spike, self) => self.fire(spike.source, `re:${spike.text()}`) },
    );
    const asker = bus.register({ name: 'asker', membrane: CALM }, { onSpike: (spike) => void log.push(spike.text()) });
    bus.connect(asker, echo);
    bus.connect(echo, asker);
    asker.fire(echo, 'x');
    bus.tick();
    expect(log).toEqual([]);
    bus.tick();
    expect(log).toEqual(['re:x']);
    expectBalance(bus.stats());
  });

  it('NB-43 senders are routed in id order, each in its own order; tick handlers come last', () => {
    const bus = manualBus();
    const log: string[] = [];
    const made = ['a', 'b', 'c'].map((name) =>
      bus.register(
        { name, membrane: CALM },
        {
          onSpike: (spike, self) => void log.push(`${self.card.name}<${spike.text()}`),
          tick: (self) => void log.push(`tick ${self.card.name}`),
        },
      ),
    );
    const [a, b, c] = made;
    if (!a || !b || !c) throw new Error('three');
    for (const pre of made) for (const post of made) bus.connect(pre, post);
    c.fire(a, 'c0');
    a.fire(b, 'a0');
    c.fire(b, 'c1');
    a.fire(a, 'a1');
    b.fire(c, 'b0');
    bus.tick();
    expect(log).toEqual(['b<a0', 'a<a1', 'c<b0', 'a<c0', 'b<c1', 'tick a', 'tick b', 'tick c']);
  });

  it('NB-44 a broadcast reaches each target once and keeps target 0xFFFF', () => {
    const bus = manualBus();
    const a = bus.register({ name: 'a' });
    const keepers = [keeper(bus), keeper(bus), keeper(bus)];
    for (const { neuron } of keepers) bus.connect(a, neuron);
    a.broadcast({ to: 'all' });
    bus.tick();
    for (const { got } of keepers) {
      expect(got.map((spike) => [spike.json(), spike.target, spike.sequence])).toEqual([[{ to: 'all' }, 0xffff, 0]]);
    }
    expect(bus.stats()).toMatchObject({ fired: 3, delivered: 3, inFlight: 0 });
  });

  it('hands runs of spikes to onSpikes as one batch, in place', () => {
    const bus = manualBus();
    const lengths: number[] = [];
    let kept: SpikeBatch | undefined;
    let owner: unknown;
    class Reader {
      readonly seen: number[] = [];
      onSpikes(batch: SpikeBatch, self: Neuron): void {
        owner = [this instanceof Reader, self.card.name];
        kept = batch;
        lengths.push(batch.length);
        for (const spike of batch) this.seen.push(spike.sequence);
        expect(batch.buffer.length).toBe(64 * batch.length);
        expect(batch.lagged).toBe(0);
      }
    }
    const reader = new Reader();
    const [a, b] = [bus.register({ name: 'a' }), bus.register({ name: 'b', membrane: CALM }, reader)];
    bus.connect(a, b);
    for (let i = 0; i < 100; i++) a.fire(b, '');
    bus.tick();
    expect(lengths.reduce((sum, length) => sum + length)).toBe(100);
    expect(lengths.length).toBeLessThan(5);
    expect(reader.seen).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(owner).toEqual([true, 'b']);
    expect(codeOf(() => kept?.at(0))).toBe('E_STATE');
  });

  it('prefers onSpikes where both are given, and needs no handler at all', () => {
    const bus = manualBus();
    const calls: string[] = [];
    const a = bus.register({ name: 'a' });
    const both = bus.register(
      { name: 'b', membrane: CALM },
      { onSpike: () => void calls.push('one'), onSpikes: () => void calls.push('many') },
    );
    const none = bus.register({ name: 'c', membrane: CALM });
    bus.connect(a, both);
    bus.connect(a, none);
    a.fire(both, '');
    a.fire(none, '');
    expect(bus.tick().delivered).toBe(2);
    expect(calls).toEqual(['many']);
  });

  it('NB-13 carries more than its rings hold in one tick', () => {
    const bus = manualBus({ axonSlots: 16_384 });
    const a = bus.register({ name: 'a' });
    let [next, wrong] = [0, 0];
    const b = bus.register(
      { name: 'b', membrane: CALM },
      { onSpike: (spike) => void (spike.sequence === next++ && spike.text() === String(spike.sequence) ? 0 : wrong++) },
    );
    bus.connect(a, b, { stdp: false });
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 16_384; i++) a.fire(b, String(round * 16_384 + i));
      expect(bus.tick().delivered).toBe(16_384);
    }
    expect([next, wrong]).toEqual([49_152, 0]);
    expectBalance(bus.stats());
  });

  it('one trace, byte for byte, for one program', () => {
    const run = (): string => {
      const bus = manualBus();
      const trace: string[] = [];
      const neurons: Neuron[] = Array.from({ length: 8 }, (_, i) =>
        bus.register(
          { name: `n${i}` },
          {
            onSpike: (spike, self) => {
              trace.push(`${self.id}:${spike.bytes.toString('hex')}`);
              if (spike.sequence < 20) self.broadcast(`${self.id}-${spike.sequence}`);
            },
            tick: (self, fired) => void trace.push(`${self.id} ${fired} ${self.potential}`),
          },
        ),
      );
      for (const pre of neurons)
        for (const post of neurons) if ((pre.id + post.id) % 3 === 0) bus.connect(pre, post, { weight: 0.3 });
      neurons[0]?.broadcast('go');
      for (let i = 0; i < 40; i++) {
        bus.advance(1);
        bus.tick();
      }
      expectBalance(bus.stats());
      return trace.join('\n');
    };
    const first = run();
    expect(first.length).toBeGreaterThan(1_000);
    expect(run()).toBe(first);
  });
});

describe('payloads', () => {
  const payloads: [string, string | Uint8Array | number | boolean | null | object, string][] = [
    ['empty string', '', ''],
    ['ASCII', 'abc', 'abc'],
    ['ASCII of 46 bytes', 'x'.repeat(46), 'x'.repeat(46)],
    ['ASCII of 47 bytes', 'x'.repeat(47), 'x'.repeat(47)],
    ['umlauts', 'äöü', 'äöü'],
    ['umlauts of 46 bytes', 'ä'.repeat(23), 'ä'.repeat(23)],
    ['umlauts of 48 bytes in 24 units', 'ä'.repeat(24), 'ä'.repeat(24)],
    ['an emoji', '🧠', '🧠'],
    ['ASCII, then not', `${'x'.repeat(40)}ß`, `${'x'.repeat(40)}ß`],
    ['a lone surrogate', '\ud800', '\ufffd'],
    ['a number', 42, '42'],
    ['a boolean', false, 'false'],
    ['null', null, 'null'],
    ['an array', [1, 'two', null], '[1,"two",null]'],
    ['an object', { a: { b: [1] } }, '{"a":{"b":[1]}}'],
    ['a long object', { text: 'y'.repeat(100) }, `{"text":"${'y'.repeat(100)}"}`],
    ['a toJSON', { toJSON: () => 'short' }, '"short"'],
  ];

  it.each(payloads)('%s', (_, payload, text) => {
    const bus = manualBus();
    const [a, { neuron: b, got }] = [bus.register({ name: 'a' }), keeper(bus)];
    bus.connect(a, b);
    Reflect.apply(a.fire, a, [b, payload]);
    bus.tick();
    expect(texts(got)).toEqual([text]);
    expect(got[0]?.payload.toString()).toBe(text);
    bus.tick();
    expect(bus.arena.used).toBe(0);
    bus[Symbol.dispose]();
  });

  it.each([0, 1, 10, 11, 45, 46, 47, 100, 4_096, 262_144])(
    'NB-7 NB-8 %i bytes arrive intact, whatever they begin with',
    (length) => {
      using bus = manualBus();
      const [a, { neuron: b, got }] = [bus.register({ name: 'a' }), keeper(bus)];
      bus.connect(a, b);
      const bytes = Uint8Array.from({ length }, (_, i) => (i === 0 ? 0xa0 : i * 7));
      const shared = new Uint8Array(new SharedArrayBuffer(length + 3), 3);
      shared.set(bytes);
      a.fire(b, bytes);
      a.fire(b, Buffer.from(bytes));
      a.fire(b, shared);
      bytes.fill(0);
      bus.tick();
      expect(got.length).toBe(3);
      for (const { payload } of got) expect(Uint8Array.from(payload)).toEqual(Uint8Array.from(shared));
    },
  );

  it('leave no trace of an earlier spike in the same slot', () => {
    using bus = manualBus();
    const [a, { neuron: b, got }] = [bus.register({ name: 'a' }), keeper(bus)];
    bus.connect(a, b);
    const send = (payload: Uint8Array): void => {
      for (let i = 0; i < 1_024; i++) a.fire(b, payload);
      bus.tick();
    };
    for (let i = 0; i < 8; i++) send(new Uint8Array(46).fill(0xff));
    got.length = 0;
    for (let length = 0; length <= 46; length++) {
      a.fire(b, new Uint8Array(length).fill(1));
      a.fire(b, 'x'.repeat(length));
      a.fire(b, 'ö'.repeat(length >> 1));
    }
    bus.tick();
    expect(got.length).toBe(3 * 47);
    for (const { payload, bytes } of got)
      expect([...bytes.subarray(18 + payload.length)].every((byte) => byte === 0)).toBe(true);
  });

  it('views are zero-copy, and go empty when the bus closes', () => {
    const bus = manualBus();
    const views: Buffer[] = [];
    const a = bus.register({ name: 'a' });
    const b = bus.register({ name: 'b', membrane: CALM }, { onSpike: (spike) => void views.push(spike.payload) });
    bus.connect(a, b);
    a.fire(b, 'short');
    a.fire(b, 'l'.repeat(500));
    bus.tick();
    const [inline, large] = views;
    expect([inline?.toString(), large?.length]).toEqual(['short', 500]);
    bus[Symbol.dispose]();
    expect(large?.length).toBe(0);
  });
});

describe('credit', () => {
  it('is axonSlots spikes that are not done', () => {
    using bus = manualBus({ axonSlots: 4 });
    const [a, { neuron: b, got }] = [bus.register({ name: 'a' }), keeper(bus)];
    bus.connect(a, b);
    for (let i = 0; i < 4; i++) expect(a.tryFire(b, String(i))).toBe(true);
    expect(a.tryFire(b, 'no')).toBe(false);
    expect(() => a.fire(b, 'no')).toThrow(BackPressureError);
    expect(() => a.broadcast('no')).toThrow(BackPressureError);
    expect(a.sequence).toBe(4);
    expect(bus.stats()).toMatchObject({ fired: 7, refused: 3, inFlight: 4 });
    bus.tick();
    for (let i = 4; i < 8; i++) a.fire(b, String(i));
    bus.tick();
    expect(texts(got)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
    expect(got.map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expectBalance(bus.stats());
  });

  it('comes back as soon as a handler has returned, inside the same tick', () => {
    using bus = manualBus({ axonSlots: 2 });
    const outcome: boolean[] = [];
    const a: Neuron = bus.register({ name: 'a' });
    const b = bus.register({ name: 'b', membrane: CALM }, { onSpike: () => void outcome.push(a.tryFire(b, 'again')) });
    bus.connect(a, b);
    a.fire(b, '1');
    a.fire(b, '2');
    bus.tick();
    expect(outcome).toEqual([false, true]);
    expectBalance(bus.stats());
  });

  it('is of each sender alone', () => {
    using bus = manualBus({ axonSlots: 2 });
    const [a, c, { neuron: b }] = [bus.register({ name: 'a' }), bus.register({ name: 'c' }), keeper(bus)];
    bus.connect(a, b);
    bus.connect(c, b);
    expect([a.tryFire(b, ''), a.tryFire(b, ''), a.tryFire(b, ''), c.tryFire(b, '')]).toEqual([true, true, false, true]);
  });

  it('survives many rounds and the reuse of an id', () => {
    using bus = manualBus({ axonSlots: 4, maxNeurons: 2 });
    const { neuron: b, got } = keeper(bus);
    for (let life = 0; life < 5; life++) {
      const a = bus.register({ name: `life ${life}` });
      bus.connect(a, b);
      for (let i = 0; i < 9; i++) {
        for (let k = 0; k < 4; k++) a.fire(b, `${life}`);
        expect(a.tryFire(b, 'over')).toBe(false);
        bus.tick();
      }
      expect(got.splice(0).map(({ sequence }) => sequence)).toEqual(Array.from({ length: 36 }, (_, i) => i));
      bus.unregister(a);
      bus.tick();
    }
    expectBalance(bus.stats());
  });

  it('a full arena throws from both, counts as refused and takes no number', () => {
    using bus = manualBus({ arenaBytes: 4_096 });
    const [a, { neuron: b }] = [bus.register({ name: 'a' }), keeper(bus)];
    bus.connect(a, b);
    const large = new Uint8Array(3_000);
    a.fire(b, large);
    expect(codeOf(() => a.fire(b, large))).toBe('E_OUT_OF_SPACE');
    expect(codeOf(() => a.tryFire(b, large))).toBe('E_OUT_OF_SPACE');
    expect(a.sequence).toBe(1);
    expect(bus.stats()).toMatchObject({ fired: 3, refused: 2, inFlight: 1 });
    bus.tick();
    a.fire(b, large);
    bus.tick();
    expect(bus.stats()).toMatchObject({ delivered: 2, refused: 2 });
  });

  it('the arena has room again as soon as a handler has returned, inside the same tick', () => {
    using bus = manualBus({ arenaBytes: 4_096 });
    const codes: string[] = [];
    const a: Neuron = bus.register({ name: 'a' });
    const large = new Uint8Array(1_800);
    const b = bus.register(
      { name: 'b', membrane: CALM },
      { onSpike: ({ sequence }) => void (sequence < 2 && codes.push(codeOf(() => a.fire(b, large)))) },
    );
    bus.connect(a, b);
    a.fire(b, large);
    a.fire(b, large);
    bus.tick(3);
    expect(codes).toEqual(['E_OUT_OF_SPACE', 'none']);
    expect(bus.stats()).toMatchObject({ delivered: 3, refused: 1, inFlight: 0 });
  });

  it('a refused call leaves nothing in the arena', () => {
    using bus = manualBus({ axonSlots: 2 });
    const [a, { neuron: b }] = [bus.register({ name: 'a' }), keeper(bus)];
    bus.connect(a, b);
    const large = new Uint8Array(1_000);
    a.fire(b, large);
    a.fire(b, large);
    const { used } = bus.arena;
    expect(a.tryFire(b, large)).toBe(false);
    expect(codeOf(() => a.fire(b, large, { kind: 'modulatory' }))).toBe('E_OUT_OF_RANGE');
    expect(bus.arena.used).toBe(used);
    bus.tick();
    bus.tick();
    expect(bus.arena.used).toBe(0);
  });
});

describe('drops', () => {
  it('NB-47 are counted by reason and told to listeners before tick returns', () => {
    using bus = manualBus();
    const drops: DropEvent[] = [];
    const [a, lone, { neuron: b }] = [bus.register({ name: 'a' }), bus.register({ name: 'lone' }), keeper(bus)];
    bus.connect(a, b, { filters: [{ type: 'priority', min: 10 }] });
    bus.on('drop', (event) => void drops.push(event));
    a.fire(60_000, 'nobody');
    a.fire(lone, 'no synapse');
    lone.broadcast('to no one');
    a.fire(b, 'low', { priority: 9 });
    a.fire(b, 'high', { priority: 10 });
    const report = bus.tick();
    expect(report).toMatchObject({ delivered: 1, dropped: 4, inFlight: 0 });
    expect(drops.map(({ reason, source, sequence }) => [reason, source, sequence])).toEqual([
      ['unknown', a.id, 0],
      ['notConnected', a.id, 1],
      ['filtered', a.id, 2],
      ['noSynapse', lone.id, 0],
    ]);
    expect(bus.stats().dropped).toMatchObject({ unknown: 1, notConnected: 1, filtered: 1, noSynapse: 1 });
    expectBalance(bus.stats());
  });

  it('are counted without listeners too, and off stops the telling', () => {
    using bus = manualBus();
    const a = bus.register({ name: 'a' });
    let heard = 0;
    const listener = (): void => void heard++;
    bus.on('drop', listener);
    a.fire(9, '');
    bus.tick();
    bus.off('drop', listener);
    a.fire(9, '');
    bus.tick();
    expect([heard, bus.stats().dropped.unknown]).toEqual([1, 2]);
  });

  it('a direct spike needs no synapse and leaves the membrane alone', () => {
    using bus = manualBus();
    const [a, { neuron: b, got }] = [bus.register({ name: 'a' }), keeper(bus)];
    a.fire(b, 'direct', { direct: true });
    a.fire(b, 'not', { direct: false });
    bus.tick();
    expect(texts(got)).toEqual(['direct']);
    expect(b.potential).toBe(0);
    expect(bus.stats().dropped.notConnected).toBe(1);
  });

  it('direct is of its spike alone, also where a slot of the outbox is used again', () => {
    using bus = manualBus({ axonSlots: 8_192 });
    const [a, { neuron: b, got }] = [bus.register({ name: 'a' }), keeper(bus)];
    for (let i = 0; i < 8_192; i++) a.fire(b, '', { direct: true });
    bus.tick();
    for (let i = 0; i < 8_192; i++) a.fire(b, '');
    bus.tick();
    expect([got.length, bus.stats().dropped.notConnected]).toEqual([8_192, 8_192]);
  });

  it('a receiver that was unregistered: left; its sender still delivers what it fired', () => {
    using bus = manualBus();
    const [a, b, { neuron: c, got }] = [bus.register({ name: 'a' }), bus.register({ name: 'b' }), keeper(bus)];
    bus.connect(a, b);
    bus.connect(a, c);
    a.fire(b, 'too late');
    a.fire(c, 'last words');
    bus.unregister(b);
    bus.unregister(a);
    bus.tick();
    expect(texts(got)).toEqual(['last words']);
    expect(bus.stats().dropped.left).toBe(1);
    expectBalance(bus.stats());
  });

  it('a receiver that unregisters itself in its handler gets no more', () => {
    using bus = manualBus();
    const reasons: string[] = [];
    bus.on('drop', ({ reason, target }) => void reasons.push(`${reason} ${target}`));
    let calls = 0;
    const a = bus.register({ name: 'a' });
    const b = bus.register(
      { name: 'b', membrane: CALM },
      {
        onSpike: (_, self) => {
          if (++calls === 2) bus.unregister(self);
        },
      },
    );
    bus.connect(a, b);
    for (let i = 0; i < 5; i++) a.fire(b, '');
    bus.tick();
    expect([calls, b.closed]).toEqual([2, true]);
    expect(reasons).toEqual([`left ${b.id}`, `left ${b.id}`, `left ${b.id}`]);
    expectBalance(bus.stats());
  });
});

describe('handlers', () => {
  it('that throw are counted and told of, and do not stop the loop', async () => {
    using bus = manualBus();
    const errors: unknown[][] = [];
    bus.on('error', (...args) => void errors.push(args));
    const a = bus.register({ name: 'a' });
    const boom = new Error('boom');
    const b = bus.register(
      { name: 'b', membrane: CALM },
      {
        onSpike: (spike) => {
          if (spike.sequence % 2 === 0) throw boom;
          return Promise.reject(boom);
        },
        tick: () => {
          throw boom;
        },
      },
    );
    bus.connect(a, b);
    for (let i = 0; i < 4; i++) a.fire(b, '');
    bus.tick();
    await until(() => errors.length === 5);
    for (const [error, neuron] of errors) expect([error, neuron]).toEqual([boom, b]);
    expect(bus.stats()).toMatchObject({ delivered: 4, handlerErrors: 5 });
    expectBalance(bus.stats());
  });

  it('that throw without a listener become unhandled rejections', async () => {
    using bus = manualBus();
    const before = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    const caught: unknown[] = [];
    process.on('unhandledRejection', (reason) => void caught.push(reason));
    try {
      const a = bus.register(
        { name: 'a', membrane: CALM },
        {
          onSpikes: () => {
            throw new Error('unheard');
          },
        },
      );
      a.fire(a, '', { direct: true });
      bus.tick();
      await until(() => caught.length > 0);
    } finally {
      process.removeAllListeners('unhandledRejection');
      for (const listener of before) process.on('unhandledRejection', listener);
    }
    expect(String(caught[0])).toContain('unheard');
    expect(bus.stats().handlerErrors).toBe(1);
  });

  it('NB-37 are called on their object: a class may be passed', () => {
    using bus = manualBus();
    class Counter {
      #count = 0;
      ticks = 0;
      helper(): number {
        return ++this.#count;
      }
      onSpike(): void {
        this.helper();
      }
      tick(): void {
        this.ticks++;
      }
      get count(): number {
        return this.#count;
      }
    }
    const counter = new Counter();
    const a = bus.register({ name: 'a', membrane: CALM }, counter);
    bus.connect(a, a);
    a.fire(a, '');
    bus.tick(3);
    expect([counter.count, counter.ticks]).toEqual([1, 3]);
  });

  it('NB-39 tick tells whether the membrane crossed', () => {
    using bus = manualBus();
    const fired: boolean[] = [];
    const a = bus.register({ name: 'a' });
    const b = bus.register(
      { name: 'b', membrane: { refractoryTicks: 0 } },
      { tick: (_, crossed) => void fired.push(crossed) },
    );
    bus.connect(a, b, { weight: 0.6 });
    for (const spikes of [1, 2, 0, 3]) {
      for (let i = 0; i < spikes; i++) a.fire(b, '');
      bus.tick();
    }
    expect(fired).toEqual([false, true, false, true]);
  });

  it('may register, connect and unregister', () => {
    using bus = manualBus();
    const log: string[] = [];
    const parent = bus.register(
      { name: 'parent', membrane: CALM },
      {
        onSpike: (_, self) => {
          const child = bus.register(
            { name: 'child', membrane: CALM },
            { onSpike: (spike) => void log.push(spike.text()) },
          );
          bus.connect(self, child);
          self.fire(child, 'hi child');
        },
      },
    );
    parent.fire(parent, '', { direct: true });
    bus.tick(2);
    expect(log).toEqual(['hi child']);
    expect(bus.stats().neurons).toBe(2);
  });

  it('the books balance inside of them', () => {
    using bus = manualBus();
    const check = (): void => expectBalance(bus.stats());
    const errors: unknown[] = [];
    bus.on('error', (error) => void errors.push(error));
    const a = bus.register({ name: 'a' });
    const b = bus.register({ name: 'b', membrane: CALM }, { onSpike: check, tick: check });
    const c = bus.register({ name: 'c', membrane: CALM }, { onSpikes: check });
    for (const post of [b, c]) bus.connect(a, post);
    for (let i = 0; i < 20; i++) a.fire(i % 2 === 0 ? b : c, 'x'.repeat(i * 5));
    a.broadcast('all');
    a.fire(77, '');
    check();
    bus.tick();
    check();
    expect(errors).toEqual([]);
    expect(bus.stats()).toMatchObject({ fired: 23, delivered: 22 });
  });
});

describe('ticks', () => {
  it('tick(n) is n ticks, tick(0) none', () => {
    using bus = manualBus();
    let ticks = 0;
    bus.register({ name: 'a' }, { tick: () => void ticks++ });
    expect(bus.tick(0).ticks).toBe(0);
    expect(bus.tick(7).ticks).toBe(7);
    expect([ticks, bus.stats().ticks]).toEqual([7, 7]);
  });

  it('the report counts what is on its way, also what tick handlers fired', () => {
    using bus = manualBus();
    const b: Neuron = bus.register(
      { name: 'b', membrane: CALM },
      { tick: (self) => void (self.sequence < 3 && self.fire(self, '', { direct: true })) },
    );
    expect(bus.tick()).toEqual({ ticks: 1, delivered: 0, dropped: 0, inFlight: 1 });
    expect(bus.tick()).toEqual({ ticks: 1, delivered: 1, dropped: 0, inFlight: 1 });
    b.fire(b, '', { direct: true });
    expect(bus.tick(0).inFlight).toBe(2);
    expect(bus.tick()).toEqual({ ticks: 1, delivered: 2, dropped: 0, inFlight: 0 });
  });

  it('tick inside a handler throws E_REENTRANT', () => {
    using bus = manualBus();
    const codes: string[] = [];
    const inside = (): void => void codes.push(codeOf(() => bus.tick()));
    bus.on('drop', inside);
    const a = bus.register({ name: 'a', membrane: CALM }, { onSpike: inside, tick: inside });
    a.fire(a, '', { direct: true });
    a.fire(50, '');
    bus.tick();
    expect(codes).toEqual(['E_REENTRANT', 'E_REENTRANT', 'E_REENTRANT']);
    expect(codeOf(() => bus.tick())).toBe('none');
  });

  it('NB-39 a refractory neuron defers', () => {
    using bus = manualBus();
    const [a, got] = [bus.register({ name: 'a' }), [] as string[]];
    const b = bus.register(
      { name: 'b', membrane: { threshold: 0.5, leak: 1, refractoryTicks: 2 } },
      { onSpike: (spike) => void got.push(spike.text()) },
    );
    bus.connect(a, b, { weight: 0.6, stdp: false });
    a.fire(b, 'first');
    bus.tick();
    a.fire(b, 'second');
    bus.tick();
    expect(got).toEqual(['first']);
    expect(bus.stats()).toMatchObject({ deferred: 1, inFlight: 1 });
    expectBalance(bus.stats());
    bus.tick(2);
    expect(got).toEqual(['first', 'second']);
    expectBalance(bus.stats());
  });

  it('the manual clock moves by advance alone', () => {
    using bus = manualBus();
    expect(bus.nowNs).toBe(0n);
    bus.tick(5);
    expect(bus.nowNs).toBe(0n);
    bus.advance(2.000_001);
    bus.advance(0);
    expect(bus.nowNs).toBe(2_000_001n);
  });

  it('advance on a real clock throws E_STATE', () => {
    using bus = new NeuronBus();
    expect(codeOf(() => bus.advance(1))).toBe('E_STATE');
  });
});
