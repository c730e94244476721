//! Thresholds that keep a rate of 5 %, from both sides (NP-10, defect 1).
#![deny(clippy::float_arithmetic)]

use super::Product;
use crate::pool::Body;

/// Ticks between two looks.
pub(super) const EVERY: u64 = 100;
/// Spikes that a neuron should have had in between.
const TARGET: i32 = 5;
/// Steps of a threshold for each spike too many or too few: one alone would need 2.4 million ticks for what 200,000 must do.
const GAIN: i32 = 4;
/// How far above rest and reset a threshold stays: a neuron that takes nothing never gets there (one millivolt).
const MARGIN: i16 = 256;

impl Product {
    /// Moves each threshold by how far the rate of its neuron is from the target, and begins to count anew.
    pub(super) fn look(&mut self, body: &mut Body) {
        // The low eight bits are what a history knows.
        self.histories.age(body.ticks as u8);
        let step = GAIN * i32::from(body.config.homeostasis);
        let floor = i32::from(body.config.rest.max(body.config.reset).saturating_add(MARGIN));
        for (threshold, count) in body.columns.threshold.iter_mut().zip(&mut self.counts) {
            let before = i32::from(*threshold);
            let wanted = before + step * (i32::from(core::mem::take(count)) - TARGET);
            // One that was set below the floor may stay there, but falls no further.
            *threshold = wanted.clamp(floor.min(before), i16::MAX.into()) as i16;
        }
    }
}
