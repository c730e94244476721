//! The crate `neuropool`, by `tick_simple`: a tick without devices. Two versions, one interface.

use super::Population;
use neuronbus::connectome::NeuronPool;

/// One of the versions.
macro_rules! neuropool {
    ($(#[$doc:meta])* $name:ident, $shown:literal, $version:ident) => {
        $(#[$doc])*
        pub struct $name($version::NeuronPool);

        impl Population for $name {
            const NAME: &'static str = $shown;

            fn like(model: &NeuronPool) -> Self {
                let (neurons, config) = (model.columns().len() as u32, model.config());
                let config = $version::PoolConfig {
                    resting_potential: config.rest,
                    spike_threshold: config.threshold,
                    reset_potential: config.reset,
                    refractory_ticks: config.refractory,
                    trace_decay: config.trace_decay,
                    homeostatic_rate: config.homeostasis,
                    max_synapses_per_neuron: config.max_synapses,
                    stdp_positive: config.stdp_positive,
                    stdp_negative: config.stdp_negative,
                    max_delay: config.max_delay,
                    ..$version::PoolConfig::default()
                };
                let mut pool = $version::NeuronPool::new(model.name(), neurons, config);
                let synapse = |source: usize| {
                    let flags = pool.neurons.flags[source];
                    let row = model.rows().row(source).iter();
                    row.map(move |synapse| {
                        let strength = synapse.weight.unsigned_abs();
                        $version::Synapse::new(synapse.target, strength, synapse.delay, flags)
                    })
                };
                let mut synapses = Vec::with_capacity(model.rows().len());
                synapses.extend((0..neurons as usize).flat_map(synapse));
                pool.synapses = $version::SynapseStore { row_ptr: model.rows().starts().to_vec(), synapses };
                Self(pool)
            }

            #[inline]
            fn tick(&mut self, input: &[i16]) -> usize {
                self.0.tick_simple(input);
                self.0.spike_count() as usize
            }

            fn ticks(&self) -> u64 {
                self.0.tick_count
            }

            fn rests(&self) -> bool {
                self.0.neurons.membrane.iter().all(|membrane| *membrane == self.0.config.resting_potential)
            }
        }
    };
}

neuropool!(
    /// Version 0.1.0.
    Neuropool01,
    "neuropool 0.1.0",
    neuropool_0_1
);
neuropool!(
    /// Version 1.0.0.
    Neuropool10,
    "neuropool 1.0.0",
    neuropool_1_0
);
