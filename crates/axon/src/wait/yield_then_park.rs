//! Spins a little, yields a little, then sleeps.

use super::{Pause, Wait, Waiting};
use neuronbus_sync::{spin_loop, yield_now};

/// Yields between spinning and sleeping.
const YIELDS: u32 = if cfg!(loom) { 0 } else { 4 };

/// Costs nothing when idle (NB-11); 0.1 to 1 µs while it spins, a wake by the system after that. With more threads than
/// cores it does not spin: that takes the core from the thread that is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YieldThenPark {
    /// Looks with a spin hint in between, before it begins to yield.
    pub spins: u32,
}

impl Default for YieldThenPark {
    /// 128 spins: a few microseconds.
    fn default() -> Self {
        Self { spins: 128 }
    }
}

impl Wait for YieldThenPark {
    #[inline]
    fn pause(&mut self, waiting: &Waiting) -> Pause {
        let spins = if waiting.is_crowded() { 0 } else { self.spins };
        if waiting.round() < spins {
            spin_loop();
        } else if waiting.round() < spins.saturating_add(YIELDS) {
            yield_now();
        } else {
            return Pause::Park;
        }
        Pause::Look
    }
}
