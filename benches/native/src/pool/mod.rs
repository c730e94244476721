//! Every pool in one shape: integer neurons with a row of synapses each, and a tick.
//!
//! All are built from one model, so that they have the same neurons, and synapses with the same targets, weights and delays.

mod neuropool;
mod ours;

pub use neuropool::{Neuropool01, Neuropool10};
pub use ours::TwoThreads;

use crate::{harness::fail, memory};
use neuronbus::connectome::{NeuronPool, PoolConfig};

/// A pool.
pub trait Population: 'static {
    /// Its name in the results.
    const NAME: &'static str;

    /// One that is wired like the model, at rest.
    fn like(model: &NeuronPool) -> Self;

    /// A tick; `input` has a current for each neuron, or is empty. How many neurons fired.
    fn tick(&mut self, input: &[i16]) -> usize;

    /// Ticks so far.
    fn ticks(&self) -> u64;

    /// Whether each membrane is where a membrane rests.
    fn rests(&self) -> bool;
}

/// A model with so many synapses in each row, no more and no fewer.
pub fn model(neurons: usize, synapses: u16, config: PoolConfig) -> NeuronPool {
    // Twice as many are drawn, so that a row that is too short is less likely than one in a million; the pool cuts the rest.
    let density = (f32::from(synapses) * 2.0 + 40.0) / neurons as f32;
    let config = PoolConfig { max_synapses: synapses, ..config };
    let model = NeuronPool::with_random_connectivity("bench", neurons, density, config)
        .unwrap_or_else(|error| fail("pool", error));
    let rows = model.rows();
    if let Some(short) = (0..neurons).find(|source| rows.row(*source).len() != usize::from(synapses)) {
        fail("pool", format!("{} synapses in row {short}, not {synapses}", rows.row(short).len()));
    }
    model
}

/// A pool like the model, and what it holds on the heap as it is made, bytes.
pub fn weighed<P: Population>(model: &NeuronPool) -> (P, usize) {
    memory::weigh(|| P::like(model))
}
