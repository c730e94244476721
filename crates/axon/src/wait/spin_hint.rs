//! Looks with the processor's pause instruction in between.

use super::{Pause, Wait, Waiting};
use neuronbus_sync::{spin_loop, yield_now};

/// Looks after which the thread gives way to others, in case the one that it waits for has no core.
const PATIENCE: u32 = 1 << 12;

/// Short latency (10 to 50 ns), one core, but kind to the sibling thread and the bus. The default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SpinHint;

impl Wait for SpinHint {
    #[inline]
    fn pause(&mut self, waiting: &Waiting) -> Pause {
        if waiting.round() % PATIENCE == PATIENCE - 1 || waiting.is_crowded() {
            yield_now();
        } else {
            spin_loop();
        }
        Pause::Look
    }
}
