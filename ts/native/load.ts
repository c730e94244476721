/**
 * Finds and loads the addon: the file of a development build at the package's root, else the prebuilt package of this platform.
 * Imports: the addon, and nothing else does.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

type Addon = typeof import('../../index.js');

const load = createRequire(import.meta.url);

/** What the loaded addon exports. */
export const addon: Addon = loadAddon(platformName());

function loadAddon(platform: string): Addon {
  const local = fileURLToPath(new URL(`../../neuronbus.${platform}.node`, import.meta.url));
  const prebuilt = `@neuronbus/${platform}`;
  try {
    return load(existsSync(local) ? local : prebuilt);
  } catch (cause) {
    const remedy = `Install it (npm install ${prebuilt}), or build it from a checkout (npm run build).`;
    throw new Error(`neuronbus: the native package ${prebuilt} for this platform could not be loaded. ${remedy}`, {
      cause,
    });
  }
}

function platformName(): string {
  const base = `${process.platform}-${process.arch}`;
  if (process.platform === 'win32') return `${base}-msvc`;
  return process.platform === 'linux' ? `${base}-${usesMusl() ? 'musl' : 'gnu'}` : base;
}

/** The report names the C library; without the network interfaces, whose names may have to be looked up, it takes no time. */
function usesMusl(): boolean {
  const { report } = process;
  const before: unknown = Reflect.get(report, 'excludeNetwork');
  Reflect.set(report, 'excludeNetwork', true);
  const found: unknown = report.getReport();
  Reflect.set(report, 'excludeNetwork', before);
  return !JSON.stringify(found).includes('"glibcVersionRuntime"');
}
