//! What the cortex thread and everybody else share: the cortex behind its lock, and the bell that wakes the thread.

use crate::{BusError, WaitStrategy, bell::Bell};
use neuronbus_arena::Arena;
use neuronbus_cortex::{Cortex, CortexError, Port, Wake};
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
    /// A callback has closed the bus: whoever holds the cortex closes it at the end of its step.
    closing: AtomicBool,
    pub(crate) late_ticks: AtomicU64,
    pub(crate) crashes: AtomicU64,
}

impl<P: Port> Shared<P> {
    pub(crate) fn new(cortex: Cortex<P>, arena: Arena, clock: Arc<dyn Clock>, wait: WaitStrategy) -> Self {
        Self {
            cortex: ReentrantMutex::new(RefCell::new(cortex)),
            arena,
            clock,
            wait,
            bell: Arc::default(),
            stop: AtomicBool::new(false),
            closing: AtomicBool::new(false),
            late_ticks: AtomicU64::new(0),
            crashes: AtomicU64::new(0),
        }
    }

    /// Does something with the cortex, and wakes the thread if that brought it work.
    ///
    /// # Errors
    /// [`BusError::Reentrant`] in a callback of this bus.
    pub(crate) fn with<R>(&self, call: impl FnOnce(&mut Cortex<P>) -> R) -> Result<R, BusError> {
        let guard = self.cortex.lock();
        let mut cortex = guard.try_borrow_mut().map_err(|_| BusError::Reentrant)?;
        let result = call(&mut cortex);
        self.close_if_asked(&mut cortex);
        // The thread announces its sleep before it takes the lock for its last look, so one of the two sees the other.
        let work = self.bell.has_sleeper() && cortex.wake() != Wake::Never;
        drop(cortex);
        drop(guard);
        if work {
            self.bell.ring();
        }
        Ok(result)
    }

    /// As [`Self::with`], for the thread itself, that lets a verb that waits for the lock have it next. `None` once the bus
    /// is closed.
    pub(crate) fn step<R>(&self, call: impl FnOnce(&mut Cortex<P>) -> R) -> Option<R> {
        let guard = self.cortex.lock();
        let result = {
            let mut cortex = guard.try_borrow_mut().ok()?;
            let result = (!cortex.is_closed()).then(|| call(&mut cortex));
            self.close_if_asked(&mut cortex);
            result
        };
        ReentrantMutexGuard::unlock_fair(guard);
        result
    }

    /// Closes the cortex and the arena; in a callback, when the step that it is part of ends.
    pub(crate) fn close(&self) {
        // Release, partner: the Acquire swap in `close_if_asked`; in a callback it is the same thread anyway.
        self.closing.store(true, Ordering::Release);
        if self.with(|_| ()).is_ok() {
            self.arena.close();
        }
    }

    fn close_if_asked(&self, cortex: &mut Cortex<P>) {
        // Acquire, partner: the Release store in `close`.
        if self.closing.load(Ordering::Acquire) && !cortex.is_closed() {
            cortex.close();
            self.arena.close();
        }
    }

    /// [`CortexError::Closed`] once [`Self::close`] was called.
    pub(crate) fn open(&self) -> Result<(), BusError> {
        // Acquire, partner: the Release store in `close`.
        if self.closing.load(Ordering::Acquire) { Err(CortexError::Closed.into()) } else { Ok(()) }
    }

    /// Whether the calling thread is inside a callback of this bus, or a verb of it.
    pub(crate) fn is_inside(&self) -> bool {
        self.cortex.is_owned_by_current_thread()
    }

    pub(crate) fn set_stop(&self, stop: bool) {
        // SeqCst, partner: `Bell`. The one who stops stores this, then looks whether the thread lies down; the thread lies
        // down, then looks here. One of the two sees the other.
        self.stop.store(stop, Ordering::SeqCst);
    }

    pub(crate) fn stopped(&self) -> bool {
        // SeqCst: see `set_stop`.
        self.stop.load(Ordering::SeqCst)
    }
}
