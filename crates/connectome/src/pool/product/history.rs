//! When neurons fired in their last 64 ticks: a mask for each, moved on only when its neuron fires.
#![deny(clippy::float_arithmetic)]

use alloc::{vec, vec::Vec};

/// Longer ago than a mask reaches, and short enough for eight bits to tell it from just now for as long as nobody looks.
const LONG_AGO: u8 = 128;

/// The spikes of all neurons. Ticks are numbered from 1 and given by their low eight bits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Histories {
    /// Bit k: fired k ticks before `last`.
    masks: Vec<u64>,
    /// The tick of the last spike.
    last: Vec<u8>,
}

impl Histories {
    /// Nobody has fired so far.
    pub(super) fn new(neurons: usize, ticks: u64) -> Self {
        Self { masks: vec![0; neurons], last: vec![(ticks as u8).wrapping_sub(LONG_AGO); neurons] }
    }

    /// From what [`Self::parts`] shows; every value is one.
    pub(crate) fn from_parts(masks: Vec<u64>, last: Vec<u8>) -> Self {
        Self { masks, last }
    }

    pub(crate) fn parts(&self) -> (&[u64], &[u8]) {
        (&self.masks, &self.last)
    }

    /// Bit k: fired k ticks before `now`. Of a neuron that there is not, nothing: others may write to the memory of synapses.
    pub(super) fn seen(&self, neuron: usize, now: u8) -> u64 {
        let Some((mask, last)) = self.masks.get(neuron).zip(self.last.get(neuron)) else { return 0 };
        mask.unbounded_shl(now.wrapping_sub(*last).into())
    }

    /// A neuron fires.
    pub(super) fn record(&mut self, neuron: usize, now: u8) {
        self.masks[neuron] = self.seen(neuron, now) | 1;
        self.last[neuron] = now;
    }

    /// Keeps what was long ago long ago, before eight bits come round: to be called every 100 ticks.
    pub(super) fn age(&mut self, now: u8) {
        for (mask, last) in self.masks.iter_mut().zip(&mut self.last) {
            if now.wrapping_sub(*last) > LONG_AGO {
                (*mask, *last) = (0, now.wrapping_sub(LONG_AGO));
            }
        }
    }
}
