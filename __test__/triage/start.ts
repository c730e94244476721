/** Runs the example as users do, in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Report } from '../../examples/triage/report/report.js';

/** The repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The compiled example; `npm test` has built it. */
export const MAIN = join(ROOT, 'build/apps/examples/triage/main.js');

/** What a process left behind. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** A process under way. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when stderr has said this. */
  said(text: string): Promise<void>;
}

/** Starts `node script args`. */
export function start(
  args: readonly string[],
  script: string = MAIN,
  env: NodeJS.ProcessEnv = {},
  cwd: string = ROOT,
): Running {
  const child = spawn(process.execPath, [script, ...args], { cwd, env: { ...process.env, ...env }, stdio: 'pipe' });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, out, err }));
  });
  const said = async (text: string): Promise<void> => {
    while (!err.includes(text)) {
      if (child.exitCode !== null) throw new Error(`ended without saying ${text}: ${err}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  return { child, ended, said };
}

/** Runs to the end. */
export function run(...args: readonly string[]): Promise<Ended> {
  return start(args).ended;
}

/** What `--json` printed. */
export function reportOf({ out }: Ended): Report {
  const report: Report = JSON.parse(out);
  return report;
}

/** Runs with `--json` and expects success. */
export async function triage(directory: string): Promise<Report> {
  const ended = await run('--json', directory);
  if (ended.code !== 0) throw new Error(`exit ${ended.code}: ${ended.err}`);
  return reportOf(ended);
}
