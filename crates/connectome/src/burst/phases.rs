//! One burst, phase by phase (FE-20).

use super::BurstEngine;

/// How long each phase of a burst took, in nanoseconds of the caller's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Phases {
    /// Adding up what was injected.
    pub injection_ns: u64,
    /// Leak, input, threshold, reset of every neuron.
    pub dynamics_ns: u64,
    /// Listing and archiving who fired.
    pub ledger_ns: u64,
    /// The rules.
    pub plasticity_ns: u64,
    /// Sending to the targets; making rows anew when too much of them is young.
    pub propagation_ns: u64,
    /// The next queue becomes the one that is due; injections that were taken are forgotten.
    pub swap_ns: u64,
}

/// What came of a burst.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Burst<'a> {
    /// The ids of who fired, ascending.
    pub fired: &'a [u32],
    /// How long each phase took.
    pub phases: Phases,
}

impl BurstEngine {
    /// Runs one burst. Who fires in it reaches its targets in the next one. `now_ns` is the caller's clock; it is read
    /// before and after each phase. With one thread, and the ledger full, a warm burst allocates nothing.
    pub fn burst(&mut self, mut now_ns: impl FnMut() -> u64) -> Burst<'_> {
        let mut last = now_ns();
        let mut lap = move || {
            let now = now_ns();
            now.saturating_sub(core::mem::replace(&mut last, now))
        };
        let mut phases = Phases::default();
        self.injections.sum();
        phases.injection_ns = lap();
        self.step();
        phases.dynamics_ns = lap();
        self.archive();
        phases.ledger_ns = lap();
        self.plasticity.run(self.bursts, &mut self.store, &self.before, &self.fired);
        phases.plasticity_ns = lap();
        self.propagate();
        phases.propagation_ns = lap();
        self.swap();
        phases.swap_ns = lap();
        Burst { fired: &self.before.ids, phases }
    }

    fn archive(&mut self) {
        self.fired.list();
        self.firings += self.fired.ids.len() as u64;
        self.ledger.push(&self.fired.ids);
    }

    fn swap(&mut self) {
        self.injections.pending.clear();
        self.sums.advance();
        core::mem::swap(&mut self.before, &mut self.fired);
        self.bursts += 1;
    }
}
