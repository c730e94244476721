/**
 * Completes package-lock.json after `npm install` where the registry at hand lacks packages of other platforms: npm leaves
 * those out of the lock, and then `npm ci` refuses it. Adds each optional dependency that has no entry, with the exact
 * version its parent names and the platform its name tells, so that `npm ci` skips it everywhere else.
 * Usage: npm install … && node scripts/complete-lock.mjs
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, main, root, say } from './lib/run.mjs';

const oses = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'wasm32',
  'win32',
];
const cpus = ['arm64', 'arm', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

await main(() => {
  const path = join(root, 'package-lock.json');
  const lock = JSON.parse(readFileSync(path, 'utf8'));
  const added = {};
  for (const [parent, entry] of Object.entries(lock.packages)) {
    for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
      const found = [`${parent}/node_modules/${name}`, `node_modules/${name}`].some((at) => at in lock.packages);
      if (!found) added[`node_modules/${name}`] = describe(name, range, entry);
    }
  }
  const packages = Object.entries({ ...lock.packages, ...added }).sort(([a], [b]) => a.localeCompare(b, 'en'));
  lock.packages = Object.fromEntries(packages);
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
  say(`package-lock.json: ${Object.keys(added).length} packages of other platforms added.`);
});

function describe(name, range, parent) {
  if (!/^\d/.test(range))
    throw new Failure(`${name} has no entry and no exact version (${range}): install it by hand.`);
  const words = name.split('/').pop().split('-');
  const os = words.find((word) => oses.includes(word));
  const cpu = cpus.find((known) => words.includes(known)) ?? 'none';
  if (os === undefined) throw new Failure(`The name of ${name} does not tell its platform: install it by hand.`);
  const libc = words.includes('musl') ? ['musl'] : words.includes('gnu') ? ['glibc'] : undefined;
  return {
    version: range,
    cpu: [cpu],
    dev: true,
    ...(libc && { libc }),
    license: parent.license,
    optional: true,
    ...(os !== 'wasm32' && { os: [os] }),
  };
}
