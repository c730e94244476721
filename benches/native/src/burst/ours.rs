//! The engine of `neuronbus_connectome`, one entry for each synapse.

use super::{Engine, Network};
use crate::harness::fail;
use neuronbus::connectome::{
    AreaId, AreaIds, CellIds, ConnectomeError, Propagation, SynapseColumns, SynapticPropagationEngine,
};
use std::time::{Duration, Instant};

/// The engine, and the result that it writes anew each time.
pub struct Ours {
    engine: SynapticPropagationEngine,
    result: Propagation,
}

impl Ours {
    fn build(network: &Network) -> Result<Self, ConnectomeError> {
        let mut engine = SynapticPropagationEngine::default();
        engine.build_index(SynapseColumns {
            sources: &network.sources,
            targets: &network.targets,
            weights: &network.weights,
            conductances: &network.conductances,
            types: &network.types,
            valid: None,
        })?;
        let neurons: Vec<u32> = (0..network.neurons).collect();
        let areas: Vec<u32> = neurons.iter().map(|neuron| network.area(*neuron)).collect();
        engine.set_neuron_mapping(CellIds(&neurons), AreaIds(&areas))?;
        Ok(Self { engine, result: Propagation::new() })
    }
}

impl Engine for Ours {
    const NAME: &'static str = "connectome";

    fn of(network: &Network) -> Self {
        Self::build(network).unwrap_or_else(|error| fail("engine", error))
    }

    fn propagate(&mut self, fired: &[u32]) -> Duration {
        let begun = Instant::now();
        let done = self.engine.propagate(CellIds(fired), &mut self.result);
        let elapsed = begun.elapsed();
        match done {
            Ok(()) => elapsed,
            Err(error) => fail("propagate", error),
        }
    }

    fn areas(&self) -> usize {
        self.result.areas.len()
    }

    fn entries(&self, area: u32) -> impl Iterator<Item = (u32, f32)> {
        self.result.area(AreaId(area)).map(|(cell, contribution)| (cell.0, contribution))
    }
}

/// The same on two threads.
pub struct TwoThreads(Ours);

impl Engine for TwoThreads {
    const NAME: &'static str = "connectome, 2 threads";

    fn of(network: &Network) -> Self {
        let mut ours = Ours::of(network);
        ours.engine.set_threads(2).unwrap_or_else(|error| fail("threads", error));
        Self(ours)
    }

    fn propagate(&mut self, fired: &[u32]) -> Duration {
        self.0.propagate(fired)
    }

    fn areas(&self) -> usize {
        self.0.areas()
    }

    fn entries(&self, area: u32) -> impl Iterator<Item = (u32, f32)> {
        self.0.entries(area)
    }
}
