/**
 * The one error type of the package and its families. Imports: nothing.
 */

/** Every code that an error of this package can carry. Stable: a code never changes its meaning. */
export const ERROR_CODES = [
  'E_BACK_PRESSURE',
  'E_BUSY',
  'E_CLOSED',
  'E_CORRUPT',
  'E_IO',
  'E_NOT_CONNECTED',
  'E_OUT_OF_RANGE',
  'E_OUT_OF_SPACE',
  'E_PANIC',
  'E_REENTRANT',
  'E_STALE_REF',
  'E_STATE',
  'E_UNKNOWN_FILTER',
  'E_UNKNOWN_NEURON',
  'E_UNKNOWN_OPTION',
] as const;

/** One of {@link ERROR_CODES}. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/** What went wrong, in fields: the refused value, its type, the allowed range, ids, sizes in bytes. */
export type ErrorDetail = Record<string, unknown>;

/** Every error that this package throws or rejects with. A call that threw has changed nothing. */
export class NeuronBusError extends Error {
  /** What went wrong, for programs. */
  readonly code: ErrorCode;
  /** What went wrong, in fields. */
  readonly detail: ErrorDetail;

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.detail = detail;
  }
}

/** E_BACK_PRESSURE: the sender has no credit, or a reliable reader stands in the way. Wait (`ready()`) and try again. */
export class BackPressureError extends NeuronBusError {}

/** E_BUSY: something is still in use: leases at `arena.reset()`, all gates of a ring. */
export class BusyError extends NeuronBusError {}

/** E_CLOSED: the bus, axon or reader has been closed. */
export class ClosedError extends NeuronBusError {}

/** E_CORRUPT: a file, or memory that is written to one, is not what it should be. */
export class CorruptError extends NeuronBusError {}

/** E_STALE_REF: an arena reference whose payload is gone, or a lease that has been released. */
export class StaleRefError extends NeuronBusError {}

/** E_IO: the operating system refused. */
export class IoError extends NeuronBusError {}

/** E_OUT_OF_RANGE: a value of the wrong type or outside its range; the message quotes it, its type and the range. */
export class OutOfRangeError extends NeuronBusError {}

/** E_UNKNOWN_OPTION: an object with a key that means nothing here. */
export class UnknownOptionError extends OutOfRangeError {}

/** E_OUT_OF_SPACE: no room in the arena, or memory that the system does not give. */
export class OutOfSpaceError extends NeuronBusError {}

/** E_PANIC: a defect of this package; the bus may be unusable. */
export class PanicError extends NeuronBusError {}

/** E_NOT_CONNECTED: there is no such synapse, or no longer. */
export class NotConnectedError extends NeuronBusError {}

/** E_STATE: the call does not fit the state: `tick()` while started, `advance()` on a real clock, a batch that was released. */
export class StateError extends NeuronBusError {}

/** E_REENTRANT: `tick()` inside a handler. */
export class ReentrantError extends StateError {}

/** E_UNKNOWN_FILTER: no predicate is registered under this name. */
export class UnknownFilterError extends NeuronBusError {}

/** E_UNKNOWN_NEURON: no such neuron: a stale handle, a handle of another bus, an id that is not given out. */
export class UnknownNeuronError extends NeuronBusError {}
