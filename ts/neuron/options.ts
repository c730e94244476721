/**
 * How a spike is fired, packed into one number: bits 0–1 kind, bit 2 direct, bits 8–15 priority. Imports: `units`, `spike`.
 */
import { kindCode, type SpikeKind } from '../spike/index.js';
import { flag, integer, record, unknownOption } from '../units/index.js';

/** How a spike is fired. */
export interface FireOptions {
  /** What it does. Default `'excitatory'`. A modulatory spike carries exactly three bytes. */
  kind?: SpikeKind | undefined;
  /** 0 to 255; filters compare it. Default 0. */
  priority?: number | undefined;
  /** Whether it needs no synapse; without one it leaves the membrane alone. Default false. */
  direct?: boolean | undefined;
}

/** Bits of a style. */
export const STYLE: Readonly<Record<'kind' | 'direct' | 'priorityShift', number>> = {
  kind: 3,
  direct: 4,
  priorityShift: 8,
};

const KEYS = ['kind', 'priority', 'direct'];
const NAME = 'FireOptions';
const priority = integer(0, 255);

/**
 * Options as a user gives them, packed.
 *
 * @throws E_OUT_OF_RANGE, E_UNKNOWN_OPTION
 */
export function fireStyle(options: FireOptions): number {
  const given = record(NAME, options);
  let style = 0;
  for (const key in given) style |= styleBits(key, given[key]);
  return style;
}

function styleBits(key: string, value: unknown): number {
  if (key === 'kind') return value === undefined ? 0 : kindCode(value, `${NAME}.kind`);
  if (key === 'priority') return value === undefined ? 0 : priority(value, `${NAME}.priority`) << STYLE.priorityShift;
  if (key !== 'direct') throw unknownOption(NAME, key, KEYS);
  return value !== undefined && flag(value, `${NAME}.direct`) ? STYLE.direct : 0;
}
