//! The sizes and habits of a cortex.

use crate::CortexError;
use neuronbus_spike::NeuronId;
use neuronbus_synapse::TableKind;

/// What a cortex is built with. Every field has a range; [`Self::validate`] refuses what lies outside.
#[derive(Debug, Clone, PartialEq)]
pub struct CortexConfig {
    /// Most neurons registered at once, 1 to 65,534.
    pub max_neurons: usize,
    /// Spikes that a neuron may have in flight, a power of two from 2 to 2^24.
    pub axon_slots: usize,
    /// Spikes that may wait for one refractory neuron, 1 to 65,536.
    pub defer_slots: usize,
    /// How synapses are looked up (NB-36).
    pub table: TableKind,
    /// `prune` removes synapses with a weight up to this, finite.
    pub prune_below: f32,
    /// Prune by itself every so many ticks; 0: never.
    pub prune_every_ticks: u64,
}

impl Default for CortexConfig {
    fn default() -> Self {
        Self {
            max_neurons: 1024,
            axon_slots: 1024,
            defer_slots: 64,
            table: TableKind::Auto,
            prune_below: 0.01,
            prune_every_ticks: 0,
        }
    }
}

impl CortexConfig {
    /// Largest ring of one neuron, in slots (1 GiB).
    pub const MAX_AXON_SLOTS: usize = 1 << 24;

    /// Checks every field.
    ///
    /// # Errors
    /// [`CortexError::OutOfRange`] with the field, its value and its range.
    pub fn validate(&self) -> Result<(), CortexError> {
        let range = |name, value: usize, min: usize, max: usize| {
            let fits = (min..=max).contains(&value);
            fits.then_some(()).ok_or_else(|| CortexError::out_of_range(name, &value, format!("{min} to {max}")))
        };
        range("maxNeurons", self.max_neurons, 1, NeuronId::COUNT - 1)?;
        range("deferSlots", self.defer_slots, 1, 1 << 16)?;
        range("axonSlots", self.axon_slots, 2, Self::MAX_AXON_SLOTS)?;
        if !self.axon_slots.is_power_of_two() {
            return Err(CortexError::out_of_range("axonSlots", &self.axon_slots, "a power of two".into()));
        }
        if !self.prune_below.is_finite() {
            return Err(CortexError::out_of_range("prune.below", &self.prune_below, "a finite number".into()));
        }
        Ok(())
    }
}
