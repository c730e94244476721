//! Every engine that propagates in one shape: synapses once, then who fired, burst by burst; and the one place where what comes
//! out is verified.

mod feagi;
mod ours;
mod whole;

pub use feagi::Feagi;
pub use ours::{Ours, TwoThreads};
pub use whole::{Whole, sums};

use crate::harness::fail;
use std::time::Duration;

/// Areas of a network; each has as many neurons as the next, side by side.
pub const AREAS: u32 = 16;
/// How far a contribution may be off.
const TOLERANCE: f32 = 1e-5;

/// An engine with the synapses of a network.
pub trait Engine: 'static {
    /// Its name in the results.
    const NAME: &'static str;

    /// One with the synapses and the areas of a network.
    fn of(network: &Network) -> Self;

    /// Propagates from these neurons and keeps the result, until the next time. How long it took.
    fn propagate(&mut self, fired: &[u32]) -> Duration;

    /// Areas of the result.
    fn areas(&self) -> usize;

    /// What an area got, in the result.
    fn entries(&self, area: u32) -> impl Iterator<Item = (u32, f32)>;
}

/// Synapses in columns, by chance and the same in each run: neuron n has the synapses n, n + neurons, n + 2 × neurons, …
#[derive(Debug)]
pub struct Network {
    /// How many neurons there are, numbered from 0.
    pub neurons: u32,
    /// Where synapses begin.
    pub sources: Vec<u32>,
    /// Where they end.
    pub targets: Vec<u32>,
    /// 0 to 255.
    pub weights: Vec<u8>,
    /// 0 to 255.
    pub conductances: Vec<u8>,
    /// 0 excites, 1 inhibits: every fifth.
    pub types: Vec<u8>,
}

impl Network {
    /// One of so many synapses, at least one for each neuron.
    pub fn new(neurons: u32, synapses: u32) -> Self {
        let mut draw = Draw(u64::from(synapses));
        Self {
            neurons,
            sources: (0..synapses).map(|synapse| synapse % neurons).collect(),
            targets: (0..synapses).map(|_| draw.below(neurons)).collect(),
            weights: (0..synapses).map(|_| draw.below(256) as u8).collect(),
            conductances: (0..synapses).map(|_| draw.below(256) as u8).collect(),
            types: (0..synapses).map(|_| u8::from(draw.below(5) == 0)).collect(),
        }
    }

    /// The area of a neuron.
    pub fn area(&self, neuron: u32) -> u32 {
        // Below `AREAS`.
        (u64::from(neuron) * u64::from(AREAS) / u64::from(self.neurons)) as u32
    }

    /// All neurons, in an order by chance.
    pub fn shuffled(&self) -> Vec<u32> {
        let (mut all, mut draw): (Vec<u32>, _) = ((0..self.neurons).collect(), Draw(1));
        for left in (1..self.neurons).rev() {
            all.swap(left as usize, draw.below(left + 1) as usize);
        }
        all
    }

    /// What each area gets when these fire, by a plain loop: in the order of `fired`, then of the synapses.
    pub fn expected(&self, fired: &[u32]) -> Vec<Vec<(u32, f32)>> {
        let mut areas = vec![Vec::new(); AREAS as usize];
        for source in fired {
            for synapse in (*source as usize..self.sources.len()).step_by(self.neurons as usize) {
                let target = self.targets[synapse];
                let amount = f32::from(self.weights[synapse]) * f32::from(self.conductances[synapse]) / (255.0 * 255.0);
                let contribution = if self.types[synapse] == 0 { amount } else { -amount };
                areas[self.area(target) as usize].push((target, contribution));
            }
        }
        areas
    }
}

/// That a result has every contribution once, at its target, and nothing else.
pub fn verify<E: Engine>(engine: &E, expected: &[Vec<(u32, f32)>]) {
    let areas = expected.iter().filter(|entries| !entries.is_empty()).count();
    if engine.areas() != areas {
        fail("verification", format!("{}: {} areas, not {areas}", E::NAME, engine.areas()));
    }
    for (area, expected) in (0..).zip(expected) {
        let mut found = engine.entries(area);
        let differs = |(target, amount): &(u32, f32)| {
            found.next().is_none_or(|found| found.0 != *target || (found.1 - amount).abs() > TOLERANCE)
        };
        if let Some(at) = expected.iter().position(differs) {
            fail("verification", format!("{}: entry {at} of area {area} is not {:?}", E::NAME, expected[at]));
        }
        if found.next().is_some() {
            fail("verification", format!("{}: area {area} got more than {} entries", E::NAME, expected.len()));
        }
    }
}

/// Numbers by chance: a linear congruence modulo 2^64, of which the upper half is used.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // Below its factor.
        ((u128::from(self.0) * u128::from(bound)) >> 64) as u32
    }
}
