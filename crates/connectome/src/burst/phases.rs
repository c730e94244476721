//! One burst, phase by phase (FE-20).

use super::BurstEngine;
use crate::Touched;

/// How long each phase of a burst took, in nanoseconds of the caller's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Phases {
    /// Taking what was injected, which was added up by then.
    pub injection_ns: u64,
    /// Leak, input, threshold, reset of every neuron.
    pub dynamics_ns: u64,
    /// Listing and archiving who fired.
    pub ledger_ns: u64,
    /// The rules.
    pub plasticity_ns: u64,
    /// Sending to the targets; making rows anew when too much of them is young.
    pub propagation_ns: u64,
    /// The next queue becomes the one that is due.
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

/// A burst half done: who fires is settled, and nothing is learnt or sent yet. It is the moment for rules that run outside
/// of the engine (FE-19). It keeps the engine until it is finished, so that nobody changes that meanwhile.
///
/// ```
/// # use neuronbus_connectome::{BurstEngine, BurstOptions, Hebb, Rule};
/// # let engine = BurstEngine::new(BurstOptions::default())?;
/// let mut half = engine.begin(|| 0);
/// Hebb { potentiation: 2, depression: 1 }.update(&mut half.touched());
/// let (engine, _phases) = half.finish(|| 0);
/// assert!(engine.fired().is_empty());
/// # Ok::<(), neuronbus_connectome::ConnectomeError>(())
/// ```
#[derive(Debug)]
#[must_use = "without `finish` the engine is gone"]
pub struct HalfBurst {
    engine: BurstEngine,
    phases: Phases,
    /// What the clock said last.
    last_ns: u64,
    /// Whether somebody has asked for what took part.
    is_shown: bool,
}

/// Reads the clock after each phase.
struct Laps<F> {
    now_ns: F,
    last_ns: u64,
}

impl<F: FnMut() -> u64> Laps<F> {
    fn new(mut now_ns: F) -> Self {
        let last_ns = now_ns();
        Self { now_ns, last_ns }
    }

    fn next(&mut self) -> u64 {
        let now = (self.now_ns)();
        now.saturating_sub(core::mem::replace(&mut self.last_ns, now))
    }
}

impl BurstEngine {
    /// Runs one burst. Who fires in it reaches its targets in the next one. `now_ns` is the caller's clock; it is read
    /// before and after each phase. With one thread, and the ledger full, a warm burst allocates nothing.
    pub fn burst(&mut self, now_ns: impl FnMut() -> u64) -> Burst<'_> {
        let mut laps = Laps::new(now_ns);
        let mut phases = self.fire(&mut laps);
        self.send(&mut phases, &mut laps);
        Burst { fired: &self.before.ids, phases }
    }

    /// Runs the first half of a burst: up to who fires. Both halves are one burst, with the same bits.
    pub fn begin(mut self, now_ns: impl FnMut() -> u64) -> HalfBurst {
        let mut laps = Laps::new(now_ns);
        let phases = self.fire(&mut laps);
        HalfBurst { engine: self, phases, last_ns: laps.last_ns, is_shown: false }
    }

    /// The ids of who fired in the last burst, ascending; the ledger may keep less.
    pub fn fired(&self) -> &[u32] {
        &self.before.ids
    }

    fn fire(&mut self, laps: &mut Laps<impl FnMut() -> u64>) -> Phases {
        let mut phases = Phases::default();
        self.injections.open();
        phases.injection_ns = laps.next();
        self.step();
        phases.dynamics_ns = laps.next();
        self.archive();
        phases.ledger_ns = laps.next();
        phases
    }

    fn send(&mut self, phases: &mut Phases, laps: &mut Laps<impl FnMut() -> u64>) {
        self.plasticity.run(self.bursts, &mut self.store, &self.before, &self.fired);
        phases.plasticity_ns = laps.next();
        self.propagate();
        phases.propagation_ns = laps.next();
        self.swap();
        phases.swap_ns = laps.next();
    }

    fn archive(&mut self) {
        self.fired.list();
        self.firings += self.fired.ids.len() as u64;
        self.ledger.push(&self.fired.ids);
    }

    fn swap(&mut self) {
        self.sums.advance();
        core::mem::swap(&mut self.before, &mut self.fired);
        self.bursts += 1;
    }
}

impl HalfBurst {
    /// The engine, to look at.
    pub fn engine(&self) -> &BurstEngine {
        &self.engine
    }

    /// What took part in this burst. The weights that stand there in the end are those of the synapses from this burst on.
    pub fn touched(&mut self) -> Touched<'_> {
        let BurstEngine { plasticity, store, before, fired, bursts, .. } = &mut self.engine;
        if !self.is_shown {
            plasticity.partakers.find(store, before, fired);
            self.is_shown = true;
        }
        plasticity.partakers.touched(*bursts)
    }

    /// Runs the second half: first the rules of the engine, which see the weights as they are now. The time since the first
    /// half counts as plasticity; `now_ns` is the same clock.
    pub fn finish(mut self, now_ns: impl FnMut() -> u64) -> (BurstEngine, Phases) {
        let mut laps = Laps { now_ns, last_ns: self.last_ns };
        if self.is_shown {
            self.engine.plasticity.partakers.write_back(&mut self.engine.store);
        }
        self.engine.send(&mut self.phases, &mut laps);
        (self.engine, self.phases)
    }
}
