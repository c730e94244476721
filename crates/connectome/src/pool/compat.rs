//! The tick of the reference, step by step (spec/pool.md, "compat"). Integers only (NP-1).
#![deny(clippy::float_arithmetic)]

use super::{Body, signal::UNIT};
use crate::ring::DelayRing;
use alloc::{vec, vec::Vec};

/// Ticks between two looks of homeostasis.
const HOMEOSTASIS_EVERY: u64 = 100;
/// Below this rate, of 256, homeostasis lowers a threshold.
const LEAST_RATE: u8 = 6;
/// Above this one it raises it.
const MOST_RATE: u8 = 26;

/// What only the reference keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Compat {
    /// Currents, Q8.8; a slot more than delays, because what is sent goes out before the tick is over.
    pub(crate) ring: DelayRing,
    /// How often each neuron fired, as homeostasis sees it: of 256.
    pub(crate) rates: Vec<u8>,
}

impl Compat {
    /// With nothing on its way, and rates of 0.
    pub(super) fn new(body: &Body) -> Self {
        let neurons = body.columns.len();
        Self { ring: DelayRing::new(neurons, Self::slots(body.config.max_delay)), rates: vec![0; neurons] }
    }

    /// Slots of the ring for delays of up to `max_delay`.
    pub(crate) fn slots(max_delay: u8) -> usize {
        usize::from(max_delay) + 1
    }

    /// Everything that happens in a tick; `input` is empty or has a current for each neuron.
    pub(super) fn tick(&mut self, body: &mut Body, input: &[i16]) {
        body.fired.fill(0);
        for at in 0..body.columns.len() {
            self.integrate(body, at, input.get(at).copied().unwrap_or(0));
        }
        for at in 0..body.columns.len() {
            if body.fired[at] != 0 {
                self.send(body, at);
            }
        }
        if body.ticks.is_multiple_of(HOMEOSTASIS_EVERY) && body.config.homeostasis > 0 {
            (0..body.columns.len()).for_each(|at| self.adapt(body, at));
        }
        let decay = body.config.trace_decay;
        for synapse in body.rows.synapses_mut() {
            synapse.eligibility = decayed(synapse.eligibility, decay);
        }
        self.ring.advance();
        body.ticks += 1;
    }

    /// One neuron takes what arrives. A refractory one skips it all, the decay of its trace included.
    fn integrate(&mut self, body: &mut Body, at: usize, input: i16) {
        let (columns, config) = (&mut body.columns, &body.config);
        if columns.refractory[at] > 0 {
            columns.refractory[at] -= 1;
            return;
        }
        let before = columns.membrane[at];
        let gap = i32::from(config.rest) - i32::from(before);
        // At least half of the gap stays: it fits into 16 bits.
        let leak = (gap >> (8 - columns.leak[at].min(7))) as i16;
        // Every sum was saturated when it was made.
        let arrived = self.ring.arrivals().at(at) as i16;
        let membrane = before.saturating_add(leak).saturating_add(input).saturating_add(arrived);
        let fires = membrane >= columns.threshold[at];
        columns.membrane[at] = if fires { config.reset } else { membrane };
        if fires {
            columns.refractory[at] = config.refractory;
            columns.trace[at] = columns.trace[at].saturating_add(config.stdp_positive);
            body.fired[at] = 1;
        }
        columns.trace[at] = decayed(columns.trace[at], config.trace_decay);
    }

    /// Sends the spike of a neuron on its way and marks its synapses: causal, unless the target fired in the same tick.
    fn send(&mut self, body: &mut Body, source: usize) {
        for synapse in body.rows.row_mut(source) {
            self.ring.send_saturating(synapse.target, synapse.delay, i16::from(synapse.weight) * UNIT);
            let together = body.fired.get(usize::from(synapse.target)).is_some_and(|fired| *fired != 0);
            let mark = if together { body.config.stdp_negative } else { body.config.stdp_positive };
            synapse.eligibility = synapse.eligibility.saturating_add(mark);
        }
    }

    /// Moves the threshold of a neuron towards a rate of 5 %.
    fn adapt(&mut self, body: &mut Body, at: usize) {
        let (fired, rate) = (u16::from(body.fired[at]), u16::from(self.rates[at]));
        let rate = ((rate * 255 + 256 * fired) >> 8) as u8;
        self.rates[at] = rate;
        let (threshold, step) = (&mut body.columns.threshold[at], i16::from(body.config.homeostasis));
        if rate > MOST_RATE {
            *threshold = threshold.saturating_add(step);
        } else if rate < LEAST_RATE {
            *threshold = threshold.saturating_sub(step);
        }
    }
}

/// What a tick leaves, truncated.
pub(super) fn decayed(value: i8, decay: u8) -> i8 {
    (i16::from(value) * i16::from(decay) / 256) as i8
}
