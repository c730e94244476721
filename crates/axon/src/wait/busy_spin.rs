//! Looks without a pause.

use super::{Pause, Wait, Waiting};
use neuronbus_sync::yield_now;

/// Looks after which the thread gives way once, in case the one that it waits for has no core.
const PATIENCE: u32 = if cfg!(loom) { 1 } else { 1 << 14 };

/// Shortest latency (below 10 ns), one whole core. For a thread that has a core to itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BusySpin;

impl Wait for BusySpin {
    #[inline]
    fn pause(&mut self, waiting: &Waiting) -> Pause {
        if waiting.round() % PATIENCE == PATIENCE - 1 {
            yield_now();
        }
        Pause::Look
    }
}
