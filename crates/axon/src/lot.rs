//! Where threads sleep until a cursor moves: the one place that blocks.
//!
//! **SYNC[park].** The sleeper enters the lot, fences (`SeqCst`), looks once more, and only then sleeps; the waker moves its
//! cursor, fences (`SeqCst`), and only then looks whether anybody is in the lot. So one of the two sees the other.

use crate::{Cancel, crowd};
use neuronbus_sync::{Arc, AtomicU64, CachePadded, Condvar, Mutex, Ordering, fence};
use std::{sync::PoisonError, time::Duration};

/// One sleeper's bed. It is made once for a reader or publisher and used for each of its sleeps.
#[derive(Debug, Default)]
pub(crate) struct Parker {
    state: Mutex<State>,
    bell: Condvar,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    Awake,
    Asleep,
    /// The next sleep ends at once.
    Woken,
}

impl Parker {
    fn change(&self, next: State) -> State {
        std::mem::replace(&mut *self.state.lock().unwrap_or_else(PoisonError::into_inner), next)
    }

    fn wake(&self) {
        if self.change(State::Woken) == State::Asleep {
            crowd::wakes();
            self.bell.notify_one();
        }
    }

    /// Sleeps until woken, at most `limit`. Under loom there is no limit: a lost wake is a deadlock that it finds.
    fn sleep(&self, limit: Duration) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if *state == State::Awake {
            *state = State::Asleep;
            crowd::sleeps();
            state = self.bell.wait_timeout(state, limit).unwrap_or_else(PoisonError::into_inner).0;
        }
        if *state == State::Asleep {
            crowd::wakes();
        }
        *state = State::Awake;
    }
}

/// Sleeps in `lot`, at most `limit`, unless `stay` says no when everybody can already see the sleeper.
pub(crate) fn sleep_in(lot: &Lot, cancel: &Cancel, parker: &Arc<Parker>, limit: Duration, stay: impl FnOnce() -> bool) {
    parker.change(State::Awake);
    cancel.enter(parker);
    lot.enter(parker);
    // SYNC[park], partner: the fences of those who wake, in `Publisher::wake` and `Reader::wake_publisher`.
    fence(Ordering::SeqCst);
    if cfg!(mutant = "park_no_recheck") || (stay() && !cancel.is_cancelled()) {
        parker.sleep(limit);
    }
    lot.leave(parker);
    cancel.leave(parker);
}

/// The sleepers that wait for one thing.
#[derive(Debug, Default)]
pub(crate) struct Lot {
    /// How many there are, on a line of its own: wakers look at it all the time.
    parked: CachePadded<AtomicU64>,
    sleepers: Mutex<Vec<Arc<Parker>>>,
}

impl Lot {
    /// Comes in; from now on a wake is remembered.
    pub(crate) fn enter(&self, parker: &Arc<Parker>) {
        self.change(|sleepers| sleepers.push(Arc::clone(parker)));
    }

    /// Goes out, woken or not.
    pub(crate) fn leave(&self, parker: &Arc<Parker>) {
        self.change(|sleepers| sleepers.retain(|other| !Arc::ptr_eq(other, parker)));
    }

    /// Whether there may be anybody to wake. Exact only after a `SeqCst` fence (SYNC[park]).
    #[inline]
    pub(crate) fn occupied(&self) -> bool {
        // Relaxed: SYNC[park] orders it where a wake must not be lost; elsewhere it is a hint.
        self.parked.load(Ordering::Relaxed) != 0
    }

    /// Wakes everybody.
    #[cold]
    pub(crate) fn wake(&self) {
        self.change(|sleepers| sleepers.drain(..).for_each(|parker| parker.wake()));
    }

    fn change(&self, change: impl FnOnce(&mut Vec<Arc<Parker>>)) {
        let mut sleepers = self.sleepers.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut sleepers);
        // Relaxed: SYNC[park], the sleeper's fence comes after its `enter`; the mutex orders the stores with each other.
        self.parked.store(sleepers.len() as u64, Ordering::Relaxed);
    }
}
