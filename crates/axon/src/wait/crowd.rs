//! Whether there are more threads than cores: then spinning takes the core from the thread that is waited for.
//!
//! Nobody can be asked, but a yield tells: it returns at once when no other thread wants the core, and after a switch there
//! and back when one does. So a wait that has spun for a while yields once and takes the time. If that was long, this wait
//! and the next ones of the process, on whatever ring, take it that there is a crowd; then one spins and tries again.

use neuronbus_sync::yield_now;
#[cfg(not(loom))]
use {
    neuronbus_sync::{AtomicU32, Ordering},
    std::time::{Duration, Instant},
};

/// A yield that takes longer has run another thread.
#[cfg(not(loom))]
const SWITCH: Duration = Duration::from_micros(2);
/// Waits for which a crowd is believed in.
#[cfg(not(loom))]
const MEMORY: u32 = 64;

/// Waits that still believe in a crowd. Relaxed everywhere, and not exact: it steers a guess, and orders nothing.
#[cfg(not(loom))]
static CROWDED: AtomicU32 = AtomicU32::new(0);

/// Whether a wait that begins now has reason to believe in a crowd.
pub(super) fn begin() -> bool {
    #[cfg(not(loom))]
    {
        let left = CROWDED.load(Ordering::Relaxed);
        if left > 0 {
            CROWDED.store(left - 1, Ordering::Relaxed);
        }
        left > 0
    }
    #[cfg(loom)]
    false
}

/// Yields, and returns whether that shows a crowd.
pub(super) fn probe() -> bool {
    #[cfg(not(loom))]
    {
        let begin = Instant::now();
        yield_now();
        let crowded = begin.elapsed() > SWITCH;
        if crowded {
            CROWDED.store(MEMORY, Ordering::Relaxed);
        }
        crowded
    }
    #[cfg(loom)]
    {
        yield_now();
        false
    }
}
