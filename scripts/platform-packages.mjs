/**
 * Writes `npm/<platform>/package.json` and `README.md` from the table in `lib/platform.mjs`; with `--check` only says whether
 * they are what they should be. The addon itself is put beside them when they are packed (`pack.mjs`).
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { addonFile, manifest, platforms } from './lib/platform.mjs';
import { Failure, main, root } from './lib/run.mjs';

const { version, license, author, repository, engines, napi } = manifest();

await main(() => {
  const targets = platforms.map(({ target }) => target);
  if (targets.join() !== napi.targets.join())
    throw new Failure('package.json "napi.targets" and lib/platform.mjs differ.');
  for (const platform of platforms) {
    write(`npm/${platform.name}/package.json`, `${JSON.stringify(describe(platform), null, 2)}\n`);
    write(`npm/${platform.name}/README.md`, readme(platform));
  }
});

function describe({ name, os, cpu, libc }) {
  return {
    name: `@neuronbus/${name}`,
    version,
    description: `The native addon of neuronbus for ${name}`,
    license,
    author,
    repository: { ...repository, directory: `npm/${name}` },
    engines,
    os: [os],
    cpu: [cpu],
    ...(libc && { libc: [libc] }),
    main: addonFile(name),
    files: [addonFile(name)],
    publishConfig: { access: 'public', provenance: true },
  };
}

function readme({ name, target }) {
  return `# @neuronbus/${name}\n\nThe native addon of neuronbus for \`${target}\`. Install \`neuronbus\`, not this.\n`;
}

function write(path, text) {
  const file = join(root, path);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  if (process.argv.includes('--check'))
    throw new Failure(`${path} is stale: node scripts/platform-packages.mjs writes it.`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
