//! Synapses that are younger than the compiled rows (defect 6): adding one makes no new index.

use super::{
    bounds::Share,
    chains::Chains,
    deliver::{Busy, Slots},
    record::{CHANNELS, Edge},
};
use alloc::vec::Vec;
use core::ops::DerefMut;

/// A synapse that is in no row yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Young {
    pub(super) id: u32,
    pub(super) edge: Edge,
}

/// Young synapses, chained by source.
#[derive(Debug, Clone, Default)]
pub(super) struct Overlay {
    chains: Chains,
    young: Vec<Young>,
}

impl Overlay {
    /// Adds one; where it stands.
    pub(super) fn push(&mut self, id: u32, edge: Edge) -> usize {
        self.chains.push(edge.source);
        self.young.push(Young { id, edge });
        self.young.len() - 1
    }

    /// How many there are, those included that are removed by now.
    pub(super) fn len(&self) -> usize {
        self.young.len()
    }

    /// All of them, in the order of coming.
    pub(super) fn all(&self) -> &[Young] {
        &self.young
    }

    /// Those of a source, and where they stand.
    pub(super) fn of(&self, source: u32) -> impl Iterator<Item = (usize, &Young)> {
        self.chains.of(source).map(|at| (at, &self.young[at]))
    }

    /// Changes the weight of one.
    pub(super) fn set_weight(&mut self, at: usize, weight: u16) {
        self.young[at].edge.weight = weight;
    }

    /// As [`StaticRows::deliver`](super::rows::StaticRows::deliver).
    pub(super) fn deliver<R: DerefMut<Target = [i32]>>(
        &self,
        source: u32,
        share: &Share,
        slots: Slots,
        sums: &mut [R],
        busy: &mut Busy,
    ) {
        for (_, Young { edge, .. }) in self.of(source) {
            let target = edge.target as usize;
            if share.neurons.contains(&target) {
                let slot = slots.ahead(edge.delay);
                busy.mark(slot);
                sums[slot * CHANNELS + edge.channel as usize][target - share.neurons.start] += i32::from(edge.weight);
            }
        }
    }

    /// They are in rows now.
    pub(super) fn clear(&mut self) {
        self.chains.clear();
        self.young.clear();
    }
}
