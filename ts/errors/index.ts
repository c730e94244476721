/** Errors: one type, a stable code, a family each. */
export {
  BackPressureError,
  BusyError,
  ClosedError,
  CorruptError,
  ERROR_CODES,
  type ErrorCode,
  type ErrorDetail,
  IoError,
  NeuronBusError,
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
export { closed, failure, guarded, translate } from './make.js';
