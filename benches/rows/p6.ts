/**
 * P6: what it costs to fire. Bursts are short enough to meet no back-pressure, and only the bursts are timed: between two of them
 * everything is delivered and verified.
 */
import { Axon, type AxonReader, type Neuron, NeuronBus, type Payload, type Spike } from 'neuronbus';
import { Bench as Tinybench } from 'tinybench';
import { quantile } from '../lib/figures.js';
import { type Bench, main } from '../lib/measure.js';

/** Spikes of a burst: half of what the outbox holds. */
const BURST = 2_048;
const SLOTS = 2 ** 15;
/** Spikes of a batch on a bare axon. */
const BATCH = 64;
const SPIKE_BYTES = 64;
/** How long one round runs, ms, and how many bursts it is at least. */
const ROUND = { full: { time: 300, iterations: 64 }, quick: { time: 30, iterations: 8 } };

/** Ages below this are beyond what two clocks can tell, µs. */
const LEAST_AGE_US = 0.1;

/** A started bus with one synapse. */
class Line {
  readonly bus = new NeuronBus({ axonSlots: SLOTS, maxNeurons: 16, arenaBytes: 2 ** 16 });
  readonly sender: Neuron;
  readonly receiver: Neuron;
  #problem: unknown;

  constructor(onSpike: (spike: Spike) => void) {
    this.bus.on('error', (error) => {
      this.#problem ??= error;
    });
    this.sender = this.bus.register({ name: 'sender' });
    this.receiver = this.bus.register({ name: 'receiver', membrane: { threshold: 1e30 } }, { onSpike });
    this.bus.connect(this.sender, this.receiver);
    this.bus.start();
  }

  /** All is delivered. */
  async settle(): Promise<void> {
    await this.bus.drain();
    if (this.#problem !== undefined) throw this.#problem;
  }

  async end(expected: number): Promise<void> {
    await this.bus.close();
    const { delivered, refused } = this.bus.stats();
    if (delivered !== expected || refused !== 0)
      throw new Error(`${delivered} of ${expected} delivered, ${refused} refused`);
  }
}

/** Median time of one run of `burst`, ns for each of `count` things. */
async function timed(quick: boolean, count: number, burst: () => void, between: () => Promise<void>): Promise<number> {
  const bench = new Tinybench({ ...(quick ? ROUND.quick : ROUND.full), warmup: true, throws: true });
  bench.add('burst', burst, { beforeEach: between });
  const [task] = await bench.run();
  if (task?.result.state !== 'completed') throw new Error(`the burst did not complete: ${task?.result.state}`);
  return (task.result.latency.p50 * 1e6) / count;
}

/** Fires what `payload` gives for each number; the receiver compares it with `isIntact`. */
async function fire(
  quick: boolean,
  payload: (sequence: number) => Payload,
  isIntact: (spike: Spike) => boolean,
): Promise<number> {
  let [fired, seen] = [0, 0];
  const line = new Line((spike) => {
    if (spike.sequence !== seen || !isIntact(spike)) throw new Error(`spike ${seen} is lost or not intact`);
    seen++;
  });
  const { sender, receiver } = line;
  const burst = (): void => {
    for (let i = 0; i < BURST; i++) sender.fire(receiver, payload(fired++));
  };
  const figure = await timed(quick, BURST, burst, () => line.settle());
  await line.end(fired);
  if (seen !== fired) throw new Error(`${seen} of ${fired} spikes came`);
  return figure;
}

function bytes(quick: boolean): Promise<number> {
  const payload = new Uint8Array(32);
  const words = new Int32Array(payload.buffer);
  const write = (sequence: number): Uint8Array => {
    words[0] = sequence;
    words[7] = ~sequence;
    return payload;
  };
  const isIntact = ({ payload, sequence }: Spike): boolean =>
    payload.length === 32 && payload.readInt32LE(0) === sequence && payload.readInt32LE(28) === ~sequence;
  return fire(quick, write, isIntact);
}

function text(quick: boolean): Promise<number> {
  const texts = Array.from({ length: 256 }, (_, at) =>
    Buffer.from(`message ${at} `.padEnd(32, '.')).toString('latin1'),
  );
  const pick = (sequence: number): string => texts[sequence & 255] ?? '';
  return fire(quick, pick, (spike) => spike.text() === pick(spike.sequence));
}

/** `publishBatch` on a bare axon. */
async function batch(quick: boolean): Promise<number> {
  const axon = new Axon({ slots: 2 * BURST });
  const reader = axon.reader();
  const frames = Buffer.alloc(BURST * SPIKE_BYTES);
  const batches = Array.from({ length: BURST / BATCH }, (_, at) =>
    frames.subarray(at * BATCH * SPIKE_BYTES, (at + 1) * BATCH * SPIKE_BYTES),
  );
  let [sent, seen] = [0, 0];
  const prepare = (): void => {
    for (let i = 0; i < BURST; i++) writeFrame(frames, i, sent + i);
  };
  const between = async (): Promise<void> => {
    seen = readAll(reader, seen);
    if (seen !== sent) throw new Error(`${seen} of ${sent} spikes came`);
    prepare();
  };
  const burst = (): void => {
    for (const spikes of batches) axon.publishBatch(spikes);
    sent += BURST;
  };
  // The harness calls the burst once before anything else.
  prepare();
  const figure = await timed(quick, BURST, burst, between);
  await between();
  axon.close();
  return figure;
}

/** A frame with 46 inline bytes whose payload begins with its number. */
function writeFrame(frames: Buffer, index: number, sequence: number): void {
  const at = index * SPIKE_BYTES;
  frames.writeUInt32LE(sequence >>> 0, at + 8);
  frames[at + 16] = 47 << 2;
  frames.writeInt32LE(~sequence, at + 60);
}

function readAll(reader: AxonReader, from: number): number {
  let next = from;
  for (let batch = reader.poll(); batch.length > 0; batch = reader.poll()) {
    const { buffer, length } = batch;
    for (let i = 0; i < length; i++) {
      const at = i * SPIKE_BYTES;
      const intact = buffer.readUInt32LE(at + 8) === next >>> 0 && buffer.readInt32LE(at + 60) === ~next;
      if (!intact) throw new Error(`spike ${next} is lost or not intact`);
      next++;
    }
  }
  return next;
}

/** How old a stamp is at most when it is given, for 99 of 100 spikes, µs; the clocks are compared while the bus sleeps. */
async function age(quick: boolean): Promise<number> {
  const stamps: bigint[] = [];
  const line = new Line((spike) => void stamps.push(spike.timestampNs));
  const { sender, receiver, bus } = line;
  const payload = new Uint8Array(32);
  const fired: bigint[] = [];
  const bursts = quick ? 64 : 1_024;
  const before = await clockOffset(bus);
  for (let round = 0; round < bursts; round++) {
    await line.settle();
    for (let i = 0; i < BURST; i++) {
      fired.push(process.hrtime.bigint());
      sender.fire(receiver, payload);
    }
  }
  await line.settle();
  const after = await clockOffset(bus);
  await line.end(fired.length);
  // The two clocks run apart by some millionths: what one is ahead of the other changes evenly between the two looks.
  const drift = (after.ns - before.ns) / Number(after.at - before.at);
  const aheadNs = (at: bigint): number => before.ns + drift * Number(at - before.at);
  // The first bursts share the cores with the compiler of V8.
  const warm = BURST * Math.floor(bursts / 4);
  const agesUs = fired.slice(warm).map((at, index) => (Number(at - (stamps[warm + index] ?? 0n)) - aheadNs(at)) / 1e3);
  return Math.max(LEAST_AGE_US, quantile(agesUs, 0.99));
}

/** What the clock of Node is ahead of the clock of a bus, ns, and when that was, ns of Node's clock. */
async function clockOffset(bus: NeuronBus): Promise<{ at: bigint; ns: number }> {
  const offsets: number[] = [];
  for (let i = 0; i < 16; i++) {
    // Long enough for the thread to fall asleep: then the clock is read anew.
    await new Promise((resolve) => setTimeout(resolve, 5));
    offsets.push(Number(process.hrtime.bigint() - bus.nowNs));
  }
  return { at: process.hrtime.bigint(), ns: Math.max(...offsets) };
}

function bench(id: string, what: string, aim: number, figure: (quick: boolean) => Promise<number>, unit = 'ns') {
  return (quick: boolean): Bench => ({
    verdicts: [{ id, what, aim }],
    unit,
    better: 'lower',
    topology: `Node ${process.versions.node}, bursts of ${BURST}, not pinned`,
    ours: { name: 'neuronbus', figure: () => figure(quick) },
  });
}

await main(
  bench('P6a', 'fire to a started bus, 32-byte Uint8Array', 60, bytes),
  bench('P6b', 'fire to a started bus, 32 ASCII characters', 100, text),
  bench('P6c', `publishBatch of ${BATCH} on an Axon, per spike`, 15, batch),
  bench('P6d', 'age of the stamp of a fired spike, 99th percentile', 10, age, 'us'),
);
