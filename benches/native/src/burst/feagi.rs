//! FEAGI's propagation engine, by `propagate`: on all cores, by rayon. It multiplies what it is given, so it gets shares of 255.

use super::{AREAS, Engine, Network};
use crate::harness::fail;
use ahash::AHashMap;
use feagi_npu_burst_engine::{PropagationResult, SynapticPropagationEngine};
use feagi_npu_neural::{synapse::SynapseType, types::NeuronId};
use feagi_npu_runtime::StdSynapseArray;
use feagi_structures::genomic::cortical_area::CorticalID;
use std::time::{Duration, Instant};

/// The engine, its synapses, and the last result.
pub struct Feagi {
    engine: SynapticPropagationEngine,
    synapses: StdSynapseArray,
    areas: Vec<CorticalID>,
    /// Who fired, as the engine takes it.
    fired: Vec<NeuronId>,
    /// Asked for only where an area is driven by potentials; none is.
    potentials: AHashMap<NeuronId, f32>,
    result: PropagationResult,
}

impl Engine for Feagi {
    const NAME: &'static str = "feagi 0.0.53";

    fn of(network: &Network) -> Self {
        let areas: Vec<CorticalID> = (0..AREAS).map(area).collect();
        let mut synapses = StdSynapseArray::new(network.sources.len());
        for synapse in 0..network.sources.len() {
            synapses.add_synapse_simple(
                network.sources[synapse],
                network.targets[synapse],
                f32::from(network.weights[synapse]) / 255.0,
                f32::from(network.conductances[synapse]) / 255.0,
                if network.types[synapse] == 0 { SynapseType::Excitatory } else { SynapseType::Inhibitory },
            );
        }
        let mut engine = SynapticPropagationEngine::new();
        engine.build_synapse_index(&synapses);
        let mapped = |neuron| (NeuronId(neuron), areas[network.area(neuron) as usize]);
        engine.set_neuron_mapping((0..network.neurons).map(mapped).collect());
        let (fired, potentials, result) = (Vec::new(), AHashMap::new(), AHashMap::new());
        Self { engine, synapses, areas, fired, potentials, result }
    }

    fn propagate(&mut self, fired: &[u32]) -> Duration {
        // Neither the conversion nor giving back the last result is what is compared.
        self.fired.clear();
        self.fired.extend(fired.iter().copied().map(NeuronId));
        self.result = AHashMap::new();
        let begun = Instant::now();
        let result = self.engine.propagate(&self.fired, &self.synapses, &self.potentials, None);
        let elapsed = begun.elapsed();
        self.result = result.unwrap_or_else(|error| fail("feagi", format!("{error:?}")));
        elapsed
    }

    fn areas(&self) -> usize {
        self.result.len()
    }

    fn entries(&self, area: u32) -> impl Iterator<Item = (u32, f32)> {
        let entries = self.result.get(&self.areas[area as usize]).map_or(&[][..], Vec::as_slice);
        entries.iter().map(|(target, contribution)| (target.0, contribution.0))
    }
}

/// The id of an area; those of FEAGI begin with the letter of their kind.
fn area(number: u32) -> CorticalID {
    let mut bytes = *b"cbench__";
    bytes[6] += number as u8;
    CorticalID::try_from_bytes(&bytes).unwrap_or_else(|error| fail("feagi", format!("{error:?}")))
}
