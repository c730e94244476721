//! Where synapses lie: cells that stay put, given out again when they are free.

use crate::Synapse;

/// The place of a synapse in its table. Good until that synapse is taken away; afterwards another may lie there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SynapseIndex(u32);

impl SynapseIndex {
    pub(super) fn from_raw(raw: u32) -> Self {
        Self(raw)
    }

    /// The number of the place.
    pub fn raw(self) -> u32 {
        self.0
    }
}

/// The cells, and which of them are free. There are at most 65,535² pairs, so a `u32` counts them.
#[derive(Debug, Default)]
pub(super) struct Slab {
    cells: Vec<Option<Synapse>>,
    free: Vec<u32>,
}

impl Slab {
    pub(super) fn len(&self) -> usize {
        self.cells.len() - self.free.len()
    }

    pub(super) fn insert(&mut self, synapse: Synapse) -> (SynapseIndex, &mut Synapse) {
        let at = self.free.pop().unwrap_or_else(|| {
            self.cells.push(None);
            self.cells.len() as u32 - 1
        });
        (SynapseIndex(at), self.cells[at as usize].insert(synapse))
    }

    pub(super) fn remove(&mut self, index: SynapseIndex) -> Option<Synapse> {
        let synapse = self.cells.get_mut(index.0 as usize)?.take()?;
        self.free.push(index.0);
        Some(synapse)
    }

    pub(super) fn get(&self, index: SynapseIndex) -> Option<&Synapse> {
        self.cells.get(index.0 as usize)?.as_ref()
    }

    pub(super) fn get_mut(&mut self, index: SynapseIndex) -> Option<&mut Synapse> {
        self.cells.get_mut(index.0 as usize)?.as_mut()
    }

    /// The cell of an index that a lookup has just found.
    pub(super) fn cell(&mut self, index: SynapseIndex) -> &mut Option<Synapse> {
        &mut self.cells[index.0 as usize]
    }
}
