/**
 * Reads the errors of the addon: an Error with the stable code in `code` and its fields in `detail`. Only this file knows.
 * Imports: nothing.
 */

/** What an error of the addon says. */
export interface NativeFailure {
  readonly code: string;
  readonly message: string;
  readonly detail: Record<string, unknown>;
}

/**
 * Takes an error of the addon apart.
 *
 * @returns undefined if it did not come from the addon
 */
export function decodeFailure(error: unknown): NativeFailure | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('detail' in error)) return undefined;
  const { code, message, detail } = error;
  if (typeof code !== 'string' || !code.startsWith('E_')) return undefined;
  return { code, message, detail: isRecord(detail) ? detail : {} };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
