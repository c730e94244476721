/** A row of `bench-results.json` (speed.md), and reading one that another process has printed. */

/** What a row says. */
export interface Row {
  readonly id: string;
  readonly what: string;
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  /** Median over the rounds. */
  readonly ours: number | null;
  /** Medians over the same rounds, by name. */
  readonly peers: Readonly<Record<string, number | null>>;
  /** Median of ours over the best peer within a round, or over the aim if there are no peers. Above 1 is ahead. */
  readonly ratio: number | null;
  /** For `ratio` if there are peers, else for `ours`. */
  readonly aim: number;
  readonly met: boolean;
  readonly topology: string;
  readonly rounds: number;
  /** Each round: the bare ping-pong before it, and its ratio. */
  readonly each: readonly Round[];
}

/** One round of a row. */
export interface Round {
  readonly pingPongNs: number | null;
  readonly ratio: number | null;
}

/** Rows among lines of output, one JSON object a line; other lines are ignored. */
export function rowsOf(text: string): Row[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.startsWith('{'))
    .map((line): unknown => JSON.parse(line))
    .filter(isRow);
}

/** Whether a value from outside is a row. */
export function isRow(value: unknown): value is Row {
  if (typeof value !== 'object' || value === null) return false;
  const texts = ['id', 'what', 'unit', 'topology'].every((name) => typeof Reflect.get(value, name) === 'string');
  return texts && Array.isArray(Reflect.get(value, 'each')) && typeof Reflect.get(value, 'aim') === 'number';
}
