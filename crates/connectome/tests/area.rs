//! Propagation between areas (spec/burst.md, FE-1 to FE-16), at last against a naive oracle.
#![allow(clippy::unwrap_used, unsafe_code)]

use neuronbus_connectome::{
    AreaId, AreaIds, CellId, CellIds, Conductance, ConnectomeError, Propagation, PropagationOptions, PropagationStats,
    Scale, SynapseColumns, SynapseRecord, SynapticPropagationEngine as Engine, Weight,
};
use proptest::prelude::*;
use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    collections::BTreeMap,
    mem::offset_of,
};

/// The six synapses of FE-8.
const GOLDEN: SynapseColumns<'static> = SynapseColumns {
    sources: &[1, 1, 1, 2, 2, 3],
    targets: &[10, 11, 12, 10, 13, 14],
    weights: &[255, 128, 200, 255, 100, 150],
    conductances: &[255, 255, 200, 255, 255, 255],
    types: &[0, 1, 0, 0, 0, 0],
    valid: None,
};
const PLAIN: PropagationOptions = PropagationOptions { scale: Scale::Normalised, merge: false };
const MERGED: PropagationOptions = PropagationOptions { scale: Scale::Normalised, merge: true };

fn golden(options: PropagationOptions) -> Engine {
    let mut engine = Engine::new(options);
    engine.build_index(GOLDEN).unwrap();
    engine.set_neuron_mapping(CellIds(&[10, 11, 12, 13, 14]), AreaIds(&[1, 1, 1, 2, 2])).unwrap();
    engine
}

fn propagate(engine: &mut Engine, fired: &[u32]) -> Propagation {
    let mut out = Propagation::new();
    engine.propagate(CellIds(fired), &mut out).unwrap();
    out
}

fn entries(result: &Propagation, area: u32) -> Vec<(u32, f32)> {
    result.area(AreaId(area)).map(|(CellId(target), contribution)| (target, contribution)).collect()
}

fn bits(result: &Propagation) -> (&[u32], &[u32], &[u32], Vec<u32>) {
    let contributions = result.contributions.iter().map(|contribution| contribution.to_bits()).collect();
    (&result.areas, &result.offsets, &result.targets, contributions)
}

#[test]
fn fe_1_a_record_has_twelve_bytes_in_the_order_of_the_spec() {
    assert_eq!((size_of::<SynapseRecord>(), align_of::<SynapseRecord>()), (12, 4));
    assert_eq!((offset_of!(SynapseRecord, source), offset_of!(SynapseRecord, target)), (0, 4));
    assert_eq!((offset_of!(SynapseRecord, weight), offset_of!(SynapseRecord, conductance)), (8, 9));
    assert_eq!((offset_of!(SynapseRecord, kind), offset_of!(SynapseRecord, valid)), (10, 11));
    let record = SynapseRecord {
        source: CellId(0x0403_0201),
        target: CellId(0x0807_0605),
        weight: Weight(9),
        conductance: Conductance(10),
        kind: 11,
        valid: 12,
    };
    assert_eq!(record.to_bytes(), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
}

#[test]
fn fe_1_the_records_of_an_index_stand_by_source_and_then_as_they_were_built() {
    let mut engine = Engine::default();
    let columns = SynapseColumns {
        sources: &[u32::MAX, 5, u32::MAX, 5, 0],
        targets: &[1, 2, 3, 4, 5],
        weights: &[1, 2, 3, 4, 5],
        conductances: &[6, 7, 8, 9, 10],
        types: &[0, 1, 2, 255, 0],
        valid: Some(&[1, 1, 7, 0, 1]),
    };
    engine.build_index(columns).unwrap();
    let found: Vec<_> = engine.records().iter().map(|record| (record.source.0, record.target.0)).collect();
    assert_eq!(found, [(0, 5), (5, 2), (u32::MAX, 1), (u32::MAX, 3)]);
    let SynapseRecord { weight, conductance, kind, valid, .. } = engine.records()[3];
    assert_eq!((weight, conductance, kind, valid), (Weight(3), Conductance(8), 2, 1));
}

#[test]
fn fe_4_columns_of_other_lengths_are_refused_and_the_old_index_stays() {
    let mut engine = golden(PLAIN);
    let before = propagate(&mut engine, &[1, 2]);
    let refused = [
        ("targets", SynapseColumns { targets: &[1], ..GOLDEN }, 1),
        ("weights", SynapseColumns { weights: &[1; 7], ..GOLDEN }, 7),
        ("conductances", SynapseColumns { conductances: &[], ..GOLDEN }, 0),
        ("types", SynapseColumns { types: &[1; 5], ..GOLDEN }, 5),
        ("valid", SynapseColumns { valid: Some(&[]), ..GOLDEN }, 0),
    ];
    for (name, columns, found) in refused {
        let error = engine.build_index(columns).unwrap_err();
        assert_eq!(error, ConnectomeError::Length { name, found, allowed: "6, as many as sources".into() });
        assert_eq!(error.code(), "E_OUT_OF_RANGE");
    }
    assert_eq!(engine.records().len(), 6);
    assert_eq!(propagate(&mut engine, &[1, 2]), before);
}

#[test]
fn fe_4_a_build_copies_and_replaces() {
    let mut engine = golden(PLAIN);
    {
        let (sources, targets, bytes) = (vec![7], vec![13], vec![255]);
        let [weights, conductances, types] = [&bytes[..]; 3];
        let columns =
            SynapseColumns { sources: &sources, targets: &targets, weights, conductances, types, valid: None };
        engine.build_index(columns).unwrap();
    }
    let result = propagate(&mut engine, &[1, 2, 7]);
    assert_eq!((&result.areas[..], entries(&result, 2)), (&[2][..], vec![(13, -1.0)]));
    engine.build_index(SynapseColumns::default()).unwrap();
    assert!(propagate(&mut engine, &[1, 2, 7]).is_empty() && engine.records().is_empty());
}

#[test]
fn fe_5_a_synapse_that_is_not_valid_gives_nothing() {
    let mut engine = golden(PLAIN);
    engine.build_index(SynapseColumns { valid: Some(&[1, 0, 1, 0, 2, 0]), ..GOLDEN }).unwrap();
    let result = propagate(&mut engine, &[1, 2, 3]);
    assert_eq!(result.targets, [10, 12, 13]);
    let expected = PropagationStats { propagations: 1, synapses: 3, unmapped: 0, unknown: 1 };
    assert_eq!(engine.stats(), expected);
}

#[test]
fn fe_6_unmapped_targets_are_counted_and_the_last_area_of_a_neuron_counts() {
    let mut engine = golden(PLAIN);
    engine.set_neuron_mapping(CellIds(&[10, 11, 10]), AreaIds(&[7, u32::MAX, 3])).unwrap();
    let result = propagate(&mut engine, &[1, 2]);
    assert_eq!((&result.areas[..], &result.offsets[..]), (&[3, u32::MAX][..], &[0, 2, 3][..]));
    assert_eq!(result.targets, [10, 10, 11]);
    assert_eq!(entries(&result, 7), []);
    assert_eq!(engine.stats(), PropagationStats { propagations: 1, synapses: 5, unmapped: 2, unknown: 0 });
    let error = engine.set_neuron_mapping(CellIds(&[10]), AreaIds(&[])).unwrap_err();
    assert_eq!(error, ConnectomeError::Length { name: "areas", found: 0, allowed: "1, as many as neurons".into() });
    assert_eq!(propagate(&mut engine, &[1, 2]), result);
    engine.set_neuron_mapping(CellIds(&[]), AreaIds(&[])).unwrap();
    assert!(propagate(&mut engine, &[1, 2]).is_empty());
}

#[test]
fn fe_7_entries_stand_as_fired_and_then_as_built_also_for_who_fires_twice() {
    let mut engine = golden(PLAIN);
    let result = propagate(&mut engine, &[2, 99, 1, 2]);
    assert_eq!((&result.areas[..], &result.offsets[..]), (&[1, 2][..], &[0, 5, 7][..]));
    assert_eq!(result.targets, [10, 10, 11, 12, 10, 13, 13]);
    assert_eq!(engine.stats(), PropagationStats { propagations: 1, synapses: 7, unmapped: 0, unknown: 1 });
}

#[test]
fn fe_8_the_golden_example() {
    let result = propagate(&mut golden(PLAIN), &[1, 2]);
    assert_eq!((&result.areas[..], &result.offsets[..]), (&[1, 2][..], &[0, 4, 5][..]));
    assert_eq!(result.targets, [10, 11, 12, 10, 13]);
    for (found, expected) in result.contributions.iter().zip([1.0, -0.50196, 0.61515, 1.0, 0.39216]) {
        assert!((found - expected).abs() <= 1e-5, "{found} for {expected}");
    }
}

#[test]
fn fe_9_all_weights_and_conductances_with_either_sign() {
    let pairs: Vec<u32> = (0..65_536).collect();
    let low: Vec<u8> = pairs.iter().map(|pair| pair.to_le_bytes()[0]).collect();
    let high: Vec<u8> = pairs.iter().map(|pair| pair.to_le_bytes()[1]).collect();
    for (kind, scale) in [(0, Scale::Normalised), (1, Scale::Normalised), (255, Scale::Raw), (0, Scale::Raw)] {
        let mut engine = Engine::new(PropagationOptions { scale, merge: false });
        let (one, types) = (vec![4; 65_536], vec![kind; 65_536]);
        let (sources, targets, weights, conductances, types) = (&one[..], &pairs[..], &high[..], &low[..], &types[..]);
        engine.build_index(SynapseColumns { sources, targets, weights, conductances, types, valid: None }).unwrap();
        engine.set_neuron_mapping(CellIds(&pairs), AreaIds(&one)).unwrap();
        let result = propagate(&mut engine, &[4]);
        for ((weight, conductance), found) in high.iter().zip(&low).zip(&result.contributions) {
            let product = f64::from(*weight) * f64::from(*conductance) * if kind == 0 { 1.0 } else { -1.0 };
            let (expected, allowed) = if scale == Scale::Raw { (product, 0.0) } else { (product / 65_025.0, 1.5e-7) };
            assert!((f64::from(*found) - expected).abs() <= allowed, "{weight} {conductance} {kind}: {found}");
            assert_eq!(found.is_sign_negative(), kind != 0);
        }
    }
}

#[test]
fn fe_10_one_entry_for_each_synapse_or_merged_with_the_same_sum() {
    let each = propagate(&mut golden(PLAIN), &[2, 1, 1]);
    assert_eq!(each.targets.iter().filter(|target| **target == 10).count(), 3);
    let mut engine = golden(MERGED);
    let merged = propagate(&mut engine, &[2, 1, 1]);
    assert_eq!((&merged.areas[..], &merged.offsets[..]), (&[1, 2][..], &[0, 3, 4][..]));
    assert_eq!(merged.targets, [10, 11, 12, 13]);
    for (target, sum) in entries(&merged, 1) {
        let expected: f32 = entries(&each, 1).iter().filter(|entry| entry.0 == target).map(|entry| entry.1).sum();
        assert_eq!(sum.to_bits(), expected.to_bits(), "{target}");
    }
    assert_eq!(engine.stats(), PropagationStats { propagations: 1, synapses: 8, unmapped: 0, unknown: 0 });
}

#[test]
fn fe_11_statistics_and_their_reset() {
    let mut engine = golden(PLAIN);
    propagate(&mut engine, &[1, 2]);
    assert_eq!(engine.stats(), PropagationStats { propagations: 1, synapses: 5, unmapped: 0, unknown: 0 });
    assert_eq!(bits(&propagate(&mut engine, &[])), bits(&Propagation::new()));
    assert_eq!(engine.stats(), PropagationStats { propagations: 2, synapses: 5, unmapped: 0, unknown: 0 });
    engine.reset_stats();
    assert_eq!(engine.stats(), PropagationStats::default());
}

#[test]
fn a_propagation_that_positions_cannot_count_is_refused_and_changes_nothing() {
    let (sources, targets, ones) = (vec![1; 1 << 17], vec![10; 1 << 17], vec![1; 1 << 17]);
    let [weights, conductances, types] = [&ones[..]; 3];
    let mut engine = golden(PLAIN);
    let mut out = propagate(&mut engine, &[1, 2]);
    let (before, stats) = (out.clone(), engine.stats());
    let columns = SynapseColumns { sources: &sources, targets: &targets, weights, conductances, types, valid: None };
    engine.build_index(columns).unwrap();
    let error = engine.propagate(CellIds(&vec![1; 1 << 15]), &mut out).unwrap_err();
    let (value, max) = (1 << 32, (1 << 32) - 1);
    assert_eq!(error, ConnectomeError::OutOfRange { name: "synapses of a propagation", value, min: 0, max });
    assert_eq!((out, engine.stats()), (before, stats));
}

#[test]
fn a_result_that_does_not_fit_together_shows_no_entries() {
    let result = propagate(&mut golden(PLAIN), &[1, 2]);
    let lengths = |result: Propagation| (entries(&result, 1).len(), entries(&result, 2).len());
    assert_eq!(lengths(Propagation { contributions: vec![0.0; 4], ..result.clone() }), (4, 0));
    assert_eq!(lengths(Propagation { targets: vec![0; 4], ..result.clone() }), (4, 0));
    assert_eq!(lengths(Propagation { offsets: vec![4, 0, 5], ..result.clone() }), (0, 5));
    assert_eq!(lengths(Propagation { offsets: vec![0, 4], ..result.clone() }), (4, 0));
    assert_eq!(lengths(Propagation { offsets: vec![], ..result }), (0, 0));
}

/// Dense, alone, far apart, crowded at either end, and spread evenly.
fn shapes() -> Vec<Vec<u32>> {
    let crowd = |at: u32| (0..500).map(move |id| at + id);
    vec![
        (0..1_000).collect(),
        vec![u32::MAX],
        vec![0, u32::MAX],
        crowd(0).chain([u32::MAX]).collect(),
        [0].into_iter().chain(crowd(u32::MAX - 499)).collect(),
        crowd(1_000).chain(crowd(3_000_000_000)).collect(),
        (0..32).map(|bit| 1 << bit).collect(),
        (0..1_000).map(|id| id * 5).collect(),
        (0..1_000).map(|id| id * 4_294_967).collect(),
    ]
}

#[test]
fn ids_of_any_size_are_found_and_their_neighbours_are_not() {
    for ids in shapes() {
        let ones = vec![1; ids.len()];
        let [weights, conductances, types] = [&ones[..]; 3];
        let mut engine = Engine::default();
        let columns = SynapseColumns { sources: &ids, targets: &ids, weights, conductances, types, valid: None };
        engine.build_index(columns).unwrap();
        engine.set_neuron_mapping(CellIds(&ids), AreaIds(&vec![9; ids.len()])).unwrap();
        assert_eq!(propagate(&mut engine, &ids).targets, ids);
        let around = ids.iter().flat_map(|id| [id.wrapping_sub(1), id.wrapping_add(1), id ^ 1 << 31]);
        let others: Vec<u32> = around.filter(|id| ids.binary_search(id).is_err()).collect();
        assert!(propagate(&mut engine, &others).is_empty());
        assert_eq!(engine.stats().unknown, others.len() as u64);
    }
}

thread_local! {
    /// By this thread alone: the test harness allocates on its own.
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

fn count() {
    // A thread that ends may allocate when its locals are gone; nobody asks for its count.
    let _gone = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
}

struct Counting;

// SAFETY: every call goes to the system's allocator as it came; the count beside it touches no memory of the caller.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: as for `alloc`.
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: as for `alloc`.
        unsafe { System.realloc(place, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

#[test]
fn fe_14_a_warm_propagation_allocates_nothing() {
    let many: Vec<u32> = (0..400).map(|at| at % 4).collect();
    for merge in [false, true] {
        let (mut engine, mut out) = (golden(PropagationOptions { merge, ..PLAIN }), Propagation::new());
        engine.propagate(CellIds(&many), &mut out).unwrap();
        let (before, entries) = (ALLOCATIONS.get(), out.len());
        for length in (0..=400).chain([0, 400]) {
            engine.propagate(CellIds(&many[..length]), &mut out).unwrap();
        }
        assert_eq!(ALLOCATIONS.get() - before, 0);
        assert_eq!(out.len(), entries);
    }
}

#[test]
fn a_result_stays_as_it_is_when_the_next_propagation_runs() {
    let mut engine = golden(MERGED);
    let first = propagate(&mut engine, &[1]);
    let before = first.clone();
    propagate(&mut engine, &[2, 3]);
    engine.build_index(SynapseColumns::default()).unwrap();
    assert_eq!(bits(&first), bits(&before));
}

#[test]
fn fe_16_defect_2_every_run_of_every_engine_gives_the_same_bits() {
    // Shares of 255 whose sum depends on the order of adding, over targets in many areas.
    let synapses: Vec<u32> = (0..5_000).collect();
    let sources: Vec<u32> = synapses.iter().map(|at| at * 7 % 50 * 1_000_003).collect();
    let targets: Vec<u32> = synapses.iter().map(|at| at * 11 % 60).collect();
    let bytes = |factor: u32| synapses.iter().map(|at| (at * factor % 251) as u8).collect::<Vec<_>>();
    let (weights, conductances, types) = (&bytes(13)[..], &bytes(17)[..], &bytes(125)[..]);
    let columns = SynapseColumns { sources: &sources, targets: &targets, weights, conductances, types, valid: None };
    let cells: Vec<u32> = (0..60).collect();
    let areas: Vec<u32> = cells.iter().map(|cell| cell % 7).collect();
    let fresh = |options, mapping_first: bool| {
        let mut engine = Engine::new(options);
        let map = |engine: &mut Engine| engine.set_neuron_mapping(CellIds(&cells), AreaIds(&areas)).unwrap();
        if mapping_first {
            map(&mut engine);
        }
        engine.build_index(columns).unwrap();
        map(&mut engine);
        engine
    };
    for options in [PLAIN, MERGED] {
        let expected = propagate(&mut fresh(options, false), &sources);
        for run in 0..10 {
            let mut engine = fresh(options, run % 2 == 0);
            propagate(&mut engine, &sources[..run * 100]);
            for mut engine in [engine.clone(), engine] {
                assert_eq!(bits(&propagate(&mut engine, &sources)), bits(&expected));
            }
        }
    }
}

/// What an engine is given.
#[derive(Debug, Clone)]
struct Case {
    synapses: Vec<SynapseRecord>,
    mapping: Vec<(u32, u32)>,
    fired: Vec<Vec<u32>>,
    options: PropagationOptions,
}

fn cases() -> impl Strategy<Value = Case> {
    let id = || prop_oneof![8 => 0..8_u32, 1 => Just(u32::MAX), 1 => Just(70_000), 1 => Just(1 << 31)];
    let synapse = (id(), id(), any::<u8>(), any::<u8>(), 0..3_u8, prop_oneof![5 => Just(1), 1 => Just(0)]);
    let record = synapse.prop_map(|(source, target, weight, conductance, kind, valid)| SynapseRecord {
        source: CellId(source),
        target: CellId(target),
        weight: Weight(weight),
        conductance: Conductance(conductance),
        kind,
        valid,
    });
    let synapses = prop::collection::vec(record, 0..60);
    let mapping = prop::collection::vec((id(), prop_oneof![4 => 0..4_u32, 1 => Just(u32::MAX)]), 0..16);
    let fired = prop::collection::vec(prop::collection::vec(id(), 0..16), 1..4);
    let scale = prop_oneof![Just(Scale::Normalised), Just(Scale::Raw)];
    let options = (scale, any::<bool>()).prop_map(|(scale, merge)| PropagationOptions { scale, merge });
    (synapses, mapping, fired, options).prop_map(|(synapses, mapping, fired, options)| Case {
        synapses,
        mapping,
        fired,
        options,
    })
}

fn engine_of(case: &Case) -> Engine {
    let words = |of: fn(&SynapseRecord) -> u32| case.synapses.iter().map(of).collect::<Vec<_>>();
    let bytes = |of: fn(&SynapseRecord) -> u8| case.synapses.iter().map(of).collect::<Vec<_>>();
    let columns = SynapseColumns {
        sources: &words(|synapse| synapse.source.0),
        targets: &words(|synapse| synapse.target.0),
        weights: &bytes(|synapse| synapse.weight.0),
        conductances: &bytes(|synapse| synapse.conductance.0),
        types: &bytes(|synapse| synapse.kind),
        valid: Some(&bytes(|synapse| synapse.valid)),
    };
    let mut engine = Engine::new(case.options);
    engine.build_index(columns).unwrap();
    let (neurons, areas): (Vec<u32>, Vec<u32>) = case.mapping.iter().copied().unzip();
    engine.set_neuron_mapping(CellIds(&neurons), AreaIds(&areas)).unwrap();
    engine
}

/// Sign × weight × conductance, by the words of the spec.
fn amount(synapse: &SynapseRecord, scale: Scale) -> f32 {
    let (weight, conductance) = (f32::from(synapse.weight.0), f32::from(synapse.conductance.0));
    let sign = if synapse.kind == 0 { 1.0 } else { -1.0 };
    match scale {
        Scale::Normalised => sign * (weight / 255.0) * (conductance / 255.0),
        Scale::Raw => sign * weight * conductance,
    }
}

/// One synapse after the other; adds to the statistics.
fn naive(case: &Case, fired: &[u32], stats: &mut PropagationStats) -> Propagation {
    let mapping: BTreeMap<u32, u32> = case.mapping.iter().copied().collect();
    let mut areas: BTreeMap<u32, Vec<(u32, f32)>> = BTreeMap::new();
    stats.propagations += 1;
    for source in fired {
        let row = || case.synapses.iter().filter(|synapse| synapse.source.0 == *source && synapse.valid != 0);
        stats.unknown += u64::from(row().next().is_none());
        for synapse in row() {
            stats.synapses += 1;
            let (target, amount) = (synapse.target.0, amount(synapse, case.options.scale));
            let Some(area) = mapping.get(&target) else {
                stats.unmapped += 1;
                continue;
            };
            let entries = areas.entry(*area).or_default();
            match entries.iter_mut().find(|entry| case.options.merge && entry.0 == target) {
                Some((_, sum)) => *sum += amount,
                None => entries.push((target, amount)),
            }
        }
    }
    let mut result = Propagation::new();
    for (area, entries) in areas {
        result.areas.push(area);
        result.targets.extend(entries.iter().map(|entry| entry.0));
        result.contributions.extend(entries.iter().map(|entry| entry.1));
        result.offsets.push(result.targets.len() as u32);
    }
    result
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn fe_7_to_11_every_result_is_that_of_the_naive_oracle(case in cases()) {
        let (mut engine, mut stats, mut out) = (engine_of(&case), PropagationStats::default(), Propagation::new());
        for fired in &case.fired {
            engine.propagate(CellIds(fired), &mut out).unwrap();
            let expected = naive(&case, fired, &mut stats);
            prop_assert_eq!(bits(&out), bits(&expected));
            prop_assert_eq!(engine.stats(), stats);
        }
    }
}
