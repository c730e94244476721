//! The state of one membrane: a potential that leaks by itself, so that an idle neuron costs nothing.

use crate::Membrane;
use neuronbus_spike::SpikeKind;

/// The potential of one neuron, and until when it is refractory.
///
/// The state says what the potential was at the beginning of one tick; later ticks follow from that by one power of the
/// leak. Only a spike or a firing writes it, never a tick that passes or a look: so a neuron that is stepped through every
/// tick and one that is left alone hold the same bits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MembraneState {
    potential: f32,
    /// The tick at whose beginning it had that potential.
    tick: u64,
    /// The first tick in which it takes spikes.
    ready_tick: u64,
}

impl MembraneState {
    /// At rest, ready from `tick` on.
    pub fn new(membrane: &Membrane, tick: u64) -> Self {
        Self { potential: membrane.rest, tick, ready_tick: tick }
    }

    /// The potential after `tick` has ended, its leak included. Asked for the tick before the one that is under way, it
    /// shows what that one has taken so far.
    pub fn potential_at(&self, membrane: &Membrane, tick: u64) -> f32 {
        self.at_beginning(membrane, tick.saturating_add(1))
    }

    /// Whether it takes nothing in `tick`, because it fired shortly before (NB-39).
    pub fn is_refractory(&self, tick: u64) -> bool {
        tick < self.ready_tick
    }

    /// The first tick in which it takes spikes: one that fired in tick k, in k + N + 1.
    pub fn ready_tick(&self) -> u64 {
        self.ready_tick
    }

    /// Takes a spike in `tick`: an excitatory one adds the weight, an inhibitory one takes it away, a modulatory one
    /// changes nothing. The floor acts at once. Ticks do not run back.
    #[inline]
    pub fn integrate(&mut self, membrane: &Membrane, tick: u64, kind: SpikeKind, weight: f32) {
        let change = match kind {
            SpikeKind::Excitatory => weight,
            SpikeKind::Inhibitory => -weight,
            SpikeKind::Modulatory => return,
        };
        let before = self.at_beginning(membrane, tick);
        self.potential = (before + change).min(f32::MAX).max(membrane.floor());
        self.tick = self.tick.max(tick);
    }

    /// Ends `tick`: leaks, then compares; true if it fired, and is back at rest and refractory. Needed only in ticks in
    /// which it took a spike: without one no potential rises above rest, so none can reach the threshold.
    pub fn end_tick(&mut self, membrane: &Membrane, tick: u64) -> bool {
        if !self.would_fire(membrane, tick) {
            return false;
        }
        let next = tick.saturating_add(1);
        *self = Self {
            potential: membrane.rest,
            tick: next,
            ready_tick: next.saturating_add(u64::from(membrane.refractory_ticks)),
        };
        true
    }

    /// Whether it would fire if `tick` ended now.
    #[inline]
    pub fn would_fire(&self, membrane: &Membrane, tick: u64) -> bool {
        // A leak lifts nothing over the threshold, which is above rest: most spikes are spared it.
        self.potential >= membrane.threshold && self.potential_at(membrane, tick) >= membrane.threshold
    }

    #[inline]
    fn at_beginning(&self, membrane: &Membrane, tick: u64) -> f32 {
        match tick.saturating_sub(self.tick) {
            0 => self.potential,
            ticks => membrane.leaked(self.potential, ticks),
        }
    }
}
