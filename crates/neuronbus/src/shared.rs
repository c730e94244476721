//! What the cortex thread and everybody else share: the cortex behind its lock, and the bell that wakes the thread.

use crate::{BusError, WaitStrategy, bell::Bell, closing::Closing};
use neuronbus_arena::Arena;
use neuronbus_cortex::{Cortex, Port, Wake};
use neuronbus_spike::Clock;
use neuronbus_sync::{AtomicBool, AtomicU64, Ordering};
use parking_lot::{ReentrantMutex, ReentrantMutexGuard};
use std::{cell::RefCell, sync::Arc};

/// The parts of a bus that outlive its handle while the thread runs.
pub(crate) struct Shared<P> {
    /// Reentrant, so that a callback that comes back to its own bus is told so instead of waiting for itself for ever.
    cortex: ReentrantMutex<RefCell<Cortex<P>>>,
    pub(crate) arena: Arena,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) wait: WaitStrategy,
    pub(crate) bell: Arc<Bell>,
    stop: AtomicBool,
    pub(crate) closing: Closing,
    pub(crate) late_ticks: AtomicU64,
    pub(crate) crashes: AtomicU64,
}

impl<P: Port + 'static> Shared<P> {
    pub(crate) fn new(cortex: Cortex<P>, arena: Arena, clock: Arc<dyn Clock>, wait: WaitStrategy) -> Self {
        Self {
            cortex: ReentrantMutex::new(RefCell::new(cortex)),
            arena,
            clock,
            wait,
            bell: Arc::default(),
            stop: AtomicBool::new(false),
            closing: Closing::default(),
            late_ticks: AtomicU64::new(0),
            crashes: AtomicU64::new(0),
        }
    }

    /// Does something with the cortex, and wakes the thread if that brought it work. If it closed the bus from inside, this
    /// is where the bus ends.
    ///
    /// # Errors
    /// [`BusError::Reentrant`] in a callback of this bus.
    pub(crate) fn with<R>(&self, call: impl FnOnce(&mut Cortex<P>) -> R) -> Result<R, BusError> {
        let guard = self.cortex.lock();
        let mut cortex = guard.try_borrow_mut().map_err(|_| BusError::Reentrant)?;
        let result = call(&mut cortex);
        let ends = self.closing.is_owed();
        // The thread announces its sleep before it takes the lock for its last look, so one of the two sees the other.
        // Modelled as `a_verb_wakes_the_driver` in tests/loom.rs.
        let work = self.bell.has_sleeper() && cortex.wake() != Wake::Never;
        drop(cortex);
        drop(guard);
        if work {
            self.bell.ring();
        }
        if ends {
            self.end();
        }
        Ok(result)
    }

    /// As [`Self::with`], for the thread itself, that lets a verb that waits for the lock have it next. `None` once the bus
    /// is closed.
    pub(crate) fn step<R>(&self, call: impl FnOnce(&mut Cortex<P>) -> R) -> Option<R> {
        let guard = self.cortex.lock();
        let result = {
            let mut cortex = guard.try_borrow_mut().ok()?;
            (!cortex.is_closed()).then(|| call(&mut cortex))
        };
        ReentrantMutexGuard::unlock_fair(guard);
        result
    }

    /// Whether the calling thread is inside a callback of this bus, or a verb of it.
    pub(crate) fn is_inside(&self) -> bool {
        self.cortex.is_owned_by_current_thread()
    }

    pub(crate) fn set_stop(&self, stop: bool) {
        // Relaxed: who stops the thread rings the bell next, and the thread looks here once it has lain down; SYNC[bell]
        // orders the two.
        self.stop.store(stop, Ordering::Relaxed);
    }

    pub(crate) fn stopped(&self) -> bool {
        // Relaxed: see `set_stop`.
        self.stop.load(Ordering::Relaxed)
    }
}
