//! The reference's learning demo, to the last synapse (NP-26), and its tick in small.
#![allow(clippy::unwrap_used)]

use neuronbus_connectome::{Levels, Mode, NeuronPool, PoolConfig, Thermal};

const NEURONS: usize = 32;
const TICKS: usize = 40;
/// What the demo drives, and what it reads.
const INPUTS: usize = 8;
const OUTPUTS: std::ops::Range<usize> = 24..32;

fn demo() -> NeuronPool {
    let config = PoolConfig {
        stdp_positive: 30,
        stdp_negative: -15,
        trace_decay: 240,
        homeostasis: 2,
        max_synapses: 32,
        max_delay: 3,
        mode: Mode::Compat,
        ..PoolConfig::default()
    };
    NeuronPool::with_random_connectivity("demo", NEURONS, 0.25, config).unwrap()
}

/// From rest, with steady input; the spikes of the outputs.
fn present(pool: &mut NeuronPool) -> usize {
    let rest = pool.config().rest;
    let columns = pool.columns_mut();
    columns.membrane.fill(rest);
    columns.refractory.fill(0);
    let mut input = [0; NEURONS];
    input[..INPUTS].fill(10_000);
    (0..TICKS)
        .map(|_| {
            pool.tick(&input).unwrap();
            pool.fired()[OUTPUTS].iter().filter(|fired| **fired != 0).count()
        })
        .sum()
}

#[test]
fn np_26_the_learning_demo_of_the_reference_comes_out_exactly() {
    let mut pool = demo();
    let stats = pool.stats();
    assert_eq!((stats.synapses, stats.excitatory, stats.inhibitory), (517, 25, 7));
    assert_eq!(stats.thermal, Thermal { hot: 517, ..Thermal::default() });
    assert!((stats.mean_weight - 39.6).abs() < 0.05, "{}", stats.mean_weight);
    let mut outputs = vec![present(&mut pool)];
    for epoch in 0..200 {
        outputs.push(present(&mut pool));
        if outputs[epoch + 1] > 0 {
            pool.apply_modulation(Levels { dopamine: 135, cortisol: 30, acetylcholine: 100 });
        }
        if epoch % 10 == 0 {
            pool.prune_dead();
        }
    }
    let last = present(&mut pool);
    assert_eq!((outputs[0], last), (104, 103));
    let quarters = outputs.chunks_exact(50).map(|quarter| quarter.iter().sum::<usize>() as f64 / 50.0);
    for (found, expected) in quarters.zip([109.1, 102.9, 100.4, 99.4]) {
        assert!((found - expected).abs() < 0.051, "{found} for {expected}");
    }
    let stats = pool.stats();
    assert_eq!(stats.thermal, Thermal { hot: 1, warm: 3, cool: 10, cold: 48, dead: 0 });
    assert_eq!((stats.synapses, stats.tick), (62, 202 * TICKS as u64));
    assert!((stats.mean_weight - 125.3).abs() < 0.05, "{}", stats.mean_weight);
    let text = stats.to_string();
    assert!(text.contains("32 neurons (25 E, 7 I), 62 synapses, tick 8080"), "{text}");
    assert!(text.contains("hot 1, warm 3, cool 10, cold 48, dead 0; mean weight 125.3"), "{text}");
}
