/** Runs the programs of `programs.mjs` to their ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How a program ended. */
export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it printed, line by line, read as JSON. */
  readonly said: Record<string, unknown>[];
  readonly stderr: string;
  readonly ms: number;
}

/** What a run may be given. */
export interface RunOptions {
  readonly flags?: string[];
  readonly argument?: string;
  readonly limitMs?: number;
  /** Called when it prints for the first time. */
  readonly onFirst?: (child: ChildProcess) => void;
}

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** The worker's file. */
export const WORKER: string = file('./worker.mjs');

/** Runs one program; it is killed, and the promise rejects, when it does not end in time. */
export function program(name: string, options: RunOptions = {}): Promise<End> {
  const { flags = [], argument, limitMs = 15_000, onFirst } = options;
  const begin = performance.now();
  const args = [...flags, file('./programs.mjs'), name, ...(argument === undefined ? [] : [argument])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    if (stdout === '') onFirst?.(child);
    stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`${name} ${argument ?? ''} did not end in ${limitMs} ms; it said ${stdout}${stderr}`));
    }, limitMs);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const said = stdout.split('\n').filter(Boolean).map(parse);
      resolve({ code, signal, said, stderr, ms: performance.now() - begin });
    });
  });
}

function parse(line: string): Record<string, unknown> {
  const value: unknown = JSON.parse(line);
  return typeof value === 'object' && value !== null ? { ...value } : { value };
}
