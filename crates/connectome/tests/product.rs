//! Product mode: the defects of the reference are gone (spec/pool.md; NP-9 to NP-15).
#![allow(clippy::unwrap_used, clippy::cast_possible_wrap)]

mod common;

use common::{fired, only, synapse, with_synapses};
use neuronbus_connectome::{Levels, Maturity, Mode, Modulated, NeuronPool, PoolConfig, Signal, Synapse, codec};
use proptest::prelude::*;

fn pool(neurons: usize) -> NeuronPool {
    NeuronPool::new("p", neurons, PoolConfig::default()).unwrap()
}

fn random(neurons: usize, density: f32) -> NeuronPool {
    NeuronPool::with_random_connectivity("p", neurons, density, PoolConfig::default()).unwrap()
}

fn dopamine(dopamine: u8) -> Levels {
    Levels { dopamine, cortisol: 30, acetylcholine: 100 }
}

fn marks(pool: &mut NeuronPool) -> Vec<i8> {
    pool.settle();
    pool.rows().synapses().iter().map(|synapse| synapse.eligibility).collect()
}

/// Synapses whose weight has not the sign of its neuron.
fn wrong_signs(pool: &NeuronPool) -> usize {
    let sign = |source| if pool.columns().is_inhibitory(source) { -1 } else { 1 };
    let wrong = |source| pool.rows().row(source).iter().filter(move |one| i16::from(one.weight) * sign(source) < 0);
    (0..pool.columns().len()).flat_map(wrong).count()
}

#[test]
fn np_10_defect_1_homeostasis_ends_near_five_percent_from_both_sides() {
    for (drive, at_first) in [(2_700, 0.3..0.34), (2_500, 0.24..0.26), (170, 0.0..0.001), (5_000, 0.3..0.35)] {
        let mut pool = pool(10);
        let input = [drive; 10];
        let mut rate = |ticks: usize| {
            let spikes: usize = (0..ticks).map(|_| pool.tick(&input).unwrap()).sum();
            spikes as f64 / (10 * ticks) as f64
        };
        let first = rate(100);
        assert!(at_first.contains(&first), "{drive}: {first} at first");
        rate(189_900);
        let last = rate(10_000);
        assert!((0.025..=0.1).contains(&last), "{drive}: {last} in the end");
    }
}

#[test]
fn np_10_defect_1_a_pool_without_input_never_fires() {
    let mut pool = random(10, 0.5);
    assert!((0..500_000).all(|_| pool.tick(&[]) == Ok(0)));
    // As low as homeostasis may go, above where a spike leaves a membrane: one spike stays one.
    assert!(pool.columns().threshold.iter().all(|threshold| *threshold == -16_640 + 256));
    let mut alone = NeuronPool::new("p", 1, PoolConfig::default()).unwrap();
    alone.columns_mut().threshold.fill(-16_640 + 256);
    assert_eq!(alone.tick(&[20_000]), Ok(1));
    assert!((0..100).all(|_| alone.tick(&[]) == Ok(0)));
}

#[test]
fn np_10_homeostasis_zero_is_off() {
    let mut pool = NeuronPool::new("p", 2, PoolConfig { homeostasis: 0, ..PoolConfig::default() }).unwrap();
    (0..1_000).for_each(|_| assert!(pool.tick(&[10_000, 0]).is_ok()));
    assert_eq!(*pool.columns().threshold, [-14_080; 2]);
}

#[test]
fn a_refractory_neuron_takes_nothing_but_its_trace_fades() {
    let mut pool = pool(1);
    let spikes: Vec<usize> = (0..7).map(|_| pool.tick(&[20_000]).unwrap()).collect();
    assert_eq!(spikes, [1, 0, 0, 1, 0, 0, 1]);
    let trace = pool.columns().trace[0];
    pool.tick(&[20_000]).unwrap();
    assert!(pool.columns().trace[0] < trace && pool.columns().membrane[0] == -16_640);
}

#[test]
fn np_2_a_membrane_keeps_fractions_and_a_write_to_the_view_sets_it() {
    let mut pool = pool(1);
    pool.columns_mut().leak.fill(2);
    // A 64th of 100 is 1.56: the shift of the reference takes 2 at first and stays at 63 in the end.
    pool.columns_mut().membrane.fill(-17_920 + 100);
    let mut exact = 100.0_f64;
    for _ in 0..200 {
        pool.tick(&[]).unwrap();
        exact *= 63.0 / 64.0;
        let found = f64::from(pool.columns().membrane[0]) + 17_920.0;
        assert!((found - exact).abs() <= 0.75, "{found} for {exact}");
    }
    pool.columns_mut().membrane.fill(-17_920);
    pool.tick(&[]).unwrap();
    assert_eq!(*pool.columns().membrane, [-17_920]);
}

#[test]
fn np_2_a_membrane_written_to_rest_is_at_rest_whatever_it_was() {
    for current in 1..40 {
        let (mut used, mut fresh) = (pool(1), pool(1));
        // 7 above rest after a tick more: 7.5 − 0.47, of which the view shows no fraction.
        used.tick(&[8]).unwrap();
        used.tick(&[]).unwrap();
        used.columns_mut().membrane.fill(-17_920);
        for input in [current, 0, 0] {
            assert_eq!((used.tick(&[input]), fresh.tick(&[input])), (Ok(0), Ok(0)));
            assert_eq!(used.columns().membrane, fresh.columns().membrane, "{current}");
        }
    }
}

#[test]
fn np_11_an_eligibility_fades_exactly_over_any_number_of_ticks() {
    let config = PoolConfig { trace_decay: 255, ..PoolConfig::default() };
    for ticks in [1, 62, 63, 64, 65, 126, 127, 200, 500, 5_000] {
        let marked = [1, 0, 50, 1, 127, 16, 0, 0];
        let mut pool = with_synapses(2, config, &[(0, marked)]);
        (0..ticks).for_each(|_| assert_eq!(pool.tick(&[]), Ok(0)));
        let expected = 127.0 * (255.0_f64 / 256.0).powi(ticks);
        assert!((f64::from(marks(&mut pool)[0]) - expected).abs() <= 0.51, "{expected} after {ticks}");
    }
}

#[test]
fn np_11_a_pair_counts_as_long_as_it_fades_whenever_somebody_looks() {
    for (trace_decay, ticks) in
        [(230, 10), (230, 40), (230, 63), (230, 64), (230, 200), (240, 100), (255, 70), (255, 900)]
    {
        let config = PoolConfig { trace_decay, ..PoolConfig::default() };
        let mut pool = with_synapses(2, config, &[(0, synapse(1, 1, 3))]);
        pool.tick(&only(2, 0, 20_000)).unwrap();
        (0..4).for_each(|_| assert_eq!(pool.tick(&[]), Ok(0)));
        pool.tick(&only(2, 1, 20_000)).unwrap();
        (0..ticks).for_each(|_| assert_eq!(pool.tick(&[]), Ok(0)));
        // The spike arrived three ticks after the first, the target fired two later.
        let expected = 20.0 * (f64::from(trace_decay) / 256.0).powi(ticks + 2);
        let found = f64::from(marks(&mut pool)[0]);
        assert!((found - expected).abs() <= 0.55, "{found} for {expected}, {trace_decay} after {ticks}");
    }
}

#[test]
fn np_11_defect_6_pre_then_post_is_causal_and_post_then_pre_is_not() {
    let synapses = [(0, synapse(1, 1, 1)), (0, synapse(2, 1, 1)), (3, synapse(2, -1, 1))];
    let run = |first: usize, ticks: usize, second: usize| {
        let mut pool = with_synapses(4, PoolConfig::default(), &synapses);
        pool.tick(&only(4, first, 20_000)).unwrap();
        (1..ticks).for_each(|_| assert_eq!(pool.tick(&[]), Ok(0)));
        pool.tick(&only(4, second, 20_000)).unwrap();
        pool.tick(&[]).unwrap();
        marks(&mut pool)
    };
    // 0 fires, its spike arrives one tick later, 1 fires three ticks after that; then one tick more: 20 × 0.9^4.
    assert_eq!(run(0, 4, 1), [13, 0, 0]);
    // In the tick of its arrival: 20 × 0.9.
    assert_eq!(run(0, 1, 1), [18, 0, 0]);
    // 1 fires three ticks before 0, whose spike arrives one later, now: -10 × 0.9^4.
    assert_eq!(run(1, 3, 0), [-7, 0, 0]);
    // Unrelated: two that fire, but at no synapse of theirs the other.
    assert_eq!(run(0, 5, 3), [0; 3]);
}

#[test]
fn np_12_np_13_np_14_modulators_change_the_strength_of_what_took_part() {
    let marked = |weight: i8, eligibility: i8| [1, 0, weight.cast_unsigned(), 1, eligibility.cast_unsigned(), 16, 0, 0];
    // Two of an excitatory neuron, one of an inhibitory one that took part as much, and one that did not.
    let synapses = [(0, marked(50, 100)), (0, marked(50, -100)), (1, marked(-50, 100)), (1, marked(-50, 0))];
    for (dopamine, cortisol, done, after) in [
        (128, 30, (0, 0), [50, 50, -50, -50]),
        (200, 30, (2, 1), [127, 0, -127, -50]),
        (135, 30, (2, 1), [60, 40, -60, -50]),
        // A dip punishes.
        (121, 30, (1, 2), [40, 60, -40, -50]),
        (0, 0, (1, 2), [0, 127, 0, -50]),
        (128, 80, (1, 2), [0, 127, 0, -50]),
        (255, 255, (1, 2), [20, 80, -20, -50]),
    ] {
        let mut pool = with_synapses(2, PoolConfig::default(), &synapses);
        let modulated = pool.apply_modulation(Levels { dopamine, cortisol, acetylcholine: 100 });
        assert_eq!(modulated, Modulated { reinforced: done.0, weakened: done.1 }, "{dopamine}, {cortisol}");
        let weights: Vec<i8> = pool.rows().synapses().iter().map(|synapse| synapse.weight).collect();
        // 100 × 127 / 64 is 198, 100 × 225 / 64 is 351: with both at their most, 127 are lost.
        let expected = if (dopamine, cortisol) == (255, 255) { vec![0, 127, 0, -50] } else { after.to_vec() };
        assert_eq!(weights, expected, "{dopamine}, {cortisol}");
    }
}

#[test]
fn np_14_what_cannot_change_is_not_counted() {
    let dead_and_weak = [1, 0, 0, 1, 100, 0, 0, 0];
    let cold = [1, 0, 50, 1, 100, 0b11, 0, 0];
    let mut pool = with_synapses(2, PoolConfig::default(), &[(0, dead_and_weak), (0, cold)]);
    assert_eq!(pool.apply_modulation(dopamine(0)), Modulated::default());
    assert_eq!(pool.apply_modulation(dopamine(255)), Modulated { reinforced: 1, weakened: 0 });
    assert_eq!(pool.rows().synapses()[1].to_bytes()[..6], cold[..6]);
}

#[test]
fn np_9_defect_2_no_sign_is_wrong_after_ten_thousand_modulations() {
    let mut pool = random(40, 0.3);
    let mut changed = [0_u32; 2];
    for at in 0..10_000_usize {
        let input: Vec<i16> = (0..40).map(|neuron| ((neuron * 977 + at * 331) % 7_000) as i16).collect();
        pool.tick(&input).unwrap();
        let [dopamine, cortisol] = [(at * 37 % 256) as u8, (at * 11 % 64) as u8];
        let done = pool.apply_modulation(Levels { dopamine, cortisol, acetylcholine: 200 });
        (changed[0], changed[1]) = (changed[0] + done.reinforced, changed[1] + done.weakened);
        if at % 50 == 0 {
            pool.synaptogenesis(200);
            pool.prune_dead();
        }
        assert_eq!(wrong_signs(&pool), 0, "after {at}");
    }
    assert!(changed.iter().all(|changed| *changed > 1_000), "{changed:?}");
}

#[test]
fn np_9_a_file_with_wrong_signs_gets_those_of_its_neurons() {
    let pool = with_synapses(2, PoolConfig::default(), &[(0, synapse(1, -60, 1)), (1, synapse(0, i8::MIN, 1))]);
    let weights: Vec<i8> = pool.rows().synapses().iter().map(|synapse| synapse.weight).collect();
    assert_eq!(weights, [60, -127]);
}

#[test]
fn np_13_reward_strengthens_inhibition_that_took_part() {
    // Neuron 1 of 2 inhibits; its spike arrives one tick before neuron 0 fires all the same.
    let mut pool = with_synapses(2, PoolConfig::default(), &[(1, synapse(0, -20, 1))]);
    pool.tick(&only(2, 1, 20_000)).unwrap();
    pool.tick(&only(2, 0, 20_000)).unwrap();
    assert_eq!(pool.apply_modulation(dopamine(200)), Modulated { reinforced: 1, weakened: 0 });
    assert_eq!(pool.rows().synapses()[0].weight, -20 - 22);
}

#[test]
fn np_15_synapses_grow_between_neurons_that_fire_together() {
    let mut pool = pool(20);
    assert_eq!(pool.synaptogenesis(255), 0, "nobody has fired");
    let input: Vec<i16> = (0..20).map(|at| if at % 4 == 0 { 20_000 } else { 0 }).collect();
    pool.tick(&input).unwrap();
    assert_eq!((pool.synaptogenesis(0), pool.synaptogenesis(100), pool.synaptogenesis(139)), (0, 0, 0));
    assert_eq!((pool.synaptogenesis(140), pool.rows().len()), (5, 5));
    for source in 0..20 {
        for Synapse { target, weight, delay, eligibility, maturity, .. } in pool.rows().row(source) {
            assert!(source % 4 == 0 && usize::from(*target) % 4 == 0 && usize::from(*target) != source);
            assert!((5..25).contains(&weight.abs()) && (1..=8).contains(delay), "{weight}, {delay}");
            assert_eq!((*eligibility, *maturity), (0, Maturity(4 << 2)));
        }
    }
    assert_eq!(wrong_signs(&pool), 0);
    // 64 ticks later nobody fires together any more.
    (0..63).for_each(|_| assert!(pool.tick(&[]).is_ok()));
    assert!(pool.synaptogenesis(200) > 0);
    pool.tick(&[]).unwrap();
    assert_eq!(pool.synaptogenesis(200), 0);
}

#[test]
fn np_15_what_happened_before_a_synapse_grew_is_no_pair_of_its_own() {
    let mut pool = pool(20);
    let odd: Vec<i16> = (0..20).map(|at| at % 2 * 20_000).collect();
    for tick in 0..12 {
        pool.tick(if tick == 0 { &[20_000; 20] } else { &[][..] }).unwrap();
    }
    pool.tick(&odd).unwrap();
    assert!(pool.synaptogenesis(200) > 10);
    assert_eq!(marks(&mut pool), vec![0; pool.rows().len()]);
}

#[test]
fn np_15_growth_keeps_the_row_limit_and_makes_no_duplicates() {
    let config = PoolConfig { max_synapses: 5, ..PoolConfig::default() };
    let mut pool = NeuronPool::with_random_connectivity("p", 12, 0.2, config).unwrap();
    for _ in 0..300 {
        pool.tick(&[20_000; 12]).unwrap();
        pool.synaptogenesis(255);
    }
    assert_eq!((pool.synaptogenesis(255), pool.rows().len()), (0, 60));
    for source in 0..12 {
        let mut targets: Vec<u16> = pool.rows().row(source).iter().map(|synapse| synapse.target).collect();
        targets.sort_unstable();
        targets.dedup();
        assert!(targets.len() == 5 && !targets.contains(&(source as u16)), "{source}: {targets:?}");
    }
}

#[test]
fn defect_7_a_silent_tick_touches_no_synapse() {
    let mut pool = random(50, 0.3);
    for tick in 0..40_usize {
        let input: Vec<i16> = (0..50).map(|at| ((at * 977 + tick * 331) % 9_000) as i16).collect();
        pool.tick(&input).unwrap();
    }
    pool.settle();
    // Until nothing is on its way and all have come to rest.
    while pool.columns().membrane.iter().any(|membrane| *membrane != -17_920) || !fired(&pool).is_empty() {
        pool.tick(&[]).unwrap();
    }
    let before = pool.clone();
    assert!(before.rows().synapses().iter().any(|synapse| synapse.eligibility != 0));
    (0..300).for_each(|_| assert_eq!(pool.tick(&[]), Ok(0)));
    assert_eq!(pool.rows(), before.rows());
    // What they missed comes in one: nothing is left after so long.
    assert_eq!(marks(&mut pool), vec![0; pool.rows().len()]);
}

#[test]
fn the_same_pool_comes_out_of_every_run() {
    // A hash of the whole state, the same on every machine (NP-1): FNV-1a of the file.
    let mut pool = random(100, 0.1);
    for tick in 0..500_usize {
        let input: Vec<i16> = (0..100).map(|at| ((at * 977 + tick * 331) % 6_000) as i16).collect();
        pool.tick(&input).unwrap();
        if tick % 20 == 19 {
            pool.apply_modulation(dopamine((tick % 256) as u8));
            pool.synaptogenesis(150);
            pool.prune_dead();
        }
    }
    let file = neuronbus_connectome::codec::write(&pool);
    let hash = file
        .iter()
        .fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3));
    assert_eq!(hash, 0x11D8_E800_F1E5_D6E4, "{hash:#x}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_tick_with_zeros_is_a_tick_without_input(
        neurons in 1_usize..600,
        drive in prop::collection::vec((0_usize..600, -9_000_i16..20_000), 0..20),
        written in prop::collection::vec((0_usize..600, 0..4, any::<i8>()), 0..4),
    ) {
        // With an input every neuron is visited; without one, blocks that rest are not: it must make no difference.
        let mut visited = random(neurons, 0.05);
        let mut skipped = visited.clone();
        let zeros = vec![0; neurons];
        for (at, current) in drive {
            let input = only(neurons, at, current);
            prop_assert_eq!(visited.tick(&input), skipped.tick(&input));
            for _ in 0..30 {
                prop_assert_eq!(visited.tick(&zeros), skipped.tick(&[]));
            }
        }
        // To rest; then one column of a few neurons is written to, each of which may wake its block.
        (0..150).for_each(|_| assert_eq!(visited.tick(&zeros), skipped.tick(&[])));
        for pool in [&mut visited, &mut skipped] {
            for (at, column, value) in &written {
                let (at, columns) = (at % neurons, pool.columns_mut());
                match column {
                    0 => columns.membrane[at] = -17_920 + i16::from(*value),
                    1 => columns.threshold[at] = -17_920 + i16::from(*value),
                    2 => columns.refractory[at] = value.unsigned_abs(),
                    _ => columns.trace[at] = *value,
                }
            }
        }
        for _ in 0..200 {
            prop_assert_eq!(visited.tick(&zeros), skipped.tick(&[]));
            prop_assert_eq!(visited.columns(), skipped.columns());
        }
        prop_assert_eq!(visited, skipped);
    }
}

#[test]
fn what_is_left_of_a_membrane_at_rest_does_not_come_back_with_a_write() {
    let mut visited = random(103, 0.05);
    let mut skipped = visited.clone();
    let zeros = [0; 103];
    let drive = only(103, 66, 3_840);
    assert_eq!(visited.tick(&drive), skipped.tick(&drive));
    for _ in 0..180 {
        assert_eq!(visited.tick(&zeros), skipped.tick(&[]));
    }
    for pool in [&mut visited, &mut skipped] {
        pool.columns_mut().membrane[71] = -17_921;
        pool.tick(&zeros).unwrap();
    }
    assert_eq!(visited, skipped);
}

#[test]
fn np_22_sums_are_exact_in_any_order_and_beyond_16_bits() {
    let signals = |positive: usize, negative: usize| {
        let mut pool = NeuronPool::new("p", 1, PoolConfig::default()).unwrap();
        for _ in 0..positive {
            pool.inject(0..1, Signal::positive(255)).unwrap();
        }
        for _ in 0..negative {
            pool.inject(0..1, Signal::negative(255)).unwrap();
        }
        pool
    };
    for (positive, negative, fires) in [(200, 199, 1), (200, 200, 0), (199, 200, 0), (600, 0, 1), (600, 599, 1)] {
        let mut pool = signals(positive, negative);
        let mut reloaded = codec::read(&codec::write(&pool), Mode::Product).unwrap();
        assert_eq!(reloaded, pool);
        assert_eq!(pool.tick(&[]), Ok(fires), "{positive} − {negative}");
        assert_eq!(reloaded.tick(&[]), Ok(fires));
        assert_eq!(reloaded, pool);
    }
}

#[test]
fn np_22_a_sum_ends_where_32_bits_do_and_a_file_holds_it() {
    for signal in [Signal::positive(255), Signal::negative(255)] {
        let mut pool = NeuronPool::new("p", 1, PoolConfig::default()).unwrap();
        // × 255 is above 2^31.
        for _ in 0..8_430_000 {
            pool.inject(0..1, signal).unwrap();
        }
        let mut reloaded = codec::read(&codec::write(&pool), Mode::Product).unwrap();
        assert_eq!(reloaded, pool);
        let fires = usize::from(signal == Signal::positive(255));
        assert_eq!((pool.tick(&[]), reloaded.tick(&[])), (Ok(fires), Ok(fires)));
        assert_eq!(reloaded, pool);
    }
}
