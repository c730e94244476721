//! The reading verbs that wait.

use super::Reader;
use crate::{
    Cancel, ReadError, Stopped, Wait,
    header::ahead,
    wait::{Waiter, wait},
};
use neuronbus_spike::Spike;
use std::time::Duration;

impl Reader {
    /// The next spike; waits for it as long as it takes (NB-17).
    ///
    /// # Errors
    /// [`Stopped::Closed`] when the ring is closed and drained, [`Stopped::Cancelled`], [`ReadError::Malformed`].
    #[inline]
    pub fn read_next(&mut self, strategy: &mut impl Wait, cancel: &Cancel) -> Result<Spike, ReadError> {
        loop {
            if let Some(spike) = self.try_read_next()? {
                return Ok(spike);
            }
            wait(self, strategy, cancel)?;
        }
    }

    /// Waits until a spike is available; returns how many are.
    ///
    /// # Errors
    /// [`Stopped::Closed`] when the ring is closed and drained, [`Stopped::Cancelled`].
    #[inline]
    pub fn wait_available(&mut self, strategy: &mut impl Wait, cancel: &Cancel) -> Result<usize, Stopped> {
        match self.available() {
            0 => wait(self, strategy, cancel).map(|()| self.available()),
            some => Ok(some),
        }
    }
}

impl Waiter for Reader {
    #[inline]
    fn look(&mut self) -> Option<Result<(), Stopped>> {
        if self.available() > 0 {
            return Some(Ok(()));
        }
        if !self.is_closed() {
            return None;
        }
        // Once more: what was committed before the close is seen now (SYNC[close]).
        let drained = cfg!(mutant = "close_no_recheck") || self.poll() == 0;
        Some(if drained { Err(Stopped::Closed) } else { Ok(()) })
    }

    fn park(&mut self, cancel: &Cancel, limit: Duration) {
        self.wake_publisher();
        let Self { ring, lots, position, seat, .. } = self;
        // Acquire, partner: `Axon::close`, which wakes after it.
        let closed = || ring.closed().load(neuronbus_sync::Ordering::Acquire) != 0;
        seat.park(ring, &lots.readers, cancel, limit, |commit| ahead(commit, *position) != 0 || closed());
    }
}
