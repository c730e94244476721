/** What the command line says; the same for the bench and for the processes that it starts. */

/** How to measure, and what. */
export interface Options {
  /** Row ids, or beginnings of them such as `P2`; all if empty. */
  readonly rows: readonly string[];
  /** Row ids are whole, and no beginnings. */
  readonly exact: boolean;
  /** Correctness mainly: a second or two for each row. */
  readonly quick: boolean;
  /** Rounds of each measurement; the default of each side if undefined. */
  readonly rounds: number | undefined;
}

/**
 * Reads `[ROW …] [--exact] [--quick] [--rounds N]`.
 *
 * @throws Error for anything else
 */
export function parseOptions(args: readonly string[]): Options {
  const rows: string[] = [];
  let [exact, quick, rounds]: [boolean, boolean, number | undefined] = [false, false, undefined];
  for (let at = 0; at < args.length; at++) {
    const argument = args[at] ?? '';
    if (argument === '--exact') exact = true;
    else if (argument === '--quick') quick = true;
    else if (argument === '--rounds') rounds = roundCount(args[++at]);
    else if (argument.startsWith('-'))
      throw new Error(`unknown option ${argument}; known: --exact, --quick, --rounds N`);
    else rows.push(argument);
  }
  return { rows, exact, quick, rounds };
}

/** The arguments that say the same. */
export function argumentsOf(options: Options): string[] {
  const rounds = options.rounds === undefined ? [] : ['--rounds', String(options.rounds)];
  return [...options.rows, ...(options.exact ? ['--exact'] : []), ...(options.quick ? ['--quick'] : []), ...rounds];
}

/** Whether row `id` was asked for. `P1` asks for P1a and P1b, but not for P10; if exact, for nothing but P1. */
export function wants(options: Options, id: string): boolean {
  const goesOn = (rest: string): boolean => !options.exact && !/^\d/.test(rest);
  const begins = (row: string): boolean => id === row || (id.startsWith(row) && goesOn(id.slice(row.length)));
  return options.rows.length === 0 || options.rows.some(begins);
}

function roundCount(argument: string | undefined): number {
  const rounds = Number(argument);
  if (Number.isInteger(rounds) && rounds > 0) return rounds;
  throw new Error(`--rounds needs a whole number from 1 on, not ${argument}`);
}
