/**
 * `npm run bench [-- P1a P5 …] [-- --quick] [-- --rounds N]`: measures the rows of the speed contract, prints a table and writes
 * bench-results.json. Native rows run in the binary of benches/native, each TypeScript row in a process of its own.
 */
import { join } from 'node:path';
import { CATALOG, type Entry } from './lib/catalog.js';
import { describe, load } from './lib/machine.js';
import { buildRows, output } from './lib/native.js';
import { argumentsOf, type Options, parseOptions, wants } from './lib/options.js';
import { REFERENCE_TEXT } from './lib/reference.js';
import { write } from './lib/results.js';
import { type Row, rowsOf } from './lib/row.js';
import { table } from './lib/table.js';

/** After which a row is taken for hung, ms. */
const TIMEOUT_MS = 600_000;

const options = parseOptions(process.argv.slice(2));
const entries = CATALOG.filter(({ ids }) => ids.some((id) => wants(options, id)));
if (entries.length === 0) throw new Error(`no row is called ${options.rows.join(' or ')}; see benches/lib/catalog.ts`);
const before = load();
const binary = buildRows();
const rows: Row[] = [];
for (const entry of entries) rows.push(...(await measure(entry, options, binary)));

console.log(`\n${table(rows)}\n\n${REFERENCE_TEXT}`);
write(
  describe(rows, before, options.quick),
  rows,
  CATALOG.flatMap(({ ids }) => ids),
);
console.log('\nwrote bench-results.json');

/** The rows of one process. Those that it measures beside the ones asked for, because they come together, are dropped. */
async function measure({ ids, script }: Entry, options: Options, rows: string): Promise<Row[]> {
  process.stderr.write(`bench: ${ids.join(', ')} …\n`);
  const wanted = argumentsOf({ ...options, exact: true, rows: ids.filter((id) => wants(options, id)) });
  const here = join(import.meta.dirname, 'rows', `${script}.js`);
  const [program, args] = script === undefined ? [rows, wanted] : [process.execPath, ['--expose-gc', here, ...wanted]];
  return rowsOf(await output(program, args, rows, TIMEOUT_MS)).filter(({ id }) => wants(options, id));
}
