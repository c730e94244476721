/** The binary `rows` of benches/native: building it, and asking it. */
import { spawn, spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository root: this file runs as build/apps/benches/lib/native.js. */
export const root: string = dirname(fileURLToPath(import.meta.resolve('neuronbus/package.json')));

/** Where a bench process finds the binary that its parent has built. */
const VARIABLE = 'NEURONBUS_ROWS';

/**
 * Builds the binary, if it is stale.
 *
 * @returns its path
 * @throws Error if cargo fails
 */
export function buildRows(): string {
  const flags = ['build', '--release', '--locked', '-p', 'neuronbus-benches', '--bin', 'rows'];
  const { status, stdout } = spawnSync('cargo', [...flags, '--message-format', 'json-render-diagnostics'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const path = [...(stdout ?? '').matchAll(/"executable":"([^"]+)"/g)].at(-1)?.[1];
  if (status !== 0 || path === undefined) throw new Error('the native benches could not be built: see above');
  return JSON.parse(`"${path}"`);
}

/** The environment for a process that asks {@link probe}. */
export function probing(rows: string): NodeJS.ProcessEnv {
  return { ...process.env, [VARIABLE]: rows };
}

/**
 * One figure, measured now by the native side.
 *
 * @param name `ping-pong` (ns), `bridge-reader` or `bridge-reader-direct` (M/s)
 * @throws Error if there is no binary, or its verification failed
 */
export function probe(name: string): number {
  const rows = process.env[VARIABLE];
  if (rows === undefined) throw new Error(`${VARIABLE} is not set: run this through npm run bench`);
  const { status, stdout, stderr } = spawnSync(rows, ['--probe', name], { encoding: 'utf8', timeout: 120_000 });
  if (status !== 0) throw new Error(`probe ${name} failed: ${stderr}`);
  return Number(stdout);
}

/**
 * Runs a program to its end; its error output is shown.
 *
 * @param timeoutMs after which it is killed
 * @returns what it printed
 * @throws Error if it fails
 */
export function output(program: string, args: readonly string[], rows: string, timeoutMs: number): Promise<string> {
  const stdio: ['ignore', 'pipe', 'inherit'] = ['ignore', 'pipe', 'inherit'];
  const child = spawn(program, args, { cwd: root, env: probing(rows), stdio, timeout: timeoutMs });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(text);
      else reject(new Error(`${program} ${args.join(' ')} ended with ${signal ?? `exit code ${code}`}`));
    });
  });
}
