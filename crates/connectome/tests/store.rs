//! The static store, as an engine shows it: what is added later, and what one neuron can take (FE-22, defect 6).
#![allow(clippy::unwrap_used, clippy::float_cmp)]

mod bursts;

use bursts::{burst, connect, engine, plain, wired};
use neuronbus_connectome::{BurstOptions, ConnectomeError, NeuronTable, Potential, SynapseColumns, SynapsePatch};

/// Most synapses that may end at one neuron.
const MAX: usize = 33_025;

fn columns<'a>(sources: &'a [u32], targets: &'a [u32], full: &'a [u8], types: &'a [u8]) -> SynapseColumns<'a> {
    SynapseColumns { sources, targets, weights: full, conductances: full, types, valid: None }
}

#[test]
fn fe_22_defect_6_one_synapse_more_compiles_nothing() {
    let neurons = 200;
    let dense: Vec<_> = (0..neurons).flat_map(|source| (0..100).map(move |at| (source, (source + at) % 200))).collect();
    let mut engine = wired(200, &dense);
    burst(&mut engine);
    assert_eq!((engine.stats().compiles, engine.stats().young), (1, 0));
    // An eighth of 20,000, one by one.
    for at in 0..2_500 {
        connect(&mut engine, &[(at % 200, at % 7)]);
        if at % 100 == 0 {
            burst(&mut engine);
        }
    }
    burst(&mut engine);
    assert_eq!((engine.stats().compiles, engine.stats().young), (1, 2_500));
    connect(&mut engine, &[(0, 0)]);
    burst(&mut engine);
    assert_eq!((engine.stats().compiles, engine.stats().young, engine.stats().synapses), (2, 0, 22_501));
    // Up to 1,024 are never worth it.
    let mut small = wired(3, &[(0, 1)]);
    connect(&mut small, &vec![(1, 2); 1_023]);
    burst(&mut small);
    assert_eq!((small.stats().compiles, small.stats().young), (0, 1_024));
}

#[test]
fn fe_22_a_synapse_is_heard_whether_it_is_young_compiled_or_moved() {
    let mut engine = wired(4, &[(0, 1)]);
    let mut hears = |change: &dyn Fn(&mut neuronbus_connectome::BurstEngine)| {
        change(&mut engine);
        engine.inject(&[0], Potential::One(1.0)).unwrap();
        assert_eq!(burst(&mut engine)[0], 0);
        burst(&mut engine)
    };
    assert_eq!(hears(&|_| ()), [1]);
    // Compiled, between many that say nothing.
    assert_eq!(hears(&|engine| connect(engine, &vec![(3, 3); 1_100])), [1]);
    let to_2 = SynapsePatch { targets: Some(&[2]), ..SynapsePatch::default() };
    assert_eq!(hears(&|engine| engine.update_synapses(&[0], &to_2).unwrap()), [2]);
    let half = SynapsePatch { conductances: Some(&[127]), ..SynapsePatch::default() };
    assert_eq!(hears(&|engine| engine.update_synapses(&[0], &half).unwrap()), []);
    let inhibits = SynapsePatch { types: Some(&[9]), conductances: Some(&[255]), ..SynapsePatch::default() };
    assert_eq!(hears(&|engine| engine.update_synapses(&[0], &inhibits).unwrap()), []);
    assert_eq!(hears(&|engine| assert_eq!(engine.remove_synapses(&[0, 0, 5_000]), 1)), []);
    assert_eq!(engine.stats().compiles, 1);
}

#[test]
fn fe_22_what_is_gone_is_compiled_away_in_time() {
    let mut engine = wired(2, &vec![(0, 1); 4_000]);
    burst(&mut engine);
    engine.remove_synapses(&(0..1_024).collect::<Vec<_>>());
    burst(&mut engine);
    assert_eq!(engine.stats().compiles, 1);
    engine.remove_synapses(&[1_024]);
    burst(&mut engine);
    assert_eq!((engine.stats().compiles, engine.stats().synapses), (2, 2_975));
}

#[test]
fn fe_20_a_neuron_takes_33_025_full_synapses_and_no_more() {
    let table = NeuronTable { thresholds: vec![1.0, 1e9], ..plain(2) };
    for (kind, sign) in [(0, 1.0), (1, -1.0)] {
        let mut engine = engine(BurstOptions::default(), table.columns());
        let (sources, targets, full) = (vec![0; MAX], vec![1; MAX], vec![255; MAX]);
        let types = vec![kind; MAX];
        engine.add_synapses(&columns(&sources, &targets, &full, &types)).unwrap();
        let refused = ConnectomeError::TargetFull { target: 1, max: 33_025 };
        let more = columns(&[0, 0], &[0, 1], &[1, 1], &[0, 0]);
        assert_eq!(engine.add_synapses(&more), Err(refused.clone()));
        assert_eq!((refused.code(), engine.stats().synapses), ("E_OUT_OF_SPACE", MAX));
        engine.add_synapses(&columns(&[0], &[0], &[1], &[0])).unwrap();
        let patch = SynapsePatch { targets: Some(&[1]), ..SynapsePatch::default() };
        assert_eq!(engine.update_synapses(&[33_025], &patch), Err(refused));
        // Two change places: there are no more than before.
        let swap = SynapsePatch { targets: Some(&[1, 0]), ..SynapsePatch::default() };
        engine.update_synapses(&[33_025, 0], &swap).unwrap();
        engine.update_synapses(&[0, 33_025], &swap).unwrap();
        engine.inject(&[0], Potential::One(1.0)).unwrap();
        burst(&mut engine);
        burst(&mut engine);
        assert_eq!(engine.potentials()[1], sign * 33_025.0);
        // One that went makes room for another.
        assert_eq!(engine.remove_synapses(&[7]), 1);
        engine.add_synapses(&columns(&[0], &[1], &[255], &[0])).unwrap();
    }
}

#[test]
fn fe_20_targets_beyond_65_536_are_in_other_parts() {
    let far = 200_000;
    let mut engine = wired(far as usize + 1, &[(0, far), (far, 65_535), (65_535, 65_536), (65_536, 131_072)]);
    // So that they are compiled.
    connect(&mut engine, &vec![(1, 2); 1_100]);
    engine.inject(&[0], Potential::One(1.0)).unwrap();
    let fired: Vec<_> = (0..5).map(|_| burst(&mut engine)).collect();
    assert_eq!(fired, [[0], [far], [65_535], [65_536], [131_072]]);
    assert_eq!(engine.stats().compiles, 1);
}
