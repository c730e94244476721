//! What a spike does to the one that receives it.

use crate::SpikeError;

/// The kind of a spike (NB-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[repr(u8)]
pub enum SpikeKind {
    /// Adds its synapse's weight to the potential.
    #[default]
    Excitatory = 0,
    /// Subtracts it.
    Inhibitory = 1,
    /// Leaves the potential alone and sets the learning gain of the receiver (NB-48).
    Modulatory = 2,
}

impl SpikeKind {
    /// The kind with this number.
    ///
    /// # Errors
    /// [`SpikeError::UnknownKind`] for any other than 0, 1, 2.
    pub fn from_raw(raw: u8) -> Result<Self, SpikeError> {
        match raw {
            0 => Ok(Self::Excitatory),
            1 => Ok(Self::Inhibitory),
            2 => Ok(Self::Modulatory),
            found => Err(SpikeError::UnknownKind { found }),
        }
    }

    /// The number.
    pub fn raw(self) -> u8 {
        self as u8
    }
}
