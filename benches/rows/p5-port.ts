/** What everybody uses today: 64 bytes from a worker by `postMessage`. This file is also the body of that worker. */
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { settled } from '../lib/settled.js';

const BYTES = 64;
/** After which messages are taken for lost, ms. */
const TIMEOUT_MS = 60_000;

/**
 * Receives `count` messages, each verified.
 *
 * @returns millions of messages each second, from the first to the last
 */
export async function ported(count: number): Promise<number> {
  const worker = new Worker(new URL(import.meta.url));
  let [seen, begun] = [0, 0];
  const end = settled<number>(TIMEOUT_MS, () => `${seen} of ${count} messages came`);
  worker.on('error', (error) => end.reject(error));
  worker.on('message', (message: unknown) => {
    if (seen === 0) begun = performance.now();
    if (!isMessage(message, seen)) end.reject(new Error(`message ${seen} is lost or not intact`));
    if (++seen === count) end.resolve(count / (performance.now() - begun) / 1e3);
  });
  worker.postMessage(count);
  const rate = await end.promise;
  await worker.terminate();
  return rate;
}

function isMessage(message: unknown, sequence: number): boolean {
  if (!(message instanceof Uint8Array) || message.length !== BYTES) return false;
  const words = new Int32Array(message.buffer, message.byteOffset, BYTES / 4);
  return words.every((word, at) => word === (sequence ^ at));
}

/** Posts messages 0 to `count`. */
function post(count: number): void {
  const message = new Uint8Array(BYTES);
  const words = new Int32Array(message.buffer);
  for (let sequence = 0; sequence < count; sequence++) {
    for (let at = 0; at < words.length; at++) words[at] = sequence ^ at;
    parentPort?.postMessage(message);
  }
}

if (!isMainThread) parentPort?.once('message', post);
