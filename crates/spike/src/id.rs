//! Who a spike comes from and goes to.

use crate::{SpikeError, layout::BROADCAST};
use std::fmt;

/// The id of a neuron: 0 to 65,534 (NB-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct NeuronId(u16);

impl NeuronId {
    /// Most neurons that ids can name.
    pub const COUNT: usize = BROADCAST as usize;

    /// The id with this number.
    ///
    /// # Errors
    /// [`SpikeError::BroadcastId`] for 0xFFFF.
    pub fn new(raw: u16) -> Result<Self, SpikeError> {
        if raw == BROADCAST { Err(SpikeError::BroadcastId) } else { Ok(Self(raw)) }
    }

    /// The number.
    pub fn raw(self) -> u16 {
        self.0
    }

    /// The number as an index into a column of neurons.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

impl fmt::Display for NeuronId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// The target field of a spike, read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// One neuron.
    Neuron(NeuronId),
    /// Every outgoing synapse of the source.
    Broadcast,
}

impl Target {
    /// Reads the field; every number means something.
    pub fn from_raw(raw: u16) -> Self {
        NeuronId::new(raw).map_or(Self::Broadcast, Self::Neuron)
    }

    /// The field.
    pub fn raw(self) -> u16 {
        match self {
            Self::Neuron(id) => id.raw(),
            Self::Broadcast => BROADCAST,
        }
    }
}

impl From<NeuronId> for Target {
    fn from(id: NeuronId) -> Self {
        Self::Neuron(id)
    }
}
