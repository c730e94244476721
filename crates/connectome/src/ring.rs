//! What is on its way: one slot of currents for each tick ahead (NP-8).

use alloc::{vec, vec::Vec};

/// Currents that arrive in later ticks, Q8.8, added with saturation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DelayRing {
    /// Slot by slot, a current for each neuron.
    currents: Vec<i16>,
    neurons: usize,
    slots: usize,
    /// The slot that is due now.
    due: usize,
}

impl DelayRing {
    /// For delays of 1 to `max_delay` ticks.
    pub(crate) fn new(neurons: usize, max_delay: u8) -> Self {
        let slots = usize::from(max_delay) + 1;
        Self { currents: vec![0; neurons * slots], neurons, slots, due: 0 }
    }

    /// What arrives in this tick.
    pub(crate) fn due(&self) -> &[i16] {
        let begin = self.due * self.neurons;
        &self.currents[begin..begin + self.neurons]
    }

    /// Sends a current to `target`, `delay` ticks from now; the delay is one that the ring was made for.
    pub(crate) fn send(&mut self, target: u16, delay: u8, current: i16) {
        let slot = (self.due + usize::from(delay)) % self.slots;
        let sum = &mut self.currents[slot * self.neurons + usize::from(target)];
        *sum = sum.saturating_add(current);
    }

    /// The next tick begins.
    pub(crate) fn advance(&mut self) {
        let begin = self.due * self.neurons;
        self.currents[begin..begin + self.neurons].fill(0);
        self.due = (self.due + 1) % self.slots;
    }
}
