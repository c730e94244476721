/**
 * Makes errors: picks the family of a code and translates what the addon threw. Imports: `native`.
 */
import { decodeFailure } from '../native/index.js';
import {
  BackPressureError,
  BusyError,
  ClosedError,
  CorruptError,
  type ErrorCode,
  type ErrorDetail,
  IoError,
  type NeuronBusError,
  NotConnectedError,
  OutOfRangeError,
  OutOfSpaceError,
  PanicError,
  ReentrantError,
  StaleRefError,
  StateError,
  UnknownFilterError,
  UnknownNeuronError,
  UnknownOptionError,
} from './error.js';

const FAMILY: Record<ErrorCode, typeof NeuronBusError> = {
  E_BACK_PRESSURE: BackPressureError,
  E_BUSY: BusyError,
  E_CLOSED: ClosedError,
  E_CORRUPT: CorruptError,
  E_IO: IoError,
  E_NOT_CONNECTED: NotConnectedError,
  E_OUT_OF_RANGE: OutOfRangeError,
  E_OUT_OF_SPACE: OutOfSpaceError,
  E_PANIC: PanicError,
  E_REENTRANT: ReentrantError,
  E_STALE_REF: StaleRefError,
  E_STATE: StateError,
  E_UNKNOWN_FILTER: UnknownFilterError,
  E_UNKNOWN_NEURON: UnknownNeuronError,
  E_UNKNOWN_OPTION: UnknownOptionError,
};

/** An error of the family that `code` belongs to. */
export function failure(code: ErrorCode, message: string, detail?: ErrorDetail, cause?: unknown): NeuronBusError {
  return new FAMILY[code](code, message, detail, cause === undefined ? undefined : { cause });
}

/** What every call on something closed throws. */
export function closed(what: string): NeuronBusError {
  return failure('E_CLOSED', `the ${what} is closed`, { what });
}

/** The error of this package that says what an error of the addon says; anything else comes back as it is. */
export function translate(error: unknown): unknown {
  const found = decodeFailure(error);
  if (found === undefined) return error;
  const { code, message, detail } = found;
  if (isCode(code)) return failure(code, message, detail, error);
  return failure('E_PANIC', message, { ...detail, code }, error);
}

/**
 * Runs a cold verb of the addon.
 *
 * @throws NeuronBusError in place of what the addon threw
 */
export function guarded<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw translate(error);
  }
}

function isCode(code: string): code is ErrorCode {
  return Object.hasOwn(FAMILY, code);
}
