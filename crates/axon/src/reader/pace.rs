//! How long a reader that found nothing leaves the commit cursor alone.
//!
//! Each look takes the cursor's line away from the publisher, which must fetch it back to commit. In a stream that costs
//! more than the reader gains by knowing early; in a round trip every wait is latency. So the pause grows while looks find
//! spikes of a stream, and shrinks to nothing when looks find nothing.

use neuronbus_sync::spin_loop;

/// Longest pause, in spin hints.
const LONGEST: u32 = 64;

/// The pause, and what it is learnt from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pace {
    /// Spin hints before a look.
    pause: u32,
    /// Looks that found nothing since one did.
    fruitless: u32,
}

/// Fruitless looks after which there is no stream.
const PATIENCE: u32 = 8;

impl Pace {
    /// Waits.
    #[inline]
    pub(crate) fn before_look(&self) {
        if self.fruitless < PATIENCE {
            (0..self.pause).for_each(|_| spin_loop());
        }
    }

    /// Learns from a look that found `news` spikes.
    #[inline]
    pub(crate) fn after_look(&mut self, news: u64) {
        if news == 0 {
            self.fruitless = self.fruitless.saturating_add(1);
            return;
        }
        self.pause = if self.fruitless < PATIENCE { (self.pause * 2 + 1).min(LONGEST) } else { self.pause / 2 };
        self.fruitless = 0;
    }
}
