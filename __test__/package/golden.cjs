// The golden example of propagation (FE-8, FE-24): run with the addon and without, as module and through `require`.
const assert = require('node:assert/strict');

module.exports = (SynapticPropagationEngine) => {
  const engine = new SynapticPropagationEngine();
  engine.buildIndex({
    sources: Uint32Array.of(1, 1, 1, 2, 2, 3),
    targets: Uint32Array.of(10, 11, 12, 10, 13, 14),
    weights: Uint8Array.of(255, 128, 200, 255, 100, 150),
    conductances: Uint8Array.of(255, 255, 200, 255, 255, 255),
    types: Uint8Array.of(0, 1, 0, 0, 0, 0),
  });
  engine.setNeuronMapping(Uint32Array.of(10, 11, 12, 13, 14), Uint32Array.of(1, 1, 1, 2, 2));
  const result = engine.propagate(Uint32Array.of(1, 2));
  assert.deepEqual([...result.areas], [1, 2]);
  assert.deepEqual([...result.targets], [10, 11, 12, 10, 13]);
  assert.deepEqual(
    [...result.contributions].map((contribution) => contribution.toFixed(5)),
    ['1.00000', '-0.50196', '0.61515', '1.00000', '0.39216'],
  );
  assert.deepEqual(engine.stats(), { propagations: 1, synapses: 5, unmapped: 0, unknown: 0 });
};
