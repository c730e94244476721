/** Agents drive a pool over the bus: who fired when, as a raster. */
import { ok, strictEqual } from 'node:assert';
import { type Neuron, NeuronBus, NeuronPool } from 'neuronbus';
import { random } from '../lib/random.js';
import { COLOURS, Plane, type Span, Svg } from '../lib/svg.js';

const [NEURONS, DENSITY, INPUTS, TICKS] = [200, 0.01, 40, 400] as const;
/** When each agent speaks, and which of the inputs it drives. */
const AGENTS = [
  { name: 'first', from: 50, to: 150, inputs: [0, 20] },
  { name: 'second', from: 200, to: 300, inputs: [20, 40] },
] as const;
/** How likely an agent drives each of its inputs in a tick. */
const DRIVE = 0.15;
/** A membrane that no spike brings to its threshold, so that no spike has to wait. */
const CALM = { threshold: 1e9 };

using bus = new NeuronBus({ clock: 'manual', arenaBytes: 2 ** 20 });
const chance = random(1);
const raster: Span[] = [];
let [tick, told] = [0, 0];

const pool = NeuronPool.withRandomConnectivity('cortex', NEURONS, DENSITY, { seed: 1, homeostasis: 0 });
const watcher = bus.register({ name: 'watcher', membrane: CALM }, { onSpike: ({ payload }) => note(payload) });
const cell = bus.registerPopulation({ name: 'cortex' }, pool, {
  input: { range: [0, INPUTS], weight: 80 },
  output: { range: [0, NEURONS], to: watcher },
});
bus.connect(cell, watcher, { weight: 1, stdp: false });
const agents = AGENTS.map((agent) => ({ ...agent, neuron: connected(agent.name) }));

for (tick = 0; tick < TICKS; tick++) {
  for (const { neuron, from, to, inputs } of agents) if (tick >= from && tick < to) speak(neuron, inputs);
  bus.tick();
}
const { fired, delivered, refused, inFlight, dropped } = bus.stats();
process.stdout.write(`${pool.stats().toString().split('\n')[0]}\n`);
process.stdout.write(
  `${raster.length} spikes of the pool in ${TICKS} ticks; on the bus ${fired} fired, ${delivered} delivered\n`,
);
for (const { name, from, to, inputs } of agents) {
  const own = count(from, to, inputs);
  process.stdout.write(
    `while the ${name} agent speaks: ${own} spikes of its inputs, ${count(from, to, [INPUTS, NEURONS])} of the others\n`,
  );
  ok(own > 100, `${name}: ${own} spikes`);
}
const after = AGENTS[1].to + 50;
process.stdout.write(`from tick ${after} on: ${count(after, TICKS, [0, NEURONS])}\n`);
process.stdout.write(`picture: ${await draw()}\n`);

strictEqual(count(0, AGENTS[0].from, [0, NEURONS]), 0, 'a pool without input is silent');
strictEqual(
  count(AGENTS[0].from, AGENTS[0].to, AGENTS[1].inputs) < count(AGENTS[1].from, AGENTS[1].to, AGENTS[1].inputs),
  true,
);
strictEqual(fired, delivered + refused + inFlight + Object.values(dropped).reduce((sum, drops) => sum + drops, 0));
strictEqual(told, cell.sequence - inFlight);
process.stdout.write('checked: silent without input, driven by who speaks, every spike accounted for\n');

function connected(name: string): Neuron {
  const neuron = bus.register({ name, membrane: CALM });
  bus.connect(neuron, cell, { weight: 1, stdp: false });
  return neuron;
}

/** Drives some of the inputs, by chance: a spike that lists them, u16 little endian. */
function speak(neuron: Neuron, [from, to]: Span): void {
  const driven = Array.from({ length: to - from }, (_, at) => from + at).filter(() => chance() < DRIVE);
  const list = Buffer.alloc(2 * driven.length);
  for (const [at, input] of driven.entries()) list.writeUInt16LE(input, 2 * at);
  neuron.broadcast(list);
}

/** What the pool tells comes a tick after it fired. */
function note(list: Buffer): void {
  told++;
  for (let at = 0; at < list.length; at += 2) raster.push([tick - 1, list.readUInt16LE(at)]);
}

function count(from: number, to: number, [first, end]: Span): number {
  return raster.filter(([when, who]) => when >= from && when < to && who >= first && who < end).length;
}

function draw(): Promise<string> {
  const svg = new Svg(820, 460);
  const plane = new Plane(svg, [50, 40, 800, 400], [0, TICKS], [0, NEURONS]);
  plane.label('ticks', 'neurons', [0, 100, 200, 300, 400], [0, INPUTS, 100, 160, 200]);
  const [excites, inhibits] = [
    raster.filter(([, who]) => !inhibitory(who)),
    raster.filter(([, who]) => inhibitory(who)),
  ];
  plane.dots(excites, COLOURS[0]).dots(inhibits, COLOURS[1]);
  for (const { name, from, to } of AGENTS) {
    plane.line(
      [
        [from, NEURONS],
        [to, NEURONS],
      ],
      { stroke: COLOURS[2], 'stroke-width': 4 },
    );
    svg.text(50 + (750 * from) / TICKS, 32, `the ${name} agent speaks`, { fill: COLOURS[2] });
  }
  svg.text(640, 432, 'excite', { fill: COLOURS[0] }).text(700, 432, 'inhibit', { fill: COLOURS[1] });
  return svg.write('raster');
}

function inhibitory(neuron: number): boolean {
  return ((pool.flags[neuron] ?? 0) & 1) === 1;
}
