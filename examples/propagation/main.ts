/** What each area gets when two neurons fire, step by step (FE-3, FE-8). */
import { strictEqual } from 'node:assert';
import { type Propagation, SynapticPropagationEngine } from 'neuronbus';
import { COLOURS, Svg } from '../lib/svg.js';

/** Source, target, weight, conductance, type (0 excites). */
const SYNAPSES = [
  [1, 10, 255, 255, 0],
  [1, 11, 128, 255, 1],
  [1, 12, 200, 200, 0],
  [2, 10, 255, 255, 0],
  [2, 13, 100, 255, 0],
  [3, 14, 150, 255, 0],
] as const;
/** Neuron and area. */
const MAPPING = [
  [10, 1],
  [11, 1],
  [12, 1],
  [13, 2],
  [14, 2],
] as const;
const FIRED = [1, 2];
/** Area, target and what it gets, to five places. */
const EXPECTED = ['1 10 1.00000', '1 11 -0.50196', '1 12 0.61515', '1 10 1.00000', '2 13 0.39216'];

step('import', 'SynapticPropagationEngine from neuronbus');
const engine = new SynapticPropagationEngine();

const column = (at: 0 | 1 | 2 | 3 | 4): number[] => SYNAPSES.map((synapse) => synapse[at]);
engine.buildIndex({
  sources: Uint32Array.from(column(0)),
  targets: Uint32Array.from(column(1)),
  weights: Uint8Array.from(column(2)),
  conductances: Uint8Array.from(column(3)),
  types: Uint8Array.from(column(4)),
});
step('index', `${SYNAPSES.length} synapses`);

engine.setNeuronMapping(
  Uint32Array.from(MAPPING, ([neuron]) => neuron),
  Uint32Array.from(MAPPING, ([, area]) => area),
);
step('mapping', MAPPING.map(([neuron, area]) => `${neuron} in area ${area}`).join(', '));

const found = lines(engine.propagate(Uint32Array.from(FIRED)));
step('result', `${FIRED.join(' and ')} fired: area, target, contribution`);
for (const line of found) process.stdout.write(`    ${line}\n`);
strictEqual(found.join('\n'), EXPECTED.join('\n'));

const { propagations, synapses } = engine.stats();
step('statistics', `${propagations} propagation, ${synapses} synapses`);
strictEqual(propagations, 1);
strictEqual(synapses, 5);
step('picture', await draw());
step('checked', 'all of it is what it should be');

function lines(result: Propagation): string[] {
  return Object.entries(result.toObject()).flatMap(([area, entries]) =>
    entries.map(([target, contribution]) => `${area} ${target} ${contribution.toFixed(5)}`),
  );
}

/** Sources on the left, areas on the right; what excites and inhibits, as wide as it is strong; dashed where no source fired. */
function draw(): Promise<string> {
  const svg = new Svg(580, 360);
  const sources = [...new Set(column(0))];
  const place = (of: readonly number[], neuron: number): number => 60 + of.indexOf(neuron) * (240 / (of.length - 1));
  const targets = MAPPING.map(([neuron]) => neuron);
  for (const [source, target, weight, conductance, type] of SYNAPSES) {
    const [y1, y2, strength] = [place(sources, source), place(targets, target), (weight / 255) * (conductance / 255)];
    const look = { stroke: COLOURS[type], 'stroke-width': 1 + 3 * strength, opacity: FIRED.includes(source) ? 1 : 0.3 };
    svg.add('line', { x1: 110, y1, x2: 360, y2, ...look, 'stroke-dasharray': FIRED.includes(source) ? 'none' : '4 4' });
  }
  for (const source of sources) svg.text(90, place(sources, source) + 4, `${source}`, { 'text-anchor': 'end' });
  for (const [neuron, area] of MAPPING) {
    const gets = found.filter((line) => line.split(' ')[1] === `${neuron}`).map((line) => line.split(' ')[2]);
    svg.text(370, place(targets, neuron) + 4, `${neuron} (area ${area}): ${gets.join(' + ') || 'nothing'}`);
  }
  svg.text(20, 30, `${FIRED.join(' and ')} fired`).text(20, 340, 'excites', { fill: COLOURS[0] });
  return svg.text(80, 340, 'inhibits', { fill: COLOURS[1] }).write('propagation');
}

function step(name: string, what: string): void {
  process.stdout.write(`${name.padEnd(12)}${what}\n`);
}
