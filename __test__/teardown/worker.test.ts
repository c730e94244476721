/** Workers that load the addon and end in every way, under traffic. */
import { Worker } from 'node:worker_threads';
import { NeuronBus } from 'neuronbus';
import { expect, test } from 'vitest';
import { WORKER } from './run.js';

const ROUNDS = process.env['NEURONBUS_SOAK'] === '1' ? 100 : 20;

interface Life {
  readonly messages: unknown[];
  readonly errors: unknown[];
  readonly code: number;
}

/** Runs a worker to its end; `terminate` ends it as soon as it is busy. */
function live(data: { ending: string; tickMs?: number }, terminate = false): Promise<Life> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(WORKER, { workerData: data });
    const [messages, errors]: [unknown[], unknown[]] = [[], []];
    const timer = setTimeout(() => reject(new Error(`the worker did not end: ${JSON.stringify(messages)}`)), 20_000);
    worker.on('message', (message) => {
      messages.push(message);
      if (terminate) void worker.terminate();
    });
    worker.on('error', (error) => errors.push(error));
    worker.on('exit', (code) => {
      clearTimeout(timer);
      resolve({ messages, errors, code });
    });
  });
}

test(`a worker is terminated under traffic, ${ROUNDS} rounds, two at a time`, async () => {
  for (let round = 0; round < ROUNDS; round += 2) {
    const lives = await Promise.all([
      live({ ending: 'none', tickMs: round % 3 === 0 ? 1 : 0 }, true),
      live({ ending: 'none' }, true),
    ]);
    for (const { messages, errors } of lives) {
      expect(messages[0]).toBe('busy');
      expect(errors).toEqual([]);
    }
  }
}, 120_000);

test('a worker that is terminated while it starts', async () => {
  for (let delay = 0; delay < 60; delay += 6) {
    const worker = new Worker(WORKER, { workerData: { ending: 'none' } });
    await new Promise((resolve) => setTimeout(resolve, delay));
    await worker.terminate();
  }
}, 30_000);

test('process.exit in a handler of a worker ends the worker alone', async () => {
  const { messages, errors } = await live({ ending: 'exit' });
  expect([messages, errors]).toEqual([['busy'], []]);
});

test('an exception in a handler of a worker, without a listener, reaches the parent as an error', async () => {
  const { errors, code } = await live({ ending: 'throw' });
  expect(errors).toMatchObject([{ message: 'in a handler of a worker' }]);
  expect(code).toBe(1);
});

test('a worker closes its bus under traffic, and ends by itself with balanced books', async () => {
  const { messages, code } = await live({ ending: 'close' });
  expect(code).toBe(0);
  const stats: unknown = messages[1];
  expect(stats).toMatchObject({ inFlight: 0 });
});

test('a worker disposes of its bus in a handler, and ends by itself', async () => {
  const { code } = await live({ ending: 'dispose' });
  expect(code).toBe(0);
});

test('a bus of this thread goes on while workers with buses of their own come and go', async () => {
  const bus = new NeuronBus({ arenaBytes: 2 ** 18 });
  let heard = 0;
  const neuron = bus.register({ name: 'n', membrane: { threshold: 1e9 } }, { onSpike: () => heard++ });
  bus.start();
  const lives = ['exit', 'close', 'dispose', 'throw'].map((ending) => live({ ending }));
  let fired = 0;
  let done = false;
  const all = Promise.all(lives).finally(() => {
    done = true;
  });
  while (!done) {
    await neuron.ready();
    neuron.fire(neuron, 'x'.repeat(fired % 99), { direct: true });
    fired++;
    if (fired % 64 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await all;
  await bus.close();
  expect(heard).toBe(fired);
}, 30_000);
