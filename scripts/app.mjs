/** Runs a compiled example or bench: `node scripts/app.mjs examples/ping-pong [arguments]`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Failure, main, root } from './lib/run.mjs';
import { ensure } from './setup.mjs';

/**
 * Builds what is stale and runs `name` in this process.
 * @param {string} name path of the TypeScript source from the root, without `.ts`
 * @param {string[]} args what it finds after its own name in `process.argv`
 */
export async function runApp(name, args) {
  if (!existsSync(join(root, `${name}.ts`))) throw new Failure(`There is no ${name}.ts.`);
  await ensure('addon', 'apps');
  const script = join(root, 'build', 'apps', `${name}.js`);
  process.argv = [process.execPath, script, ...args];
  await import(pathToFileURL(script).href);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name = 'NAME', ...args] = process.argv.slice(2);
  await main(() => runApp(name.replace(/\.ts$/, ''), args));
}
