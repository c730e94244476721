//! What the cortex refuses.

use neuronbus_arena::ArenaError;
use neuronbus_axon::AxonError;
use neuronbus_neuron::NeuronError;
use neuronbus_spike::SpikeError;
use neuronbus_synapse::SynapseError;

/// A call that the cortex refused. Nothing was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CortexError {
    /// A number outside its range.
    #[error("{name} is {value}; allowed: {allowed}")]
    OutOfRange {
        /// The option or argument.
        name: &'static str,
        /// The value found.
        value: String,
        /// The values allowed.
        allowed: String,
    },
    /// No neuron has this id, or it has left.
    #[error("no neuron has the id {id}")]
    UnknownNeuron {
        /// The id given.
        id: u16,
    },
    /// The two neurons are not connected.
    #[error("no synapse from {pre} to {post}")]
    NotConnected {
        /// The sending neuron.
        pre: u16,
        /// The receiving neuron.
        post: u16,
    },
    /// As many neurons as the bus was built for.
    #[error("the bus was built for {max} neurons, and all {max} ids are in use or owed to spikes under way")]
    TooManyNeurons {
        /// `max_neurons`.
        max: usize,
    },
    /// The cortex is closed.
    #[error("the bus is closed")]
    Closed,
    /// From the spike.
    #[error(transparent)]
    Spike(#[from] SpikeError),
    /// From the ring.
    #[error(transparent)]
    Axon(#[from] AxonError),
    /// From the arena.
    #[error(transparent)]
    Arena(#[from] ArenaError),
    /// From the synapse.
    #[error(transparent)]
    Synapse(#[from] SynapseError),
    /// From the neuron.
    #[error(transparent)]
    Neuron(#[from] NeuronError),
}

impl CortexError {
    /// The stable code, the same in both languages.
    pub fn code(&self) -> &'static str {
        match self {
            Self::OutOfRange { .. } | Self::TooManyNeurons { .. } => "E_OUT_OF_RANGE",
            Self::UnknownNeuron { .. } => "E_UNKNOWN_NEURON",
            Self::NotConnected { .. } => "E_NOT_CONNECTED",
            Self::Closed => "E_CLOSED",
            Self::Spike(error) => error.code(),
            Self::Axon(error) => error.code(),
            Self::Arena(error) => error.code(),
            Self::Synapse(error) => error.code(),
            Self::Neuron(error) => error.code(),
        }
    }

    pub(crate) fn out_of_range(name: &'static str, value: &impl ToString, allowed: String) -> Self {
        Self::OutOfRange { name, value: value.to_string(), allowed }
    }
}
