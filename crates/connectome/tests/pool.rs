//! Pools from outside: columns, delays, signals, modulators, what is refused (NP-2 to NP-23).
#![allow(clippy::unwrap_used)]

mod common;

use common::{compat, fired, only, synapse, with_synapses};
use neuronbus_connectome::{
    ConnectomeError, Levels, Mode, Modulated, NeuronPool, Polarity, PoolConfig, Profile, Signal, Stage,
};

/// The default of either mode.
fn modes() -> [PoolConfig; 2] {
    [PoolConfig::default(), compat()]
}

fn pool(neurons: usize) -> NeuronPool {
    NeuronPool::new("p", neurons, PoolConfig::default()).unwrap()
}

#[test]
fn np_3_np_4_np_9_a_fresh_pool_is_at_rest_and_a_fifth_of_it_inhibits() {
    let pool = pool(100);
    let columns = pool.columns();
    assert!(columns.membrane.iter().all(|v| *v == -17_920) && columns.threshold.iter().all(|v| *v == -14_080));
    assert_eq!(pool.config().reset, -16_640);
    for at in 0..100 {
        let (inhibitory, profile) = if at < 80 { (0, Profile::Regular) } else { (1, Profile::Fast) };
        assert_eq!(columns.flags[at], inhibitory | (profile as u8) << 1, "neuron {at}");
        assert_eq!((columns.is_inhibitory(at), columns.leak[at]), (inhibitory == 1, profile.leak()));
    }
    assert!(!columns.is_inhibitory(100), "nobody there");
}

#[test]
fn np_5_a_membrane_leaks_by_its_profile() {
    for config in modes() {
        let mut pool = NeuronPool::new("p", 3, config).unwrap();
        for (at, profile) in [Profile::Regular, Profile::Fast, Profile::Bursting].into_iter().enumerate() {
            pool.columns_mut().leak[at] = profile.leak();
        }
        pool.columns_mut().membrane.fill(-17_920 + 640);
        pool.tick(&[]).unwrap();
        assert_eq!(*pool.columns().membrane, [-17_920 + 600, -17_920 + 320, -17_920 + 630]);
    }
}

#[test]
fn np_8_a_spike_arrives_after_its_delay_to_the_tick() {
    for (delay, config) in [1, 3, 8].into_iter().flat_map(|delay| modes().map(|config| (delay, config))) {
        let mut pool = with_synapses(2, config, &[(0, synapse(1, 60, delay))]);
        pool.tick(&only(2, 0, 10_000)).unwrap();
        assert_eq!(fired(&pool), [0]);
        for tick in 1..=10 {
            pool.tick(&[]).unwrap();
            assert_eq!(fired(&pool).contains(&1), tick == delay, "delay {delay}, tick {tick}");
        }
    }
}

#[test]
fn np_8_sixty_is_the_least_weight_that_fires_a_rested_neuron() {
    for (weight, fires, config) in [(59, false), (60, true)].iter().flat_map(|(w, f)| modes().map(|c| (*w, *f, c))) {
        let mut pool = with_synapses(2, config, &[(0, synapse(1, weight, 1))]);
        pool.tick(&only(2, 0, 10_000)).unwrap();
        pool.tick(&[]).unwrap();
        assert_eq!(fired(&pool) == [1], fires, "weight {weight}");
    }
}

#[test]
fn compat_a_refractory_neuron_takes_nothing_and_its_trace_stays() {
    let mut pool = NeuronPool::new("p", 1, compat()).unwrap();
    let spikes: Vec<usize> = (0..7).map(|_| pool.tick(&[20_000]).unwrap()).collect();
    assert_eq!(spikes, [1, 0, 0, 1, 0, 0, 1]);
    assert_eq!(*pool.columns().refractory, [2]);
    let trace = pool.columns().trace.clone();
    pool.tick(&[20_000]).unwrap();
    assert_eq!((pool.columns().trace.clone(), pool.columns().membrane[0]), (trace, -16_640));
}

#[test]
fn compat_np_11_the_synapses_of_a_spike_are_marked_and_the_marks_fade() {
    let synapses = [(0, synapse(1, 1, 1)), (0, synapse(2, 1, 1)), (3, synapse(0, 1, 1))];
    let mut pool = with_synapses(4, compat(), &synapses);
    pool.tick(&[20_000, 20_000, 0, 0]).unwrap();
    let marks = |pool: &NeuronPool| pool.rows().synapses().iter().map(|s| s.eligibility).collect::<Vec<_>>();
    // 1 fired in the same tick, 2 did not, 3 is quiet; then each loses a tenth, truncated.
    assert_eq!(marks(&pool), [-8, 17, 0]);
    pool.tick(&[]).unwrap();
    assert_eq!(marks(&pool), [-7, 15, 0]);
    for _ in 0..40 {
        pool.tick(&[]).unwrap();
    }
    assert_eq!(marks(&pool), [0; 3]);
}

#[test]
fn compat_np_12_np_13_np_14_modulators_change_what_took_part() {
    let marked = |eligibility: i8| [1, 0, 50, 1, eligibility.cast_unsigned(), 4 << 2, 0, 0];
    let fresh = || with_synapses(2, compat(), &[(0, marked(100)), (0, marked(0)), (1, marked(-100))]);
    let weights = |pool: &NeuronPool| pool.rows().synapses().iter().map(|s| s.weight).collect::<Vec<_>>();
    for (dopamine, cortisol, done, after) in [
        (128, 30, (0, 0), [50, 50, 50]),
        (0, 0, (0, 0), [50, 50, 50]),
        // 100 × 72 / 64 = 112, clamped at 127; the weight that would cross 0 becomes 0.
        (200, 30, (1, 1), [127, 50, 0]),
        (135, 30, (1, 1), [60, 50, 40]),
        (128, 80, (1, 1), [0, 50, 127]),
        (255, 255, (1, 1), [0, 50, 127]),
    ] {
        let mut pool = fresh();
        let modulated = pool.apply_modulation(Levels { dopamine, cortisol, acetylcholine: 100 });
        assert_eq!(modulated, Modulated { reinforced: done.0, weakened: done.1 }, "{dopamine}, {cortisol}");
        assert_eq!(weights(&pool), after, "{dopamine}, {cortisol}");
    }
}

#[test]
fn np_17_a_cold_synapse_is_frozen_and_np_18_a_dead_one_is_pruned() {
    let cold = [1, 0, 50, 1, 127, 0b11, 0, 0];
    let dead = [2, 0, 50, 1, 0, 0, 0, 0];
    let mut pool =
        with_synapses(3, PoolConfig::default(), &[(0, dead), (0, cold), (1, dead), (2, dead), (2, synapse(0, -7, 2))]);
    assert_eq!(pool.apply_modulation(Levels { dopamine: 255, cortisol: 0, acetylcholine: 0 }), Modulated::default());
    assert_eq!((pool.stats().thermal.dead, pool.stats().thermal.cold), (3, 1));
    assert_eq!(pool.prune_dead(), 3);
    assert_eq!(pool.rows().starts(), [0, 1, 1, 2]);
    assert_eq!((pool.rows().row(0)[0].to_bytes(), pool.rows().row(2)[0].to_bytes()), (cold, synapse(0, -7, 2)));
    assert_eq!(pool.rows().row(0)[0].maturity.stage(), Stage::Cold);
    assert_eq!((pool.prune_dead(), pool.rows().row(3)), (0, &[][..]));
}

#[test]
fn np_20_the_default_config() {
    let expected = PoolConfig {
        rest: -17_920,
        threshold: -14_080,
        reset: -16_640,
        refractory: 2,
        trace_decay: 230,
        homeostasis: 1,
        max_synapses: 128,
        stdp_positive: 20,
        stdp_negative: -10,
        max_delay: 8,
        mode: Mode::Product,
        seed: 0,
        threads: 1,
    };
    assert_eq!(PoolConfig::default(), expected);
}

#[test]
fn np_21_input_of_a_wrong_length_changes_nothing() {
    let mut pool = pool(4);
    let before = pool.clone();
    for found in [1, 3, 5] {
        let refused = pool.tick(&vec![0; found]).unwrap_err();
        assert_eq!(refused, ConnectomeError::Length { name: "input", found, allowed: "0 or 4".into() });
        assert_eq!(refused.code(), "E_OUT_OF_RANGE");
    }
    assert_eq!(pool, before);
    assert_eq!((pool.tick(&[]), pool.tick(&[0; 4])), (Ok(0), Ok(0)));
}

#[test]
fn np_22_signals_in_and_out() {
    for config in modes() {
        let mut pool = NeuronPool::new("p", 4, config).unwrap();
        pool.inject(0..1, Signal::positive(200)).unwrap();
        pool.inject(1..2, Signal::negative(200)).unwrap();
        pool.inject(2..3, Signal::zero()).unwrap();
        assert_eq!(pool.tick(&[]), Ok(1));
        assert_eq!(pool.columns().membrane[1..], [-17_920 - 12_800, -17_920, -17_920]);
        let [spike, silent @ ..] = &pool.read_output(0..4).unwrap()[..] else { panic!("four signals") };
        assert_eq!((spike.polarity, spike.magnitude), (Polarity::Positive, 255));
        assert_eq!(silent, [Signal::zero(); 3]);
        assert_eq!(pool.read_output(4..4).unwrap(), []);
        let past = ConnectomeError::Range { from: 2, to: 5, neurons: 4 };
        assert_eq!((pool.read_output(2..5), pool.inject(2..5, Signal::zero())), (Err(past.clone()), Err(past)));
        #[expect(clippy::reversed_empty_ranges, reason = "that is what is refused")]
        let reversed = pool.inject(3..1, Signal::zero());
        assert_eq!(reversed, Err(ConnectomeError::Range { from: 3, to: 1, neurons: 4 }));
    }
}

#[test]
fn np_28_defect_5_65536_neurons_and_no_more() {
    assert_eq!(pool(65_536).columns().len(), 65_536);
    for neurons in [0, 65_537, usize::MAX] {
        let refused = NeuronPool::new("p", neurons, PoolConfig::default()).unwrap_err();
        let value = neurons.try_into().unwrap_or(i64::MAX);
        assert_eq!(refused, ConnectomeError::OutOfRange { name: "neurons", value, min: 1, max: 65_536 });
    }
}

#[test]
fn a_config_out_of_range_is_refused_by_name() {
    let good = PoolConfig::default();
    for (name, config) in [
        ("max_delay", PoolConfig { max_delay: 0, ..good }),
        ("max_delay", PoolConfig { max_delay: 9, ..good }),
        ("max_synapses", PoolConfig { max_synapses: 0, ..good }),
        ("threshold", PoolConfig { threshold: good.rest, ..good }),
        ("reset", PoolConfig { reset: good.threshold, ..good }),
        ("stdp_positive", PoolConfig { stdp_positive: -1, ..good }),
        ("stdp_negative", PoolConfig { stdp_negative: 1, ..good }),
    ] {
        let refused = NeuronPool::new("p", 2, config).unwrap_err();
        assert!(matches!(refused, ConnectomeError::OutOfRange { name: found, .. } if found == name), "{refused}");
    }
    let long = "n".repeat(65_536);
    assert!(NeuronPool::new(&long, 2, good).is_err() && NeuronPool::new(&long[1..], 2, good).is_ok());
    for density in [-0.1, 1.1, f32::NAN, f32::INFINITY] {
        let refused = NeuronPool::with_random_connectivity("p", 8, density, good).unwrap_err();
        assert_eq!(refused, ConnectomeError::Density { found: density.to_string() });
    }
}

#[test]
fn a_full_row_ends_its_source() {
    for mode in [Mode::Product, Mode::Compat] {
        let config = PoolConfig { max_synapses: 3, mode, ..PoolConfig::default() };
        let pool = NeuronPool::with_random_connectivity("p", 16, 1.0, config).unwrap();
        assert!((0..16).all(|source| pool.rows().row(source).len() == 3));
        let none = NeuronPool::with_random_connectivity("p", 16, 0.0, config).unwrap();
        assert!(none.rows().is_empty());
    }
}
