/**
 * P5: spikes from the cortex thread into one TypeScript handler. Senders have fired everything before the bus starts, so that nothing
 * but routing and delivery is timed, from the first delivery to the last.
 */
import { NeuronBus, type NeuronHandlers } from 'neuronbus';
import { type Bench, type Contender, main, type Verdict } from '../lib/measure.js';
import { Expectation, Message } from '../lib/message.js';
import { probe } from '../lib/native.js';
import { settled } from '../lib/settled.js';
import { ported } from './p5-port.js';

/** Neurons that fire, and how many spikes each; the Rust reader (benches/native, `p5_reader`) gets the same. */
const [SENDERS, EACH] = [8, 2 ** 17];
/** Messages through the MessagePort in a round. */
const PORTED = { full: 200_000, quick: 20_000 };
/** After which deliveries are taken for lost, ms. */
const TIMEOUT_MS = 60_000;

/** The handler under test. */
type Kind = 'onSpike' | 'onSpikes';

/** Counts and times what arrives. */
class Arrivals {
  readonly #expected = new Expectation(0, SENDERS);
  readonly #total = SENDERS * EACH;
  readonly #end = settled<number>(TIMEOUT_MS, () => `${this.#expected.seen} of ${this.#total} spikes came`);
  #begun = 0;

  /** Resolves to millions of spikes each second. */
  get rate(): Promise<number> {
    return this.#end.promise;
  }

  /** A handler that threw. */
  fail(error: unknown): void {
    this.#end.reject(error);
  }

  handlers(kind: Kind): NeuronHandlers {
    const expected = this.#expected;
    if (kind === 'onSpikes') {
      return {
        onSpikes: (batch) => {
          if (expected.seen === 0) this.#begun = performance.now();
          expected.batch(batch);
          if (expected.seen === this.#total) this.#over();
        },
      };
    }
    return {
      onSpike: (spike) => {
        if (expected.seen === 0) this.#begun = performance.now();
        expected.spike(spike);
        if (expected.seen === this.#total) this.#over();
      },
    };
  }

  #over(): void {
    this.#end.resolve(this.#total / (performance.now() - this.#begun) / 1e3);
  }
}

async function deliver(kind: Kind, direct: boolean): Promise<number> {
  const bus = new NeuronBus({ maxNeurons: SENDERS + 1, axonSlots: EACH, arenaBytes: 2 ** 16 });
  const arrivals = new Arrivals();
  bus.on('error', (error) => arrivals.fail(error));
  const card = { name: 'receiver', membrane: { threshold: 1e30 } };
  const receiver = bus.register(card, arrivals.handlers(kind));
  const message = new Message();
  for (let index = 0; index < SENDERS; index++) {
    const sender = bus.register({ name: `sender-${index}` });
    if (!direct) bus.connect(sender, receiver);
    for (let i = 0; i < EACH; i++) sender.fire(receiver, message.write(i), { direct });
  }
  bus.start();
  const rate = await arrivals.rate;
  await bus.close();
  const { delivered, fired, inFlight } = bus.stats();
  if (delivered !== SENDERS * EACH || fired !== delivered || inFlight !== 0) {
    throw new Error(`the books do not balance: ${JSON.stringify(bus.stats())}`);
  }
  return rate;
}

function bench(id: string, kind: Kind, direct: boolean, quick: boolean): Bench {
  const what = `spikes from the cortex thread into ${kind}${direct ? ', direct' : ''}`;
  const reader = direct ? 'rust reader, direct' : 'rust reader';
  const verdicts: Verdict[] = [
    { id, what, aim: 20 },
    { id: `${id}-reader`, what: `${what}, against a Rust reader`, aim: 0.75, peers: [reader] },
  ];
  if (!direct)
    verdicts.push({ id: `${id}-port`, what: `${what}, against a MessagePort`, aim: 50, peers: ['MessagePort'] });
  const probed = direct ? 'bridge-reader-direct' : 'bridge-reader';
  const peers: Contender[] = [
    { name: reader, figure: () => Promise.resolve(probe(probed)) },
    { name: 'MessagePort', figure: () => ported(quick ? PORTED.quick : PORTED.full) },
  ];
  const topology = `cortex thread to event loop, Node ${process.versions.node}, ${SENDERS} senders x ${EACH} spikes, not pinned`;
  const ours: Contender = { name: 'neuronbus', figure: () => deliver(kind, direct) };
  return { verdicts, unit: 'M/s', better: 'higher', topology, ours, peers };
}

await main(
  (quick) => bench('P5a', 'onSpike', false, quick),
  (quick) => bench('P5b', 'onSpikes', false, quick),
  (quick) => bench('P5c', 'onSpikes', true, quick),
);
