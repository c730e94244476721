//! From a pair of ids to its synapse: a matrix for few neurons, a search for many.

use super::{SynapseIndex, edges::Edges};
use crate::SynapseError;
use neuronbus_spike::NeuronId;

/// The most neurons of a dense table: 4 MiB of address space.
pub const DENSE_NEURONS: usize = 1024;

/// How a table finds a synapse by its pair (NB-36).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TableKind {
    /// Dense up to [`DENSE_NEURONS`], sparse above.
    #[default]
    Auto,
    /// A matrix: one read.
    Dense,
    /// A binary search among the outgoing synapses of the pre.
    Sparse,
}

/// The lookup of one table.
#[derive(Debug)]
pub(super) enum Lookup {
    /// At `pre · neurons + post`: 1 + the index of the synapse, or 0.
    Dense { cells: Vec<u32>, neurons: usize },
    /// The outgoing sides are all it needs.
    Sparse,
}

impl Lookup {
    pub(super) fn new(neurons: usize, kind: TableKind) -> Result<Self, SynapseError> {
        let dense = kind == TableKind::Dense || kind == TableKind::Auto && neurons <= DENSE_NEURONS;
        let (kind, max) = if dense { ("dense", DENSE_NEURONS) } else { ("sparse", NeuronId::COUNT) };
        if neurons == 0 || neurons > max {
            return Err(SynapseError::TableSize { kind, neurons, max });
        }
        // Zeroed by the allocator: pages that no pair touches are never backed.
        Ok(if dense { Self::Dense { cells: vec![0; neurons * neurons], neurons } } else { Self::Sparse })
    }

    pub(super) fn kind(&self) -> TableKind {
        match self {
            Self::Dense { .. } => TableKind::Dense,
            Self::Sparse => TableKind::Sparse,
        }
    }

    pub(super) fn find(&self, outgoing: &[Edges], pre: NeuronId, post: NeuronId) -> Option<SynapseIndex> {
        match self {
            // The post is checked by itself: past the end of its row lies the row of the next pre (defect 4).
            Self::Dense { cells, neurons } if post.index() < *neurons => {
                cells.get(pre.index() * neurons + post.index())?.checked_sub(1).map(SynapseIndex::from_raw)
            }
            Self::Dense { .. } => None,
            Self::Sparse => outgoing.get(pre.index())?.find(post),
        }
    }

    pub(super) fn insert(&mut self, pre: NeuronId, post: NeuronId, index: SynapseIndex) {
        self.write(pre, post, index.raw() + 1);
    }

    pub(super) fn remove(&mut self, pre: NeuronId, post: NeuronId) {
        self.write(pre, post, 0);
    }

    /// Both ids have been checked against the table.
    fn write(&mut self, pre: NeuronId, post: NeuronId, value: u32) {
        if let Self::Dense { cells, neurons } = self {
            cells[pre.index() * *neurons + post.index()] = value;
        }
    }
}
