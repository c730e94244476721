//! What can be wrong with a neuron, and why a spike could not be fired.

use neuronbus_spike::{ArenaRef, SpikeError};

/// A part of a neuron's description that was refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NeuronError {
    /// A constant of the membrane outside its range, or not a number.
    #[error("membrane {name} is {value}; allowed: {min} to {max}")]
    OutOfRange {
        /// The name of the constant.
        name: &'static str,
        /// The number given.
        value: f32,
        /// The least that is allowed.
        min: f32,
        /// The most that is allowed.
        max: f32,
    },
    /// A threshold that the resting potential already reaches: such a neuron would fire without input, for ever.
    #[error("membrane threshold is {threshold}; it must be finite and above rest, which is {rest}")]
    ThresholdNotAboveRest {
        /// The threshold given.
        threshold: f32,
        /// The resting potential given.
        rest: f32,
    },
    /// A card without a name.
    #[error("an agent card needs a name; found \"\"")]
    EmptyName,
    /// A capability that is empty or has an empty segment.
    #[error("capability {found:?} has an empty segment; expected segments joined by '/'")]
    BadCapability {
        /// The capability given.
        found: String,
    },
    /// A region path that is empty or has an empty segment.
    #[error("region {found:?} has an empty segment; expected segments joined by '/'")]
    BadRegion {
        /// The path given.
        found: String,
    },
    /// A card that serves no ask at once.
    #[error("an agent card has {found} slots; at least 1 is required")]
    NoSlots {
        /// The slots given.
        found: u32,
    },
}

impl NeuronError {
    /// The stable code, the same in both languages.
    pub fn code(&self) -> &'static str {
        "E_OUT_OF_RANGE"
    }
}

/// A store of payloads that could not serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PayloadError {
    /// No room for so many bytes.
    #[error("no room for a payload of {requested} bytes; {available} are free")]
    OutOfSpace {
        /// Bytes asked for.
        requested: u64,
        /// Bytes free, perhaps not in one piece.
        available: u64,
    },
    /// The reference names nothing that is alive.
    #[error("reference to {} bytes at {} is stale or was never given", found.len, found.offset)]
    Stale {
        /// The reference given.
        found: ArenaRef,
    },
    /// The store has been closed, or there is none.
    #[error("the payload store is closed")]
    Closed,
}

impl PayloadError {
    /// The stable code, the same in both languages.
    pub fn code(&self) -> &'static str {
        match self {
            Self::OutOfSpace { .. } => "E_OUT_OF_SPACE",
            Self::Stale { .. } => "E_STALE_REF",
            Self::Closed => "E_CLOSED",
        }
    }
}

/// A spike that was refused to its sender. It used no sequence number, and the payload is still the caller's: fire took it
/// by reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FireError {
    /// The bus is closed, or is being closed and drains.
    #[error("the bus is closed")]
    Closed,
    /// All the credit is used: `slots` spikes of this neuron are not yet done.
    #[error("no credit: {slots} spikes are not yet done")]
    BackPressure {
        /// The credit of this neuron, spikes.
        slots: u32,
    },
    /// The payload found no place.
    #[error(transparent)]
    Payload(#[from] PayloadError),
    /// The spike itself is malformed.
    #[error(transparent)]
    Spike(#[from] SpikeError),
}

impl FireError {
    /// The stable code, the same in both languages.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Closed => "E_CLOSED",
            Self::BackPressure { .. } => "E_BACK_PRESSURE",
            Self::Payload(error) => error.code(),
            Self::Spike(error) => error.code(),
        }
    }

    /// Whether it counts as a refused attempt (no credit, no room); any other error counts nowhere.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::BackPressure { .. } | Self::Payload(PayloadError::OutOfSpace { .. }))
    }
}
