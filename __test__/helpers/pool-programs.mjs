/**
 * Programs that drop pools and keep what they showed. `node --expose-gc pool-programs.mjs NAME`: each is run in a process of its own
 * and prints one JSON object per line.
 */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

const COLUMNS = ['membrane', 'threshold', 'leak', 'refractory', 'flags', 'trace', 'rowPtr', 'synapses'];

function say(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Collects garbage until finalizers have run too. */
async function collect() {
  for (let round = 0; round < 5; round++) {
    globalThis.gc();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Not imported by all: some want a process without the addon. */
const { NeuronPool } = process.argv[2] === 'threadsInWorkers' ? {} : await import('neuronbus');

function used(neurons, density) {
  const pool = NeuronPool.withRandomConnectivity('p', neurons, density);
  for (let tick = 0; tick < 20; tick++) pool.tick(new Int16Array(neurons).fill(20_000));
  return pool;
}

function megabytes() {
  return Math.round(process.memoryUsage().rss / 2 ** 20);
}

const programs = {
  /** Views of a pool that is gone hold what they held, and can be written to. */
  async viewsOutlive() {
    let pool = used(1_000, 0.05);
    const gone = new WeakRef(pool);
    const views = COLUMNS.map((name) => pool[name]);
    const copies = views.map((view) => view.slice());
    pool = undefined;
    await collect();
    // Memory that was given back would be used again by these.
    const others = Array.from({ length: 20 }, () => used(1_000, 0.05));
    for (const other of others) for (const name of COLUMNS) other[name].fill(1);
    const same = views.every((view, at) => view.every((value, place) => value === copies[at][place]));
    for (const view of views) view.fill(7);
    say({ gone: gone.deref() === undefined, same, written: views.every((view) => view.every((value) => value === 7)) });
  },

  /** Rows from before growth and pruning, of a pool that lives on and of one that is gone. */
  async oldRows() {
    let pool = used(300, 0.1);
    const kept = [];
    for (let round = 0; round < 20; round++) {
      const { rowPtr, synapses } = pool;
      synapses[5] = 0;
      kept.push([rowPtr, synapses, rowPtr.slice(), synapses.slice()]);
      if (round % 2 === 0) pool.pruneDead();
      else pool.synaptogenesis(255);
      await collect();
      pool.tick(new Int16Array(300).fill(20_000));
    }
    pool = undefined;
    await collect();
    const same = kept.every(
      ([rowPtr, synapses, starts, bytes]) =>
        rowPtr.every((start, at) => start === starts[at]) &&
        synapses.every((byte, at) => at % 8 === 4 || at % 8 === 6 || byte === bytes[at]),
    );
    say({ same, arrays: new Set(kept.map(([, synapses]) => synapses)).size });
  },

  /** A view alone, of a pool whose other views are gone, while pools come and go. */
  async churn() {
    const samples = [];
    const kept = [];
    for (let round = 0; round < 6; round++) {
      for (let at = 0; at < 30; at++) {
        const pool = used(1_000, 0.1);
        pool.synaptogenesis(255);
        if (at === 0) kept.push(pool.trace);
        if (at % 2 === 0) void pool.synapses;
      }
      await collect();
      samples.push(megabytes());
    }
    say({ rss: samples, kept: kept.map((trace) => trace.length) });
  },

  /** Workers that end while their pools tick on several threads, in a process that has no addon of its own but theirs. */
  async threadsInWorkers() {
    const work = `
      const { parentPort } = require('node:worker_threads');
      import('neuronbus').then(({ NeuronPool }) => {
        const pool = NeuronPool.withRandomConnectivity('p', 1_200, 0.3, { threads: 4, maxSynapses: 400 });
        const input = new Int16Array(1_200).fill(10_000);
        for (let tick = 0; tick < 6; tick++) pool.tick(input);
        parentPort.postMessage('busy');
        setInterval(() => pool.tick(input), 1);
      });`;
    for (let round = 0; round < 12; round++) {
      const worker = new Worker(work, { eval: true });
      await once(worker, 'message');
      if (round % 2 === 1) await sleep(5);
      await worker.terminate();
    }
    // Threads that were left behind would have wakened by now.
    await sleep(200);
    say({ alive: true });
  },

  /** A process that ends while pools and views are alive. */
  async exitAlive() {
    globalThis.pool = used(2_000, 0.05);
    globalThis.views = COLUMNS.map((name) => globalThis.pool[name]);
    say({ ends: true });
    process.exit(7);
  },
};

await programs[process.argv[2]]();
