//! Neurons and synapses in columns, on their way to an engine of bursts and back.

use napi::bindgen_prelude::{Float32Array, Uint8Array, Uint16Array, Uint32Array};
use napi_derive::napi;
use neuronbus::connectome::{
    Connectome, NeuronColumns, NeuronPatch, NeuronTable, SynapseColumns, SynapsePatch, SynapseTable,
};

/// Columns of neurons: all of them for new ones, and those that change for others.
#[napi(object)]
#[allow(missing_docs)]
pub struct NeuronArrays {
    pub areas: Option<Uint32Array>,
    pub thresholds: Option<Float32Array>,
    pub leaks: Option<Float32Array>,
    pub rests: Option<Float32Array>,
    pub resets: Option<Float32Array>,
    pub refractory: Option<Uint16Array>,
    pub excitabilities: Option<Float32Array>,
    pub consecutive_limits: Option<Uint16Array>,
    pub snoozes: Option<Uint16Array>,
    pub accumulate: Option<Uint8Array>,
}

/// Columns of synapses: likewise.
#[napi(object)]
#[allow(missing_docs)]
pub struct SynapseArrays {
    pub sources: Option<Uint32Array>,
    pub targets: Option<Uint32Array>,
    pub weights: Option<Uint8Array>,
    pub conductances: Option<Uint8Array>,
    pub types: Option<Uint8Array>,
    pub valid: Option<Uint8Array>,
}

/// All neurons and synapses, with their ids.
#[napi(object)]
#[allow(missing_docs)]
pub struct ConnectomeArrays {
    pub neuron_ids: Uint32Array,
    pub neurons: NeuronArrays,
    pub synapse_ids: Uint32Array,
    pub synapses: SynapseArrays,
}

impl NeuronArrays {
    /// All columns; one that is missing is empty, which is refused where there is a neuron.
    pub fn columns(&self) -> NeuronColumns<'_> {
        let patch = self.patch();
        NeuronColumns {
            areas: patch.areas.unwrap_or_default(),
            thresholds: patch.thresholds.unwrap_or_default(),
            leaks: patch.leaks.unwrap_or_default(),
            rests: patch.rests.unwrap_or_default(),
            resets: patch.resets.unwrap_or_default(),
            refractory: patch.refractory.unwrap_or_default(),
            excitabilities: patch.excitabilities.unwrap_or_default(),
            consecutive_limits: patch.consecutive_limits.unwrap_or_default(),
            snoozes: patch.snoozes.unwrap_or_default(),
            accumulate: patch.accumulate.unwrap_or_default(),
        }
    }

    /// The columns there are.
    pub fn patch(&self) -> NeuronPatch<'_> {
        NeuronPatch {
            areas: self.areas.as_deref(),
            thresholds: self.thresholds.as_deref(),
            leaks: self.leaks.as_deref(),
            rests: self.rests.as_deref(),
            resets: self.resets.as_deref(),
            refractory: self.refractory.as_deref(),
            excitabilities: self.excitabilities.as_deref(),
            consecutive_limits: self.consecutive_limits.as_deref(),
            snoozes: self.snoozes.as_deref(),
            accumulate: self.accumulate.as_deref(),
        }
    }
}

impl SynapseArrays {
    /// All columns, likewise.
    pub fn columns(&self) -> SynapseColumns<'_> {
        let patch = self.patch();
        SynapseColumns {
            sources: patch.sources.unwrap_or_default(),
            targets: patch.targets.unwrap_or_default(),
            weights: patch.weights.unwrap_or_default(),
            conductances: patch.conductances.unwrap_or_default(),
            types: patch.types.unwrap_or_default(),
            valid: self.valid.as_deref(),
        }
    }

    /// The columns there are.
    pub fn patch(&self) -> SynapsePatch<'_> {
        SynapsePatch {
            sources: self.sources.as_deref(),
            targets: self.targets.as_deref(),
            weights: self.weights.as_deref(),
            conductances: self.conductances.as_deref(),
            types: self.types.as_deref(),
        }
    }
}

impl ConnectomeArrays {
    /// A copy of it.
    pub fn tables(&self) -> Connectome {
        let (neurons, synapses) = (self.neurons.columns(), self.synapses.columns());
        Connectome {
            neurons: NeuronTable {
                ids: self.neuron_ids.to_vec(),
                areas: neurons.areas.to_vec(),
                thresholds: neurons.thresholds.to_vec(),
                leaks: neurons.leaks.to_vec(),
                rests: neurons.rests.to_vec(),
                resets: neurons.resets.to_vec(),
                refractory: neurons.refractory.to_vec(),
                excitabilities: neurons.excitabilities.to_vec(),
                consecutive_limits: neurons.consecutive_limits.to_vec(),
                snoozes: neurons.snoozes.to_vec(),
                accumulate: neurons.accumulate.to_vec(),
            },
            synapses: SynapseTable {
                ids: self.synapse_ids.to_vec(),
                sources: synapses.sources.to_vec(),
                targets: synapses.targets.to_vec(),
                weights: synapses.weights.to_vec(),
                conductances: synapses.conductances.to_vec(),
                types: synapses.types.to_vec(),
            },
        }
    }
}

impl From<Connectome> for ConnectomeArrays {
    fn from(Connectome { neurons, synapses }: Connectome) -> Self {
        Self {
            neuron_ids: neurons.ids.into(),
            neurons: NeuronArrays {
                areas: Some(neurons.areas.into()),
                thresholds: Some(neurons.thresholds.into()),
                leaks: Some(neurons.leaks.into()),
                rests: Some(neurons.rests.into()),
                resets: Some(neurons.resets.into()),
                refractory: Some(neurons.refractory.into()),
                excitabilities: Some(neurons.excitabilities.into()),
                consecutive_limits: Some(neurons.consecutive_limits.into()),
                snoozes: Some(neurons.snoozes.into()),
                accumulate: Some(neurons.accumulate.into()),
            },
            synapse_ids: synapses.ids.into(),
            synapses: SynapseArrays {
                sources: Some(synapses.sources.into()),
                targets: Some(synapses.targets.into()),
                weights: Some(synapses.weights.into()),
                conductances: Some(synapses.conductances.into()),
                types: Some(synapses.types.into()),
                valid: None,
            },
        }
    }
}
