/** Units, ranges and checks of everything that users hand in. */
export {
  bytes,
  type Check,
  callable,
  finite,
  flag,
  integer,
  isFunction,
  list,
  oneOf,
  positive,
  powerOfTwo,
  span,
  text,
  word,
} from './check.js';
export { Emitter } from './emitter.js';
export {
  isRecord,
  type Option,
  option,
  optional,
  type Parsed,
  parse,
  record,
  refuseUnknown,
  type Table,
} from './record.js';
export { quote, refusal, typeName, unknownOption } from './refuse.js';
