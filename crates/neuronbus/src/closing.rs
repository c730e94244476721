//! Whether, when and by whom a bus is closed.

use neuronbus_sync::{AtomicBool, Ordering};
use std::{
    sync::OnceLock,
    time::{Duration, Instant},
};

/// What everybody who may end the bus knows of its end.
#[derive(Debug, Default)]
pub(crate) struct Closing {
    /// Set by the first who closes: when the drain has to end; never, if it is `None`.
    deadline: OnceLock<Option<Instant>>,
    /// Somebody inside a verb has closed the bus, and that verb owes the end of it.
    owed: AtomicBool,
}

impl Closing {
    /// Closes the bus; the drain may take so long from now on, unless somebody closed it before.
    pub(crate) fn begin(&self, timeout: Duration) {
        self.deadline.get_or_init(|| Instant::now().checked_add(timeout));
    }

    /// Whether somebody has closed the bus.
    pub(crate) fn has_begun(&self) -> bool {
        self.deadline.get().is_some()
    }

    /// Whether the time of the drain is over.
    pub(crate) fn is_late(&self) -> bool {
        self.deadline.get().copied().flatten().is_some_and(|at| Instant::now() >= at)
    }

    /// The verb that holds the cortex has to end the bus.
    pub(crate) fn owe(&self) {
        // Relaxed: see `is_owed`.
        self.owed.store(true, Ordering::Relaxed);
    }

    /// Whether the verb that holds the cortex has to end the bus once it has let go. Says so once.
    pub(crate) fn is_owed(&self) -> bool {
        // Relaxed, as all accesses of this flag: they are made under the lock of the cortex.
        let owed = self.owed.load(Ordering::Relaxed);
        if owed {
            self.owed.store(false, Ordering::Relaxed);
        }
        owed
    }
}
