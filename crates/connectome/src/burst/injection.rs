//! What comes from outside: it is added up in the order of the calls, and taken by the next burst.

use super::{BurstEngine, columns::numbers};
use crate::{ConnectomeError, area::as_many, cell::BlockColumn};
use alloc::vec::Vec;

/// What is injected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Potential<'a> {
    /// The same for each neuron.
    One(f32),
    /// For each neuron its own.
    Each(&'a [f32]),
}

/// Injections that no burst has taken yet.
#[derive(Debug, Clone, Default)]
pub(super) struct Injections {
    /// Neuron and potential, in the order of the calls.
    pub(super) pending: Vec<(u32, f32)>,
    /// The sum of each neuron, while a burst is under way; else zeros.
    pub(super) sums: BlockColumn<f32>,
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
        let pending = &mut self.injections.pending;
        match potential {
            Potential::One(one) => pending.extend(ids.iter().map(|id| (*id, one))),
            Potential::Each(each) => pending.extend(ids.iter().copied().zip(each.iter().copied())),
        }
        Ok(())
    }
}

impl Injections {
    /// Adds up what is pending.
    pub(super) fn sum(&mut self) {
        let sums = self.sums.blocks.as_flattened_mut();
        for (id, potential) in &self.pending {
            sums[*id as usize] += potential;
        }
    }
}
