/**
 * Who may import whom, as data; `check-dag.mjs` compares it with the sources. Arrows only point down.
 * The same table in words, with what lives where: CONTRIBUTING.md.
 */

/** Rust crates: level, crates of ours (folder names), crates of others. Dev-dependencies are free; `thiserror` is everyone's. */
export const crates = {
  sync: { level: 0, ours: [], others: ['crossbeam-utils', 'loom'] },
  spike: { level: 0, ours: [], others: ['quanta'] },
  axon: { level: 1, ours: ['sync', 'spike'], others: [] },
  arena: { level: 1, ours: ['sync', 'spike'], others: ['memmap2', 'rustix'] },
  synapse: { level: 1, ours: ['sync', 'spike'], others: [] },
  neuron: { level: 2, ours: ['spike', 'axon'], others: [] },
  connectome: { level: 2, ours: ['spike', 'synapse'], others: ['crc32fast', 'libm', 'rayon'] },
  transport: { level: 2, ours: ['spike', 'axon'], others: ['rustls'] },
  cortex: { level: 3, ours: ['sync', 'spike', 'axon', 'arena', 'synapse', 'neuron', 'connectome'], others: [] },
  neuronbus: {
    level: 4,
    ours: ['sync', 'spike', 'axon', 'arena', 'synapse', 'neuron', 'connectome', 'transport', 'cortex'],
    others: ['parking_lot'],
  },
  node: { level: 5, ours: ['neuronbus'], others: ['napi', 'napi-derive', 'napi-build'] },
};

/** Crates of others that every crate may use. */
export const everyones = ['thiserror'];

/** The only Rust sources that may say `unsafe` (tests may: an allocator that counts is unsafe by its nature). */
export const unsafeHomes = [
  'crates/axon/src/ring.rs',
  'crates/arena/src/map.rs',
  'crates/arena/src/lease.rs',
  'crates/connectome/src/kernel/avx2.rs',
  'crates/connectome/src/kernel/avx512.rs',
  'crates/node/src/pin.rs',
];

const base = ['native', 'errors', 'units'];

/** Folders of `ts/` (and `index` for `ts/index.ts`): the folders that each may import. */
export const modules = {
  native: [],
  errors: ['native'],
  units: ['native', 'errors'],
  spike: base,
  arena: [...base, 'spike'],
  axon: [...base, 'spike'],
  synapse: [...base, 'spike'],
  neuron: [...base, 'spike', 'arena', 'axon', 'synapse'],
  pool: [...base, 'spike', 'synapse'],
  burst: [...base, 'pool'],
  transport: [...base, 'spike', 'axon'],
  bus: [...base, 'spike', 'arena', 'axon', 'synapse', 'neuron', 'pool', 'transport'],
  index: [...base, 'spike', 'arena', 'axon', 'synapse', 'neuron', 'pool', 'burst', 'transport', 'bus'],
  swarm: ['index'],
  inspect: ['index'],
  cli: ['index'],
};

/** The one module that may load the addon or import its contract. */
export const addonImporter = 'native';

/** Folders written as an outside user would: they import `neuronbus` by its name, never a file of ours. */
export const outsiders = ['examples', 'benches'];
