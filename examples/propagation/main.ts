/**
 * `npm run example -- propagation`: what each area gets when two neurons fire, step by step (FE-3, FE-8). It checks what it prints.
 */
import { strictEqual } from 'node:assert';
import { type Propagation, SynapticPropagationEngine } from 'neuronbus';

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
step('checked', 'all of it is what it should be');

function lines(result: Propagation): string[] {
  return Object.entries(result.toObject()).flatMap(([area, entries]) =>
    entries.map(([target, contribution]) => `${area} ${target} ${contribution.toFixed(5)}`),
  );
}

function step(name: string, what: string): void {
  process.stdout.write(`${name.padEnd(12)}${what}\n`);
}
