//! NB-31 to NB-35 and defect 7: how one synapse learns.

#![allow(clippy::unwrap_used)]

use neuronbus_spike::NeuronId;
use neuronbus_synapse::{
    Filter, FilterSet, PairStdp, Rule, StdpChange, StdpOptions, StdpPatch, Synapse, SynapseBuilder, SynapseError,
};

const MS: u64 = 1_000_000;
const S: u64 = 1_000_000_000;

fn id(raw: u16) -> NeuronId {
    NeuronId::new(raw).unwrap()
}

fn build(parts: SynapseBuilder) -> Result<Synapse, SynapseError> {
    parts.build(id(1), id(2), 0)
}

fn synapse(parts: SynapseBuilder) -> Synapse {
    build(parts).unwrap()
}

fn close(left: f32, right: f32, by: f32) {
    assert!((left - right).abs() <= by, "{left} is not within {by} of {right}");
}

/// A small deterministic generator (Marsaglia's xorshift64): uniform in 0..1.
fn uniform(state: &mut u64) -> f64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    (*state >> 11) as f64 / (1_u64 << 53) as f64
}

#[test]
fn nb_31_defaults_are_readable() {
    let options = *synapse(SynapseBuilder::new()).stdp().unwrap();
    let expected = StdpOptions {
        a_plus: 0.01,
        a_minus: 0.012,
        tau_plus_ms: 20.0,
        tau_minus_ms: 20.0,
        w_min: 0.001,
        w_max: 1.0,
        decay_per_second: 0.0,
    };
    assert_eq!(options, expected);
    assert_eq!(options.bounds(), StdpOptions::FIXED_BOUNDS);
}

#[test]
fn nb_31_bad_constants_are_refused_with_value_and_range() {
    let good = StdpOptions::default();
    good.validate().unwrap();
    let bad = [
        ("a_plus", StdpOptions { a_plus: -0.1, ..good }),
        ("a_plus", StdpOptions { a_plus: f32::INFINITY, ..good }),
        ("a_minus", StdpOptions { a_minus: f32::NAN, ..good }),
        ("tau_plus_ms", StdpOptions { tau_plus_ms: 0.0, ..good }),
        ("tau_minus_ms", StdpOptions { tau_minus_ms: -20.0, ..good }),
        ("w_min", StdpOptions { w_min: 0.0, ..good }),
        ("w_min", StdpOptions { w_min: f32::NAN, ..good }),
        ("w_max", StdpOptions { w_max: 0.0005, ..good }),
        ("w_max", StdpOptions { w_max: f32::INFINITY, ..good }),
        ("decay_per_second", StdpOptions { decay_per_second: -1.0, ..good }),
    ];
    for (expected, options) in bad {
        let error = options.validate().unwrap_err();
        assert!(matches!(&error, SynapseError::OutOfRange { name, .. } if *name == expected), "{error}");
        assert_eq!(error.code(), "E_OUT_OF_RANGE");
        assert_eq!(build(SynapseBuilder::new().stdp(options)).unwrap_err().to_string(), error.to_string());
    }
    let error = StdpOptions { w_max: 0.0005, ..good }.validate().unwrap_err().to_string();
    assert!(error.contains("0.0005") && error.contains("0.001"), "{error}");
}

#[test]
fn nb_32_pre_before_post_strengthens() {
    let mut synapse = synapse(SynapseBuilder::new().weight(0.5));
    synapse.on_delivery(100 * MS, 1.0);
    let after = synapse.on_post(105 * MS, 1.0);
    close(after - 0.5, 0.007_788_0, 1e-6);
    close(PairStdp(&StdpOptions::default()).potentiate(5 * MS), 0.007_788_0, 1e-6);
}

#[test]
fn nb_33_post_before_pre_weakens() {
    let mut synapse = synapse(SynapseBuilder::new().weight(0.5));
    synapse.on_post(100 * MS, 1.0);
    let after = synapse.on_delivery(105 * MS, 1.0);
    close(after - 0.5, -0.009_345_6, 1e-6);
    close(PairStdp(&StdpOptions::default()).depress(5 * MS), -0.009_345_6, 1e-6);
}

#[test]
fn nb_33_depression_outweighs_potentiation_at_every_distance() {
    let options = StdpOptions::default();
    let rule = PairStdp(&options);
    for ms in 0..200 {
        assert!(-rule.depress(ms * MS) > rule.potentiate(ms * MS), "{ms} ms");
    }
    assert!(rule.potentiate(u64::MAX) < f32::MIN_POSITIVE && rule.potentiate(0) <= options.a_plus);
}

#[test]
fn nb_33_random_traffic_does_not_drift_to_w_max() {
    let mut random = 0x9E37_79B9_7F4A_7C15;
    let mut sum = 0.0;
    for _ in 0..50 {
        let mut synapse = synapse(SynapseBuilder::new());
        // 20 Hz on either side, independent of each other, for 200 s.
        for ms in 0..200_000 {
            let (pre, post) = (uniform(&mut random) < 0.02, uniform(&mut random) < 0.02);
            if pre {
                synapse.on_delivery(ms * MS, 1.0);
            }
            if post {
                synapse.on_post(ms * MS, 1.0);
            }
        }
        let weight = synapse.weight_at(200 * S);
        assert!(weight < 0.5, "{weight}");
        sum += weight;
    }
    assert!(sum / 50.0 < 0.1, "mean {}", sum / 50.0);
}

#[test]
fn nb_33_each_stamp_is_used_once() {
    let mut synapse = synapse(SynapseBuilder::new());
    synapse.on_delivery(0, 1.0);
    let once = synapse.on_post(5 * MS, 1.0);
    close(synapse.on_post(6 * MS, 1.0), once, 0.0);
    let weaker = synapse.on_delivery(7 * MS, 1.0);
    close(weaker - once, -0.012 * (-1.0_f32 / 20.0).exp(), 1e-6);
    // That pre was consumed too: a post now finds nothing.
    close(synapse.on_post(8 * MS, 1.0), weaker, 0.0);
}

#[test]
fn nb_33_the_nearest_of_several_stamps_counts() {
    let mut synapse = synapse(SynapseBuilder::new());
    for ms in [0, 10, 20] {
        synapse.on_delivery(ms * MS, 1.0);
    }
    close(synapse.on_post(25 * MS, 1.0) - 0.5, 0.007_788_0, 1e-6);
    close(synapse.on_post(26 * MS, 1.0) - 0.5, 0.007_788_0, 1e-6);
}

#[test]
fn nb_33_a_pre_at_the_time_of_the_post_changes_nothing_and_keeps_both_stamps() {
    let mut late = synapse(SynapseBuilder::new());
    late.on_post(10 * MS, 1.0);
    close(late.on_delivery(10 * MS, 1.0), 0.5, 0.0);
    // The post stamp still stands: a later pre finds it.
    close(late.on_delivery(15 * MS, 1.0) - 0.5, -0.009_345_6, 1e-6);

    let mut causal = synapse(SynapseBuilder::new());
    causal.on_post(10 * MS, 1.0);
    causal.on_delivery(10 * MS, 1.0);
    // The pre stamp stands as well: a later post finds it, and then both are gone.
    let stronger = causal.on_post(15 * MS, 1.0);
    close(stronger - 0.5, 0.007_788_0, 1e-6);
    close(causal.on_delivery(16 * MS, 1.0), stronger, 0.0);
}

#[test]
fn defect_7_used_paths_strengthen_causal_at_dt_zero() {
    let mut used = synapse(SynapseBuilder::new());
    let idle = synapse(SynapseBuilder::new());
    let mut before = 0.5;
    for tick in 0..40 {
        used.on_delivery(tick * MS, 1.0);
        let after = used.on_post(tick * MS, 1.0);
        assert!(after > before, "tick {tick}: {before} -> {after}");
        before = after;
    }
    close(before, 0.9, 1e-5);
    close(idle.weight_at(40 * MS), 0.5, 0.0);
    for tick in 40..100 {
        used.on_delivery(tick * MS, 1.0);
        used.on_post(tick * MS, 1.0);
    }
    close(used.weight_at(S), 1.0, 0.0);
}

#[test]
fn nb_34_unused_paths_fade_to_w_min_by_the_last_touch() {
    let fading = StdpOptions { decay_per_second: 0.5, ..StdpOptions::default() };
    let mut path = synapse(SynapseBuilder::new().weight(0.8).stdp(fading));
    close(path.weight_at(0), 0.8, 0.0);
    close(path.weight_at(2 * S), 0.8 * (-1.0_f32).exp(), 1e-6);
    close(path.weight_at(2 * S), path.weight_at(2 * S), 0.0);
    close(path.weight_at(1_000 * S), 0.001, 0.0);
    // A touch fixes what has faded so far; from there it fades on.
    close(path.on_delivery(2 * S, 1.0), 0.8 * (-1.0_f32).exp(), 1e-6);
    close(path.weight_at(4 * S), 0.8 * (-2.0_f32).exp(), 1e-6);
    path.update(SynapseBuilder::new().weight(0.8), 10 * S).unwrap();
    close(path.weight_at(12 * S), 0.8 * (-1.0_f32).exp(), 1e-6);
}

#[test]
fn nb_34_decay_counts_from_the_birth_of_the_synapse() {
    let fading = StdpOptions { decay_per_second: 1.0, ..StdpOptions::default() };
    let young = SynapseBuilder::new().stdp(fading).build(id(1), id(2), 1_000 * S).unwrap();
    close(young.weight_at(1_000 * S), 0.5, 0.0);
    close(young.weight_at(1_001 * S), 0.5 * (-1.0_f32).exp(), 1e-6);
}

#[test]
fn nb_35_builder_is_readable_after_build() {
    let filters: FilterSet = [Filter::Priority { min: 3 }, Filter::custom("mine")].into_iter().collect();
    let patch = StdpPatch { a_plus: Some(0.5), ..StdpPatch::default() };
    let parts = SynapseBuilder::new().weight(0.25).filter(Filter::Priority { min: 3 }).filter(Filter::custom("mine"));
    let synapse = synapse(parts.stdp(patch));
    close(synapse.weight_at(0), 0.25, 0.0);
    assert_eq!((synapse.pre(), synapse.post()), (id(1), id(2)));
    assert_eq!(synapse.filters(), &filters);
    assert_eq!(synapse.stdp(), Some(&StdpOptions { a_plus: 0.5, ..StdpOptions::default() }));
    close(Synapse::new(id(1), id(2), 0).weight_at(0), 0.5, 0.0);
}

#[test]
fn nb_35_weights_outside_their_bounds_are_refused_on_every_path() {
    let mut synapse = synapse(SynapseBuilder::new().weight(0.25));
    for weight in [0.0, -0.0, 5.0, -1.0, f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 0.000_999, 1.000_001] {
        for parts in [SynapseBuilder::new().weight(weight), SynapseBuilder::new().weight(weight).no_stdp()] {
            let error = build(parts.clone()).unwrap_err();
            assert!(matches!(&error, SynapseError::OutOfRange { name: "weight", .. }), "{error}");
            assert_eq!(synapse.update(parts, 0).unwrap_err().to_string(), error.to_string());
        }
    }
    close(synapse.weight_at(0), 0.25, 0.0);
    for weight in [0.001, 1.0] {
        synapse.update(SynapseBuilder::new().weight(weight), 0).unwrap();
        close(synapse.weight_at(0), weight, 0.0);
    }
    assert_eq!(build(SynapseBuilder::new().weight(5.0)).unwrap_err().to_string(), "weight is 5; allowed: 0.001 to 1");
}

#[test]
fn nb_35_an_update_keeps_what_it_does_not_give() {
    let mut synapse = synapse(SynapseBuilder::new().weight(0.25).filter(Filter::custom("mine")));
    synapse.update(SynapseBuilder::new().stdp(StdpPatch { a_plus: Some(0.5), ..StdpPatch::default() }), 0).unwrap();
    synapse.update(SynapseBuilder::new().stdp(StdpPatch { w_max: Some(2.0), ..StdpPatch::default() }), 0).unwrap();
    let expected = StdpOptions { a_plus: 0.5, w_max: 2.0, ..StdpOptions::default() };
    assert_eq!(synapse.stdp(), Some(&expected));
    close(synapse.weight_at(0), 0.25, 0.0);
    assert_eq!(synapse.filters().as_slice(), [Filter::custom("mine")]);
    synapse.update(SynapseBuilder::new().filters(FilterSet::default()), 0).unwrap();
    assert!(synapse.filters().is_empty());
    assert_eq!(synapse.stdp(), Some(&expected));
}

#[test]
fn nb_35_a_refused_update_changes_nothing() {
    let mut synapse = synapse(SynapseBuilder::new().weight(0.25).filter(Filter::custom("mine")));
    let narrow = StdpPatch { w_min: Some(0.3), ..StdpPatch::default() };
    let all = SynapseBuilder::new().stdp(narrow).filters(FilterSet::default());
    let error = synapse.update(all.clone(), 0).unwrap_err();
    assert_eq!(error, SynapseError::OutOfRange { name: "weight", value: 0.25, min: 0.3, max: 1.0 });
    assert_eq!(synapse.stdp(), Some(&StdpOptions::default()));
    assert!(!synapse.filters().is_empty());
    synapse.update(all.weight(0.3), 0).unwrap();
    assert_eq!(synapse.bounds(), (0.3, 1.0));
}

#[test]
fn without_stdp_nothing_is_learned_and_old_stamps_are_forgotten() {
    let mut synapse = synapse(SynapseBuilder::new());
    synapse.on_delivery(0, 1.0);
    synapse.update(SynapseBuilder::new().no_stdp(), 0).unwrap();
    assert_eq!(synapse.stdp(), None);
    close(synapse.on_post(MS, 1.0), 0.5, 0.0);
    close(synapse.on_delivery(2 * MS, 1.0), 0.5, 0.0);
    synapse.update(SynapseBuilder::new().stdp(StdpChange::Patch(StdpPatch::default())), 0).unwrap();
    close(synapse.on_post(3 * MS, 1.0), 0.5, 0.0);
    assert_eq!(synapse.stdp(), Some(&StdpOptions::default()));
}

#[test]
fn turning_stdp_off_is_refused_while_the_weight_is_outside_the_fixed_bounds() {
    let wide = StdpOptions { w_max: 5.0, ..StdpOptions::default() };
    let mut synapse = synapse(SynapseBuilder::new().weight(3.0).stdp(wide));
    assert!(synapse.update(SynapseBuilder::new().no_stdp(), 0).is_err());
    assert_eq!(synapse.stdp(), Some(&wide));
    synapse.update(SynapseBuilder::new().no_stdp().weight(1.0), 0).unwrap();
    assert_eq!(synapse.bounds(), StdpOptions::FIXED_BOUNDS);
}
