/** `bench-results.json` at the root. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from './machine.js';
import { root } from './native.js';
import { REFERENCE } from './reference.js';
import { isRow, type Row } from './row.js';

const FILE = join(root, 'bench-results.json');

/**
 * Writes what was measured. Rows that were not measured now stay if they are of the same machine and mode.
 *
 * @param order ids of all rows there are
 */
export function write(machine: Machine, rows: readonly Row[], order: readonly string[]): void {
  const measured = new Set(rows.map(({ id }) => id));
  const kept = previous(machine).filter(({ id }) => !measured.has(id) && order.includes(id));
  const all = [...rows, ...kept].sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
  writeFileSync(FILE, `${JSON.stringify({ machine, rows: all, reference: REFERENCE }, null, 2)}\n`);
}

function previous({ cpu, cores, mode }: Machine): Row[] {
  if (!existsSync(FILE)) return [];
  const found: { machine?: Partial<Machine>; rows?: unknown[] } = JSON.parse(readFileSync(FILE, 'utf8'));
  const same = found.machine?.cpu === cpu && found.machine.cores === cores && found.machine.mode === mode;
  return same ? (found.rows ?? []).filter(isRow) : [];
}
