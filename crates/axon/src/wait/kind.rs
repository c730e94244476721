//! The strategies as one value, for whoever chooses at run time.

use super::{BusySpin, Pause, SpinHint, Wait, Waiting, YieldThenPark};

/// Which way to wait (NB-10, NB-49).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitKind {
    /// [`BusySpin`].
    BusySpin,
    /// [`SpinHint`].
    SpinHint,
    /// [`YieldThenPark`].
    YieldThenPark {
        /// Its spins.
        spins: u32,
    },
}

impl Default for WaitKind {
    /// [`Self::SpinHint`] (NB-49).
    fn default() -> Self {
        Self::SpinHint
    }
}

impl Wait for WaitKind {
    #[inline]
    fn pause(&mut self, waiting: &Waiting) -> Pause {
        match *self {
            Self::BusySpin => BusySpin.pause(waiting),
            Self::SpinHint => SpinHint.pause(waiting),
            Self::YieldThenPark { spins } => YieldThenPark { spins }.pause(waiting),
        }
    }
}
