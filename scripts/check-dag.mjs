/** Checks the imports of all crates and of all TypeScript against `dag.mjs`, and that `unsafe` stays at home. */
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { addonImporter, crates, everyones, modules, outsiders, unsafeHomes } from './dag.mjs';
import { capture, Failure, main, root, say } from './lib/run.mjs';
import { files } from './lib/stamp.mjs';

const findings = [];
const report = (where, what) => findings.push(`${where}: ${what}`);

await main(async () => {
  checkTable();
  (await cratesOnDisk()).forEach(checkCrate);
  sources('crates', '.rs').forEach(checkUnsafe);
  sources('ts', '.ts').forEach(checkModule);
  for (const folder of outsiders) for (const file of sources(folder, '.ts', '.mjs')) checkOutsider(folder, file);
  findings.forEach((finding) => void say(finding));
  if (findings.length > 0) throw new Failure(`${findings.length} imports point the wrong way (see scripts/dag.mjs).`);
  say('all imports point down.');
});

function checkTable() {
  for (const [name, { level, ours }] of Object.entries(crates)) {
    const wrong = ours.filter((other) => crates[other].level >= level);
    if (wrong.length > 0) report('scripts/dag.mjs', `${name} may not stand on ${wrong}`);
  }
  const order = Object.keys(modules);
  for (const [name, below] of Object.entries(modules)) {
    const wrong = below.filter((other) => order.indexOf(other) >= order.indexOf(name));
    if (wrong.length > 0) report('scripts/dag.mjs', `${name} may not stand on ${wrong}`);
  }
}

async function cratesOnDisk() {
  const { code, text } = await capture('cargo', ['metadata', '--no-deps', '--offline', '--format-version', '1']);
  const json = text.split('\n').find((line) => line.startsWith('{'));
  if (code !== 0 || json === undefined) throw new Failure(`cargo metadata failed: ${text}`);
  return JSON.parse(json).packages;
}

function checkCrate({ manifest_path, dependencies }) {
  const where = relative(root, manifest_path).replaceAll('\\', '/');
  for (const { name, path, req } of dependencies) {
    if (!path && !req.startsWith('=')) report(where, `${name} needs an exact version, not ${req}`);
  }
  if (!where.startsWith('crates/')) return;
  const row = crates[where.split('/')[1]];
  if (row === undefined) return report(where, 'this crate has no row in scripts/dag.mjs');
  for (const { name, kind, path } of dependencies) {
    const allowed = path ? row.ours.includes(relative(join(root, 'crates'), path)) : isAllowed(row, name);
    if (!allowed && kind !== 'dev') report(where, `may not depend on ${name}`);
  }
}

function isAllowed(row, name) {
  return [...row.others, ...everyones].includes(name);
}

function checkUnsafe(file) {
  if (unsafeHomes.includes(file) || !/^crates\/[^/]+\/src\//.test(file)) return;
  const lines = read(file).split('\n');
  lines.forEach((line, index) => {
    if (/\bunsafe\b/.test(line.replace(/\/\/.*|"[^"]*"/g, '')))
      report(`${file}:${index + 1}`, 'unsafe is not at home here');
  });
}

function checkModule(file) {
  const name = moduleOf(file);
  const below = modules[name];
  if (below === undefined) return report(file, `the module ${name} has no row in scripts/dag.mjs`);
  for (const specifier of imports(file)) {
    const target = resolve(file, specifier);
    if (target === 'index.js' || /\.node$|^@neuronbus\//.test(specifier)) {
      if (name !== addonImporter) report(file, `only ts/${addonImporter} imports the addon`);
    } else if (target === undefined) {
      if (!specifier.startsWith('node:')) report(file, `may not import ${specifier}: the package has no dependencies`);
    } else if (moduleOf(target) !== name && !below.includes(moduleOf(target))) {
      report(file, `${name} may not import ${moduleOf(target)} (${specifier})`);
    }
  }
}

function checkOutsider(folder, file) {
  for (const specifier of imports(file)) {
    const target = resolve(file, specifier) ?? `${folder}/`;
    if (!target.startsWith(`${folder}/`)) report(file, `imports ${specifier}: here it is the package by its name`);
  }
}

/** `ts/spike/codec.ts` → `spike`, `ts/index.ts` → `index`, anything outside of `ts/` → its path. */
function moduleOf(file) {
  return /^ts\/([^/.]+)/.exec(file)?.[1] ?? file;
}

/** The specifiers of static and dynamic imports and of re-exports, types too. */
function imports(file) {
  const names = String.raw`(?:[\w$*,\s]|\{[^}]*\})+?`;
  const statement = String.raw`^\s*(?:import|export)\s+(?:${names}\s+from\s+)?['"]([^'"]+)['"]`;
  const found = read(file).matchAll(new RegExp(String.raw`${statement}|\bimport\(\s*['"]([^'"]+)['"]`, 'gm'));
  return [...found].map((match) => match[1] ?? match[2]);
}

/** The path from the root that a relative specifier names; undefined for a package. */
function resolve(file, specifier) {
  if (!specifier.startsWith('.')) return undefined;
  return relative(root, join(root, dirname(file), specifier)).replaceAll('\\', '/');
}

function sources(folder, ...extensions) {
  const all = files(join(root, folder)).filter((file) => extensions.some((extension) => file.endsWith(extension)));
  return all.map((file) => relative(root, file).replaceAll('\\', '/'));
}

function read(file) {
  return readFileSync(join(root, file), 'utf8');
}
