/** Two pools on a bus learn where a stimulus came from, one pool of their size cannot (NP-29). */
import { ok } from 'node:assert';
import { COLOURS, Plane, type Span, Svg } from '../lib/svg.js';
import { learn, mean, type Plan, type Way } from './experiment.js';

const PLAN: Plan = { trials: 240, testEvery: 30, tests: 40 };
const SEEDS = Array.from({ length: 10 }, (_, seed) => seed + 1);
const WAYS: readonly Way[] = ['two pools', 'one pool by errors', 'one pool by outcome'];
/** What two pools must reach and one pool must not, with a margin: means over the seeds, after training. */
const [LEAST_TWO, MOST_ONE] = [0.9, 0.82] as const;

const curves = WAYS.map((way) => SEEDS.map((seed) => learn(way, seed, PLAN)));
const means = curves.map((all) => (all[0] ?? []).map((_, at) => mean(all.map((curve) => curve[at] ?? 0))));
print('', WAYS);
print(
  'seed',
  WAYS.map(() => 'before  after'),
);
for (const [at, seed] of SEEDS.entries())
  print(
    `${seed}`,
    curves.map((all) => ends(all[at] ?? [])),
  );
print('mean', means.map(ends));
process.stdout.write(`picture: ${await draw()}\n`);

for (const [at, way] of WAYS.entries()) {
  const after = means[at]?.at(-1) ?? Number.NaN;
  if (at === 0) ok(after >= LEAST_TWO, `${way}: ${after} is not ${LEAST_TWO} or more`);
  else ok(after <= MOST_ONE, `${way}: ${after} is not ${MOST_ONE} or less`);
}
process.stdout.write('checked: right answers to held-out stimuli, two pools learn them and one does not\n');

function ends(curve: readonly number[]): string {
  return `${(curve[0] ?? 0).toFixed(2)}    ${(curve.at(-1) ?? 0).toFixed(2)}`;
}

function print(name: string, cells: readonly string[]): void {
  process.stdout.write(`${name.padEnd(8)}${cells.map((cell) => cell.padEnd(22)).join('')}\n`);
}

function draw(): Promise<string> {
  const svg = new Svg(640, 400);
  const plane = new Plane(svg, [50, 40, 620, 340], [0, PLAN.trials], [0.4, 1]);
  plane.label('trials', 'right answers to held-out stimuli', [0, 60, 120, 180, 240], [0.4, 0.5, 0.75, 1]);
  for (const [at, way] of WAYS.entries()) {
    const stroke = COLOURS[at] ?? 'black';
    for (const curve of curves[at] ?? []) plane.line(points(curve), { stroke, opacity: 0.25 });
    plane.line(points(means[at] ?? []), { stroke, 'stroke-width': 3 });
    svg.text(430, 205 + 18 * at, `${way}, mean of ${SEEDS.length}`, { fill: stroke });
  }
  return svg.write('discrimination');
}

function points(curve: readonly number[]): Span[] {
  return curve.map((share, at) => [at * PLAN.testEvery, share]);
}
