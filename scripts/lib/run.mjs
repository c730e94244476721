/**
 * Running programs and talking to the person at the terminal.
 * Needs nothing but Node, because it runs before `npm ci`.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository root. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** A failure that one sentence explains: no stack is printed. */
export class Failure extends Error {}

/** Prints one line of progress. */
export function say(line) {
  process.stderr.write(`neuronbus: ${line}\n`);
}

/** Runs `body`; a {@link Failure} becomes one sentence and exit code 1. */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}

/**
 * Runs a program to its end, its output shown as it comes.
 * @param {string} program
 * @param {string[]} args
 * @param {{cwd?: string, env?: object, onLine?: (line: string) => void, quiet?: boolean}} [options] `onLine` sees each line of
 *   stdout and stderr; `quiet` does not show them.
 * @returns {Promise<number>} the exit code; 128 + n after signal n; 127 when the program does not exist.
 */
export function run(program, args, { cwd = root, env = {}, onLine, quiet = false } = {}) {
  const stdio = onLine === undefined ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'];
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio });
  if (onLine !== undefined) {
    watch(child.stdout, quiet ? undefined : process.stdout, onLine);
    watch(child.stderr, quiet ? undefined : process.stderr, onLine);
  }
  const waiting = outlive(child);
  return new Promise((resolve, reject) => {
    child.on('error', (error) => (error.code === 'ENOENT' ? resolve(127) : reject(error)));
    child.on('close', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  }).finally(waiting.end);
}

/**
 * Ends after the child and not before it: npm cleans up when it is interrupted, and the next command must not run into that.
 * A terminal sends Ctrl-C to both of us; what was sent to us alone is passed on.
 */
function outlive(child) {
  let caught;
  const hold = (signal) => {
    caught = signal;
    if (signal === 'SIGTERM' || !process.stdin.isTTY) child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM'];
  for (const signal of signals) process.on(signal, hold);
  return {
    end: () => {
      for (const signal of signals) process.off(signal, hold);
      if (caught !== undefined) throw new Failure(`ended by ${caught}.`);
    },
  };
}

/** Runs a program; a {@link Failure} with `sentence` if it fails. */
export async function must(sentence, program, args, options) {
  const code = await run(program, args, options);
  if (code !== 0) throw new Failure(`${sentence} (exit ${code}).`);
}

/** Runs a program silently. @returns {Promise<{code: number, text: string}>} its exit code and all that it printed. */
export async function capture(program, args, options = {}) {
  const lines = [];
  const code = await run(program, args, { ...options, quiet: true, onLine: (line) => lines.push(line) });
  return { code, text: lines.join('\n') };
}

/** The JavaScript file behind a tool of an installed dev dependency, to be run by {@link node}. */
export function tool(dependency, name = dependency) {
  const folder = join(root, 'node_modules', dependency);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[name]);
}

/** This Node. */
export const node = process.execPath;

/** Program and first arguments that run npm: the one that runs us if one does, else the one that came with this Node. */
export function npm() {
  const bin = dirname(realpathSync(node));
  const script = join('node_modules', 'npm', 'bin', 'npm-cli.js');
  const candidates = [process.env['npm_execpath'] ?? '', join(bin, script), join(bin, '..', 'lib', script)];
  const found = candidates.find((path) => path.endsWith('.js') && existsSync(path));
  return found === undefined ? ['npm', []] : [node, [found]];
}

function watch(stream, echo, onLine) {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text) => {
    echo?.write(text);
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop();
    lines.forEach(onLine);
  });
  stream.on('end', () => rest === '' || onLine(rest));
}
