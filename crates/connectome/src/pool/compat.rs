//! The tick of the reference, step by step (spec/pool.md, "compat"). Integers only (NP-1).
#![deny(clippy::float_arithmetic)]

use super::{NeuronPool, signal::UNIT};

/// Ticks between two looks of homeostasis.
const HOMEOSTASIS_EVERY: u64 = 100;
/// Below this rate, of 256, homeostasis lowers a threshold.
const LEAST_RATE: u8 = 6;
/// Above this one it raises it.
const MOST_RATE: u8 = 26;

impl NeuronPool {
    /// Everything that happens in a tick; `input` is empty or has a current for each neuron.
    pub(super) fn compat_tick(&mut self, input: &[i16]) {
        self.fired.fill(0);
        for at in 0..self.columns.len() {
            self.integrate(at, input.get(at).copied().unwrap_or(0));
        }
        for at in 0..self.columns.len() {
            if self.fired[at] != 0 {
                self.send(at);
            }
        }
        if self.ticks.is_multiple_of(HOMEOSTASIS_EVERY) && self.config.homeostasis > 0 {
            (0..self.columns.len()).for_each(|at| self.adapt(at));
        }
        let decay = self.config.trace_decay;
        for synapse in self.rows.synapses_mut() {
            synapse.eligibility = decayed(synapse.eligibility, decay);
        }
        self.ring.advance();
        self.ticks += 1;
    }

    /// One neuron takes what arrives. A refractory one skips it all, the decay of its trace included.
    fn integrate(&mut self, at: usize, input: i16) {
        let (columns, config) = (&mut self.columns, &self.config);
        if columns.refractory[at] > 0 {
            columns.refractory[at] -= 1;
            return;
        }
        let before = columns.membrane[at];
        let gap = i32::from(config.rest) - i32::from(before);
        // At least half of the gap stays: it fits into 16 bits.
        let leak = (gap >> (8 - columns.leak[at].min(7))) as i16;
        let membrane = before.saturating_add(leak).saturating_add(input).saturating_add(self.ring.due()[at]);
        let fires = membrane >= columns.threshold[at];
        columns.membrane[at] = if fires { config.reset } else { membrane };
        if fires {
            columns.refractory[at] = config.refractory;
            columns.trace[at] = columns.trace[at].saturating_add(config.stdp_positive);
            self.fired[at] = 1;
        }
        columns.trace[at] = decayed(columns.trace[at], config.trace_decay);
    }

    /// Sends the spike of a neuron on its way and marks its synapses: causal, unless the target fired in the same tick.
    fn send(&mut self, source: usize) {
        for synapse in self.rows.row_mut(source) {
            self.ring.send(synapse.target, synapse.delay, i16::from(synapse.weight) * UNIT);
            let together = self.fired[usize::from(synapse.target)] != 0;
            let mark = if together { self.config.stdp_negative } else { self.config.stdp_positive };
            synapse.eligibility = synapse.eligibility.saturating_add(mark);
        }
    }

    /// Moves the threshold of a neuron towards a rate of 5 %.
    fn adapt(&mut self, at: usize) {
        let (fired, rate) = (u16::from(self.fired[at]), u16::from(self.rates[at]));
        let rate = ((rate * 255 + 256 * fired) >> 8) as u8;
        self.rates[at] = rate;
        let (threshold, step) = (&mut self.columns.threshold[at], i16::from(self.config.homeostasis));
        if rate > MOST_RATE {
            *threshold = threshold.saturating_add(step);
        } else if rate < LEAST_RATE {
            *threshold = threshold.saturating_sub(step);
        }
    }
}

/// What a tick leaves, truncated.
fn decayed(value: i8, decay: u8) -> i8 {
    (i16::from(value) * i16::from(decay) / 256) as i8
}
