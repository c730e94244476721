//! A wait for the commit cursor alone, by somebody who reads nothing.

use super::Waiter;
use crate::{Axon, Cancel, Stopped, seat::Seat};
use std::time::Duration;

/// One wait for the commit cursor to pass a value, by somebody who reads nothing.
pub(crate) struct Watch<'a> {
    axon: &'a Axon,
    value: u64,
    seat: Seat,
}

impl<'a> Watch<'a> {
    pub(crate) fn new(axon: &'a Axon, value: u64) -> Self {
        Self { axon, value, seat: Seat::default() }
    }
}

impl Waiter for Watch<'_> {
    fn look(&mut self) -> Option<Result<(), Stopped>> {
        // Closed first: what was committed before is then seen (SYNC[close]).
        let closed = self.axon.is_closed();
        let passed = self.axon.published() > self.value;
        if passed { Some(Ok(())) } else { closed.then_some(Err(Stopped::Closed)) }
    }

    fn park(&mut self, cancel: &Cancel, limit: Duration) {
        let Self { axon, value, seat } = self;
        seat.park(&axon.ring, &axon.lots.readers, cancel, limit, |commit| commit > *value || axon.is_closed());
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        self.seat.retire(&self.axon.ring);
    }
}
