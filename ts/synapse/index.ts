/** Connections: options, filters, the live handle. */
export { FilterBook, type Predicate } from './filters.js';
export {
  type CheckedConnect,
  type ConnectOptions,
  checkConnect,
  checkWeight,
  connectInit,
  type Filter,
  type StdpOptions,
  type StdpPatch,
} from './options.js';
export { Synapse, type SynapseHost } from './synapse.js';
