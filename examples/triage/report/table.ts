/**
 * The report for people. Imports: `report`.
 */
import type { Complaint, KindSum } from '../agents/aggregator.js';
import { KINDS } from '../kinds/index.js';
import { columns, count, plain, time } from './columns.js';
import type { Balance, Report } from './report.js';

/** The report as text, ending with a line break. */
export function table(report: Report): string {
  const sections = [
    title(report),
    kinds(report),
    passedOver(report),
    traffic(report),
    synapses(report),
    [balance(report.balance)],
  ];
  return `${sections
    .map((lines) => lines.join('\n'))
    .filter((text) => text !== '')
    .join('\n\n')}\n`;
}

function title({ directory, seconds, interrupted }: Report): string[] {
  const how = interrupted ? 'interrupted after' : 'in';
  return [`Triage of ${plain(directory)} ${how} ${seconds.toFixed(2)} s`];
}

function kinds({ kinds: sums, total, complaints }: Report): string[] {
  const rows = KINDS.map(({ id, title: name }) => kindRow(name, sums[id]));
  const totals = [total.files, total.bytes, total.parseErrors, total.oversize].map(count);
  const head = ['kind', 'files', 'bytes', 'parse errors', 'too large', 'found'];
  return [
    ...columns([head, ...rows, ['all', ...totals, '']]),
    ...listed('does not parse', total.parseErrors, complaints.parseError),
  ];
}

function kindRow(name: string, sum: KindSum | undefined): string[] {
  if (sum === undefined) return [name];
  return [name, ...[sum.files, sum.bytes, sum.parseErrors, sum.oversize].map(count), findings(sum.found)];
}

const MOST = 5;

function findings(found: Readonly<Record<string, number>>): string {
  const sorted = Object.entries(found).sort(([, a], [, b]) => b - a);
  const named = sorted.slice(0, MOST).map(([name, number]) => `${name} ${count(number)}`);
  return [...named, ...(sorted.length > MOST ? ['…'] : [])].join(', ');
}

function passedOver({ skipped, complaints }: Report): string[] {
  const { unreadable, broken, link, special } = skipped;
  const words = {
    unreadable: unreadable,
    'broken symlinks': broken,
    'symlinks not followed': link,
    'special files': special,
  };
  const told = Object.entries(words).map(([name, number]) => `${count(number)} ${name}`);
  return [
    `Passed over: ${told.join(', ')}`,
    ...listed('unreadable', unreadable, complaints.unreadable),
    ...listed('broken symlink', broken, complaints.broken),
  ];
}

function listed(what: string, number: number, complaints: readonly Complaint[]): string[] {
  const lines = complaints.map(({ path, message }) => `  ${what}: ${plain(path)} (${plain(message)})`);
  const rest = number - complaints.length;
  return rest > 0 ? [...lines, `  … and ${count(rest)} more`] : lines;
}

function traffic({ spikesPerSecond, latencyNs, arena, balance: { delivered } }: Report): string[] {
  const { p50, p99, 'p99.9': p999, max } = latencyNs;
  return [
    `Spikes: ${count(delivered)} delivered, ${count(spikesPerSecond)} per second`,
    `Latency, fire to handler: p50 ${time(p50)}, p99 ${time(p99)}, p99.9 ${time(p999)}, max ${time(max)}`,
    `Arena: high-water mark ${count(arena.highWaterBytes)} of ${count(arena.capacityBytes)} bytes`,
  ];
}

function synapses({ synapses: changes }: Report): string[] {
  const rows = changes.map(({ pre, post, before, after }) => [
    `${pre} → ${post}`,
    before.toFixed(3),
    after.toFixed(3),
    '',
  ]);
  return columns([['synapse', 'weight before', 'after', ''], ...rows]);
}

function balance({ fired, delivered, refused, dropped, inFlight, holds }: Balance): string {
  const sum = `${count(delivered)} delivered + ${count(refused)} refused + ${count(dropped)} dropped + ${count(inFlight)} in flight`;
  return `Balance: ${count(fired)} fired ${holds ? '=' : '≠'} ${sum}${holds ? '' : '   THIS MUST NOT BE'}`;
}
