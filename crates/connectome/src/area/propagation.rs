//! What a propagation gives: for each area its targets, and what they get (FE-7).

use super::{AreaId, CellId};
use alloc::{vec, vec::Vec};

/// The result of a propagation, in columns. It belongs to the caller: the engine writes it only when it is handed in again.
#[derive(Debug, Clone, PartialEq)]
pub struct Propagation {
    /// The ids of the areas that get something, ascending.
    pub areas: Vec<u32>,
    /// Where the entries of each area begin, and at the end how many there are: areas + 1 entries.
    pub offsets: Vec<u32>,
    /// The id of the target of each entry. Inside an area they stand in the order of `fired`, then of building.
    pub targets: Vec<u32>,
    /// What the target gets, by the [`Scale`](super::Scale) of the engine.
    pub contributions: Vec<f32>,
}

impl Default for Propagation {
    fn default() -> Self {
        Self { areas: Vec::new(), offsets: vec![0], targets: Vec::new(), contributions: Vec::new() }
    }
}

impl Propagation {
    /// One without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many entries there are, in all areas.
    pub fn len(&self) -> usize {
        self.targets.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }

    /// The entries of one area; none if it gets nothing.
    pub fn area(&self, area: AreaId) -> impl Iterator<Item = (CellId, f32)> {
        let (targets, contributions) = self.columns(area).unwrap_or_default();
        targets.iter().map(|target| CellId(*target)).zip(contributions.iter().copied())
    }

    /// None as well where a caller has changed the columns so that they do not fit together.
    fn columns(&self, area: AreaId) -> Option<(&[u32], &[f32])> {
        let at = self.areas.binary_search(&area.0).ok()?;
        let entries = *self.offsets.get(at)? as usize..*self.offsets.get(at + 1)? as usize;
        Some((self.targets.get(entries.clone())?, self.contributions.get(entries)?))
    }
}
