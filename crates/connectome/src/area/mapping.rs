//! Which neuron lies in which area (FE-6).

use super::{AreaIds, CellIds, columns::MAX_SYNAPSES, columns::as_many, directory::Directory};
use crate::{ConnectomeError, error::in_range};
use alloc::vec::Vec;

/// The mapped neurons and their areas. A *cell* is the place of a neuron among the mapped ones, by ascending id.
#[derive(Debug, Clone, Default)]
pub(super) struct Mapping {
    cells: Directory,
    /// For each cell the place of its area in `areas`.
    areas_of: Vec<u32>,
    /// The areas that have neurons, ascending.
    areas: Vec<u32>,
}

impl Mapping {
    /// From two columns; of a neuron that is named twice, the last area.
    pub(super) fn build(neurons: CellIds<'_>, areas: AreaIds<'_>) -> Result<Self, ConnectomeError> {
        in_range("mapped neurons", neurons.0.len(), 0, MAX_SYNAPSES)?;
        as_many("areas", areas.0.len(), "neurons", neurons.0.len())?;
        let mut pairs: Vec<(u32, u32)> = neurons.0.iter().copied().zip(areas.0.iter().copied()).collect();
        // Stable: the last one of a neuron stays its last.
        pairs.sort_by_key(|(neuron, _)| *neuron);
        let last_ones = || pairs.chunk_by(|one, next| one.0 == next.0).filter_map(<[_]>::last);
        let mut areas: Vec<u32> = last_ones().map(|(_, area)| *area).collect();
        areas.sort_unstable();
        areas.dedup();
        // Every area is among them.
        let place = |area: &u32| areas.partition_point(|other| other < area) as u32;
        let areas_of = last_ones().map(|(_, area)| place(area)).collect();
        Ok(Self { cells: Directory::new(last_ones().map(|(neuron, _)| *neuron).collect()), areas_of, areas })
    }

    /// The cell of a neuron, and the place of its area; none if it is not mapped.
    pub(super) fn find(&self, neuron: u32) -> Option<(u32, u32)> {
        let cell = self.cells.position(neuron)?;
        // There are at most 2^32 − 1 cells.
        Some((cell as u32, self.areas_of[cell]))
    }

    /// The neurons by cell: ascending.
    pub(super) fn neurons(&self) -> &[u32] {
        self.cells.ids()
    }

    /// The areas that have neurons, ascending.
    pub(super) fn areas(&self) -> &[u32] {
        &self.areas
    }
}
