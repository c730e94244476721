//! Defects of the reference that must not come back, seen through the loop (`shared/spec/bus.md`); 7 is in `learning.rs`.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use neuronbus_cortex::{Connection, CortexConfig, DropReason};
use neuronbus_neuron::Membrane;
use neuronbus_synapse::TableKind;
use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use support::{World, eager, id, quiet};

#[test]
fn defect_4_a_dense_table_does_not_answer_for_another_pair() {
    let mut world = World::new(CortexConfig { max_neurons: 16, table: TableKind::Dense, ..CortexConfig::default() }, 8);
    let ids: Vec<_> = (0..16).map(|_| world.native(quiet())).collect();
    world.connect(ids[1], ids[1], 0.5);
    // (0, 17) would lie where (1, 1) does.
    assert!(world.cortex.synapse(ids[0], id(17)).is_none());
    world.cortex.lend(ids[0], |handle| handle.fire_to(id(17), b"")).unwrap().unwrap();
    world.tick();
    assert_eq!(world.drops()[0].0, DropReason::Unknown);
}

#[test]
fn defect_4_connecting_unknown_ids_is_refused() {
    let mut world = World::default();
    let a = world.native(quiet());
    for (pre, post) in [(a, id(9)), (id(9), a), (a, id(65_534))] {
        assert_eq!(world.cortex.connect(pre, post, Connection::new()).unwrap_err().code(), "E_UNKNOWN_NEURON");
    }
}

#[test]
fn defect_4_ids_end_before_the_broadcast_id() {
    let mut world = World::new(CortexConfig { max_neurons: 65_534, ..CortexConfig::default() }, 8);
    for raw in 0..65_534 {
        assert_eq!(world.outside(quiet()).raw(), raw);
    }
    let card = neuronbus_neuron::AgentCard::builder("x").build().unwrap();
    let body = neuronbus_cortex::Body::Port(world.port);
    let more = neuronbus_cortex::Registration { card, membrane: quiet(), body };
    assert_eq!(world.cortex.register(more).unwrap_err().code(), "E_OUT_OF_RANGE");
}

/// Counts the callbacks of all neurons: the work that a tick does for a neuron.
#[test]
fn defect_5_a_tick_works_for_spikes_not_for_neurons() {
    let calls = Arc::new(Mutex::new(0_u64));
    let mut world = World::new(CortexConfig { max_neurons: 1_000, axon_slots: 4, ..CortexConfig::default() }, 8);
    let membrane = Membrane { refractory_ticks: 0, ..Membrane::default() };
    for raw in 0..1_000_u16 {
        let count = Arc::clone(&calls);
        world.acting(membrane, move |_, handle| {
            *count.lock().unwrap() += 1;
            handle.fire_to(id((raw + 1) % 1_000), b"").unwrap();
        });
    }
    for raw in 0..1_000 {
        world.connect(id(raw), id((raw + 1) % 1_000), 0.5);
        world.fire(id(raw), id((raw + 1) % 1_000), b"");
    }
    for tick in 1..=10 {
        world.tick();
        assert_eq!(*calls.lock().unwrap(), tick * 1_000, "1,000 neurons × 1 spike are 1,000 calls");
    }
    assert_eq!(world.books().delivered, 10_000);
}

#[test]
fn defect_5_an_idle_tick_with_60_000_neurons_touches_none_of_them() {
    let config = CortexConfig { max_neurons: 60_000, axon_slots: 2, ..CortexConfig::default() };
    let mut world = World::new(config, 8);
    for _ in 0..60_000 {
        world.outside(quiet());
    }
    let before = world.mail.touches();
    for _ in 0..100 {
        let report = world.cortex.tick();
        assert!(!report.moved && report.crossed == 0);
    }
    let idle = world.mail.touches() - before;
    // One neuron awake among 60,000 costs what it costs alone.
    world.connect(id(59_999), id(0), 0.5);
    let before = world.mail.touches();
    for _ in 0..100 {
        world.mail.fire(id(59_999), id(0), b"");
        world.cortex.tick();
        world.mail.take();
    }
    let busy = world.mail.touches() - before;
    assert!(idle <= 100 * 12, "{idle} calls of the port in 100 idle ticks");
    assert!(busy <= 100 * 30, "{busy} calls of the port in 100 ticks with one spike each");
}

/// The least time of a tick in which one spike makes one membrane cross, in a world of so many neurons, each of which is
/// connected to the next.
fn tick_with_a_crossing(neurons: u16) -> Duration {
    let table = TableKind::Sparse;
    let mut world =
        World::new(CortexConfig { max_neurons: 60_000, axon_slots: 2, table, ..CortexConfig::default() }, 8);
    let (pre, post) = (world.native(quiet()), world.native(eager(0)));
    for raw in 2..neurons {
        world.outside(quiet());
        world.connect(id(raw - 1), id(raw), 0.5);
    }
    world.connect(pre, post, 1.0);
    let round = || {
        let begin = Instant::now();
        for _ in 0..100 {
            world.fire(pre, post, b"");
            assert_eq!(world.cortex.tick().crossed, 1);
        }
        begin.elapsed() / 100
    };
    std::iter::repeat_with(round).take(20).min().unwrap()
}

#[test]
fn defect_5_a_crossing_costs_the_same_among_100_and_among_60_000_neurons() {
    let (few, many) = (tick_with_a_crossing(100), tick_with_a_crossing(60_000));
    // A scan of 60,000 neurons, or of as many synapses, takes some hundred times as long as the tick itself.
    assert!(many < few * 8, "{few:?} among 100, {many:?} among 60,000");
}

#[test]
fn defect_8_refractory_neurons_get_no_on_spike_callbacks_answer_and_payloads_have_a_length() {
    let mut world = World::default();
    let a = world.native(quiet());
    let b = world.acting(eager(3), move |spike, handle| {
        let length = handle.payload(spike, <[u8]>::len).unwrap();
        handle.fire_to(a, &[length as u8]).unwrap();
    });
    world.connect(a, b, 1.0);
    world.connect(b, a, 0.5);
    world.fire(a, b, b"");
    world.tick();
    world.fire(a, b, b"four");
    world.ticks(3);
    assert_eq!(
        world.payloads(),
        [&b""[..], &[0]],
        "one call, its answer with the length, and nothing while refractory"
    );
    world.ticks(2);
    assert_eq!(world.payloads(), [&b"four"[..], &[4]]);
}
