/**
 * The job: a bus, its agents, and the report at the end. Imports: `neuronbus`, `agents`.
 */
import { NeuronBus } from 'neuronbus';
import { Aggregator, type Sum } from './agents/aggregator.js';
import { Classifier } from './agents/classifier.js';
import { Guild } from './agents/guild.js';
import { Parser } from './agents/parser.js';
import { Walker } from './agents/walker.js';
import { KINDS } from './kinds/index.js';
import { makeReport, type Report } from './report/report.js';
import { wire } from './wiring.js';

/** Bytes of payloads on their way at most; the walker waits when they are spent. */
const ARENA_BYTES = 8 * 1024 * 1024;

/** What a job needs. */
export interface Job {
  /** Absolute path of a directory. */
  readonly directory: string;
  /** Ends it early. */
  readonly signal: AbortSignal;
  /** Gets the live sum when the bus has started. */
  readonly onStart?: (sum: Sum) => void;
}

/** Runs the job to its end, or to the abort of its signal: then the report tells what was done until then. */
export async function triage({ directory, signal, onStart }: Job): Promise<Report> {
  await using bus = new NeuronBus({ arenaBytes: ARENA_BYTES });
  const guild = new Guild(bus);
  const walker = new Walker(guild, Buffer.from(directory));
  const aggregator = new Aggregator(guild);
  const self = bus.register(Walker.card, walker);
  bus.register(Classifier.card, new Classifier(guild));
  for (const kind of KINDS) bus.register(Parser.card(kind), new Parser(kind, guild));
  bus.register(Aggregator.card, aggregator);
  const wires = wire(bus);

  const begin = performance.now();
  const broken = failure(bus);
  bus.start();
  onStart?.(aggregator.sum);
  await Promise.race([Promise.all([walker.walk(self, signal), aggregator.done]), broken]);
  await bus.drain();
  const seconds = (performance.now() - begin) / 1000;
  return makeReport({
    bus,
    wires,
    seconds,
    sum: aggregator.sum,
    latency: guild.latency,
    directory,
    interrupted: signal.aborted,
  });
}

/** Rejects when a handler throws or a spike is dropped: then a file may be missing from the sum, and that must not pass. */
function failure(bus: NeuronBus): Promise<never> {
  return new Promise((_, reject) => {
    bus.on('error', (error) => reject(error));
    bus.on('drop', ({ reason, source, target }) =>
      reject(new Error(`A spike of ${source} to ${target} was lost: ${reason}.`)),
    );
  });
}
