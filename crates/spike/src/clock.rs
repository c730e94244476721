//! Time, injected: everything that stamps asks one [`Clock`].

use std::{
    fmt::Debug,
    sync::{Mutex, PoisonError},
};

/// A source of time. Monotonic; unit ns.
pub trait Clock: Debug + Send + Sync {
    /// Nanoseconds since the clock's own zero.
    fn now_ns(&self) -> u64;
}

/// The machine's monotonic clock, read from the CPU's time stamp counter where it has a usable one.
#[derive(Debug, Clone)]
pub struct RealClock(quanta::Clock);

impl RealClock {
    /// The clock of this process. The first call calibrates (under a millisecond); all clocks share the calibration.
    pub fn new() -> Self {
        Self(quanta::Clock::new())
    }
}

impl Default for RealClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for RealClock {
    fn now_ns(&self) -> u64 {
        self.0.delta_as_nanos(0, self.0.raw())
    }
}

/// A clock that starts at 0 and moves when told to.
#[derive(Debug, Default)]
pub struct ManualClock(Mutex<u64>);

impl ManualClock {
    /// A clock at 0.
    pub fn new() -> Self {
        Self::default()
    }

    /// Moves the clock on by `ns`; stays at the largest time when that would overflow.
    pub fn advance_ns(&self, ns: u64) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.saturating_add(ns);
    }
}

impl Clock for ManualClock {
    fn now_ns(&self) -> u64 {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
