//! Waiting: what a thread does between two looks at a cursor that has not moved (NB-10).
//!
//! A strategy decides only that, one file each; when to look, whom to wake and how a wait ends is decided here, once.

mod busy_spin;
mod kind;
mod spin_hint;
mod watch;
mod yield_then_park;

pub use busy_spin::BusySpin;
pub use kind::WaitKind;
pub use spin_hint::SpinHint;
pub use yield_then_park::YieldThenPark;

use crate::{Axon, Cancel, Stopped, crowd};
use std::time::Duration;
use watch::Watch;

/// The first sleep of a wait. It must be longer than any store takes to become visible: see [`crate::seat`].
const FIRST_SLEEP: Duration = Duration::from_millis(1);
/// How often the sleep doubles while nothing comes. Sleeps are limited because a writer in another language, or behind
/// another `Axon` handle of the same memory, cannot wake anybody.
const DOUBLINGS: u32 = 4;

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// Look again now.
    Look,
    /// Sleep until woken, then look again.
    Park,
}

/// A way to wait.
pub trait Wait {
    /// Called after each fruitless look; may spin or yield a little, and says what comes next.
    fn pause(&mut self, waiting: &Waiting) -> Pause;

    /// The commit cursor of `axon`, if it is above `value`. Never blocks.
    fn try_wait(&self, axon: &Axon, value: u64) -> Option<u64> {
        Some(axon.published()).filter(|cursor| *cursor > value)
    }

    /// Blocks until the commit cursor of `axon` is above `value`; returns it.
    ///
    /// # Errors
    /// [`Stopped`]: cancelled, or closed at or below `value`.
    fn wait_for(&mut self, axon: &Axon, value: u64, cancel: &Cancel) -> Result<u64, Stopped>
    where
        Self: Sized,
    {
        let mut watch = Watch::new(axon, value);
        wait(&mut watch, self, cancel).map(|()| axon.published())
    }
}

/// How a wait stands, for its strategy.
#[derive(Debug, Default)]
pub struct Waiting {
    round: u32,
    parks: u32,
}

impl Waiting {
    /// Fruitless looks since the wait began or last slept, from 0, saturating.
    pub fn round(&self) -> u32 {
        self.round
    }

    /// Whether more threads that wait on rings want a core than there are. Spinning then only takes time from the one that
    /// is waited for. A guess.
    pub fn is_crowded(&self) -> bool {
        crowd::is_crowded()
    }

    fn sleep(&mut self, sleep: impl FnOnce(Duration)) {
        sleep(FIRST_SLEEP * 2_u32.pow(self.parks.min(DOUBLINGS)));
        self.parks = self.parks.saturating_add(1);
        self.round = 0;
    }
}

/// Something that can be waited for.
pub(crate) trait Waiter {
    /// Looks: `Some(Ok)` it is there, `Some(Err)` it will not come.
    fn look(&mut self) -> Option<Result<(), Stopped>>;

    /// Sleeps at most `limit`, unless it is there now, or `cancel` is pulled.
    fn park(&mut self, cancel: &Cancel, limit: Duration);
}

/// Waits until `waiter` finds what it looks for.
pub(crate) fn wait(waiter: &mut impl Waiter, strategy: &mut impl Wait, cancel: &Cancel) -> Result<(), Stopped> {
    crowd::join();
    let mut waiting = Waiting::default();
    loop {
        if let Some(end) = waiter.look() {
            return end;
        }
        if cancel.is_cancelled() {
            return Err(Stopped::Cancelled);
        }
        match strategy.pause(&waiting) {
            Pause::Look => waiting.round = waiting.round.saturating_add(1),
            Pause::Park => waiting.sleep(|limit| waiter.park(cancel, limit)),
        }
    }
}
