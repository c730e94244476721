/**
 * Installs the packed packages as a user does, offline and without Rust, and runs what the README promises: its programs as
 * TypeScript (strict, against the shipped types), the quick start compiled to an ES module and to `require`, and the plain JavaScript
 * of `__test__/package/`. Also: what is in the packages, and what is said when the platform package is missing.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { here } from './lib/platform.mjs';
import { programs, quickStart } from './lib/readme.mjs';
import { capture, Failure, main, node, npm, root, say, tool } from './lib/run.mjs';
import { pack, printSizes } from './pack.mjs';

const work = mkdtempSync(join(tmpdir(), 'neuronbus-package-'));
const bare = { PATH: barePath() };

await main(async () => {
  try {
    const [core, addon] = await pack();
    printSizes([core, addon]);
    checkFiles(core, addon);
    await checkMissingAddon(await project('without-addon', [core]));
    const user = await project('user', [core, addon]);
    await checkReadme(user);
    await checkPlain(user);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  say('the packages hold.');
});

function checkFiles(core, addon) {
  const wanted = /^(dist\/.*\.(js|d\.ts)|(index\.d\.ts|package\.json|README\.md|LICENSE|CHANGELOG\.md))$/;
  const strays = core.files.filter(({ path }) => !wanted.test(path));
  if (strays.length > 0) throw new Failure(`The package holds ${strays.map(({ path }) => path).join(', ')}.`);
  if (addon.files.length !== 4) throw new Failure(`The addon's package holds ${addon.files.length} files, not 4.`);
  const { scripts } = JSON.parse(readFileSync(join(root, 'build/packages/stage/neuronbus/package.json'), 'utf8'));
  if (scripts !== undefined) throw new Failure('The package has scripts: an install must run nothing.');
}

/** A new project that has installed `packed` with nothing but Node on its PATH. */
async function project(name, packed) {
  const folder = join(work, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  const [program, args] = npm();
  const options = ['install', '--offline', '--no-audit', '--no-fund', '--loglevel=error'];
  const install = [...args, ...options, ...packed.map(({ file }) => file)];
  await expectSuccess('npm install of the packages', program, install, folder);
  return folder;
}

/** Propagation needs no addon (FE-23); everything else says how to get it. */
async function checkMissingAddon(folder) {
  copyPlain('golden.cjs', folder);
  const golden = "Promise.all([import('neuronbus'), import('./golden.cjs')])";
  const propagate = `${golden}.then(([all, { default: golden }]) => golden(all.SynapticPropagationEngine))`;
  await expectSuccess('propagation without the addon', node, ['-e', propagate], folder);
  const open = "import('neuronbus').then((all) => new all.NeuronBus())";
  const { code, text } = await capture(node, ['-e', open], { cwd: folder, env: bare });
  const isHelpful = code !== 0 && text.includes(`@neuronbus/${here()}`) && text.includes('npm install');
  if (!isHelpful) throw new Failure(`Without its addon the package does not name the remedy:\n${text}`);
}

async function checkReadme(folder) {
  const { code, output } = quickStart();
  writeFileSync(join(folder, 'quick.mts'), code.module);
  writeFileSync(join(folder, 'quick.cts'), code.script);
  const others = programs().map(({ heading, module }, at) => ({ heading, module, name: `readme-${at}` }));
  for (const { name, module } of others) writeFileSync(join(folder, `${name}.mts`), module);
  const options = { strict: true, module: 'nodenext', target: 'es2022', lib: ['es2022', 'esnext.disposable'] };
  const types = { types: ['node'], typeRoots: [join(root, 'node_modules', '@types')], skipLibCheck: false };
  const config = {
    compilerOptions: { ...options, ...types },
    files: ['quick.mts', 'quick.cts', ...others.map(({ name }) => `${name}.mts`)],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  await expectSuccess('tsc of the programs in README.md', node, [tool('typescript', 'tsc'), '-p', '.'], folder);
  for (const file of ['quick.mjs', 'quick.cjs']) {
    const printed = await expectSuccess(`the quick start as ${file}`, node, [file], folder);
    if (printed.trim() !== output) throw new Failure(`${file} printed:\n${printed}\nREADME.md says:\n${output}`);
    say(`the quick start runs as ${file}.`);
  }
  for (const { heading, name } of others) {
    await expectSuccess(`the program under "${heading}"`, node, [`${name}.mjs`], folder);
    say(`the program under "${heading}" runs.`);
  }
}

async function checkPlain(folder) {
  copyPlain('golden.cjs', folder);
  for (const file of ['plain.mjs', 'plain.cjs']) {
    copyPlain(file, folder);
    await expectSuccess(file, node, [file], folder);
    say(`${file} runs.`);
  }
}

function copyPlain(file, folder) {
  cpSync(join(root, '__test__', 'package', file), join(folder, file));
}

async function expectSuccess(what, program, args, cwd) {
  const { code, text } = await capture(program, args, { cwd, env: bare });
  if (code !== 0) throw new Failure(`${what} failed (exit ${code}):\n${text}`);
  return text;
}

/** A PATH with Node alone (and what npm needs of the system), so that nothing can be built. */
function barePath() {
  if (process.platform === 'win32') return [dirname(node), join(process.env['SystemRoot'], 'System32')].join(delimiter);
  const folder = join(work, 'bin');
  mkdirSync(folder);
  for (const [name, target] of [
    ['node', node],
    ['sh', '/bin/sh'],
  ])
    symlinkSync(target, join(folder, name));
  return folder;
}
