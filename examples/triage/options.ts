/**
 * The command line. Imports: Node, `kinds`.
 */
import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { KINDS, messageOf } from './kinds/index.js';

/** What the user asks for. */
export interface Options {
  /** Absolute. */
  readonly directory: string;
  readonly json: boolean;
  readonly help: boolean;
}

/** Ends the program: one sentence on stderr, and an exit code. */
export class Refusal extends Error {
  /** 1: there is no such directory; 2: the command line makes no sense. */
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The text of `--help`. */
export const HELP = `Usage: npm start [-- [--json] [DIR]]

Streams every file below DIR (default: the node_modules of this repository) over a bus of agents that parse it,
and sums up. Symbolic links are not followed. Kinds, by name; a file is of the first that matches:

${KINDS.map(({ title, names }) => `  ${title}: ${names}`).join('\n')}

  --json   print the report as one JSON object
  --help   print this

Exit codes: 0 done, also if files could not be read (they are listed) · 1 DIR is no directory · 2 wrong usage
· 130 interrupted: the report tells what was done until then.
`;

/**
 * Reads the arguments.
 *
 * @throws Refusal
 */
export function parseOptions(args: readonly string[]): Options {
  const { values, positionals } = parsed(args);
  const [directory, more] = positionals;
  if (more !== undefined)
    throw new Refusal(`One directory at a time: ${positionals.join(', ')} are ${positionals.length}.`, 2);
  if (directory === '') throw new Refusal('The name of the directory is empty.', 2);
  return {
    directory: directory === undefined ? defaultDirectory() : resolve(whereTyped(), directory),
    json: values.json,
    help: values.help,
  };
}

/**
 * Makes sure that there is a directory.
 *
 * @throws Refusal
 */
export async function checkDirectory(path: string): Promise<void> {
  const found = await stat(path).catch((error: unknown) => {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new Refusal(missing ? `There is no directory ${path}.` : `${path} cannot be opened: ${messageOf(error)}.`, 1);
  });
  if (!found.isDirectory()) throw new Refusal(`${path} is not a directory.`, 1);
}

function parsed(args: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: { json: flag, help: flag } });
  } catch (error) {
    const [sentence] = messageOf(error).split('. ');
    throw new Refusal(`${sentence}. --help tells what there is.`, 2);
  }
}

/** The directory of the person at the keyboard: npm runs scripts elsewhere, but remembers it. */
function whereTyped(): string {
  return process.env['npm_lifecycle_event'] === 'start' ? (process.env['INIT_CWD'] ?? process.cwd()) : process.cwd();
}

function defaultDirectory(): string {
  return join(dirname(fileURLToPath(import.meta.resolve('neuronbus/package.json'))), 'node_modules');
}
