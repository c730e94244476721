//! Engines that the tests of bursts build.
#![allow(dead_code, reason = "each file uses its part")]

use neuronbus_connectome::{BurstEngine, BurstOptions, NeuronColumns, NeuronTable, Potential, SynapseColumns};

/// So many neurons: threshold 1, no leak, rest and reset 0, no refractory bursts, nothing rare.
pub fn plain(neurons: usize) -> NeuronTable {
    NeuronTable {
        ids: Vec::new(),
        areas: vec![0; neurons],
        thresholds: vec![1.0; neurons],
        leaks: vec![0.0; neurons],
        rests: vec![0.0; neurons],
        resets: vec![0.0; neurons],
        refractory: vec![0; neurons],
        excitabilities: vec![1.0; neurons],
        consecutive_limits: vec![0; neurons],
        snoozes: vec![0; neurons],
        accumulate: vec![1; neurons],
    }
}

/// An engine with these neurons.
pub fn engine(options: BurstOptions, neurons: NeuronColumns<'_>) -> BurstEngine {
    let mut engine = BurstEngine::new(options).unwrap();
    engine.add_neurons(&neurons).unwrap();
    engine
}

/// One with so many plain neurons, and full synapses from each first to its second.
pub fn wired(neurons: usize, synapses: &[(u32, u32)]) -> BurstEngine {
    let mut engine = engine(BurstOptions::default(), plain(neurons).columns());
    connect(&mut engine, synapses);
    engine
}

/// Full synapses that excite.
pub fn connect(engine: &mut BurstEngine, synapses: &[(u32, u32)]) {
    let (sources, targets): (Vec<u32>, Vec<u32>) = synapses.iter().copied().unzip();
    let (full, types) = (vec![255; sources.len()], vec![0; sources.len()]);
    let columns = SynapseColumns {
        sources: &sources,
        targets: &targets,
        weights: &full,
        conductances: &full,
        types: &types,
        valid: None,
    };
    engine.add_synapses(&columns).unwrap();
}

/// Who fires in the next burst.
pub fn burst(engine: &mut BurstEngine) -> Vec<u32> {
    engine.burst(|| 0).fired.to_vec()
}

/// Numbers that look like chance and are always the same.
pub struct Chance(pub u64);

impl Chance {
    /// The next one, below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) * bound) >> 31
    }
}

/// A network of `neurons` of every kind, with `degree` synapses each; a fifth of them inhibit.
pub fn lively(options: BurstOptions, neurons: usize, degree: usize) -> BurstEngine {
    let mut chance = Chance(7);
    let mut table = plain(neurons);
    for at in 0..neurons {
        table.thresholds[at] = 0.5 + chance.below(8) as f32 / 8.0;
        table.leaks[at] = chance.below(5) as f32 / 4.0;
        table.refractory[at] = chance.below(3) as u16;
        table.excitabilities[at] = [1.0, 1.0, 1.0, 0.7][chance.below(4) as usize];
        table.consecutive_limits[at] = [0, 0, 2][chance.below(3) as usize];
        table.snoozes[at] = chance.below(4) as u16;
        table.accumulate[at] = u8::from(chance.below(5) > 0);
    }
    let mut engine = engine(options, table.columns());
    let count = neurons * degree;
    let ends = |chance: &mut Chance| (0..count).map(|_| chance.below(neurons as u64) as u32).collect::<Vec<_>>();
    let bytes = |chance: &mut Chance| (0..count).map(|_| chance.below(256) as u8).collect::<Vec<_>>();
    let (sources, targets) = (ends(&mut chance), ends(&mut chance));
    let (weights, conductances) = (bytes(&mut chance), bytes(&mut chance));
    let types: Vec<u8> = (0..count).map(|_| u8::from(chance.below(5) == 0)).collect();
    let columns = SynapseColumns {
        sources: &sources,
        targets: &targets,
        weights: &weights,
        conductances: &conductances,
        types: &types,
        valid: None,
    };
    engine.add_synapses(&columns).unwrap();
    engine
}

/// Injections into some of these neurons, as the number of the burst has it.
pub fn drive(engine: &mut BurstEngine, neurons: &[u32]) {
    let mut chance = Chance(engine.stats().bursts);
    let some = neurons.len() / 3 + 1;
    let ids: Vec<u32> = (0..some).map(|_| neurons[chance.below(neurons.len() as u64) as usize]).collect();
    let potentials: Vec<f32> = ids.iter().map(|_| chance.below(400) as f32 / 256.0 - 0.4).collect();
    engine.inject(&ids, Potential::Each(&potentials)).unwrap();
}

/// Who fires in so many bursts that drive these neurons.
pub fn run(engine: &mut BurstEngine, neurons: &[u32], bursts: usize) -> Vec<Vec<u32>> {
    (0..bursts)
        .map(|_| {
            drive(engine, neurons);
            burst(engine)
        })
        .collect()
}

/// The ids from 0 on.
pub fn all(neurons: usize) -> Vec<u32> {
    (0..neurons as u32).collect()
}

/// The bits of all potentials.
pub fn bits(engine: &BurstEngine) -> Vec<u32> {
    engine.potentials().iter().map(|potential| potential.to_bits()).collect()
}
