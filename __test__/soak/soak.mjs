/**
 * Everything at once, for a long time: random registrations and unregistrations, connections, filters, spikes of all kinds and sizes,
 * lapping lossy readers, reliable readers, handlers that throw, start and stop. Checks the books at every quiet point, order per pair,
 * payloads that check themselves, and resident memory.
 *
 * NEURONBUS_SOAK_MINUTES (default 10) · NEURONBUS_SOAK_SEED (default 1: the same calls in the same order)
 */
import { BackPressureError, NeuronBus, NeuronBusError, OutOfSpaceError } from 'neuronbus';
import { isWhole, payload, Random } from './lib/random.mjs';

const MINUTES = Number(process.env['NEURONBUS_SOAK_MINUTES'] ?? 10);
const SEED = Number(process.env['NEURONBUS_SOAK_SEED'] ?? 1);
const MOST_NEURONS = 48;
/** Steps between two quiet points. */
const ROUND = 2_000;
/** Resident memory may grow by so much after the warm-up, MiB. */
const MAY_GROW = 48;
/** A round that is not quiet by then is stuck, ms. */
const STUCK = 30_000;

const KINDS = ['excitatory', 'excitatory', 'excitatory', 'inhibitory', 'modulatory'];

/** Something that must never happen. */
class Wrong extends Error {}

class Soak {
  random = new Random(SEED);
  neurons = [];
  readers = [];
  /** Names of neurons never repeat, so a pair is told from one of an earlier owner of the same id. */
  births = 0;
  counts = {
    steps: 0,
    rounds: 0,
    heard: 0,
    read: 0,
    lagged: 0,
    thrown: 0,
    errors: 0,
    drops: 0,
    pruned: 0,
    refused: 0,
    stops: 0,
  };
  wrong = [];

  constructor() {
    this.bus = new NeuronBus({
      arenaBytes: 2 ** 22,
      axonSlots: 64,
      deferSlots: 8,
      maxNeurons: MOST_NEURONS,
      prune: { below: 0.02, everyTicks: 50 },
    });
    this.bus.registerFilter('even', (spike) => spike.sequence % 2 === 0);
    this.bus.registerFilter('moody', (spike) => {
      if (spike.sequence % 97 === 0) throw new Error('a predicate throws');
      return true;
    });
    this.bus.on('error', () => this.counts.errors++);
    this.bus.on('drop', () => this.counts.drops++);
    this.bus.on('prune', () => this.counts.pruned++);
    for (let i = 0; i < 8; i++) this.register();
  }

  /** One random thing. */
  step() {
    this.counts.steps++;
    const dice = this.random.below(1_000);
    if (dice < 6) this.register();
    else if (dice < 11) this.unregister();
    else if (dice < 60) this.connect();
    else if (dice < 75) this.disconnect();
    else if (dice < 85) this.openReader();
    else if (dice < 93) this.closeReader();
    else if (dice < 160) this.read(this.random.of(this.readers));
    else if (dice < 165) this.rename();
    else this.fire(this.anyone());
  }

  anyone() {
    return this.random.of(this.neurons);
  }

  register() {
    if (this.neurons.length >= MOST_NEURONS - 8) return;
    const name = `n${this.births++}`;
    const { random } = this;
    const membrane = {
      threshold: random.of([0.4, 1, 5]),
      refractoryTicks: random.below(5),
      leak: random.of([0, 0.5, 0.95, 1]),
    };
    const regions = [random.of(['a', 'a/b', 'c'])];
    // Ids of neurons that have left are taken until all is done that they fired.
    const full = { allow: 'E_OUT_OF_RANGE' };
    this.guard(
      () => this.neurons.push(this.bus.register({ name, membrane, regions }, this.handlers(random.below(8)))),
      full,
    );
  }

  handlers(kind) {
    const lasts = new Map();
    const hear = (spike, self) => this.hear(lasts, spike, self);
    if (kind === 0) return {};
    if (kind === 1) return { onSpikes: (batch, self) => [...batch].forEach((spike) => void hear(spike, self)) };
    if (kind === 2) return { onSpike: (spike, self) => this.orThrow(spike, self, hear) };
    if (kind === 3) return { onSpike: async (spike, self) => this.orThrow(spike, self, hear) };
    if (kind === 4) return { onSpike: hear, tick: (self, fired) => void (fired && this.fire(self)) };
    if (kind === 5) return { onSpike: (spike, self) => this.answer(spike, self, hear) };
    return { onSpike: hear };
  }

  /** Order per pair, and whole payloads. */
  hear(lasts, spike, self) {
    this.counts.heard++;
    if (!isWhole(spike.payload)) this.wrong.push(`${self.card.name} got a torn payload of ${spike.source}`);
    const birth = this.birthOf(spike.source);
    const key = `${spike.source} ${birth}`;
    const last = lasts.get(key) ?? -1;
    if (spike.sequence <= last && birth >= 0)
      this.wrong.push(`${self.card.name}: ${key}: ${spike.sequence} after ${last}`);
    lasts.set(key, spike.sequence);
  }

  /** Which owner of an id there is now; −1 while there is none or it has just changed. */
  birthOf(id) {
    const owner = this.neurons.find((neuron) => neuron.id === id);
    return owner === undefined ? -1 : Number(owner.card.name.slice(1));
  }

  orThrow(spike, self, hear) {
    hear(spike, self);
    if (spike.sequence % 50 !== 0) return;
    this.counts.thrown++;
    throw new Error('a handler throws');
  }

  answer(spike, self, hear) {
    hear(spike, self);
    if (spike.priority > 0)
      this.guard(() => self.tryFire(spike.source, payload(spike.payload.length, 7), { direct: true }));
  }

  unregister() {
    if (this.neurons.length < 5) return;
    const [neuron] = this.neurons.splice(this.random.below(this.neurons.length), 1);
    this.bus.unregister(neuron);
  }

  /** A neuron goes and another comes at once: ids are given again. */
  rename() {
    this.unregister();
    this.register();
  }

  connect() {
    const { random } = this;
    const filters = random.of([
      [],
      [],
      [{ type: 'priority', min: random.below(256) }],
      [{ type: 'kind', kind: 'excitatory' }],
      [{ type: 'custom', name: 'even' }],
      [{ type: 'custom', name: 'moody' }],
      [{ type: 'prefix', prefix: Uint8Array.of(random.below(256)) }],
    ]);
    const stdp = random.of([false, undefined, { aPlus: 0.1, decayPerSecond: 0.5 }]);
    this.guard(() =>
      this.bus.connect(this.anyone(), this.anyone(), { weight: (1 + random.below(100)) / 100, filters, stdp }),
    );
  }

  disconnect() {
    this.guard(() => this.bus.disconnect(this.anyone(), this.anyone()));
  }

  fire(neuron) {
    const { random } = this;
    const kind = random.of(KINDS);
    const size = kind === 'modulatory' ? 3 : random.of([0, 1, 8, 46, 47, 100, 1_000, 1 + random.below(20_000)]);
    const options = { kind, priority: random.of([0, 0, 0, random.below(256)]), direct: random.chance(30) };
    const target = random.chance(2) ? random.below(65_535) : this.anyone();
    const bytes = payload(size, random.below(256));
    this.guard(() => {
      if (random.chance(15)) neuron.broadcast(bytes, options);
      else if (random.chance(50)) neuron.fire(target, bytes, options);
      else if (!neuron.tryFire(target, bytes, options)) this.counts.refused++;
    });
  }

  openReader() {
    if (this.readers.length >= 12) return;
    const mode = this.random.of(['reliable', 'lossy', 'lossy']);
    const neuron = this.anyone();
    this.guard(() =>
      this.readers.push({
        mode,
        neuron,
        reader: neuron.reader({ mode }),
        last: neuron.sequence - 1,
        missed: 0,
        told: 0,
        name: neuron.card.name,
      }),
    );
  }

  closeReader() {
    if (this.readers.length === 0) return;
    const [{ reader }] = this.readers.splice(this.random.below(this.readers.length), 1);
    reader.close();
  }

  /** One batch: whole spikes, in order, and no gap that is never told (a lossy batch may tell of it at its end). */
  read(entry) {
    if (entry === undefined) return 0;
    const batch = entry.reader.poll();
    this.counts.lagged += batch.lagged;
    entry.told += batch.lagged;
    if (entry.mode === 'reliable' && batch.lagged > 0)
      this.wrong.push(`a reliable reader of ${entry.name} lost ${batch.lagged}`);
    for (const spike of batch) {
      this.counts.read++;
      if (!isWhole(spike.payload)) this.wrong.push(`a reader of ${entry.name} got a torn payload`);
      const gap = spike.sequence - entry.last - 1;
      if (gap < 0) this.wrong.push(`a ${entry.mode} reader of ${entry.name}: ${spike.sequence} after ${entry.last}`);
      entry.missed += Math.max(0, gap);
      entry.last = spike.sequence;
    }
    if (entry.missed > entry.told)
      this.wrong.push(`a ${entry.mode} reader of ${entry.name} missed ${entry.missed}, told of ${entry.told}`);
    batch.release();
    return batch.length + batch.lagged;
  }

  /** When all is read: what was fired since the reader was opened was seen or told of. */
  settleReader({ neuron, mode, name, last, missed, told, reader }) {
    if (neuron.closed || last + 1 + told - missed === neuron.sequence) return;
    const left = reader.poll();
    this.wrong.push(
      `a ${mode} reader of ${name}: last ${last}, missed ${missed}, told ${told}, fired ${neuron.sequence}, left ${left.length}`,
    );
  }

  /** Refusals are part of the game, anything else is not. */
  guard(act, { allow } = {}) {
    try {
      act();
    } catch (error) {
      if (error instanceof BackPressureError || error instanceof OutOfSpaceError) this.counts.refused++;
      else if (!(error instanceof NeuronBusError)) throw error;
      else if (!['E_UNKNOWN_NEURON', 'E_BUSY', 'E_NOT_CONNECTED', allow].includes(error.code)) throw error;
    }
  }

  /** A mode of drive, a round of steps, and quiet. */
  async round() {
    this.counts.rounds++;
    const started = this.random.chance(70);
    if (started) this.bus.start();
    for (let i = 0; i < ROUND; i++) {
      this.step();
      if (started) {
        if (i % 50 === 0) await turn();
        if (this.random.chance(1) && this.random.chance(10)) await this.restart();
      } else if (i % 20 === 0) this.bus.tick(this.random.below(4));
      if (!started && i % 100 === 0) this.balance();
    }
    await this.quiet();
    if (started) await this.bus.stop();
    this.balance();
  }

  async restart() {
    this.counts.stops++;
    await this.bus.stop();
    if (this.random.chance(50)) this.bus.tick();
    this.bus.start();
  }

  /** Readers that do not read hold their writers back, so they read until nothing is on its way. */
  async quiet() {
    for (const neuron of this.neurons)
      for (const other of this.neurons) if (this.random.chance(20)) this.bus.disconnect(neuron, other);
    let done = false;
    const begin = Date.now();
    const drained = this.bus.drain().finally(() => {
      done = true;
    });
    while (!done) {
      for (const entry of this.readers) while (this.read(entry) > 0);
      await turn();
      if (Date.now() - begin > STUCK)
        throw new Wrong(`not quiet after ${STUCK} ms: ${JSON.stringify(this.bus.stats())}`);
    }
    await drained;
    for (const entry of this.readers) {
      while (this.read(entry) > 0);
      this.settleReader(entry);
    }
  }

  balance() {
    const stats = this.bus.stats();
    const { fired, delivered, refused, dropped, inFlight } = stats;
    const drops = Object.values(dropped).reduce((sum, count) => sum + count, 0);
    if (fired !== delivered + refused + drops + inFlight) this.wrong.push(`unbalanced: ${JSON.stringify(stats)}`);
    if (this.counts.heard > delivered) this.wrong.push(`${this.counts.heard} heard, ${delivered} delivered`);
    if (this.wrong.length > 0) throw new Wrong(this.wrong.slice(0, 5).join('\n'));
  }
}

function turn() {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function rssMiB() {
  globalThis.gc?.();
  return Math.round(process.memoryUsage.rss() / 2 ** 20);
}

function say(line) {
  process.stdout.write(`${line}\n`);
}

const begin = Date.now();
const minutes = () => (Date.now() - begin) / 60_000;
const soak = new Soak();
const samples = [];
let verdict = 'ok';
try {
  let next = 0;
  while (minutes() < MINUTES) {
    await soak.round();
    if (minutes() < next) continue;
    next = minutes() + MINUTES / 20;
    samples.push(rssMiB());
    say(`soak ${minutes().toFixed(2)} min: rss ${samples.at(-1)} MiB, ${JSON.stringify(soak.counts)}`);
  }
  for (const { reader } of soak.readers) reader.close();
  await soak.bus.close();
  soak.balance();
  // The first quarter warms up: code is compiled, memory is touched once.
  const warm = Math.max(...samples.slice(0, Math.ceil(samples.length / 4)));
  if (samples.length >= 8 && (samples.at(-1) ?? 0) > warm + MAY_GROW)
    throw new Wrong(`memory grows: ${samples.join(' ')} MiB`);
} catch (error) {
  verdict =
    error instanceof Wrong
      ? `WRONG ${error.message}`
      : `FAILED ${error instanceof Error ? error.stack : String(error)}`;
  process.exitCode = 1;
}
const { fired, delivered } = soak.bus.stats();
say(
  `soak seed ${SEED}, ${minutes().toFixed(2)} min: ${fired} fired, ${delivered} delivered, rss ${samples.join(' ')} MiB: ${verdict}`,
);
process.exit();
