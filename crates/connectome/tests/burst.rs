//! Bursts (spec/burst.md, FE-15 to FE-22): golden traces, phases, rules, and what is refused.
#![allow(clippy::unwrap_used, clippy::float_cmp, unsafe_code)]

mod bursts;

use bursts::{all, bits, burst, connect, drive, engine, lively, plain, run, wired};
use neuronbus_connectome::{
    BurstEngine, BurstOptions, Connectome, ConnectomeError, Hebb, NeuronPatch, NeuronTable, Potential, Rule,
    SynapseColumns, SynapsePatch, Touched,
};
use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

const OPTIONS: BurstOptions = BurstOptions { threads: 1, seed: 3, ledger: 4 };

/// One neuron that gets these potentials, one a burst: whether it fires, and its potential after each.
fn trace(neuron: &NeuronTable, input: &[f32]) -> (Vec<bool>, Vec<f32>) {
    let mut engine = engine(OPTIONS, neuron.columns());
    let step = |potential: &f32| {
        engine.inject(&[0], Potential::One(*potential)).unwrap();
        let fired = !engine.burst(|| 0).fired.is_empty();
        (fired, engine.potentials()[0])
    };
    input.iter().map(step).unzip()
}

#[test]
fn fe_21_a_neuron_fires_at_its_threshold_and_falls_to_reset() {
    let neuron = NeuronTable { thresholds: vec![2.0], resets: vec![-0.5], ..plain(1) };
    let (fired, potentials) = trace(&neuron, &[1.5, 0.25, 0.25, 2.25, 2.5]);
    assert_eq!(fired, [false, false, true, false, true]);
    assert_eq!(potentials, [1.5, 1.75, -0.5, 1.75, -0.5]);
}

#[test]
fn fe_21_a_neuron_leaks_its_share_of_the_gap_to_rest_before_it_takes_its_input() {
    let neuron = NeuronTable { thresholds: vec![100.0], leaks: vec![0.25], rests: vec![-4.0], ..plain(1) };
    let (_, potentials) = trace(&neuron, &[8.0, 0.0, 0.0, 1.0]);
    // -4 + 8; 8 → 6 → 4.5 → 3.375 above rest, and then one more.
    assert_eq!(potentials, [4.0, 2.0, 0.5, 0.375]);
    let neuron = NeuronTable { thresholds: vec![100.0], leaks: vec![1.0], rests: vec![0.1], ..plain(1) };
    assert_eq!(trace(&neuron, &[8.0, 0.0]).1, [8.1, 0.1]);
}

#[test]
fn fe_21_a_refractory_neuron_leaks_and_takes_nothing() {
    let neuron = NeuronTable { refractory: vec![2], leaks: vec![0.5], resets: vec![-8.0], ..plain(1) };
    let (fired, potentials) = trace(&neuron, &[1.0, 50.0, 50.0, 0.5, 2.0]);
    assert_eq!(fired, [true, false, false, false, true]);
    assert_eq!(potentials, [-8.0, -4.0, -2.0, -0.5, -8.0]);
}

#[test]
fn fe_21_a_limit_of_firings_in_a_row_ends_in_a_snooze() {
    let neuron = NeuronTable { consecutive_limits: vec![3], snoozes: vec![2], ..plain(1) };
    let (fired, _) = trace(&neuron, &[1.0; 10]);
    assert_eq!(fired, [true, true, true, false, false, true, true, true, false, false]);
    // A burst without a firing begins the row anew.
    let (fired, _) = trace(&neuron, &[1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 1.0]);
    assert_eq!(fired, [true, true, false, true, true, true, false]);
    // Bursts in which it is blocked neither count nor break the row.
    let neuron = NeuronTable { consecutive_limits: vec![2], snoozes: vec![2], refractory: vec![1], ..plain(1) };
    let (fired, _) = trace(&neuron, &[1.0; 9]);
    assert_eq!(fired, [true, false, true, false, false, false, true, false, true]);
}

#[test]
fn fe_21_excitability_is_the_probability_to_fire_at_the_threshold() {
    let never = NeuronTable { excitabilities: vec![0.0], ..plain(1) };
    let (fired, potentials) = trace(&never, &[1.0, 1.0]);
    assert_eq!((fired, potentials), (vec![false, false], vec![1.0, 2.0]));
    let (fired, _) = trace(&plain(1), &[1.0; 100]);
    assert!(fired.iter().all(|fired| *fired));
    let neurons = 4_000;
    let table = NeuronTable { excitabilities: vec![0.25; neurons], accumulate: vec![0; neurons], ..plain(neurons) };
    let mut engine = engine(OPTIONS, table.columns());
    let mut rounds = (0..4).map(|_| {
        engine.inject(&all(neurons), Potential::One(1.0)).unwrap();
        burst(&mut engine)
    });
    let first = rounds.next().unwrap();
    for fired in rounds {
        // Five standard deviations.
        assert!(fired.len().abs_diff(1_000) < 137, "{}", fired.len());
        assert_ne!(fired, first);
    }
}

#[test]
fn fe_21_a_neuron_that_does_not_accumulate_begins_each_burst_at_rest() {
    let neuron = NeuronTable { accumulate: vec![0], rests: vec![0.25], leaks: vec![0.0], ..plain(1) };
    let (fired, potentials) = trace(&neuron, &[0.5, 0.5, 0.75, 0.0]);
    assert_eq!((fired, potentials), (vec![false, false, true, false], vec![0.75, 0.75, 0.0, 0.25]));
}

#[test]
fn fe_21_huge_potentials_stay_numbers() {
    let table = NeuronTable { thresholds: vec![f32::MAX], rests: vec![1e37], leaks: vec![0.5], ..plain(1) };
    let (fired, potentials) = trace(&table, &[f32::MAX, f32::MAX, -f32::MAX, -f32::MAX, 0.0]);
    assert!(fired.iter().all(|fired| !fired) && potentials.iter().all(|potential| potential.is_finite()));
}

#[test]
fn fe_20_who_fires_in_a_burst_reaches_its_targets_in_the_next() {
    let mut engine = wired(4, &[(0, 1), (1, 2), (2, 3), (3, 3)]);
    engine.inject(&[0], Potential::One(1.0)).unwrap();
    let fired: Vec<_> = (0..6).map(|_| burst(&mut engine)).collect();
    assert_eq!(fired, [[0], [1], [2], [3], [3], [3]]);
    assert_eq!((engine.stats().bursts, engine.stats().firings), (6, 6));
}

#[test]
fn fe_20_injections_add_up_in_the_order_of_the_calls_and_go_with_the_burst() {
    let mut engine = wired(2, &[]);
    engine.inject(&[0, 1, 0], Potential::Each(&[0.125, 0.5, 0.125])).unwrap();
    engine.inject(&[1], Potential::One(0.25)).unwrap();
    burst(&mut engine);
    burst(&mut engine);
    assert_eq!(engine.potentials(), [0.25, 0.75]);
    // In f32, the order can be seen.
    engine.inject(&[0, 0, 0], Potential::Each(&[1e8, -1e8, 0.5])).unwrap();
    burst(&mut engine);
    assert_eq!(engine.potentials()[0], 0.75);
}

#[test]
fn fe_20_a_contribution_is_sign_times_weight_times_conductance() {
    let table = NeuronTable { thresholds: vec![0.0, 9.0], ..plain(2) };
    let mut engine = engine(OPTIONS, table.columns());
    let columns = SynapseColumns {
        sources: &[0; 3],
        targets: &[1; 3],
        weights: &[255, 128, 200],
        conductances: &[255, 255, 200],
        types: &[0, 1, 0],
        valid: Some(&[1, 1, 0]),
    };
    assert_eq!(engine.add_synapses(&columns).unwrap(), 0..3);
    burst(&mut engine);
    burst(&mut engine);
    assert_eq!(engine.potentials()[1], (f64::from(255 * 255 - 128 * 255) / 65_025.0) as f32);
    assert_eq!(engine.stats().synapses, 2);
}

#[test]
fn fe_20_each_phase_has_its_time() {
    let mut clock = 0;
    let mut engine = wired(2, &[(0, 1)]);
    let phases = engine
        .burst(|| {
            clock = 2 * clock + 1;
            clock
        })
        .phases;
    let found = [phases.injection_ns, phases.dynamics_ns, phases.ledger_ns, phases.plasticity_ns];
    assert_eq!((found, phases.propagation_ns, phases.swap_ns), ([2, 4, 8, 16], 32, 64));
}

#[test]
fn fe_20_the_ledger_keeps_as_many_bursts_as_asked_for() {
    let mut engine = engine(OPTIONS, plain(9).columns());
    for id in 0..6 {
        assert_eq!(engine.ledger(id), None);
        engine.inject(&[id as u32], Potential::One(1.0)).unwrap();
        burst(&mut engine);
    }
    let kept: Vec<_> = (0..5).map(|back| engine.ledger(back).map(<[u32]>::to_vec)).collect();
    assert_eq!(kept, [Some(vec![5]), Some(vec![4]), Some(vec![3]), Some(vec![2]), None]);
    assert_eq!(engine.ledger(usize::MAX), None);
    let mut none = BurstEngine::new(BurstOptions { ledger: 0, ..OPTIONS }).unwrap();
    assert_eq!((burst(&mut none), none.ledger(0)), (vec![], None));
}

#[test]
fn fe_16_defect_1_the_size_of_the_network_changes_nothing() {
    let neurons = 300;
    let mut small = lively(OPTIONS, neurons, 20);
    let mut large = lively(OPTIONS, neurons, 20);
    large.add_neurons(&plain(20_000).columns()).unwrap();
    assert_eq!(run(&mut small, &all(neurons), 60), run(&mut large, &all(neurons), 60));
    assert_eq!(bits(&small), bits(&large)[..neurons]);
    assert!(small.stats().firings > 600);
}

#[test]
fn fe_16_defect_2_a_repeat_gives_the_same_and_another_seed_does_not() {
    let repeat = |seed| run(&mut lively(BurstOptions { seed, ..OPTIONS }, 300, 20), &all(300), 60);
    assert_eq!(repeat(3), repeat(3));
    assert_ne!(repeat(3), repeat(4));
}

/// Writes down what it sees, and sets the weight of each synapse.
struct Set(u8, std::sync::mpsc::Sender<Vec<Vec<u32>>>);

impl Rule for Set {
    fn name(&self) -> &'static str {
        "set"
    }

    fn update(&mut self, touched: &mut Touched<'_>) {
        let bytes = |bytes: &[u8]| bytes.iter().copied().map(u32::from).collect();
        let seen = [touched.ids, touched.sources, touched.targets].map(<[u32]>::to_vec);
        let seen = seen.into_iter().chain([bytes(touched.weights), bytes(touched.pre), bytes(touched.post)]);
        self.1.send(seen.chain([vec![touched.burst as u32]]).collect()).unwrap();
        touched.weights.fill(self.0);
    }
}

#[test]
fn fe_19_defect_3_a_rule_sees_who_took_part_and_its_weights_count() {
    let mut engine = wired(4, &[(0, 1), (2, 1), (3, 0), (2, 3)]);
    let (sender, seen) = std::sync::mpsc::channel();
    engine.use_rule(Box::new(Set(51, sender)));
    assert_eq!(engine.rules().collect::<Vec<_>>(), ["set"]);
    engine.inject(&[0], Potential::One(1.0)).unwrap();
    assert_eq!(burst(&mut engine), [0]);
    // 0 fired, and nobody before: what ends at 0.
    assert_eq!(seen.recv().unwrap(), [vec![2], vec![3], vec![0], vec![255], vec![0], vec![1], vec![0]]);
    assert_eq!(burst(&mut engine), [1]);
    // The spike of 0 arrived, and 1 fired: what ends at 1.
    let expected = [vec![0, 1], vec![0, 2], vec![1, 1], vec![255, 255], vec![1, 0], vec![1, 1], vec![1]];
    assert_eq!(seen.recv().unwrap(), expected);
    assert_eq!(engine.export().synapses.weights, [51, 51, 51, 255]);
    // 0.2 is too little for 1 now.
    engine.inject(&[0], Potential::One(1.0)).unwrap();
    assert_eq!((burst(&mut engine), burst(&mut engine)), (vec![0], vec![]));
    assert_eq!(engine.potentials()[1], 0.2);
    drop(seen.try_iter().collect::<Vec<_>>());
    // Young, moved and removed synapses, once each.
    connect(&mut engine, &[(0, 0), (1, 0)]);
    engine.update_synapses(&[2], &SynapsePatch { sources: Some(&[0]), ..SynapsePatch::default() }).unwrap();
    engine.remove_synapses(&[1]);
    engine.inject(&[0, 1], Potential::One(1.0)).unwrap();
    assert_eq!(burst(&mut engine), [0, 1]);
    let seen = seen.recv().unwrap();
    assert_eq!((&seen[0], &seen[1], &seen[2]), (&vec![0, 2, 4, 5], &vec![0, 0, 0, 1], &vec![1, 0, 0, 0]));
}

#[test]
fn fe_19_hebb_strengthens_what_fires_together_and_weakens_what_does_not() {
    let mut engine = wired(4, &[(0, 1), (0, 2), (3, 1)]);
    engine.update_synapses(&[0, 1], &SynapsePatch { weights: Some(&[250, 3]), ..SynapsePatch::default() }).unwrap();
    engine.use_rule(Box::new(Hebb { potentiation: 7, depression: 2 }));
    let mut weights = || {
        engine.inject(&[0], Potential::One(1.0)).unwrap();
        engine.burst(|| 0);
        engine.inject(&[1], Potential::One(1.0)).unwrap();
        assert_eq!(burst(&mut engine), [1]);
        engine.export().synapses.weights
    };
    assert_eq!((weights(), weights(), weights()), (vec![255, 1, 255], vec![255, 0, 255], vec![255, 0, 255]));
}

#[test]
fn fe_19_a_rule_between_the_halves_of_a_burst_is_a_rule_of_the_engine() {
    let rule = || Hebb { potentiation: 9, depression: 3 };
    let (mut whole, mut halves) = (lively(OPTIONS, 200, 12), lively(OPTIONS, 200, 12));
    whole.use_rule(Box::new(rule()));
    for _ in 0..60 {
        drive(&mut whole, &all(200));
        drive(&mut halves, &all(200));
        let fired = burst(&mut whole);
        let mut half = halves.begin(|| 0);
        rule().update(&mut half.touched());
        assert_eq!(
            (half.engine().stats().bursts, half.touched().burst),
            (whole.stats().bursts - 1, whole.stats().bursts - 1)
        );
        (halves, _) = half.finish(|| 0);
        assert_eq!((halves.fired(), bits(&halves)), (&fired[..], bits(&whole)));
    }
    assert!(whole.stats().firings > 200);
    assert_eq!((whole.export(), whole.stats()), (halves.export(), halves.stats()));
}

#[test]
fn fe_19_what_nobody_asked_for_stays_and_the_rules_of_the_engine_come_last() {
    let mut engine = wired(2, &[(0, 1)]);
    engine.use_rule(Box::new(Hebb { potentiation: 0, depression: 5 }));
    for (given, left) in [(None, 250), (Some(100), 95)] {
        engine.inject(&[0], Potential::One(1.0)).unwrap();
        burst(&mut engine);
        engine.inject(&[1], Potential::One(-9.0)).unwrap();
        let mut half = engine.begin(|| 0);
        if let Some(weight) = given {
            half.touched().weights.fill(weight);
        }
        (engine, _) = half.finish(|| 0);
        assert_eq!(engine.export().synapses.weights, [left]);
    }
}

#[test]
fn fe_19_what_took_part_in_an_earlier_burst_is_not_written_again() {
    let mut engine = wired(2, &[(0, 1)]);
    engine.inject(&[1], Potential::One(1.0)).unwrap();
    let mut half = engine.begin(|| 0);
    assert_eq!(half.touched().weights, [255]);
    (engine, _) = half.finish(|| 0);
    engine.update_synapses(&[0], &SynapsePatch { weights: Some(&[10]), ..SynapsePatch::default() }).unwrap();
    (engine, _) = engine.begin(|| 0).finish(|| 0);
    assert_eq!(engine.export().synapses.weights, [10]);
}

#[test]
fn fe_20_the_time_between_the_halves_is_plasticity() {
    let half = wired(2, &[(0, 1)]).begin(|| 7);
    let mut clock = 100;
    let phases = half
        .finish(|| {
            clock += 1;
            clock
        })
        .1;
    assert_eq!((phases.dynamics_ns, phases.plasticity_ns, phases.propagation_ns, phases.swap_ns), (0, 94, 1, 1));
}

#[test]
fn fe_22_neurons_come_change_and_go_with_their_synapses() {
    let mut engine = wired(3, &[(0, 1), (1, 2), (2, 0), (1, 1)]);
    assert_eq!(engine.remove_neurons(&[1, 1, 9]), 1);
    let stats = engine.stats();
    assert_eq!((stats.neurons, stats.synapses), (2, 1));
    assert_eq!(engine.add_neurons(&plain(2).columns()).unwrap(), 3..5);
    let Connectome { neurons, synapses } = engine.export();
    assert_eq!((neurons.ids, synapses.ids), (vec![0, 2, 3, 4], vec![2]));
    engine.update_neurons(&[0], &NeuronPatch { thresholds: Some(&[0.5]), ..NeuronPatch::default() }).unwrap();
    engine.inject(&[0], Potential::One(0.5)).unwrap();
    assert_eq!(burst(&mut engine), [0]);
    for refused in [
        engine.inject(&[0, 1], Potential::One(1.0)),
        engine.update_neurons(&[1], &NeuronPatch::default()),
        engine.add_synapses(&SynapseColumns { targets: &[1], ..ONE }).map(drop),
    ] {
        assert_eq!(refused, Err(ConnectomeError::Unknown { what: "neuron", id: 1 }));
    }
    assert!(burst(&mut engine).is_empty());
}

/// From 0 to 0.
const ONE: SynapseColumns<'static> =
    SynapseColumns { sources: &[0], targets: &[0], weights: &[255], conductances: &[255], types: &[0], valid: None };

#[test]
fn fe_22_export_and_import_keep_everything_and_every_id() {
    let mut first = lively(OPTIONS, 80, 10);
    first.remove_neurons(&[3, 79]);
    first.remove_synapses(&[0, 1, 5, 799]);
    let connectome = first.export();
    let mut second = BurstEngine::import(OPTIONS, &connectome).unwrap();
    assert_eq!(second.export(), connectome);
    let ids = &connectome.neurons.ids;
    assert_eq!(run(&mut first, ids, 40), run(&mut second, ids, 40));
    let mut bad = connectome.clone();
    bad.neurons.ids.swap(0, 1);
    let refused = BurstEngine::import(OPTIONS, &bad).unwrap_err();
    let expected =
        ConnectomeError::Number { column: "ids", index: 1, value: "0".into(), allowed: "more than the one before" };
    assert_eq!(refused, expected);
    // One id that asks for the memory of two thousand million.
    let mut high = connectome;
    *high.neurons.ids.last_mut().unwrap() = (1 << 31) - 1;
    let refused = BurstEngine::import(OPTIONS, &high).unwrap_err();
    assert_eq!(refused.to_string(), "ids of neurons is 2147483648; allowed: 0 to 1048576");
}

#[test]
fn fe_22_what_is_wrong_is_refused_by_name_and_changes_nothing() {
    let mut engine = wired(2, &[(0, 1)]);
    let before = engine.export();
    let number = |column, index, value: &str, allowed| {
        Err(ConnectomeError::Number { column, index, value: value.into(), allowed })
    };
    let two = plain(2);
    for (table, expected) in [
        (
            NeuronTable { thresholds: vec![1.0, f32::INFINITY], ..two.clone() },
            number("thresholds", 1, "inf", "finite numbers"),
        ),
        (NeuronTable { leaks: vec![1.5, 0.0], ..two.clone() }, number("leaks", 0, "1.5", "0 to 1")),
        (NeuronTable { leaks: vec![f32::NAN, 0.0], ..two.clone() }, number("leaks", 0, "NaN", "0 to 1")),
        (NeuronTable { rests: vec![0.0, f32::NAN], ..two.clone() }, number("rests", 1, "NaN", "-1e37 to 1e37")),
        (
            NeuronTable { resets: vec![0.0, -f32::INFINITY], ..two.clone() },
            number("resets", 1, "-inf", "-1e37 to 1e37"),
        ),
        (NeuronTable { excitabilities: vec![-0.5, 0.0], ..two.clone() }, number("excitabilities", 0, "-0.5", "0 to 1")),
        (
            NeuronTable { snoozes: vec![1], ..two.clone() },
            Err(ConnectomeError::Length { name: "snoozes", found: 1, allowed: "2, as many as areas".into() }),
        ),
    ] {
        assert_eq!(engine.add_neurons(&table.columns()).map(drop), expected);
    }
    let refused = engine.inject(&[0, 1], Potential::Each(&[1.0, f32::NAN]));
    assert_eq!(refused, number("potentials", 1, "NaN", "finite numbers"));
    assert_eq!(engine.inject(&[0], Potential::One(f32::INFINITY)), number("potential", 0, "inf", "finite numbers"));
    assert!(engine.inject(&[0], Potential::Each(&[])).is_err());
    let unknown = engine.update_synapses(&[0, 7], &SynapsePatch { weights: Some(&[0, 0]), ..SynapsePatch::default() });
    assert_eq!(unknown, Err(ConnectomeError::Unknown { what: "synapse", id: 7 }));
    let unknown = engine.update_synapses(&[0], &SynapsePatch { targets: Some(&[2]), ..SynapsePatch::default() });
    assert_eq!(unknown, Err(ConnectomeError::Unknown { what: "neuron", id: 2 }));
    assert!(engine.update_synapses(&[0], &SynapsePatch { types: Some(&[]), ..SynapsePatch::default() }).is_err());
    assert!(engine.add_synapses(&SynapseColumns { types: &[], ..ONE }).is_err());
    assert_eq!((engine.export(), burst(&mut engine)), (before, vec![]));
    assert_eq!(engine.potentials(), [0.0, 0.0]);
    for (threads, ledger) in [(0, 0), (65, 0), (1, 65_537)] {
        assert!(BurstEngine::new(BurstOptions { threads, ledger, seed: 0 }).is_err());
    }
}

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

/// Counts what this thread allocates.
struct Counting;

// SAFETY: each call goes on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn fe_15_a_warm_burst_allocates_nothing_with_and_without_a_rule() {
    for rule in [false, true] {
        // A ring of neurons: in each burst as many fire as in every other.
        let ring: Vec<_> = (0..500).flat_map(|at| [(at, (at + 1) % 500), (at, (at + 2) % 500)]).collect();
        let mut engine = wired(500, &ring);
        if rule {
            engine.use_rule(Box::new(Hebb { potentiation: 1, depression: 0 }));
        }
        let mut step = || {
            engine.inject(&[1, 250, 400], Potential::One(1.0)).unwrap();
            engine.burst(|| 0).fired.len()
        };
        let warm: usize = (0..1_000).map(|_| step()).sum();
        let before = ALLOCATIONS.get();
        let fired: usize = (0..200).map(|_| step()).sum();
        assert_eq!(ALLOCATIONS.get() - before, 0);
        assert!(warm > 0 && fired > 0);
    }
}
