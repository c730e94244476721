//! Wakes the cortex thread out of its sleep.
//!
//! **SYNC[bell].** The thread announces its sleep, then looks for work once more, then sleeps; the ringer brings work, then
//! swaps the announcement. Every change of [`Bell::asleep`] is a swap, so each of them sees what was done before all that
//! came before it: a ringer who comes after the announcement finds the sleeper, and the look of one who announces itself
//! after the ringer finds the work. Neither needs more of the work itself than that it is written before the ring.
//!
//! Names nothing of this crate: `tests/loom.rs` takes this file as it is.

use neuronbus_sync::{AtomicBool, AtomicU32, Condvar, Mutex, MutexGuard, Ordering, fence};
use std::{sync::PoisonError, time::Instant};

/// A bell beside a bed. Rung while nobody sleeps, it costs one swap of a word.
#[derive(Debug, Default)]
pub(crate) struct Bell {
    rung: Mutex<bool>,
    sleeper: Condvar,
    /// The thread sleeps, or is about to.
    asleep: AtomicBool,
}

impl Bell {
    /// Wakes the thread, if it sleeps or is about to.
    pub(crate) fn ring(&self) {
        let order = if cfg!(mutant = "bell_ring_relaxed") { Ordering::Relaxed } else { Ordering::AcqRel };
        // AcqRel, partner: the swap in `lie_down` (SYNC[bell]), this one or the next.
        if self.asleep.swap(false, order) {
            if !cfg!(mutant = "bell_ring_unheard") {
                *self.rung() = true;
            }
            self.sleeper.notify_one();
        }
    }

    /// Whether the thread sleeps, or is about to. For one who holds the lock under which the thread looks for work: then a
    /// look that missed his work is over, and he is told of the sleep that it belongs to.
    pub(crate) fn has_sleeper(&self) -> bool {
        // Relaxed: that lock orders it with `lie_down`.
        self.asleep.load(Ordering::Relaxed)
    }

    /// Sleeps until the bell is rung, at most until `deadline`; not at all if `look` finds something to do, which is asked
    /// when every ringer can already see the sleeper.
    pub(crate) fn sleep_unless(&self, deadline: Option<Instant>, look: impl FnOnce() -> bool) {
        let early = cfg!(mutant = "bell_look_early");
        if !early {
            self.lie_down();
        }
        let found = look();
        if early {
            self.lie_down();
        }
        if !found {
            self.sleep(deadline);
        }
        self.get_up();
    }

    /// Announces the sleep; from now on a ring is remembered.
    fn lie_down(&self) {
        if cfg!(mutant = "bell_announce_store") {
            return self.asleep.store(true, Ordering::Release);
        }
        // AcqRel, partner: the swap in `ring` (SYNC[bell]). A plain store would not see the ringers before it.
        self.asleep.swap(true, Ordering::AcqRel);
    }

    fn sleep(&self, deadline: Option<Instant>) {
        let mut rung = self.rung();
        let mut heard = *rung && !cfg!(mutant = "bell_rung_unchecked");
        while !heard {
            rung = match deadline.map(|at| at.saturating_duration_since(Instant::now())) {
                None => self.sleeper.wait(rung).unwrap_or_else(PoisonError::into_inner),
                Some(left) if left.is_zero() => return,
                Some(left) => self.sleeper.wait_timeout(rung, left).unwrap_or_else(PoisonError::into_inner).0,
            };
            heard = *rung;
        }
    }

    /// Ends the sleep. A ring that comes just now is kept and only makes the next sleep short.
    fn get_up(&self) {
        if cfg!(mutant = "bell_get_up_store") {
            self.asleep.store(false, Ordering::Release);
        } else {
            // AcqRel, partner: the swap in `ring` (SYNC[bell]). A plain store would hide from the next `lie_down` those who
            // rang after the first ring of this sleep.
            self.asleep.swap(false, Ordering::AcqRel);
        }
        *self.rung() = false;
    }

    fn rung(&self) -> MutexGuard<'_, bool> {
        self.rung.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Shows in `word` how the driver sleeps, to one who knows nothing of the bell and only looks here whether to ring it.
pub(crate) fn show(word: &AtomicU32, state: u32) {
    // SeqCst, partner: the other side publishes, then loads this word (its atomics are sequentially consistent); the driver
    // stores it, then looks at the outbox again. One of the two sees the other.
    word.store(state, Ordering::SeqCst);
    if !cfg!(mutant = "parked_no_fence") {
        // SeqCst, the same partner: the loads of that second look come after the store, which a SeqCst store alone does not
        // promise for Acquire loads.
        fence(Ordering::SeqCst);
    }
}
