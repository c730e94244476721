//! The same bits for 1, 2 and 4 threads (FE-16, defect 2). Without the feature `threads` one thread does the tasks of all.
#![allow(clippy::unwrap_used)]

mod bursts;

use bursts::{Chance, all, bits, connect, lively, plain, run};
use neuronbus_connectome::{
    AreaIds, BurstOptions, CellIds, Hebb, Propagation, PropagationOptions, SynapseColumns, SynapticPropagationEngine,
};

fn life(threads: usize, neurons: usize, degree: usize, count: usize) -> (Vec<Vec<u32>>, Vec<u32>, usize) {
    let mut engine = lively(BurstOptions { threads, seed: 11, ledger: 2 }, neurons, degree);
    engine.use_rule(Box::new(Hebb { potentiation: 2, depression: 1 }));
    let mut fired = run(&mut engine, &all(neurons), count);
    // Young ones beside compiled rows, and neurons that no share had when they were compiled.
    engine.add_neurons(&plain(100).columns()).unwrap();
    let (first, last) = (0, neurons as u32 + 99);
    connect(&mut engine, &[(first, last), (last, first), (first, first)]);
    fired.extend(run(&mut engine, &all(neurons + 100), count));
    let weights = engine.export().synapses.weights.into_iter().map(usize::from).sum();
    (fired, bits(&engine), weights)
}

#[test]
fn fe_16_defect_2_many_synapses_give_the_same_bits_for_every_number_of_threads() {
    let one = life(1, 500, 500, 12);
    let most = one.0.iter().map(Vec::len).max().unwrap();
    // So many rows of 500 are above the bound.
    assert!(most * 500 > 32_768, "{most}");
    for threads in [2, 3, 4, 64] {
        assert!(life(threads, 500, 500, 12) == one, "{threads}");
    }
}

#[test]
fn fe_16_defects_1_and_2_many_neurons_give_the_same_bits_for_every_number_of_threads() {
    let one = life(1, 70_000, 4, 6);
    for threads in [2, 4] {
        assert!(life(threads, 70_000, 4, 6) == one, "{threads}");
    }
}

/// What 100 areas of very different sizes get from `fired` of 2,000 neurons with 100 synapses each.
fn propagated(threads: usize, merge: bool, fired: &[u32]) -> Propagation {
    let mut chance = Chance(5);
    let mut column = |bound: u64| (0..200_000).map(|_| chance.below(bound) as u32).collect::<Vec<_>>();
    let (sources, targets, bytes) = (column(2_000), column(2_000), column(256));
    let bytes: Vec<u8> = bytes.into_iter().map(|byte| byte as u8).collect();
    let areas: Vec<u32> = (0..1_900_u32).map(|neuron| (neuron % 37) * (neuron % 53) % 100).collect();
    let mut engine = SynapticPropagationEngine::new(PropagationOptions { merge, ..PropagationOptions::default() });
    engine.set_threads(threads).unwrap();
    let [weights, conductances, types] = [&bytes[..]; 3];
    let columns = SynapseColumns { sources: &sources, targets: &targets, weights, conductances, types, valid: None };
    engine.build_index(columns).unwrap();
    engine.set_neuron_mapping(CellIds(&all(1_900)), AreaIds(&areas)).unwrap();
    let mut out = Propagation::new();
    // Twice: the second one finds what the first left.
    engine.propagate(CellIds(&all(2_000)), &mut out).unwrap();
    engine.propagate(CellIds(fired), &mut out).unwrap();
    out
}

#[test]
fn fe_16_a_propagation_is_the_same_for_every_number_of_threads() {
    for merge in [false, true] {
        for fired in [all(1_000), [all(500), all(700), all(9)].concat()] {
            let one = propagated(1, merge, &fired);
            assert!(merge || one.len() > 65_536, "{}", one.len());
            for threads in [2, 3, 7, 64] {
                assert!(propagated(threads, merge, &fired) == one, "{threads}");
            }
        }
    }
    let mut engine = SynapticPropagationEngine::default();
    assert!(engine.set_threads(0).is_err() && engine.set_threads(65).is_err());
}
