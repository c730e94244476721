//! Random wiring in product mode: as dense as asked, every target alike, the same for the same seed (NP-19, defect 3).
#![allow(clippy::unwrap_used)]

use neuronbus_connectome::{Mode, NeuronPool, PoolConfig, Rows};

fn wired(neurons: usize, density: f32, config: PoolConfig) -> Rows {
    NeuronPool::with_random_connectivity("p", neurons, density, config).unwrap().rows().clone()
}

fn wide(seed: u64) -> PoolConfig {
    PoolConfig { max_synapses: u16::MAX, seed, ..PoolConfig::default() }
}

#[test]
fn np_19_defect_3_two_percent_are_two_percent() {
    for seed in 0..5 {
        let share = wired(2_000, 0.02, wide(seed)).len() as f64 / (2_000.0 * 1_999.0);
        assert!((0.018..=0.022).contains(&share), "seed {seed}: {share}");
    }
    for (density, expected) in [(0.0, 0), (1.0, 200 * 199)] {
        assert_eq!(wired(200, density, wide(1)).len(), expected);
    }
}

#[test]
fn np_19_rows_ascend_without_self_links_and_values_are_in_range() {
    let rows = wired(500, 0.1, wide(3));
    let mut delays = [0_usize; 9];
    let mut weights = [0_usize; 70];
    for source in 0..500 {
        let row = rows.row(source);
        assert!(row.is_sorted_by(|one, next| one.target < next.target));
        for synapse in row {
            assert!(usize::from(synapse.target) != source && (synapse.weight < 0) == (source >= 400));
            delays[usize::from(synapse.delay)] += 1;
            weights[usize::from(synapse.weight.unsigned_abs())] += 1;
        }
    }
    // About 25,000: each of 8 delays 3,125 ± 5 deviations, each of 60 weights 416.
    assert!(delays[0] == 0 && delays[1..].iter().all(|count| (2_850..3_400).contains(count)), "{delays:?}");
    assert!(weights[..10].iter().all(|count| *count == 0));
    assert!(weights[10..].iter().all(|count| (310..525).contains(count)), "{weights:?}");
}

#[test]
fn np_19_defect_3_every_target_is_as_likely_where_rows_are_limited_too() {
    for max_synapses in [u16::MAX, 10] {
        let config = PoolConfig { max_synapses, ..wide(9) };
        let rows = wired(1_000, 0.05, config);
        let mut quarters = [0_usize; 4];
        for synapse in rows.synapses() {
            quarters[usize::from(synapse.target) / 250] += 1;
        }
        assert!((0..1_000).all(|source| rows.row(source).len() <= max_synapses.into()));
        let mean = rows.len() as f64 / 4.0;
        // Five deviations of a binomial.
        let most = 5.0 * mean.sqrt();
        assert!(quarters.iter().all(|count| (*count as f64 - mean).abs() < most), "{quarters:?}");
    }
}

#[test]
fn np_19_a_seed_gives_one_pool_and_another_seed_another() {
    assert_eq!(wired(300, 0.05, wide(1)), wired(300, 0.05, wide(1)));
    assert_ne!(wired(300, 0.05, wide(1)), wired(300, 0.05, wide(2)));
    assert_ne!(wired(300, 0.05, wide(1)), wired(300, 0.05, wide(1 << 32)));
}

#[test]
fn np_19_pairs_of_two_sources_are_independent() {
    // How many targets two sources share: 0.1 × 0.1 of 1,000.
    let rows = wired(1_000, 0.1, wide(4));
    let shared = |one: usize, other: usize| {
        let targets = |source| rows.row(source).iter().map(|synapse| synapse.target);
        targets(one).filter(|target| targets(other).any(|same| same == *target)).count()
    };
    let pairs = 200;
    let mean = (0..pairs).map(|at| shared(at, at + 1)).sum::<usize>() as f64 / pairs as f64;
    assert!((9.0..11.0).contains(&mean), "{mean}");
}

#[test]
fn np_25_a_pool_that_would_ask_for_more_memory_than_any_machine_has_is_refused() {
    for mode in [Mode::Product, Mode::Compat] {
        let config = PoolConfig { max_synapses: u16::MAX, mode, ..PoolConfig::default() };
        let refused = NeuronPool::with_random_connectivity("p", 65_536, 1.0, config).unwrap_err();
        let expected = "synapses expected is 4294901760; allowed: 0 to 268435456";
        assert_eq!((refused.code(), refused.to_string().as_str()), ("E_OUT_OF_RANGE", expected));
    }
}
