/** A package without its addon: propagation works, all else says what is missing when it is used first (FE-8, FE-23). */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'neuronbus-fallback-'));
  const home = join(folder, 'node_modules', 'neuronbus');
  mkdirSync(home, { recursive: true });
  cpSync(join(root, 'dist'), join(home, 'dist'), { recursive: true });
  cpSync(join(root, 'package.json'), join(home, 'package.json'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a program says that imports the copy. */
function run(program: string): unknown {
  writeFileSync(join(folder, 'program.mjs'), `import * as api from 'neuronbus';\n${program}`);
  const args = [join(folder, 'program.mjs')];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

const GOLDEN = `
  const u32 = (...values) => Uint32Array.from(values);
  const u8 = (...values) => Uint8Array.from(values);
  const engine = new api.SynapticPropagationEngine({ threads: 2 });
  engine.buildIndex({
    sources: u32(1, 1, 1, 2, 2, 3),
    targets: u32(10, 11, 12, 10, 13, 14),
    weights: u8(255, 128, 200, 255, 100, 150),
    conductances: u8(255, 255, 200, 255, 255, 255),
    types: u8(0, 1, 0, 0, 0, 0),
  });
  engine.setNeuronMapping(u32(10, 11, 12, 13, 14), u32(1, 1, 1, 2, 2));
  const { areas, offsets, targets, contributions } = engine.propagate(u32(1, 2));
  const columns = [areas, offsets, targets, contributions].map((column) => [...column]);
  console.log(JSON.stringify({ columns, stats: engine.stats(), bytes: engine.synapses.length }));
`;

test('FE-23 without the addon the golden example of FE-8 is the same', () => {
  const contributions = [1, -0.501_960_813_999_176, 0.615_148_067_474_365_2, 1, 0.392_156_869_173_049_9];
  expect(run(GOLDEN)).toEqual({
    columns: [[1, 2], [0, 4, 5], [10, 11, 12, 10, 13], contributions],
    stats: { propagations: 1, synapses: 5, unmapped: 0, unknown: 0 },
    bytes: 72,
  });
});

test.each([
  'new api.NeuronBus()',
  'new api.Axon()',
  "api.NeuronPool.withRandomConnectivity('p', 2, 1)",
  "await api.NeuronPool.load('package.json')",
  'new api.BurstEngine()',
  "await api.BurstEngine.load('package.json')",
])('FE-23 without the addon %s says which package is missing and how to get it, each time', (use) => {
  writeFileSync(join(folder, 'package.json'), '{}');
  const attempt = `try { ${use}; said.push('made'); } catch (error) { said.push(error.message, error.cause.code); }`;
  const said = run(`const said = [];\n${attempt}\n${attempt}\nconsole.log(JSON.stringify(said));`);
  expect(said).toEqual([
    expect.stringMatching(/@neuronbus\/.* could not be loaded.*npm install @neuronbus\/.*npm run build/),
    'MODULE_NOT_FOUND',
    expect.stringContaining('could not be loaded'),
    'MODULE_NOT_FOUND',
  ]);
});

test('FE-23 without the addon bad input is refused as with it', () => {
  const said = run(`
    const codes = [];
    const attempt = (call) => { try { call(); } catch (error) { codes.push(error instanceof api.OutOfRangeError && error.code); } };
    attempt(() => new api.SynapticPropagationEngine({ scale: 'x' }));
    attempt(() => new api.SynapticPropagationEngine().propagate([1]));
    attempt(() => new api.BurstEngine({ threads: 0 }));
    attempt(() => api.hebb({ potentiation: 256, depression: 0 }));
    console.log(JSON.stringify(codes));
  `);
  expect(said).toEqual(Array(4).fill('E_OUT_OF_RANGE'));
});
