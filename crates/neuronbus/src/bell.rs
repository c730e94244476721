//! Wakes the cortex thread out of its sleep.

use neuronbus_sync::{AtomicBool, Ordering};
use parking_lot::{Condvar, Mutex};
use std::time::Instant;

/// A bell beside a bed. Rung while nobody sleeps, it costs one look at a word.
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
        // SeqCst, partner: `lie_down`, after which the thread looks for work once more; the ringer has brought work, and
        // then looks here. One of the two sees the other.
        if self.asleep.swap(false, Ordering::SeqCst) {
            *self.rung.lock() = true;
            self.sleeper.notify_one();
        }
    }

    /// Whether the thread sleeps, or is about to.
    pub(crate) fn has_sleeper(&self) -> bool {
        // SeqCst, partner: as in `ring`.
        self.asleep.load(Ordering::SeqCst)
    }

    /// Announces the sleep; from now on a ring is remembered.
    pub(crate) fn lie_down(&self) {
        // SeqCst, partner: `ring`.
        self.asleep.store(true, Ordering::SeqCst);
    }

    /// Sleeps until the bell is rung, at most until `deadline`.
    pub(crate) fn sleep(&self, deadline: Option<Instant>) {
        let mut rung = self.rung.lock();
        while !*rung {
            match deadline {
                None => self.sleeper.wait(&mut rung),
                Some(at) if self.sleeper.wait_until(&mut rung, at).timed_out() => break,
                Some(_) => {}
            }
        }
    }

    /// Ends the sleep. A ring that comes just now is kept and only makes the next sleep short.
    pub(crate) fn get_up(&self) {
        // SeqCst, partner: `ring`.
        self.asleep.store(false, Ordering::SeqCst);
        *self.rung.lock() = false;
    }
}
