/**
 * Programs that end in every way a program can. `node programs.mjs NAME [argument]`: each is run in a process of its own and prints
 * one JSON object per line.
 */
import { NeuronBus } from 'neuronbus';

const DIRECT = { direct: true };

function say(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** A bus with one neuron that talks to itself for ever, many spikes at once. */
function chatter(bus, onSpike = () => {}) {
  const neuron = bus.register(
    { name: 'chatter', membrane: { threshold: 1e9 } },
    {
      onSpike: (spike, self) => {
        onSpike(spike, self);
        self.tryFire(self, spike.payload, DIRECT);
      },
    },
  );
  for (let i = 0; i < 100; i++) neuron.fire(neuron, 'x'.repeat(i), DIRECT);
  return neuron;
}

function small(options = {}) {
  return new NeuronBus({ arenaBytes: 2 ** 18, ...options });
}

/** The books, when the process ends. */
function sayAtExit(bus) {
  process.on('exit', (code) => {
    const { fired, delivered, refused, dropped, inFlight } = bus.stats();
    const drops = Object.values(dropped).reduce((sum, count) => sum + count, 0);
    say({ code, fired, delivered, inFlight, balanced: fired === delivered + refused + drops + inFlight });
  });
}

const programs = {
  exitInHandler(mode) {
    const bus = small();
    let calls = 0;
    chatter(bus, () => {
      if (++calls === 500) process.exit(7);
    });
    if (mode === 'started') bus.start();
    else for (;;) bus.tick();
  },

  forgetManual(mode) {
    const bus = small();
    if (mode === 'busy') chatter(bus);
    bus.tick();
    sayAtExit(bus);
  },

  forgetStarted(mode) {
    const bus = small();
    sayAtExit(bus);
    bus.start();
    const neuron = bus.register({ name: 'n' }, { onSpike: () => {} });
    if (mode === 'busy') for (let i = 0; i < 1_000; i++) neuron.fire(neuron, 'x'.repeat(i % 99), DIRECT);
  },

  /** Spikes that beget spikes, 300 times. */
  forgetChain() {
    const bus = small();
    sayAtExit(bus);
    let left = 300;
    const neuron = bus.register(
      { name: 'n' },
      { onSpike: (_, self) => void (--left > 0 && self.fire(self, 'x', DIRECT)) },
    );
    neuron.fire(neuron, 'x', DIRECT);
    bus.start();
  },

  /** A spike that waits for a refractory neuron keeps the program alive until it is delivered. */
  forgetDeferred() {
    const bus = small({ tickMs: 5 });
    sayAtExit(bus);
    const sender = bus.register({ name: 's' });
    const cell = bus.register({ name: 'c', membrane: { refractoryTicks: 20, leak: 1 } }, { onSpike: () => {} });
    bus.connect(sender, cell, { weight: 1, stdp: false });
    sender.fire(cell, 'a');
    bus.tick();
    sender.fire(cell, 'b');
    bus.start();
  },

  /** What fires after the program has fallen asleep is delivered too. */
  forgetLater() {
    const bus = small();
    sayAtExit(bus);
    const neuron = bus.register({ name: 'n' }, { onSpike: () => {} });
    bus.start();
    setTimeout(() => {
      for (let i = 0; i < 10; i++) neuron.fire(neuron, 'x', DIRECT);
    }, 100);
  },

  /** Nothing that waits keeps a program alive. */
  waitForever(what) {
    const bus = small({ axonSlots: 2 });
    const neuron = bus.register({ name: 'n' });
    if (what !== 'readyManual') bus.start();
    if (what === 'iterator') neuron.reader()[Symbol.asyncIterator]().next();
    if (what === 'unreadReader') neuron.reader();
    if (what === 'tickHandler') bus.register({ name: 't' }, { tick: () => {} });
    if (what === 'fixedRate') {
      bus.stop().then(() => say({ stopped: true }));
    }
    if (what === 'readyManual') {
      while (neuron.tryFire(neuron, 'x', DIRECT));
      neuron.ready();
    } else neuron.fire(neuron, 'x', DIRECT);
    say({ waits: what });
  },

  fixedRateIdle() {
    const bus = small({ tickMs: 1 });
    sayAtExit(bus);
    bus.register({ name: 't' }, { tick: () => {} });
    bus.start();
  },

  throwInHandler(mode) {
    const bus = small();
    if (mode === 'caught') process.on('unhandledRejection', (error) => say({ unhandled: String(error) }));
    const neuron = bus.register(
      { name: 'n' },
      {
        onSpike: () => {
          throw new Error('from a handler');
        },
      },
    );
    neuron.fire(neuron, 'x', DIRECT);
    bus.start();
  },

  /** Ctrl-C under traffic: without a listener the process dies of it; with one it closes in order. */
  ctrlC(mode) {
    const bus = small();
    let [calls, stop, said] = [0, false, false];
    const neuron = bus.register(
      { name: 'n' },
      {
        onSpike: (_, self) => {
          if (++calls === 5_000) say({ ready: true });
          if (!stop) self.fire(self, 'x'.repeat(60), DIRECT);
        },
      },
    );
    bus.start();
    for (let i = 0; i < 50; i++) neuron.fire(neuron, 'x', DIRECT);
    if (mode !== 'closes') return;
    bus.on('error', () => {});
    process.on('SIGINT', async () => {
      stop = true;
      await bus.close();
      if (!said) sayAtExit(bus);
      said = true;
    });
  },

  /** Buses that nobody closes or keeps. */
  async garbage(kind) {
    const rss = [];
    for (let round = 0; round < 8; round++) {
      for (let i = 0; i < 100; i++) {
        const bus = small({ arenaBytes: 2 ** 20 });
        const neuron = bus.register({ name: 'n' }, { onSpike: () => {} });
        neuron.fire(neuron, 'x'.repeat(4_000), DIRECT);
        bus.arena.read(bus.arena.write(Buffer.alloc(100_000, 1)));
        if (kind === 'reader') neuron.reader().poll();
        bus.tick();
        // Two, so that the one stands behind the other.
        if (kind === 'waiting') for (let j = 0; j < 2; j++) neuron.ready({ bytes: 1e6 }).catch(() => {});
        if (kind === 'closed') await bus.close();
        if (kind === 'disposed') bus[Symbol.dispose]();
        if (kind === 'stopped') {
          bus.start();
          await bus.stop();
        }
      }
      for (let i = 0; i < 5; i++) {
        globalThis.gc();
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      rss.push(Math.round(process.memoryUsage.rss() / 2 ** 20));
    }
    say({ rss });
  },

  /** A 1 ms timer beside a flood. */
  timerGap() {
    const bus = small({ axonSlots: 4_096 });
    const neuron = chatter(bus);
    for (let i = 0; i < 3_000; i++) neuron.tryFire(neuron, 'x', DIRECT);
    let [last, worst, count] = [performance.now(), 0, 0];
    const timer = setInterval(() => {
      const now = performance.now();
      if (count++ > 50) worst = Math.max(worst, now - last);
      last = now;
    }, 1);
    bus.start();
    setTimeout(() => {
      clearInterval(timer);
      say({ worst, count, delivered: bus.stats().delivered });
      bus[Symbol.dispose]();
    }, 1_500);
  },
};

const [name, argument] = process.argv.slice(2);
await programs[name](argument);
