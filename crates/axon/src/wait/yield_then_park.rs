//! Spins a little, yields a little, then sleeps.

use super::{Pause, Wait, Waiting};
use neuronbus_sync::{spin_loop, yield_now};

/// Yields between spinning and sleeping.
const YIELDS: u32 = if cfg!(loom) { 0 } else { 4 };

/// Costs nothing when idle (NB-11); 0.1 to 1 µs while it spins, a wake by the system after that. With more threads than
/// cores it sleeps at once: spinning there takes the core from the thread that is waited for.
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
        let round = waiting.round();
        if round >= self.spins.saturating_add(YIELDS) || waiting.is_crowded() {
            return Pause::Park;
        }
        if round < self.spins {
            spin_loop();
        } else {
            yield_now();
        }
        Pause::Look
    }
}
