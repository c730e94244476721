//! What comes from outside: it is added up in the order of the calls, and taken by the next burst.

use super::{BurstEngine, columns::numbers};
use crate::{ConnectomeError, area::as_many, cell::BlockColumn};

/// What is injected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Potential<'a> {
    /// The same for each neuron.
    One(f32),
    /// For each neuron its own.
    Each(&'a [f32]),
}

/// Injections that no burst has taken yet: a sum for each neuron, however often somebody injects.
#[derive(Debug, Clone, Default)]
pub(super) struct Injections {
    /// Who takes them leaves zeros.
    pub(super) sums: BlockColumn<f32>,
    /// Whether there is any for the next burst.
    pub(super) is_pending: bool,
    /// Whether there is any for the burst that is under way.
    pub(super) is_due: bool,
}

impl BurstEngine {
    /// Adds to what these neurons get in the next burst. A neuron that stands in `ids` twice gets both.
    ///
    /// # Errors
    /// [`ConnectomeError::Length`] for another number of potentials than of ids, [`ConnectomeError::Number`] for one that is
    /// not finite, [`ConnectomeError::Unknown`] for a neuron that there is not. Nothing is injected.
    pub fn inject(&mut self, ids: &[u32], potential: Potential<'_>) -> Result<(), ConnectomeError> {
        match &potential {
            Potential::One(one) => {
                numbers("potential", Some(core::slice::from_ref(one)), "finite numbers", f32::is_finite)?;
            }
            Potential::Each(each) => {
                as_many("potentials", each.len(), "ids", ids.len())?;
                numbers("potentials", Some(each), "finite numbers", f32::is_finite)?;
            }
        }
        self.all_alive(ids)?;
        match potential {
            Potential::One(one) => ids.iter().for_each(|id| self.injections.add(*id, one)),
            Potential::Each(each) => ids.iter().zip(each).for_each(|(id, each)| self.injections.add(*id, *each)),
        }
        Ok(())
    }
}

impl Injections {
    /// Adds to what a neuron gets. A sum ends where numbers do.
    pub(super) fn add(&mut self, id: u32, potential: f32) {
        let sum = &mut self.sums.blocks.as_flattened_mut()[id as usize];
        *sum = (*sum + potential).clamp(f32::MIN, f32::MAX);
        self.is_pending = true;
    }

    /// The burst that begins takes all there is.
    pub(super) fn open(&mut self) {
        self.is_due = core::mem::take(&mut self.is_pending);
    }

    /// The neurons that get something, and what.
    pub(super) fn sums(&self) -> impl Iterator<Item = (u32, f32)> {
        // There are fewer than 2^31 neurons.
        (0..).zip(self.sums.blocks.as_flattened()).filter(|(_, sum)| **sum != 0.0).map(|(id, sum)| (id, *sum))
    }
}
