//! The first synapses of a pool: each pair by itself, every target alike (NP-19, defect 3). Not part of a tick: it may use floats.
#![allow(clippy::float_arithmetic)]

use super::draws::{Draws, Use};
use crate::{Connection, PoolConfig, Synapse};
use alloc::vec::Vec;

/// The weakest of the first weights, and how many there are.
const WEIGHTS: (u32, u32) = (10, 60);

/// Connections of a pool whose neurons from `excitatory` on inhibit; `density` is a share.
pub(in crate::pool) fn bernoulli(
    neurons: usize,
    excitatory: usize,
    density: f32,
    config: &PoolConfig,
) -> Vec<Connection> {
    let (mut connections, mut targets) = (Vec::new(), Vec::new());
    for source in 0..neurons {
        // A neuron's number has 16 bits.
        let mut draws = Draws::new(config.seed, Use::Wiring, source as u16);
        targets.clear();
        targets.extend(hits(neurons - 1, density.into(), &mut draws));
        keep(&mut targets, config.max_synapses.into(), &mut draws);
        let sign = if source < excitatory { 1 } else { -1 };
        connections.extend(targets.iter().map(|target| {
            // A neuron is no target of its own.
            let target = target + usize::from(*target >= source);
            Connection { source: source as u16, synapse: random(target as u16, sign, WEIGHTS, config, &mut draws) }
        }));
    }
    connections
}

/// A new synapse with a weight and a delay by chance.
pub(super) fn random(
    target: u16,
    sign: i8,
    (least, weights): (u32, u32),
    config: &PoolConfig,
    draws: &mut Draws,
) -> Synapse {
    // A weight is below 70, a delay at most 8.
    let weight = (least + draws.below(weights)) as i8;
    let delay = draws.below(config.max_delay.into()) as u8 + 1;
    Synapse::new(target, weight * sign, delay)
}

/// Which of so many places are hit, each with probability `share`: how far it is from one hit to the next is drawn at once.
fn hits(places: usize, share: f64, draws: &mut Draws) -> impl Iterator<Item = usize> {
    let miss = libm::log1p(-share);
    let mut next = 0;
    core::iter::from_fn(move || {
        if share <= 0.0 {
            return None;
        }
        // In (0, 1].
        let draw = (f64::from(draws.next()) + 1.0) / 4_294_967_296.0;
        // Not negative; a cast stays at the end of the range.
        let misses = (libm::log(draw) / miss) as usize;
        let hit = misses.saturating_add(next);
        next = hit.saturating_add(1);
        (hit < places).then_some(hit)
    })
}

/// Leaves `most` of the targets, any of them with the same chance, in their order.
fn keep(targets: &mut Vec<usize>, most: usize, draws: &mut Draws) {
    let (mut left, mut wanted) = (targets.len(), most.min(targets.len()));
    if wanted == left {
        return;
    }
    targets.retain(|_| {
        // Fewer than 65,536.
        let kept = (draws.below(left as u32) as usize) < wanted;
        left -= 1;
        wanted -= usize::from(kept);
        kept
    });
}
