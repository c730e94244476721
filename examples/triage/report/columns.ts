/**
 * Numbers and columns for people. Imports: nothing.
 */

const NUMBER = new Intl.NumberFormat('en-US');

/** A whole number with its thousands apart. */
export function count(value: number): string {
  return NUMBER.format(value);
}

/** A span of time in a unit that fits it. */
export function time(ns: number): string {
  if (ns < 1e3) return `${Math.round(ns)} ns`;
  if (ns < 1e6) return `${(ns / 1e3).toPrecision(3)} µs`;
  return ns < 1e9 ? `${(ns / 1e6).toPrecision(3)} ms` : `${(ns / 1e9).toPrecision(3)} s`;
}

/** Text of a stranger made harmless for a terminal: control characters are shown, not obeyed. */
export function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, (char) => JSON.stringify(char).slice(1, -1).replace('\u007f', '\\u007f'));
}

/** A table: the first column flush left, those of numbers flush right, the last one as it comes. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const last = Math.max(...rows.map((row) => row.length)) - 1;
  const widths = Array.from({ length: last + 1 }, (_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, at) => pad(cell, at, widths[at] ?? 0, last))
      .join('  ')
      .trimEnd(),
  );
}

function pad(cell: string, at: number, width: number, last: number): string {
  if (at === 0) return cell.padEnd(width);
  return at === last ? cell : cell.padStart(width);
}
