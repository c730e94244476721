//! NB-38, NB-39: the membrane, alone and against a naive one.

#![allow(clippy::unwrap_used)]

use neuronbus_neuron::{Membrane, MembraneState, NeuronError};
use neuronbus_spike::SpikeKind::{self, Excitatory, Inhibitory, Modulatory};
use proptest::prelude::*;

fn close(left: f32, right: f32) {
    assert!((left - right).abs() <= 1e-6, "{left} is not {right}");
}

fn take(state: &mut MembraneState, membrane: &Membrane, tick: u64, spikes: &[(SpikeKind, f32)]) {
    for (kind, weight) in spikes {
        state.integrate(membrane, tick, *kind, *weight);
    }
}

/// A membrane in its first tick, number 1, that has taken these spikes.
fn after(membrane: &Membrane, spikes: &[(SpikeKind, f32)]) -> MembraneState {
    let mut state = MembraneState::new(membrane, 0);
    take(&mut state, membrane, 1, spikes);
    state
}

#[test]
fn nb_38_half_and_half_leak_to_below_the_threshold() {
    let membrane = Membrane::default();
    let mut state = after(&membrane, &[(Excitatory, 0.5), (Excitatory, 0.5)]);
    assert!(!state.end_tick(&membrane, 1));
    close(state.potential_at(&membrane, 1), 0.95);
}

#[test]
fn nb_38_enough_in_one_tick_fires_and_falls_back_to_rest() {
    let membrane = Membrane::default();
    let mut state = after(&membrane, &[(Excitatory, 0.5), (Excitatory, 0.6)]);
    assert!(state.end_tick(&membrane, 1));
    close(state.potential_at(&membrane, 1), 0.0);
    assert!(!state.end_tick(&membrane, 2));
}

#[test]
fn nb_38_one_half_leaves_0_475() {
    let membrane = Membrane::default();
    let mut state = after(&membrane, &[(Excitatory, 0.5)]);
    assert!(!state.end_tick(&membrane, 1));
    assert_eq!(state.potential_at(&membrane, 1).to_bits(), 0.475_f32.to_bits());
}

#[test]
fn nb_38_inhibition_subtracts_and_modulation_leaves_alone() {
    let membrane = Membrane::default();
    let state = after(&membrane, &[(Excitatory, 0.8), (Inhibitory, 0.5), (Modulatory, 0.9)]);
    close(state.potential_at(&membrane, 0), 0.3);
    close(state.potential_at(&membrane, 1), 0.3 * 0.95);
}

#[test]
fn nb_38_the_threshold_itself_fires_without_leak() {
    let membrane = Membrane { leak: 1.0, ..Membrane::default() };
    assert!(after(&membrane, &[(Excitatory, 0.5), (Excitatory, 0.5)]).end_tick(&membrane, 1));
    assert!(!after(&membrane, &[(Excitatory, 0.999_999)]).end_tick(&membrane, 1));
}

#[test]
fn nb_38_the_floor_acts_after_each_spike() {
    let membrane = Membrane::default();
    let state = after(&membrane, &[(Inhibitory, 0.9), (Inhibitory, 0.9), (Excitatory, 0.5)]);
    close(state.potential_at(&membrane, 0), -0.5);
    let low = Membrane { rest: -65.0, threshold: -50.0, floor: Some(-70.0), ..Membrane::default() };
    close(after(&low, &[(Inhibitory, 9.0)]).potential_at(&low, 0), -70.0);
    close(after(&low, &[(Inhibitory, 9.0)]).potential_at(&low, 1), -65.0 - 5.0 * 0.95);
}

#[test]
fn nb_38_a_leak_of_zero_forgets_at_once_and_of_one_never() {
    let forgets = Membrane { leak: 0.0, ..Membrane::default() };
    let mut state = after(&forgets, &[(Excitatory, f32::MAX), (Excitatory, f32::MAX)]);
    assert!(!state.end_tick(&forgets, 1));
    close(state.potential_at(&forgets, 1), 0.0);
    let keeps = Membrane { leak: 1.0, ..Membrane::default() };
    close(after(&keeps, &[(Excitatory, 0.5)]).potential_at(&keeps, u64::MAX), 0.5);
}

#[test]
fn nb_38_potentials_stay_finite() {
    let membrane = Membrane { floor: Some(f32::MIN), ..Membrane::default() };
    let mut state = after(&membrane, &[(Inhibitory, f32::MAX), (Inhibitory, f32::MAX)]);
    assert!(state.potential_at(&membrane, 0).is_finite() && !state.end_tick(&membrane, 1));
    assert!(after(&membrane, &[(Excitatory, f32::MAX), (Excitatory, f32::MAX)]).end_tick(&membrane, 1));
}

#[test]
fn nb_39_refractory_for_n_ticks() {
    for refractory_ticks in [0, 1, 2, 7] {
        let membrane = Membrane { refractory_ticks, ..Membrane::default() };
        let mut state = MembraneState::new(&membrane, 10);
        assert!(!state.is_refractory(10));
        state.integrate(&membrane, 11, Excitatory, 2.0);
        assert!(state.end_tick(&membrane, 11));
        for tick in 12..12 + u64::from(refractory_ticks) {
            assert!(state.is_refractory(tick), "tick {tick} of {refractory_ticks}");
        }
        assert_eq!(state.ready_tick(), 12 + u64::from(refractory_ticks));
        assert!(!state.is_refractory(state.ready_tick()));
    }
}

#[test]
fn nb_39_the_longest_refractory_time() {
    let membrane = Membrane { refractory_ticks: u32::MAX, ..Membrane::default() };
    let mut state = after(&membrane, &[(Excitatory, 2.0)]);
    assert!(state.end_tick(&membrane, 1));
    assert!(state.is_refractory(1 + u64::from(u32::MAX)) && !state.is_refractory(2 + u64::from(u32::MAX)));
}

#[test]
fn bad_constants_are_refused_with_value_and_range() {
    let good = Membrane::default();
    good.validate().unwrap();
    Membrane { rest: -65.0, threshold: -50.0, ..good }.validate().unwrap();
    Membrane { leak: 0.0, floor: Some(0.0), ..good }.validate().unwrap();
    let bad = [
        ("rest", Membrane { rest: f32::NAN, ..good }),
        ("rest", Membrane { rest: f32::NEG_INFINITY, ..good }),
        ("leak", Membrane { leak: 1.1, ..good }),
        ("leak", Membrane { leak: -0.1, ..good }),
        ("leak", Membrane { leak: f32::NAN, ..good }),
        ("floor", Membrane { floor: Some(0.5), ..good }),
        ("floor", Membrane { floor: Some(f32::NAN), ..good }),
        ("threshold", Membrane { threshold: f32::NAN, ..good }),
        ("threshold", Membrane { threshold: f32::INFINITY, ..good }),
        ("threshold", Membrane { threshold: 0.0, ..good }),
    ];
    for (name, membrane) in bad {
        let error = membrane.validate().unwrap_err();
        assert!(error.to_string().starts_with(&format!("membrane {name} is ")), "{error}");
        assert_eq!(error.code(), "E_OUT_OF_RANGE");
    }
    let error = Membrane { leak: 1.1, ..good }.validate().unwrap_err();
    assert_eq!(error, NeuronError::OutOfRange { name: "leak", value: 1.1, min: 0.0, max: 1.0 });
}

/// The spikes of one tick.
type Volley = Vec<(SpikeKind, f32)>;

fn traffic() -> impl Strategy<Value = Vec<(u64, Volley)>> {
    let kind = prop_oneof![3 => Just(Excitatory), 1 => Just(Inhibitory), 1 => Just(Modulatory)];
    let volley = prop::collection::vec((kind, 0.001_f32..=1.0), 1..4);
    // Ticks with input, with gaps between them.
    prop::collection::vec((1_u64..30, volley), 1..60)
}

fn membrane() -> impl Strategy<Value = Membrane> {
    (-2.0_f32..2.0, 0.1_f32..3.0, 0.0_f32..=1.0, 0_u32..5).prop_map(|(rest, above, leak, refractory_ticks)| Membrane {
        threshold: rest + above,
        rest,
        leak,
        refractory_ticks,
        floor: None,
    })
}

/// The membrane as one would write it first: f64, and every tick taken.
struct Naive {
    potential: f64,
    resting: u32,
}

impl Naive {
    fn step(&mut self, membrane: &Membrane, volley: &[(SpikeKind, f32)]) -> bool {
        if self.resting > 0 {
            self.resting -= 1;
        } else {
            for (kind, weight) in volley {
                let sign = [1.0, -1.0, 0.0][usize::from(kind.raw())];
                self.potential = (self.potential + sign * f64::from(*weight)).max(f64::from(membrane.floor()));
            }
        }
        let rest = f64::from(membrane.rest);
        self.potential = rest + (self.potential - rest) * f64::from(membrane.leak);
        let fires = self.potential >= f64::from(membrane.threshold);
        if fires {
            self.potential = rest;
            self.resting = membrane.refractory_ticks;
        }
        fires
    }
}

proptest! {
    #[test]
    fn nb_38_lazy_equals_a_naive_membrane_in_f64(membrane in membrane(), traffic in traffic()) {
        membrane.validate().unwrap();
        let mut naive = Naive { potential: f64::from(membrane.rest), resting: 0 };
        let mut lazy = MembraneState::new(&membrane, 0);
        let mut tick = 0;
        for (gap, volley) in traffic {
            for _ in 1..gap {
                tick += 1;
                prop_assert!(!naive.step(&membrane, &[]));
            }
            tick += 1;
            let takes = !lazy.is_refractory(tick);
            prop_assert_eq!(takes, naive.resting == 0);
            if takes {
                take(&mut lazy, &membrane, tick, &volley);
            }
            let fires = naive.step(&membrane, &volley);
            if !fires && (naive.potential - f64::from(membrane.threshold)).abs() < 1e-4 {
                // Too close to call in f32.
                return Ok(());
            }
            let before_reset = lazy;
            if lazy.end_tick(&membrane, tick) != fires {
                let close_call = before_reset.potential_at(&membrane, tick) - membrane.threshold;
                prop_assert!(close_call.abs() < 1e-4, "differ by {close_call}");
                return Ok(());
            }
            let potential = lazy.potential_at(&membrane, tick);
            prop_assert!((f64::from(potential) - naive.potential).abs() < 1e-4, "{potential}, {}", naive.potential);
        }
    }

    #[test]
    fn nb_38_stepping_and_skipping_hold_the_same_bits(membrane in membrane(), traffic in traffic()) {
        let (mut stepped, mut skipped) = (MembraneState::new(&membrane, 0), MembraneState::new(&membrane, 0));
        let mut tick = 0;
        for (gap, volley) in traffic {
            for _ in 1..gap {
                tick += 1;
                prop_assert!(!stepped.end_tick(&membrane, tick));
            }
            tick += 1;
            for state in [&mut stepped, &mut skipped].into_iter().filter(|state| !state.is_refractory(tick)) {
                take(state, &membrane, tick, &volley);
            }
            prop_assert_eq!(stepped.end_tick(&membrane, tick), skipped.end_tick(&membrane, tick));
            prop_assert_eq!(stepped, skipped);
            let bits = |state: &MembraneState| state.potential_at(&membrane, tick + 5).to_bits();
            prop_assert_eq!(bits(&stepped), bits(&skipped));
        }
    }

    #[test]
    fn nb_38_one_power_equals_many_steps_up_to_rounding(
        membrane in membrane(), potential in -3.0_f32..3.0, ticks in 0_u64..500,
    ) {
        let rest = f64::from(membrane.rest);
        let stepped = (0..ticks).fold(f64::from(potential), |p, _| rest + (p - rest) * f64::from(membrane.leak));
        let powered = membrane.leaked(potential, ticks);
        prop_assert!((f64::from(powered) - stepped).abs() < 1e-6, "{powered}, {stepped}");
    }
}
