//! The burst engine of `neuronbus_connectome` with the synapses of a network: from the input of a burst to that of the next.

use super::Network;
use crate::harness::fail;
use neuronbus::connectome::{BurstEngine, BurstOptions, ConnectomeError, NeuronColumns, SynapseColumns};
use std::time::{Duration, Instant};

/// The greatest weight times the greatest conductance.
const FULL: f64 = 65_025.0;

/// All neurons of a network, which fire in each burst, and for each of them one that never does and gets what it would get: so
/// that its potential is the sum of a burst.
pub struct Whole {
    engine: BurstEngine,
    neurons: u32,
}

impl Whole {
    /// On so many threads.
    pub fn new(network: &Network, threads: usize) -> Self {
        Self::build(network, threads).unwrap_or_else(|error| fail("engine", error))
    }

    fn build(network: &Network, threads: usize) -> Result<Self, ConnectomeError> {
        let mut engine = BurstEngine::new(BurstOptions { threads, ..BurstOptions::default() })?;
        // Below every potential, and above.
        for threshold in [f32::MIN, f32::MAX] {
            add_neurons(&mut engine, network.neurons as usize, threshold)?;
        }
        let targets: Vec<u32> = network.targets.iter().map(|target| target + network.neurons).collect();
        engine.add_synapses(&SynapseColumns {
            sources: &network.sources,
            targets: &targets,
            weights: &network.weights,
            conductances: &network.conductances,
            types: &network.types,
            valid: None,
        })?;
        Ok(Self { engine, neurons: network.neurons })
    }

    /// One burst, in which every neuron that can fires. How long it took.
    pub fn burst(&mut self) -> Duration {
        let (begun, neurons) = (Instant::now(), self.neurons);
        let fired = self.engine.burst(|| 0).fired.len();
        let elapsed = begun.elapsed();
        if fired != neurons as usize {
            fail("verification", format!("{fired} fired, not {neurons}"));
        }
        elapsed
    }

    /// That each of the others got the sum of its synapses in the last burst, to the bit. `expected` is weight × conductance.
    pub fn verify(&self, expected: &[i64]) {
        let found = &self.engine.potentials()[self.neurons as usize..];
        let differs = |(found, sum): (&f32, &i64)| found.to_bits() != ((*sum as f64 / FULL) as f32).to_bits();
        if let Some(at) = found.iter().zip(expected).position(differs) {
            fail("verification", format!("neuron {at} got {}, not {} / {FULL}", found[at], expected[at]));
        }
    }
}

/// The sum of weight × conductance that each neuron gets when all fire, by a plain loop.
pub fn sums(network: &Network) -> Vec<i64> {
    let mut sums = vec![0; network.neurons as usize];
    for (synapse, target) in network.targets.iter().enumerate() {
        let amount = i64::from(network.weights[synapse]) * i64::from(network.conductances[synapse]);
        sums[*target as usize] += if network.types[synapse] == 0 { amount } else { -amount };
    }
    sums
}

/// Neurons that begin each burst at rest.
fn add_neurons(engine: &mut BurstEngine, count: usize, threshold: f32) -> Result<(), ConnectomeError> {
    let (zeros, none, ones) = (vec![0.0; count], vec![0; count], vec![1.0; count]);
    engine.add_neurons(&NeuronColumns {
        areas: &vec![0; count],
        thresholds: &vec![threshold; count],
        leaks: &zeros,
        rests: &zeros,
        resets: &zeros,
        refractory: &none,
        excitabilities: &ones,
        consecutive_limits: &none,
        snoozes: &none,
        accumulate: &vec![0; count],
    })?;
    Ok(())
}
