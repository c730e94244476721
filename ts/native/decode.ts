/**
 * Reads the errors of the addon: `code` is the stable code, the message a JSON object `{ message, detail }`. Only this file knows.
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
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const { code } = error;
  if (typeof code !== 'string' || !code.startsWith('E_')) return undefined;
  const body = parseObject(error.message);
  if (body === undefined) return undefined;
  const detail = isRecord(body['detail']) ? body['detail'] : {};
  return { code, message: String(body['message'] ?? error.message), detail };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
