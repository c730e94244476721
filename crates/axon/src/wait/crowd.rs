//! How many threads of this process spin, over all rings: with more threads than cores, spinning takes the core away from
//! the thread that is waited for.

#[cfg(not(loom))]
use neuronbus_sync::{AtomicUsize, Ordering};
#[cfg(not(loom))]
use std::{sync::LazyLock, thread};

/// Relaxed everywhere: a count that only steers a guess, and orders nothing.
#[cfg(not(loom))]
static SPINNING: AtomicUsize = AtomicUsize::new(0);
#[cfg(not(loom))]
static CORES: LazyLock<usize> = LazyLock::new(|| thread::available_parallelism().map_or(1, usize::from));

/// One spinning thread, while it lives.
#[derive(Debug)]
pub(super) struct Crowd(());

impl Crowd {
    pub(super) fn enter() -> Self {
        #[cfg(not(loom))]
        SPINNING.fetch_add(1, Ordering::Relaxed);
        Self(())
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        #[cfg(not(loom))]
        SPINNING.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Whether as many threads spin as there are cores.
pub(super) fn is_full() -> bool {
    #[cfg(not(loom))]
    return SPINNING.load(Ordering::Relaxed) >= *CORES;
    #[cfg(loom)]
    return false;
}
