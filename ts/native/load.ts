/**
 * Finds and loads the addon: the file of a development build at the package's root, else the prebuilt package of this platform.
 * Imports: the addon, and nothing else does.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

type Addon = typeof import('../../index.js');

/** The addon, or why there is none. */
type Found =
  | { readonly addon: Addon }
  | { readonly addon: undefined; readonly platform: string; readonly cause: unknown };

const load = createRequire(import.meta.url);
const found: Found = find(platformName());

/** Whether the addon is there. Without it there is propagation in TypeScript, and nothing else (FE-23). */
export const hasAddon: boolean = found.addon !== undefined;

/**
 * What the addon exports.
 *
 * @throws Error that says how to get it, where it could not be loaded
 */
export function addon(): Addon {
  if (found.addon !== undefined) return found.addon;
  const prebuilt = packageOf(found.platform);
  const remedy = `Install it (npm install ${prebuilt}), or build it from a checkout (npm run build).`;
  throw new Error(`neuronbus: the native package ${prebuilt} for this platform could not be loaded. ${remedy}`, {
    cause: found.cause,
  });
}

/** An addon that is missing is an error of whoever needs it, not of the import. */
function find(platform: string): Found {
  const local = fileURLToPath(new URL(`../../neuronbus.${platform}.node`, import.meta.url));
  try {
    return { addon: load(existsSync(local) ? local : packageOf(platform)) };
  } catch (cause) {
    return { addon: undefined, platform, cause };
  }
}

function packageOf(platform: string): string {
  return `@neuronbus/${platform}`;
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
