//! How long a side that found nothing leaves the other side's cursor alone.
//!
//! Each look takes the cursor's line away from its owner, which must fetch it back for its next store. In a stream that
//! costs more than knowing early gains: far cores did 13 M spikes/s without a pause and 20–26 with one. In a round trip
//! every pause is latency. So a look that finds several steps at once lengthens the pause until it brings enough of them,
//! one that finds a single step or none shortens it, and now and then a pause is tried out to see whether more than a
//! single step comes in it.

use neuronbus_sync::spin_loop;

/// Longest pause, in spin hints: 1 to 2 µs.
const LONGEST: u32 = 64;
/// Pause that is tried out, in spin hints.
const PROBE: u32 = 8;
/// Steps in one look that pay for the look.
const ENOUGH: u64 = 64;
/// Looks with single steps between two tries, at first and at most.
const TRIES: (u32, u32) = (32, 1024);

/// The pause, and what it is learnt from.
#[derive(Debug, Clone)]
pub(crate) struct Pace {
    pause: u32,
    enough: u64,
    /// Looks that brought a single step, since the last try.
    singles: u32,
    /// Of them, how many make the next try.
    try_after: u32,
}

impl Pace {
    /// The pace of a ring of `slots` slots: a small one must not run full in a pause.
    pub(crate) fn new(slots: u64) -> Self {
        Self { pause: 0, enough: ENOUGH.min(slots / 16), singles: 0, try_after: TRIES.0 }
    }

    /// Waits.
    #[inline]
    pub(crate) fn before_look(&self) {
        (0..self.pause).for_each(|_| spin_loop());
    }

    /// Learns from a look after which the other side was `steps` further.
    #[inline]
    pub(crate) fn after_look(&mut self, steps: u64) {
        match steps {
            0 => self.pause /= 2,
            1 => self.single(),
            _ if steps < self.enough => self.pause = (self.pause * 2 + 1).min(LONGEST),
            _ => self.try_after = TRIES.0,
        }
    }

    fn single(&mut self) {
        if self.pause >= PROBE {
            self.try_after = (self.try_after * 2).min(TRIES.1);
        }
        self.pause = 0;
        self.singles += 1;
        if self.singles >= self.try_after && self.enough > 1 {
            self.singles = 0;
            self.pause = PROBE;
        }
    }
}
