//! Synapses with their ids, as they leave an engine and come into one.

use super::list::SynapseList;
use crate::SynapseColumns;
use alloc::vec::Vec;

/// Synapses with their ids, as an engine shows them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SynapseTable {
    /// Their ids, ascending.
    pub ids: Vec<u32>,
    /// As [`SynapseColumns::sources`].
    pub sources: Vec<u32>,
    /// As [`SynapseColumns::targets`].
    pub targets: Vec<u32>,
    /// As [`SynapseColumns::weights`].
    pub weights: Vec<u8>,
    /// As [`SynapseColumns::conductances`].
    pub conductances: Vec<u8>,
    /// As [`SynapseColumns::types`].
    pub types: Vec<u8>,
}

impl SynapseTable {
    /// The columns, without ids.
    pub fn columns(&self) -> SynapseColumns<'_> {
        SynapseColumns {
            sources: &self.sources,
            targets: &self.targets,
            weights: &self.weights,
            conductances: &self.conductances,
            types: &self.types,
            valid: None,
        }
    }
}

impl SynapseList {
    /// The synapses that count.
    pub(super) fn table(&self) -> SynapseTable {
        let ids: Vec<u32> = (0..self.ids()).filter(|id| self.is_alive(*id)).collect();
        SynapseTable {
            sources: column(&ids, &self.sources),
            targets: column(&ids, &self.targets),
            weights: column(&ids, &self.weights),
            conductances: column(&ids, &self.conductances),
            types: column(&ids, &self.types),
            ids,
        }
    }
}

fn column<T: Copy>(ids: &[u32], column: &[T]) -> Vec<T> {
    ids.iter().map(|id| column[*id as usize]).collect()
}
