//! Synapses as the caller has them: a column for each quantity (FE-4).

use super::{CellId, Conductance, SynapseRecord, Weight};
use crate::{ConnectomeError, error::in_range};

/// Most synapses of an index, and of one propagation: positions have 32 bits.
pub(super) const MAX_SYNAPSES: usize = u32::MAX as usize;

/// Synapses in columns: entry n of each is a quantity of synapse n.
#[derive(Debug, Clone, Copy, Default)]
pub struct SynapseColumns<'a> {
    /// The neurons they begin at.
    pub sources: &'a [u32],
    /// The neurons they end at.
    pub targets: &'a [u32],
    /// How strong they are.
    pub weights: &'a [u8],
    /// How well they conduct.
    pub conductances: &'a [u8],
    /// 0 excites, everything else inhibits.
    pub types: &'a [u8],
    /// 0 for those that do not count (FE-5). Without the column all of them do.
    pub valid: Option<&'a [u8]>,
}

impl SynapseColumns<'_> {
    /// That all columns are as long as the first.
    pub(crate) fn check(&self) -> Result<(), ConnectomeError> {
        let synapses = self.sources.len();
        in_range("synapses", synapses, 0, MAX_SYNAPSES)?;
        as_many("targets", self.targets.len(), "sources", synapses)?;
        as_many("weights", self.weights.len(), "sources", synapses)?;
        as_many("conductances", self.conductances.len(), "sources", synapses)?;
        as_many("types", self.types.len(), "sources", synapses)?;
        as_many("valid", self.valid.map_or(synapses, <[u8]>::len), "sources", synapses)
    }

    /// The synapses that count, in their order. Only for columns that passed the check.
    pub(super) fn records(&self) -> impl Iterator<Item = SynapseRecord> {
        let counts = |at: &usize| self.valid.is_none_or(|valid| valid[*at] != 0);
        (0..self.sources.len()).filter(counts).map(|at| SynapseRecord {
            source: CellId(self.sources[at]),
            target: CellId(self.targets[at]),
            weight: Weight(self.weights[at]),
            conductance: Conductance(self.conductances[at]),
            kind: self.types[at],
            valid: 1,
        })
    }
}

/// That the column `name` has as many entries as the column `other`.
pub(crate) fn as_many(
    name: &'static str,
    found: usize,
    other: &'static str,
    expected: usize,
) -> Result<(), ConnectomeError> {
    if found == expected {
        return Ok(());
    }
    let allowed = alloc::format!("{expected}, as many as {other}");
    Err(ConnectomeError::Length { name, found, allowed })
}
