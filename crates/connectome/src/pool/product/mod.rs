//! The rules of product mode: those of the reference without its defects (spec/pool.md). Integers only in a tick (NP-1).
#![deny(clippy::float_arithmetic)]

mod bernoulli;
mod draws;
mod eligibility;
mod growth;
mod history;
mod homeostasis;
mod learning;
mod membrane;
mod propagation;

use super::Body;
use crate::{InstructionSet, cell::BLOCK, ring::DelayRing, threads::Crew};
use alloc::{vec, vec::Vec};
pub(super) use bernoulli::bernoulli;
use eligibility::Fading;
pub(crate) use history::Histories;
pub(super) use learning::sign_rows;

/// What only product mode keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Product {
    /// What a membrane has beyond the column, in 256ths of its step: the column is the rounded state.
    pub(crate) fractions: Vec<i8>,
    /// When each neuron fired lately.
    pub(crate) histories: Histories,
    /// How often each has fired since homeostasis looked.
    pub(crate) counts: Vec<u8>,
    /// Sums of weights: exact, and saturated once, when a membrane takes them.
    ring: DelayRing,
    /// What other threads have sent, each into a ring of its own.
    others: Vec<DelayRing>,
    crew: Crew,
    /// The tick up to which every eligibility is accounted for at least.
    pub(crate) settled: u64,
    /// How many ticks eligibilities may wait.
    patience: u64,
    /// Who fires in the tick that is under way: a bit for each neuron, a word for each block. None between ticks.
    fires: Vec<u64>,
    /// Who fired in the last tick, ascending.
    spiking: Vec<u16>,
    pub(super) kernel: InstructionSet,
    fading: Fading,
}

/// The part of [`Product`] that does not follow from the rest of a pool.
pub(crate) struct ProductParts {
    pub(crate) fractions: Vec<i8>,
    pub(crate) histories: Histories,
    pub(crate) counts: Vec<u8>,
    pub(crate) ring: DelayRing,
    pub(crate) settled: u64,
}

impl Product {
    /// With nothing on its way, as if nothing had ever fired.
    pub(super) fn new(body: &Body) -> Self {
        let neurons = body.columns.len();
        let parts = ProductParts {
            fractions: vec![0; neurons],
            histories: Histories::new(neurons, body.ticks),
            counts: vec![0; neurons],
            ring: DelayRing::new(neurons, Self::slots(body.config.max_delay)),
            settled: body.ticks,
        };
        Self::from_parts(body, parts)
    }

    pub(crate) fn from_parts(body: &Body, parts: ProductParts) -> Self {
        let ProductParts { fractions, histories, counts, ring, settled } = parts;
        // A neuron's number has 16 bits.
        let spiking = (0..body.fired.len()).filter(|at| body.fired[*at] != 0).map(|at| at as u16).collect();
        let fading = Fading::new(body.config.trace_decay);
        let (others, crew) = (Vec::new(), Crew::new(body.config.threads));
        let patience = Self::patience(&fading);
        let (fires, kernel) = (vec![0; body.columns.len().div_ceil(BLOCK)], InstructionSet::best());
        Self { fractions, histories, counts, ring, others, crew, settled, patience, fires, spiking, kernel, fading }
    }

    /// So many threads from now on.
    pub(super) fn set_threads(&mut self, threads: usize) {
        self.crew = Crew::new(threads);
        // What several have sent is one thread's from now on.
        self.ring = self.on_its_way();
        self.others.clear();
    }

    /// Slots of the ring for delays of up to `max_delay`: the slot that is due is free again before anything is sent.
    pub(crate) fn slots(max_delay: u8) -> usize {
        max_delay.into()
    }

    /// Adds a weight to what a neuron takes in the next tick.
    pub(super) fn inject(&mut self, target: u16, weight: i16) {
        self.ring.send(target, 0, weight);
    }

    /// All that is on its way, as one thread would have sent it.
    pub(crate) fn on_its_way(&self) -> DelayRing {
        let mut ring = self.ring.clone();
        self.others.iter().for_each(|other| ring.absorb_all(&mut other.clone()));
        ring
    }

    /// Everything that happens in a tick; `input` is empty or has a current for each neuron. Returns how many fired.
    pub(super) fn tick(&mut self, body: &mut Body, input: &[i16]) -> usize {
        for at in self.spiking.drain(..) {
            body.fired[usize::from(at)] = 0;
        }
        for other in &mut self.others {
            self.ring.absorb_due(other);
        }
        self.integrate(body, input);
        body.ticks += 1;
        self.ring.advance();
        self.others.iter_mut().for_each(DelayRing::advance);
        self.fire(body);
        if body.ticks.is_multiple_of(homeostasis::EVERY) {
            self.look(body);
        }
        if body.ticks - self.settled >= self.patience {
            self.settle(body);
        }
        self.spiking.len()
    }
}
