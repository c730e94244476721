/** The started bus: a native thread ticks, handlers run on this event loop. */
import { spawnSync } from 'node:child_process';
import { type Neuron, NeuronBus, type Spike } from 'neuronbus';
import { describe, expect, it, vi } from 'vitest';
import { Drive } from '../dist/bus/drive.js';
import { CALM, codeOf, expectBalance, keeper, rejection, texts, until } from './helpers/bus.js';

const SMALL = { arenaBytes: 2 ** 20, maxNeurons: 64 };

describe('delivery', () => {
  it('NB-50 spikes arrive without a tick by hand', async () => {
    await using bus = new NeuronBus(SMALL);
    const [a, { neuron: b, got }] = [bus.register({ name: 'a' }), keeper(bus)];
    bus.connect(a, b);
    bus.start();
    a.fire(b, 'hello');
    await until(() => got.length === 1);
    expect(texts(got)).toEqual(['hello']);
  });

  it('P5 NB-13 two hundred thousand of them, in order, once, intact', async () => {
    await using bus = new NeuronBus({ ...SMALL, axonSlots: 4_096 });
    const total = 200_000;
    let [next, wrong] = [0, 0];
    const take = (spike: Spike): void => {
      if (spike.sequence !== next || spike.payload.readUInt32LE(0) !== next) wrong++;
      next++;
    };
    const a = bus.register({ name: 'a' });
    const b = bus.register({ name: 'b', membrane: CALM }, { onSpike: take });
    bus.connect(a, b, { stdp: false });
    bus.start();
    const payload = Buffer.alloc(32);
    for (let sent = 0; sent < total; ) {
      payload.writeUInt32LE(sent, 0);
      if (a.tryFire(b, payload)) sent++;
      else await a.ready();
    }
    await bus.drain();
    expect([next, wrong]).toEqual([total, 0]);
    expectBalance(bus.stats());
  });

  it('batches reach onSpikes', async () => {
    await using bus = new NeuronBus({ ...SMALL, axonSlots: 4_096 });
    let [spikes, batches] = [0, 0];
    const a = bus.register({ name: 'a' });
    const b = bus.register(
      { name: 'b', membrane: CALM },
      {
        onSpikes: (batch) => {
          batches++;
          for (const spike of batch) if (spike.sequence === spikes) spikes++;
        },
      },
    );
    bus.connect(a, b, { stdp: false });
    for (let i = 0; i < 4_096; i++) a.fire(b, '');
    bus.start();
    await bus.drain();
    expect(spikes).toBe(4_096);
    expect(batches).toBeLessThan(1_000);
  });

  it('P7 request and reply between two agents, one after the other', async () => {
    await using bus = new NeuronBus(SMALL);
    let rounds = 0;
    const echo = bus.register(
      { name: 'echo', membrane: CALM },
      { onSpike: (spike, self) => self.fire(spike.source, spike.text()) },
    );
    const asker: Neuron = bus.register(
      { name: 'asker', membrane: CALM },
      {
        onSpike: (spike, self) => {
          expect(spike.text()).toBe(String(rounds));
          if (++rounds < 2_000) self.fire(echo, String(rounds));
        },
      },
    );
    bus.connect(asker, echo);
    bus.connect(echo, asker);
    bus.start();
    asker.fire(echo, '0');
    await until(() => rounds === 2_000, 20_000);
    await bus.drain();
    expect(bus.stats()).toMatchObject({ fired: 4_000, delivered: 4_000 });
  });

  it('large payloads cross the arena and come back to it', async () => {
    await using bus = new NeuronBus({ ...SMALL, arenaBytes: 65_536 });
    let bytes = 0;
    const a = bus.register({ name: 'a' });
    const b = bus.register(
      { name: 'b', membrane: CALM },
      {
        onSpike: ({ payload }) => {
          if (payload.every((byte) => byte === payload.length % 251)) bytes += payload.length;
        },
      },
    );
    bus.connect(a, b);
    bus.start();
    let expected = 0;
    for (let i = 0; i < 2_000; i++) {
      const payload = new Uint8Array(47 + (i % 3_000)).fill((47 + (i % 3_000)) % 251);
      await a.ready({ bytes: payload.length });
      a.fire(b, payload);
      expected += payload.length;
    }
    await bus.drain();
    expect(bytes).toBe(expected);
    expect(bus.arena.used).toBe(0);
  });

  it('P6 stamps are at most a moment old', async () => {
    await using bus = new NeuronBus(SMALL);
    let worst = 0n;
    const a = bus.register({ name: 'a' });
    let [before, after] = [0n, 0n];
    const b = bus.register(
      { name: 'b', membrane: CALM },
      {
        onSpike: ({ timestampNs }) => {
          expect(timestampNs <= after).toBe(true);
          if (before > timestampNs && before - timestampNs > worst) worst = before - timestampNs;
        },
      },
    );
    bus.connect(a, b);
    bus.start();
    for (let i = 0; i < 50; i++) {
      before = bus.nowNs;
      a.fire(b, '');
      after = bus.nowNs + 1_000_000n;
      await bus.drain();
      if (i % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(Number(worst) / 1e6).toBeLessThan(5);
  });

  it('a drop without any delivery is told, and the bus is quiet again', async () => {
    await using bus = new NeuronBus(SMALL);
    const reasons: string[] = [];
    bus.on('drop', ({ reason }) => void reasons.push(reason));
    const a = bus.register({ name: 'a' });
    bus.start();
    await new Promise((resolve) => setTimeout(resolve, 20));
    a.fire(50, '');
    a.broadcast('');
    await bus.drain();
    await until(() => reasons.length === 2);
    expect(reasons).toEqual(['unknown', 'noSynapse']);
    expectBalance(bus.stats());
  });
});

describe('states', () => {
  it('start twice does nothing more, tick throws E_STATE, stop gives the ticks back', async () => {
    await using bus = new NeuronBus(SMALL);
    const [a, { neuron: b, got }] = [bus.register({ name: 'a' }), keeper(bus)];
    bus.connect(a, b);
    bus.start();
    bus.start();
    expect(codeOf(() => bus.tick())).toBe('E_STATE');
    await bus.stop();
    await bus.stop();
    a.fire(b, 'by hand');
    expect(got).toEqual([]);
    bus.tick();
    expect(texts(got)).toEqual(['by hand']);
    bus.start();
    a.fire(b, 'by thread');
    await until(() => got.length === 2);
  });

  it('tick inside a handler of a started bus is refused', async () => {
    await using bus = new NeuronBus(SMALL);
    const codes: string[] = [];
    const a = bus.register({ name: 'a', membrane: CALM }, { onSpike: () => void codes.push(codeOf(() => bus.tick())) });
    bus.start();
    a.fire(a, '', { direct: true });
    await until(() => codes.length === 1);
    expect(codes).toEqual(['E_REENTRANT']);
  });

  it('stop drains what stands in the inbox, also when called in a handler', async () => {
    await using bus = new NeuronBus({ ...SMALL, axonSlots: 4_096 });
    let stopping: Promise<void> | undefined;
    let calls = 0;
    const a = bus.register({ name: 'a' });
    const b = bus.register(
      { name: 'b', membrane: CALM },
      {
        onSpike: () => {
          calls++;
          stopping ??= bus.stop();
        },
      },
    );
    bus.connect(a, b);
    for (let i = 0; i < 2_000; i++) a.fire(b, '');
    bus.start();
    await until(() => stopping !== undefined);
    await stopping;
    const { delivered, inFlight } = bus.stats();
    expect(calls).toBe(delivered);
    expect(delivered + inFlight).toBe(2_000);
    await bus.drain();
    expect(calls).toBe(2_000);
  });

  it('register, connect, unregister and disconnect work while it runs', async () => {
    await using bus = new NeuronBus(SMALL);
    const hub = bus.register({ name: 'hub' });
    bus.start();
    let received = 0;
    for (let i = 0; i < 200; i++) {
      const each = bus.register({ name: `n${i}`, membrane: CALM }, { onSpike: () => void received++ });
      bus.connect(hub, each);
      hub.fire(each, '');
      if (i % 3 === 0) await bus.drain();
      bus.disconnect(hub, each);
      bus.unregister(each);
      await bus.drain();
    }
    const stats = bus.stats();
    expect(stats.fired).toBe(200);
    expect(stats.delivered).toBe(received);
    expect(received).toBeGreaterThanOrEqual(67);
    expectBalance(stats);
  });

  it('close while spikes fly delivers or counts every one', async () => {
    for (let round = 0; round < 10; round++) {
      const bus = new NeuronBus({ ...SMALL, closeTimeoutMs: round % 2 === 0 ? 0 : 5_000 });
      bus.on('error', (error) => expect(error).toMatchObject({ code: 'E_CLOSED' }));
      const neurons = Array.from({ length: 4 }, (_, i) =>
        bus.register(
          { name: `n${i}`, membrane: CALM },
          { onSpike: (spike, self) => void self.tryFire((spike.source + 1) % 4, '') },
        ),
      );
      for (const pre of neurons) for (const post of neurons) bus.connect(pre, post);
      bus.start();
      for (const each of neurons) for (let i = 0; i < 50; i++) each.broadcast('x'.repeat(i));
      await new Promise((resolve) => setTimeout(resolve, round));
      await bus.close();
      expect(bus.stats().inFlight).toBe(0);
      expectBalance(bus.stats());
    }
  });

  it('dispose inside a handler stops at once', async () => {
    const bus = new NeuronBus(SMALL);
    let calls = 0;
    const a = bus.register(
      { name: 'a', membrane: CALM },
      {
        onSpike: () => {
          calls++;
          bus[Symbol.dispose]();
        },
      },
    );
    for (let i = 0; i < 100; i++) a.fire(a, '', { direct: true });
    bus.start();
    await until(() => calls > 0);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(calls).toBe(1);
    expect(bus.stats()).toMatchObject({ delivered: 1, inFlight: 0, dropped: { closed: 99 } });
    expect(await rejection(bus.stop())).toBe('E_CLOSED');
  });
});

describe('waiting', () => {
  it('ready wakes when credit comes back', async () => {
    await using bus = new NeuronBus({ ...SMALL, axonSlots: 2 });
    const [a, { neuron: b, got }] = [bus.register({ name: 'a' }), keeper(bus)];
    bus.connect(a, b);
    bus.start();
    for (let i = 0; i < 500; i++) {
      await a.ready();
      a.fire(b, String(i));
    }
    await bus.drain();
    expect(texts(got)).toEqual(Array.from({ length: 500 }, (_, i) => String(i)));
  });

  it('a reader of an axon iterates while it runs', async () => {
    await using bus = new NeuronBus(SMALL);
    const [a, { neuron: b }] = [bus.register({ name: 'a' }), keeper(bus)];
    bus.connect(a, b);
    const seen: number[] = [];
    const reading = (async () => {
      for await (const batch of a.reader()) {
        for (const spike of batch) seen.push(spike.sequence);
        if (seen.length >= 300) break;
      }
    })();
    bus.start();
    for (let i = 0; i < 300; i++) {
      a.fire(b, '');
      if (i % 20 === 0) await new Promise(setImmediate);
    }
    await reading;
    expect(seen).toEqual(Array.from({ length: 300 }, (_, i) => i));
  });
});

describe('the pump', () => {
  it('looks again when a call has brought to rest what the driver then does not tell of', async () => {
    await using bus = new NeuronBus(SMALL);
    const { neuron } = keeper(bus);
    bus.start();
    neuron.fire(neuron, '', { direct: true });
    await bus.drain();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const turn = vi.spyOn(Drive.prototype, 'turn');
    await new Promise(setImmediate);
    expect(turn).not.toHaveBeenCalled();
    expect(bus.arena.used).toBe(0);
    await new Promise(setImmediate);
    expect(turn).toHaveBeenCalled();
    turn.mockRestore();
  });
});

describe('tick handlers', () => {
  it('of a fixed rate run once per tick', async () => {
    await using bus = new NeuronBus({ ...SMALL, tickMs: 2 });
    let calls = 0;
    bus.register({ name: 'a' }, { tick: () => void calls++ });
    bus.start();
    await until(() => calls >= 20);
    await bus.stop();
    expect(calls).toBe(bus.stats().ticks);
  });

  it('back to back tell that the membrane crossed', async () => {
    await using bus = new NeuronBus(SMALL);
    let crossings = 0;
    const a = bus.register({ name: 'a' });
    const b = bus.register(
      { name: 'b', membrane: { threshold: 0.3 } },
      { tick: (_, fired) => void (fired && crossings++) },
    );
    bus.connect(a, b, { stdp: false });
    bus.start();
    for (let i = 0; i < 5; i++) {
      a.fire(b, '');
      await until(() => crossings === i + 1);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(crossings).toBe(5);
  });
});

/** Runs a program of its own; gives its exit code, output and time in ms. */
function program(source: string): { code: number | null; out: string; ms: number } {
  const begin = performance.now();
  const prelude = "import { NeuronBus, Axon } from 'neuronbus';\n";
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', prelude + source], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  return { code: status, out: stdout + stderr, ms: performance.now() - begin };
}

describe('the end of a program', () => {
  it('a forgotten bus does not keep it alive, driven by hand or started', () => {
    for (const start of ['', 'bus.start();']) {
      const { code, out } = program(
        `const bus = new NeuronBus(); ${start} const a = bus.register({ name: 'a' }, { tick() {} }); a.ready(); console.log('end');`,
      );
      expect([code, out.trim()]).toEqual([0, 'end']);
    }
  });

  it('neither do those who wait for room', () => {
    for (const start of ['', 'bus.start();']) {
      const { code, out } = program(`
        const bus = new NeuronBus({ arenaBytes: 65_536, axonSlots: 2 }); ${start}
        const [a, b, c] = ['a', 'b', 'c'].map((name) => bus.register({ name }));
        bus.arena.write(Buffer.alloc(60_000));
        const reader = c.reader();
        while (c.tryFire(a, '', { direct: true }));
        for (const wait of [a.ready({ bytes: 50_000 }), b.ready({ bytes: 40_000 }), b.ready({ bytes: 30_000 }), c.ready()]) wait.then(() => console.log('ready'));
        console.log('end');`);
      expect([code, out.trim()]).toEqual([0, 'end']);
    }
  });

  it('neither do readers that wait', () => {
    const { code, out } = program(`
      const bus = new NeuronBus(); bus.start();
      const axon = new Axon();
      for (const reader of [axon.reader(), bus.register({ name: 'a' }).reader()]) void (async () => { for await (const batch of reader) console.log(batch.length); })();
      console.log('end');`);
    expect([code, out.trim()]).toEqual([0, 'end']);
  });

  it('a started bus keeps it alive while spikes are on their way, and no longer', () => {
    const { code, out } = program(`
      const bus = new NeuronBus({ tickMs: 20 });
      const a = bus.register({ name: 'a', membrane: { threshold: 0.1, refractoryTicks: 3 } }, { onSpike(spike) { console.log(spike.text()); } });
      bus.connect(a, a);
      bus.start();
      for (const text of ['one', 'two', 'three']) a.fire(a, text);`);
    expect([code, out.trim().split('\n')]).toEqual([0, ['one', 'two', 'three']]);
  });

  it('a bus that was stopped and started again keeps it alive for its spikes', () => {
    const { code, out } = program(`
      const bus = new NeuronBus({ tickMs: 30 });
      const a = bus.register({ name: 'a' }, { onSpike(spike) { console.log(spike.text()); if (spike.text() === 'one') again(); } });
      async function again() { await bus.stop(); a.fire(a, 'two', { direct: true }); await new Promise(setImmediate); bus.start(); }
      bus.start();
      a.fire(a, 'one', { direct: true });`);
    expect([code, out.trim().split('\n')]).toEqual([0, ['one', 'two']]);
  });

  it('a stopped bus with spikes on their way does not keep it alive', () => {
    const { code, out } = program(`
      const bus = new NeuronBus(); const a = bus.register({ name: 'a' }); bus.start();
      await bus.stop(); a.fire(a, '', { direct: true }); console.log('end');`);
    expect([code, out.trim()]).toEqual([0, 'end']);
  });

  it('an error of a handler without a listener ends it like any unhandled rejection', () => {
    const { code, out } = program(`
      const bus = new NeuronBus();
      const a = bus.register({ name: 'a' }, { onSpike() { throw new Error('from a handler'); } });
      a.fire(a, '', { direct: true }); bus.tick();`);
    expect(code).toBe(1);
    expect(out).toContain('from a handler');
  });

  it('process.exit in a handler of a started bus ends cleanly', () => {
    const { code } = program(`
      const bus = new NeuronBus(); const a = bus.register({ name: 'a' }, { onSpike() { process.exit(7); } });
      bus.start(); a.fire(a, '', { direct: true });`);
    expect(code).toBe(7);
  });

  it('P10 an idle started bus burns next to nothing', () => {
    const { code, out } = program(`
      const bus = new NeuronBus();
      const a = bus.register({ name: 'a' }, { tick() {} }); bus.connect(a, a);
      bus.start(); a.fire(a, '');
      void (async () => { for await (const batch of a.reader()) batch.release(); })();
      await new Promise((r) => setTimeout(r, 300));
      const before = process.cpuUsage();
      await new Promise((r) => setTimeout(r, 1500));
      const { user, system } = process.cpuUsage(before);
      console.log((user + system) / 15_000); await bus.close();`);
    expect(code).toBe(0);
    expect(Number(out)).toBeLessThan(5);
  });
});
