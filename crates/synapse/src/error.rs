//! What can be wrong with a synapse.

use neuronbus_spike::NeuronId;

/// A connection, or a change of one, that was refused. Nothing was changed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SynapseError {
    /// A number outside its range, or not a number (NB-35).
    #[error("{name} is {value}; allowed: {min} to {max}")]
    OutOfRange {
        /// The name of the number, with its unit where it has one.
        name: &'static str,
        /// The number given.
        value: f32,
        /// The least that is allowed.
        min: f32,
        /// The most that is allowed.
        max: f32,
    },
    /// A table for no neurons, or for more than the kind of table or the ids can take.
    #[error("a {kind} synapse table of {neurons} neurons; allowed: 1 to {max}")]
    TableSize {
        /// `dense` or `sparse`.
        kind: &'static str,
        /// The neurons asked for.
        neurons: usize,
        /// The most that this kind takes.
        max: usize,
    },
    /// An id past the end of the table (NB-36).
    #[error("neuron {id} is unknown; this bus has ids 0 to {}", neurons.saturating_sub(1))]
    UnknownNeuron {
        /// The id given.
        id: NeuronId,
        /// The neurons that the table is for.
        neurons: usize,
    },
    /// A custom filter under a name that nobody registered (NB-30).
    #[error("filter {name:?} is not registered")]
    UnknownFilter {
        /// The name given.
        name: String,
    },
}

impl SynapseError {
    /// The stable code, the same in both languages.
    pub fn code(&self) -> &'static str {
        match self {
            Self::OutOfRange { .. } | Self::TableSize { .. } => "E_OUT_OF_RANGE",
            Self::UnknownFilter { .. } => "E_UNKNOWN_FILTER",
            Self::UnknownNeuron { .. } => "E_UNKNOWN_NEURON",
        }
    }
}

/// `value`, if it is a number in `min..=max`.
pub(crate) fn in_range(name: &'static str, value: f32, min: f32, max: f32) -> Result<f32, SynapseError> {
    if value >= min && value <= max { Ok(value) } else { Err(SynapseError::OutOfRange { name, value, min, max }) }
}
