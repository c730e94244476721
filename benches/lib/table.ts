/** The table that a person reads. */
import type { Row } from './row.js';

/** Prints a table of rows. */
export function table(rows: readonly Row[]): string {
  const head = ['row', 'ours', 'best or aim', 'ratio', 'aim', 'met', 'what'];
  const lines = [head, ...rows.map(cells)];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n');
}

function cells(row: Row): string[] {
  const sign = row.better === 'higher' ? '≥' : '≤';
  const compared = Object.keys(row.peers).length > 0;
  const aim = compared ? `≥ ${short(row.aim)} x` : `${sign} ${short(row.aim)} ${row.unit}`;
  return [
    row.id,
    `${short(row.ours)} ${row.unit}`,
    compared ? best(row) : '-',
    compared ? `${short(row.ratio)} x` : '-',
    aim,
    row.met ? 'yes' : 'NO',
    row.what,
  ];
}

/** The best peer by its median. */
function best({ peers, better, unit }: Row): string {
  const known = Object.entries(peers).flatMap(([name, figure]): [string, number][] =>
    figure === null ? [] : [[name, figure]],
  );
  known.sort(([, a], [, b]) => (better === 'higher' ? b - a : a - b));
  const [first] = known;
  return first === undefined ? '-' : `${first[0]} ${short(first[1])} ${unit}`;
}

function short(figure: number | null): string {
  return figure === null ? '?' : String(Number(figure.toPrecision(3)));
}
