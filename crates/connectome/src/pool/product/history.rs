//! When neurons fired in their last 64 ticks: a mask for each, moved on only when its neuron fires.
#![deny(clippy::float_arithmetic)]

use alloc::{vec, vec::Vec};

/// Longer ago than any eligibility lasts, and short enough for 32 bits to tell it from just now.
const LONG_AGO: u32 = 1 << 31;

/// The spikes of all neurons. Ticks are numbered from 1 and given by their low 32 bits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Histories {
    /// Bit k: fired k ticks before `last`.
    masks: Vec<u64>,
    /// The tick of the last spike.
    last: Vec<u32>,
}

impl Histories {
    /// Nobody has fired so far.
    pub(super) fn new(neurons: usize, ticks: u64) -> Self {
        Self { masks: vec![0; neurons], last: vec![(ticks as u32).wrapping_sub(LONG_AGO); neurons] }
    }

    /// From what [`Self::parts`] shows; every value is one.
    pub(crate) fn from_parts(masks: Vec<u64>, last: Vec<u32>) -> Self {
        Self { masks, last }
    }

    pub(crate) fn parts(&self) -> (&[u64], &[u32]) {
        (&self.masks, &self.last)
    }

    /// Ticks since a neuron fired.
    pub(super) fn since(&self, neuron: usize, now: u32) -> u32 {
        now.wrapping_sub(self.last[neuron])
    }

    /// Bit k: fired k ticks before `now`.
    pub(super) fn seen(&self, neuron: usize, now: u32) -> u64 {
        self.masks[neuron].checked_shl(self.since(neuron, now)).unwrap_or(0)
    }

    /// A neuron fires.
    pub(super) fn record(&mut self, neuron: usize, now: u32) {
        self.masks[neuron] = self.seen(neuron, now) | 1;
        self.last[neuron] = now;
    }

    /// Keeps what was long ago long ago, before 32 bits come round.
    pub(super) fn age(&mut self, now: u32) {
        for (mask, last) in self.masks.iter_mut().zip(&mut self.last) {
            if now.wrapping_sub(*last) > LONG_AGO {
                (*mask, *last) = (0, now.wrapping_sub(LONG_AGO));
            }
        }
    }
}
