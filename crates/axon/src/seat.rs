//! A reader's right to be woken.
//!
//! A publisher that must not lose a wake pays a `SeqCst` fence for each commit (SYNC\[park\]). It pays only while the ring's
//! `waiters` word says that a reader may park. So a reader **announces** itself there before its first sleep, and takes
//! that back when it sees that spikes come in runs, which means that it will not sleep soon.
//!
//! The announcement itself is a race: a publisher that has just read 0 does not fence, and its commit can become visible
//! after the reader's last look. That wake is lost. So the first sleep after an announcement is short, longer than any store takes
//! to become visible; after it, the reader looks, and whatever it still does not see will be published by somebody who
//! sees the announcement. A reader that cannot afford this one late wake announces itself early, by `expect_to_park`.

use crate::{
    Cancel,
    header::Header,
    lot::{Lot, Parker, sleep_in},
};
use neuronbus_sync::{Arc, Ordering};
use std::time::Duration;

/// Spikes since the last sleep that make a run.
const RUN: u64 = 64;

/// The bed of one reader, and whether it is announced.
#[derive(Debug, Default)]
pub(crate) struct Seat {
    parker: Arc<Parker>,
    announced: bool,
    /// The commit cursor at the last sleep.
    slept_at: u64,
}

impl Seat {
    /// From now on the publisher fences and wakes.
    pub(crate) fn announce(&mut self, ring: &Header) {
        if !self.announced {
            // Relaxed: the fence of `sleep_in` follows before any sleep.
            ring.waiters().fetch_add(1, Ordering::Relaxed);
            self.announced = true;
        }
    }

    /// From now on the publisher need not care.
    pub(crate) fn retire(&mut self, ring: &Header) {
        if self.announced {
            // Relaxed: the word publishes nothing.
            ring.waiters().fetch_sub(1, Ordering::Relaxed);
            self.announced = false;
        }
    }

    /// Tells that `commit` was seen: retires on a run.
    #[inline]
    pub(crate) fn saw(&mut self, ring: &Header, commit: u64) {
        if self.announced && commit.wrapping_sub(self.slept_at) > RUN {
            self.retire(ring);
        }
    }

    /// Sleeps in `lot`, at most `limit`, unless `ready` says that the commit cursor is far enough.
    pub(crate) fn park(
        &mut self,
        ring: &Header,
        lot: &Lot,
        cancel: &Cancel,
        limit: Duration,
        ready: impl FnOnce(u64) -> bool,
    ) {
        self.announce(ring);
        let slept_at = &mut self.slept_at;
        sleep_in(lot, cancel, &self.parker, limit, || {
            // Acquire, partner: the Release store of SYNC[commit].
            *slept_at = ring.commit().load(Ordering::Acquire);
            !ready(*slept_at)
        });
    }
}
