//! The synapses by source: compressed sparse rows over ids of any size (FE-1, FE-4, FE-5).

use super::{SynapseColumns, SynapseRecord, directory::Directory};
use crate::ConnectomeError;
use alloc::vec::Vec;

/// A row for each neuron that a synapse begins at, in the order of their ids. A row keeps the order of building.
#[derive(Debug, Clone, Default)]
pub(super) struct SynapseIndex {
    sources: Directory,
    records: Vec<SynapseRecord>,
}

impl SynapseIndex {
    /// A copy of the synapses that count.
    pub(super) fn build(columns: &SynapseColumns<'_>) -> Result<Self, ConnectomeError> {
        columns.check()?;
        let mut records: Vec<_> = columns.records().collect();
        // Stable: the order within a row is kept.
        records.sort_by_key(|record| record.source);
        let sources = rows_of(&records).filter_map(<[_]>::first).map(|record| record.source.0).collect();
        Ok(Self { sources: Directory::new(sources), records })
    }

    /// The place of a source among all sources, which is that of its row among the rows.
    pub(super) fn row_of(&self, source: u32) -> Option<usize> {
        self.sources.position(source)
    }

    /// All rows, in the order of their sources.
    pub(super) fn rows(&self) -> impl Iterator<Item = &[SynapseRecord]> {
        rows_of(&self.records)
    }

    /// All synapses, row by row.
    pub(super) fn records(&self) -> &[SynapseRecord] {
        &self.records
    }
}

fn rows_of(records: &[SynapseRecord]) -> impl Iterator<Item = &[SynapseRecord]> {
    records.chunk_by(|one, next| one.source == next.source)
}
