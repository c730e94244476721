/**
 * How a refused value is quoted: the value, its type, what would be allowed. Runs no code of the value's owner. Imports: `errors`.
 */
import { failure, type NeuronBusError } from '../errors/index.js';

const LONGEST_QUOTE = 60;

/** The type of a value in one word: as `typeof`, but null and arrays by their names. */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** The value, short, as a program would write it. */
export function quote(value: unknown): string {
  if (typeof value === 'string') return quoteText(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'number' || typeof value === 'boolean' || value == null) return String(value);
  return typeName(value);
}

/** E_OUT_OF_RANGE for `name`, quoting the value, its type and the allowed range. */
export function refusal(name: string, value: unknown, allowed: string, cause?: unknown): NeuronBusError {
  const [quoted, type] = [quote(value), typeName(value)];
  return failure(
    'E_OUT_OF_RANGE',
    `${name}: ${quoted} (${type}) is refused; allowed: ${allowed}`,
    { name, value: quoted, type, allowed },
    cause,
  );
}

/** E_UNKNOWN_OPTION for a key that means nothing in the object `name`. */
export function unknownOption(name: string, key: PropertyKey, keys: readonly string[]): NeuronBusError {
  const [option, allowed] = [String(key), keys.join(', ')];
  return failure('E_UNKNOWN_OPTION', `${name}: unknown option ${quote(option)}; allowed: ${allowed}`, {
    name,
    option,
    allowed,
  });
}

function quoteText(text: string): string {
  return JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text);
}
