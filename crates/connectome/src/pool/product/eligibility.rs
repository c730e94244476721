//! Signed pair STDP in closed form (NP-11, defects 6 and 7): what the spikes since the last touch of a synapse leave now.
//!
//! Spikes pair with their nearest neighbours. A spike of the target pairs with the last arrival at or before it (causal: the
//! same tick counts as such) and adds `stdp_positive`, less by the decay of each tick between; an arrival pairs with the last
//! spike of the target strictly before it and adds `stdp_negative`, less in the same way. All of it fades by the same decay, so
//! that a pair weighs as its *earlier* event has faded: d^(now − arrival), d^(now − spike). Pairs whose earlier event is 64 ticks
//! ago or more (less the delay, for an arrival) count no more. An eligibility saturates when it is touched, at ±127.
#![deny(clippy::float_arithmetic)]

use crate::{
    PoolConfig, Synapse,
    bits::{lowest, ones},
    fixed,
};
use alloc::vec::Vec;

/// Ticks that a mask holds.
const WINDOW: usize = 64;
/// The greatest eligibility, in 256ths.
const MOST: i64 = 127 * 256;

/// What is left after 0 to 63 ticks, of 65,536.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fading(Vec<u32>);

/// The events at one synapse, and how old they are at most to be new to it.
pub(super) struct Pairs {
    /// Bit k: a spike arrived k ticks ago.
    pub(super) arrivals: u64,
    /// Bit k: the target fired k ticks ago.
    pub(super) spikes: u64,
    /// Ticks since the synapse was touched.
    pub(super) since: u64,
}

impl Fading {
    pub(super) fn new(decay: u8) -> Self {
        // With 32 more fraction bits than are kept; 2^48 × 255 fits.
        let powers = core::iter::successors(Some(1_u64 << 48), |power| Some((power * u64::from(decay)) >> 8));
        Self(powers.take(WINDOW).map(|power| ((power + (1 << 31)) >> 32) as u32).collect())
    }

    /// What is left after any number of ticks, of 65,536.
    pub(super) fn after(&self, ticks: u64) -> u32 {
        let (mut left, mut share) = (ticks, 1_u64 << 16);
        while left >= WINDOW as u64 && share > 0 {
            share = (share * u64::from(self.0[WINDOW - 1])) >> 16;
            left -= WINDOW as u64 - 1;
        }
        // Once nothing is left, it does not matter after how many.
        ((share * u64::from(self.0[left.min(WINDOW as u64 - 1) as usize])) >> 16) as u32
    }

    /// Brings the eligibility of a synapse up to date; `left` of 65,536 is left of what it had.
    pub(super) fn touch(&self, synapse: &mut Synapse, left: u32, pairs: &Pairs, config: &PoolConfig) {
        let [remainder, _] = &mut synapse.reserved;
        let before = i64::from(fixed::join(synapse.eligibility.into(), remainder.cast_signed()));
        let paired = self.causal(pairs) * i64::from(config.stdp_positive)
            + self.acausal(pairs) * i64::from(config.stdp_negative);
        let after = (before * i64::from(left) + paired * 256 + (1 << 15)) >> 16;
        // Within 24 bits, and so what is shown within eight.
        let (shown, rest) = fixed::split(after.clamp(-MOST, MOST) as i32);
        (synapse.eligibility, *remainder) = (shown as i8, rest.cast_unsigned());
    }

    /// New spikes of the target, each with the last arrival at or before it.
    fn causal(&self, pairs: &Pairs) -> i64 {
        let before = |at| Some(at + lowest(pairs.arrivals >> at)?);
        self.sum(pairs.spikes & pairs.fresh(), before)
    }

    /// New arrivals, each with the last spike of the target before it.
    fn acausal(&self, pairs: &Pairs) -> i64 {
        let before = |at| Some(at + 1 + lowest(pairs.spikes >> at >> 1)?);
        self.sum(pairs.arrivals & pairs.fresh(), before)
    }

    /// What is left of the partners of all events of a mask, of 65,536 each.
    fn sum(&self, mask: u64, partner: impl Fn(usize) -> Option<usize>) -> i64 {
        ones(mask).filter_map(partner).map(|partner| i64::from(self.0[partner])).sum()
    }
}

impl Pairs {
    /// The ages that are new.
    fn fresh(&self) -> u64 {
        if self.since < WINDOW as u64 { (1 << self.since) - 1 } else { u64::MAX }
    }
}
