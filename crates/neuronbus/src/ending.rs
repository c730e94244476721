//! The end of a bus: what is under way gets through, for a bounded time; then the cortex is closed.

use crate::{BusError, driver::tick_if_due, shared::Shared};
use neuronbus_cortex::{Cortex, CortexError, Port};
use std::{thread, time::Duration};

/// Between two looks at what only somebody else can move: an environment that has not read its inbox.
const PAUSE: Duration = Duration::from_micros(100);

impl<P: Port + 'static> Shared<P> {
    /// From here on verbs are refused. In a callback, or in a verb, the end comes after it: [`Self::end`] is owed.
    pub(crate) fn begin_close(&self, timeout: Duration) {
        self.closing.begin(timeout);
        if self.is_inside() {
            self.closing.owe();
        }
    }

    /// Ends a bus that somebody has closed: ticks until nothing is in flight or the time is over, then counts what is left.
    /// Nothing otherwise, or if it has ended. Between two ticks others have the cortex.
    pub(crate) fn end(&self) {
        if !self.closing.has_begun() {
            return;
        }
        let begun = self.step(|cortex| {
            // Whoever owed it: this is it, and verbs of others need not wait for the drain.
            self.closing.is_owed();
            cortex.refuse_fire();
        });
        let mut draining = begun.is_some();
        while draining && !self.closing.is_late() {
            match self.step(|cortex| (cortex.counters().in_flight > 0).then(|| tick_if_due(cortex))) {
                Some(Some(true)) => {}
                Some(Some(false)) => thread::sleep(PAUSE),
                Some(None) | None => draining = false,
            }
        }
        self.end_now();
    }

    /// Ends the bus without a drain: its thread has failed.
    pub(crate) fn abort(&self) {
        self.closing.begin(Duration::ZERO);
        self.end_now();
    }

    fn end_now(&self) {
        if self.with(Cortex::close).is_ok() {
            self.arena.close();
        }
    }

    /// [`CortexError::Closed`] once [`Self::begin_close`] was called.
    pub(crate) fn open(&self) -> Result<(), BusError> {
        if self.closing.has_begun() { Err(CortexError::Closed.into()) } else { Ok(()) }
    }
}
