//! What one does with a pool: tick, inject, read, modulate, grow, prune.

use super::{Engine, modulation, signal::UNIT};
use crate::{ConnectomeError, Levels, Modulated, NeuronPool, Signal};
use alloc::vec::Vec;
use core::ops::Range;

/// The least acetylcholine at which synapses grow (NP-15).
const GROWING: u8 = 140;

impl NeuronPool {
    /// One tick; `input` has a current (Q8.8) for each neuron, or none at all (NP-21). Returns how many fired.
    ///
    /// # Errors
    /// [`ConnectomeError::Length`].
    pub fn tick(&mut self, input: &[i16]) -> Result<usize, ConnectomeError> {
        let neurons = self.body.columns.len();
        if !input.is_empty() && input.len() != neurons {
            let allowed = alloc::format!("0 or {neurons}");
            return Err(ConnectomeError::Length { name: "input", found: input.len(), allowed });
        }
        match &mut self.engine {
            Engine::Compat(compat) => {
                compat.tick(&mut self.body, input);
                Ok(self.body.fired.iter().filter(|fired| **fired != 0).count())
            }
            Engine::Product(product) => Ok(product.tick(&mut self.body, input)),
        }
    }

    /// Adds a signal to what each neuron of a range takes in the next tick: its magnitude counts as a weight (NP-22).
    ///
    /// # Errors
    /// [`ConnectomeError::Range`].
    pub fn inject(&mut self, range: Range<usize>, signal: Signal) -> Result<(), ConnectomeError> {
        let weight = signal.weight();
        for target in self.range(range)? {
            // A target is below 65,536; the slot that is due is the one of the next tick.
            match &mut self.engine {
                Engine::Compat(compat) => compat.ring.send_saturating(target as u16, 0, weight * UNIT),
                Engine::Product(product) => product.inject(target as u16, weight),
            }
        }
        Ok(())
    }

    /// What the neurons of a range gave in the last tick: +255 for a spike, else zero (NP-22).
    ///
    /// # Errors
    /// [`ConnectomeError::Range`].
    pub fn read_output(&self, range: Range<usize>) -> Result<Vec<Signal>, ConnectomeError> {
        let signal = |fired: &u8| if *fired == 0 { Signal::zero() } else { Signal::positive(u8::MAX) };
        Ok(self.body.fired[self.range(range)?].iter().map(signal).collect())
    }

    fn range(&self, range: Range<usize>) -> Result<Range<usize>, ConnectomeError> {
        let (Range { start: from, end: to }, neurons) = (range, self.body.columns.len());
        if from <= to && to <= neurons { Ok(from..to) } else { Err(ConnectomeError::Range { from, to, neurons }) }
    }

    /// Changes the strength of each synapse by its eligibility × modulators (NP-12 to NP-14). Dopamine above 128 reinforces what
    /// was causal, below it punishes that; cortisol above 30 weakens it; a weight keeps the sign of its neuron (NP-9). In compat
    /// mode a dip of dopamine does nothing, and it is the signed weight that changes.
    pub fn apply_modulation(&mut self, levels: Levels) -> Modulated {
        match &mut self.engine {
            Engine::Compat(_) => modulation::compat(&mut self.body, levels),
            Engine::Product(product) => product.modulate(&mut self.body, levels),
        }
    }

    /// From 140 of acetylcholine on, neurons that have both fired within the last 64 ticks may get a synapse (NP-15): at most one
    /// for each source, to a target that it does not reach yet, while its row has room. Returns how many grew; in compat mode
    /// none, because the rules of the reference for it are not known.
    pub fn synaptogenesis(&mut self, acetylcholine: u8) -> usize {
        match &mut self.engine {
            Engine::Product(product) if acetylcholine >= GROWING => product.grow(&mut self.body),
            _ => 0,
        }
    }

    /// Brings every eligibility up to date, for who wants to look at them: no tick does (defect 7), a modulation does it first.
    pub fn settle(&mut self) {
        if let Engine::Product(product) = &mut self.engine {
            product.settle(&mut self.body);
        }
    }

    /// Removes the synapses that have lost all their steps; how many there were (NP-18).
    pub fn prune_dead(&mut self) -> usize {
        self.body.rows.prune_dead()
    }
}
