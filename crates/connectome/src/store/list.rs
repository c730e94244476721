//! The synapses there are, in columns by id: what the rows are made from.

use super::record::{Channel, Edge};
use crate::SynapseColumns;
use alloc::vec::Vec;

/// A column for each quantity. Ids are dense from 0 and never used again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SynapseList {
    pub(crate) sources: Vec<u32>,
    pub(crate) targets: Vec<u32>,
    pub(crate) weights: Vec<u8>,
    pub(crate) conductances: Vec<u8>,
    pub(crate) types: Vec<u8>,
    /// 1 for those that count.
    pub(crate) alive: Vec<u8>,
}

impl SynapseList {
    /// How many ids there are: fewer than 2^31.
    pub(crate) fn ids(&self) -> u32 {
        self.sources.len() as u32
    }

    /// Adds synapses whose columns are of one length.
    pub(super) fn extend(&mut self, columns: &SynapseColumns<'_>) {
        self.sources.extend_from_slice(columns.sources);
        self.targets.extend_from_slice(columns.targets);
        self.weights.extend_from_slice(columns.weights);
        self.conductances.extend_from_slice(columns.conductances);
        self.types.extend_from_slice(columns.types);
        match columns.valid {
            None => self.alive.resize(self.sources.len(), 1),
            Some(valid) => self.alive.extend(valid.iter().map(|valid| u8::from(*valid != 0))),
        }
    }

    /// Whether there is a synapse with this id.
    pub(crate) fn is_alive(&self, id: u32) -> bool {
        self.alive.get(id as usize) == Some(&1)
    }

    /// The synapse with this id, as a row holds it: a delay of one burst, and weight times conductance.
    pub(super) fn edge(&self, id: u32) -> Option<Edge> {
        let at = id as usize;
        self.is_alive(id).then(|| Edge {
            source: self.sources[at],
            target: self.targets[at],
            weight: u16::from(self.weights[at]) * u16::from(self.conductances[at]),
            delay: 1,
            channel: if self.types[at] == 0 { Channel::Excitatory } else { Channel::Inhibitory },
        })
    }
}
