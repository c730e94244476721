//! Learning through the loop (NB-31 to NB-34, NB-48; semantics.md, "STDP", "Weights").
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use neuronbus_cortex::{Connection, CortexConfig, Event};
use neuronbus_neuron::{FireOptions, Membrane};
use neuronbus_spike::{NeuronId, SpikeKind};
use neuronbus_synapse::{StdpOptions, StdpPatch};
use support::{World, quiet};

const MS: u64 = 1_000_000;

/// `pre` → `post` at 0.5, which alone makes no crossing, and `driver` → `post` at 1, which does.
fn triple() -> (World, [NeuronId; 3]) {
    let mut world = World::default();
    let crossing = Membrane { threshold: 0.9, leak: 1.0, refractory_ticks: 0, ..Membrane::default() };
    let ids = [world.native(quiet()), world.native(quiet()), world.native(crossing)];
    world.connect(ids[0], ids[2], 0.5);
    world.cortex.connect(ids[1], ids[2], Connection::new().weight(1.0).no_stdp()).unwrap();
    (world, ids)
}

fn weight(world: &World, pre: NeuronId, post: NeuronId) -> f32 {
    world.cortex.weight(pre, post).unwrap()
}

fn near(found: f32, expected: f32) {
    assert!((found - expected).abs() < 1e-6, "{found} instead of {expected}");
}

#[test]
fn nb_32_pre_5_ms_before_post_strengthens_by_0_0077880() {
    let (mut world, [pre, driver, post]) = triple();
    world.fire(pre, post, b"");
    world.tick();
    world.clock.advance_ns(5 * MS);
    world.fire(driver, post, b"");
    world.tick();
    near(weight(&world, pre, post), 0.5 + 0.007_788_0);
    world.clock.advance_ns(MS);
    world.fire(driver, post, b"");
    world.tick();
    near(weight(&world, pre, post), 0.5 + 0.007_788_0);
}

#[test]
fn nb_33_post_5_ms_before_pre_weakens_by_0_0093456() {
    let (mut world, [pre, driver, post]) = triple();
    world.fire(driver, post, b"");
    world.tick();
    world.clock.advance_ns(5 * MS);
    world.fire(pre, post, b"");
    world.tick();
    near(weight(&world, pre, post), 0.5 - 0.009_345_6);
}

#[test]
fn nb_32_the_delivery_that_makes_its_target_cross_is_causal_also_at_dt_0() {
    let (mut world, [_, driver, post]) = triple();
    world.cortex.connect(driver, post, Connection::new().weight(0.95).stdp(StdpPatch::default())).unwrap();
    world.fire(driver, post, b"");
    world.tick();
    assert_eq!(world.cortex.crossed(post).unwrap(), 1);
    near(weight(&world, driver, post), 0.96);
}

#[test]
fn a_deferred_spike_learns_when_it_is_delivered() {
    let mut world = World::default();
    let membrane = Membrane { threshold: 0.9, leak: 1.0, refractory_ticks: 1, ..Membrane::default() };
    let (pre, driver, post) = (world.native(quiet()), world.native(quiet()), world.native(membrane));
    world.connect(pre, post, 0.5);
    world.cortex.connect(driver, post, Connection::new().weight(1.0).no_stdp()).unwrap();
    world.fire(driver, post, b"");
    world.tick();
    world.fire(pre, post, b"");
    world.tick();
    near(weight(&world, pre, post), 0.5);
    world.clock.advance_ns(5 * MS);
    world.tick();
    near(weight(&world, pre, post), 0.5 - 0.009_345_6);
}

#[test]
fn nb_48_a_modulatory_spike_sets_the_gain_which_fades_within_a_second() {
    for (dopamine, cortisol, gain) in
        [(255, 0, 1.992_187_5), (0, 0, 0.0), (128, 30, 1.0), (128, 94, 0.5), (255, 255, 0.234_375)]
    {
        let (mut world, [pre, driver, post]) = triple();
        let options = FireOptions { kind: SpikeKind::Modulatory, direct: true, ..FireOptions::default() };
        world.cortex.lend(driver, |handle| handle.fire(post, &[dopamine, cortisol, 0], options)).unwrap().unwrap();
        world.fire(pre, post, b"");
        world.tick();
        assert_eq!(world.cortex.potential(post).unwrap().to_bits(), 0.5_f32.to_bits(), "adds nothing to the membrane");
        world.fire(driver, post, b"");
        world.tick();
        near(weight(&world, pre, post), 0.5 + 0.01 * gain);
    }
    let (mut world, [pre, driver, post]) = triple();
    let options = FireOptions { kind: SpikeKind::Modulatory, ..FireOptions::default() };
    world.cortex.lend(driver, |handle| handle.fire(post, &[0, 0, 0], options)).unwrap().unwrap();
    world.tick();
    world.clock.advance_ns(1_000 * MS);
    world.fire(pre, post, b"");
    world.fire(driver, post, b"");
    world.tick();
    near(weight(&world, pre, post), 0.5 + 0.01 * (1.0 - (-1.0_f32).exp()));
}

#[test]
fn a_modulatory_spike_needs_a_synapse_or_direct() {
    let mut world = World::default();
    let (a, b) = (world.native(quiet()), world.native(quiet()));
    let options = FireOptions { kind: SpikeKind::Modulatory, ..FireOptions::default() };
    world.cortex.lend(a, |handle| handle.fire(b, &[1, 2, 3], options)).unwrap().unwrap();
    world.tick();
    assert_eq!(world.books().dropped_for(neuronbus_cortex::DropReason::NotConnected), 1);
}

#[test]
fn nb_34_used_effective_paths_grow_idle_ones_fade_and_are_pruned_with_an_event() {
    let config = CortexConfig { prune_every_ticks: 100, prune_below: 0.25, ..CortexConfig::default() };
    let mut world = World::new(config, 64);
    let crossing = Membrane { threshold: 0.4, refractory_ticks: 0, ..Membrane::default() };
    let (used, idle, post) = (world.native(quiet()), world.native(quiet()), world.native(crossing));
    let fading = StdpPatch { decay_per_second: Some(1.0), ..StdpPatch::default() };
    world.cortex.connect(used, post, Connection::new().weight(0.5).stdp(fading)).unwrap();
    world.cortex.connect(idle, post, Connection::new().weight(0.5).stdp(fading)).unwrap();
    let mut pruned = Vec::new();
    for _ in 0..200 {
        world.fire(used, post, b"");
        world.tick();
        world.clock.advance_ns(5 * MS);
        pruned.extend(world.cortex.take_events());
    }
    assert!(weight(&world, used, post) > 0.9, "defect 7: used paths fell, {}", weight(&world, used, post));
    assert!(matches!(pruned[..], [Event::Prune { pre, weight, .. }] if pre == idle && weight < 0.25), "{pruned:?}");
    world.seen();
    world.fire(idle, post, b"");
    world.tick();
    assert!(world.seen().is_empty(), "a pruned path stops carrying");
}

#[test]
fn defect_7_a_causal_path_ends_above_where_it_began_and_an_idle_one_where_it_was() {
    let (mut world, [pre, driver, post]) = triple();
    let idle = world.native(quiet());
    world.connect(idle, post, 0.5);
    for _ in 0..50 {
        world.fire(pre, post, b"");
        world.tick();
        world.clock.advance_ns(MS);
        world.fire(driver, post, b"");
        world.tick();
        world.clock.advance_ns(100 * MS);
    }
    assert!(weight(&world, pre, post) > 0.8, "{}", weight(&world, pre, post));
    assert!((weight(&world, idle, post) - 0.5).abs() < 0.01);
}

#[test]
fn prune_by_hand_returns_what_it_removed_and_queues_nothing() {
    let (mut world, [pre, driver, post]) = triple();
    world.connect(pre, driver, 0.005);
    let pruned = world.cortex.prune().unwrap();
    assert!(matches!(pruned[..], [Event::Prune { post, .. }] if post == driver));
    assert!(world.cortex.take_events().is_empty());
    assert_eq!(world.cortex.synapses().count(), 2);
    assert!(world.cortex.synapse(pre, post).is_some());
}

#[test]
fn ticks_that_are_skipped_still_prune_when_it_is_due() {
    let config = CortexConfig { prune_every_ticks: 10, ..CortexConfig::default() };
    let mut world = World::new(config, 8);
    let (a, b) = (world.native(quiet()), world.native(quiet()));
    world.connect(a, b, 0.005);
    world.ticks(5);
    world.cortex.skip_to(25);
    assert_eq!(world.cortex.take_events().len(), 1);
    assert_eq!(world.cortex.synapses().count(), 0);
}

#[test]
fn nb_31_nb_35_defaults_are_readable_and_bad_weights_are_refused() {
    let (mut world, [pre, driver, post]) = triple();
    world.cortex.connect(driver, pre, Connection::new()).unwrap();
    let synapse = world.cortex.synapse(driver, pre).unwrap();
    assert_eq!((synapse.stdp().copied(), synapse.weight_at(0)), (Some(StdpOptions::default()), 0.5));
    for bad in [5.0, -1.0, 0.0, f32::NAN] {
        let refused = world.cortex.connect(pre, post, Connection::new().weight(bad));
        assert_eq!(refused.unwrap_err().code(), "E_OUT_OF_RANGE");
    }
    world.cortex.connect(pre, post, Connection::new().no_stdp()).unwrap();
    assert!(world.cortex.synapse(pre, post).unwrap().stdp().is_none());
    near(weight(&world, pre, post), 0.5);
    world.connect(pre, pre, 0.5);
}
