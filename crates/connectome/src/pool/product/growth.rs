//! New synapses between neurons that fire together (NP-15).
#![deny(clippy::float_arithmetic)]

use super::{
    Product,
    bernoulli::random,
    draws::{Draws, Use},
    learning::sign,
};
use crate::{Connection, pool::Body};
use alloc::vec::Vec;

/// Targets that a source tries: a call costs as much for each neuron that fired, however many did.
const TRIES: usize = 4;
/// The weakest weight of one that grows, and how many there are.
const WEIGHTS: (u32, u32) = (5, 20);

impl Product {
    /// At most one for each source that fired in the last 64 ticks, to another that did. What its source sent before counts for
    /// its eligibility as if it had carried it.
    pub(in crate::pool) fn grow(&mut self, body: &mut Body) -> usize {
        // So that what its neurons did before it was there is no pair of its own.
        self.settle(body);
        let now = body.ticks as u8;
        let active = |at: &usize| self.histories.seen(*at, now) != 0;
        // A neuron's number has 16 bits.
        let active: Vec<u16> = (0..body.columns.len()).filter(active).map(|at| at as u16).collect();
        let grown: Vec<Connection> = (0..active.len()).filter_map(|place| sprout(body, &active, place)).collect();
        // Every neuron named is one of the pool.
        body.rows.add(&grown).map_or(0, |()| grown.len())
    }
}

/// The synapse that the active neuron at `place` gets, if it has room and finds a target that it does not reach yet.
fn sprout(body: &Body, active: &[u16], place: usize) -> Option<Connection> {
    let (source, config) = (active[place], &body.config);
    let row = body.rows.row(source.into());
    let others = active.len() - 1;
    if others == 0 || row.len() >= config.max_synapses.into() {
        return None;
    }
    let mut draws = Draws::new(config.seed, Use::Growth(body.ticks), source);
    // Fewer than 65,536; a neuron is no target of its own.
    let mut other = || draws.below(others as u32) as usize;
    let mut tries = (0..TRIES).map(|_| other()).map(|other| active[other + usize::from(other >= place)]);
    let target = tries.find(|target| row.iter().all(|synapse| synapse.target != *target))?;
    Some(Connection { source, synapse: random(target, sign(body, source.into()), WEIGHTS, config, &mut draws) })
}
