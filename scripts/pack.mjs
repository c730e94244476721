/**
 * Packs what is published, into `build/packages/`: `neuronbus` and the package of this machine's addon. With `--all FOLDER`
 * packs all platforms, their addons taken from FOLDER (the release does). Prints the sizes.
 *
 * The platform packages become optionalDependencies here and not in the committed package.json: a lockfile that names them
 * would make `npm ci` in a clone ask a registry for versions that are not published yet.
 */
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addonFile, here, manifest, platforms } from './lib/platform.mjs';
import { capture, Failure, main, npm, root, say } from './lib/run.mjs';
import { ensure } from './setup.mjs';

/** Where the packages land. */
export const packages = join(root, 'build', 'packages');

/** @typedef {{name: string, file: string, size: number, unpackedSize: number, files: {path: string, size: number}[]}} Packed */

/**
 * Packs the root package and those of `names`, whose addons lie in `folder`.
 * @returns {Promise<Packed[]>} the root package first
 */
export async function pack(names = [here()], folder = root) {
  await ensure('dist', ...(folder === root ? ['addon'] : []));
  rmSync(packages, { recursive: true, force: true });
  const result = [await packFolder(stageRoot())];
  for (const name of names) result.push(await packFolder(stagePlatform(name, folder)));
  return result;
}

/** The `package.json` that is published. */
function publishedManifest() {
  const { scripts, devDependencies, overrides, napi, ...kept } = manifest();
  const optionalDependencies = platforms.map(({ name }) => [`@neuronbus/${name}`, kept.version]);
  return {
    ...kept,
    optionalDependencies: Object.fromEntries(optionalDependencies),
    publishConfig: { access: 'public', provenance: true },
  };
}

function stageRoot() {
  const published = publishedManifest();
  const stage = newStage('neuronbus');
  for (const path of [...published.files, 'README.md', 'LICENSE']) copy(join(root, path), stage);
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
  return stage;
}

function stagePlatform(name, folder) {
  if (!platforms.some((platform) => platform.name === name)) throw new Failure(`There is no package for ${name}.`);
  const stage = newStage(name);
  for (const file of ['package.json', 'README.md']) copy(join(root, 'npm', name, file), stage);
  copy(join(root, 'LICENSE'), stage);
  copy(join(folder, addonFile(name)), stage);
  return stage;
}

function newStage(name) {
  const stage = join(packages, 'stage', name);
  mkdirSync(stage, { recursive: true });
  return stage;
}

function copy(from, stage) {
  if (!existsSync(from)) throw new Failure(`${from} is missing, and a package needs it.`);
  cpSync(from, join(stage, basename(from)), { recursive: true });
}

async function packFolder(stage) {
  const [program, args] = npm();
  const options = ['pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', packages];
  const { code, text } = await capture(program, [...args, ...options], { cwd: stage });
  if (code !== 0) throw new Failure(`npm pack failed: ${text}`);
  const [packed] = JSON.parse(text.slice(text.indexOf('[\n')));
  return { ...packed, file: join(packages, packed.filename) };
}

/** Prints one line per package. */
export function printSizes(all) {
  const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`;
  for (const { filename, size, unpackedSize, files } of all) {
    say(`${filename}: ${kib(size)}, unpacked ${kib(unpackedSize)} in ${files.length} files`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    const [option, folder] = process.argv.slice(2);
    const all = option === '--all' ? [platforms.map(({ name }) => name), join(process.cwd(), folder)] : [];
    printSizes(await pack(...all));
  });
}
