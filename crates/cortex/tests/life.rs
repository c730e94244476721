//! Neurons come and go, and the end of it all (NB-3, NB-41, NB-42, NB-45; semantics.md, "Life").
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use neuronbus_cortex::{Body, CortexConfig, DropReason, PortId, Registration, TickReport, Wake};
use neuronbus_neuron::{AgentCard, Membrane};
use support::{FakePort, Mail, World, eager, id, quiet, small};

#[test]
fn nb_42_ids_start_at_0_and_the_lowest_free_one_is_given_first() {
    let mut world = World::new(small(), 8);
    let ids: Vec<_> = (0..5).map(|_| world.native(quiet()).raw()).collect();
    assert_eq!(ids, [0, 1, 2, 3, 4]);
    for gone in [3, 1, 0] {
        world.cortex.unregister(id(gone)).unwrap();
    }
    assert_eq!(world.native(quiet()).raw(), 5, "a freed id may be given again from the next tick on");
    world.tick();
    let ids: Vec<_> = (0..4).map(|_| world.native(quiet()).raw()).collect();
    assert_eq!(ids, [0, 1, 3, 6]);
}

#[test]
fn nb_3_more_than_max_neurons_is_an_error_and_an_idle_loop_frees_ids() {
    let mut world = World::new(CortexConfig { max_neurons: 1, ..small() }, 8);
    let only = world.native(quiet());
    let card = || AgentCard::builder("x").build().unwrap();
    let more = Registration { card: card(), membrane: quiet(), body: Body::Port(world.port) };
    assert_eq!(world.cortex.register(more).unwrap_err().code(), "E_OUT_OF_RANGE");
    world.cortex.unregister(only).unwrap();
    assert_eq!(world.cortex.wake(), Wake::Now, "a started bus must tick once for it");
    world.tick();
    assert_eq!(world.native(quiet()), only);
}

#[test]
fn registering_checks_membrane_and_port_before_it_takes_an_id() {
    let mut world = World::default();
    let mut other: World = World::default();
    other.cortex.add_port(FakePort(Mail::new(2)));
    let foreign: PortId = other.cortex.add_port(FakePort(Mail::new(2)));
    let card = || AgentCard::builder("x").build().unwrap();
    let bad = Membrane { threshold: -1.0, ..Membrane::default() };
    for (membrane, body) in [(bad, Body::Port(world.port)), (quiet(), Body::Port(foreign))] {
        let refused = world.cortex.register(Registration { card: card(), membrane, body });
        assert_eq!(refused.unwrap_err().code(), "E_OUT_OF_RANGE");
    }
    assert_eq!(world.native(quiet()).raw(), 0);
}

#[test]
fn spikes_for_a_neuron_that_left_are_dropped_as_left_and_its_own_are_still_delivered() {
    let mut world = World::default();
    let (a, b, c) = (world.outside(quiet()), world.native(eager(5)), world.native(quiet()));
    world.connect(a, b, 1.0);
    world.connect(b, c, 0.5);
    world.mail.fire(a, b, b"cross");
    world.tick();
    world.mail.fire(a, b, b"waits");
    world.tick();
    world.mail.fire(a, b, b"on its way");
    world.fire(b, c, b"last words");
    assert_eq!(world.cortex.unregister(b).unwrap().name(), "test");
    world.check();
    assert!(world.cortex.card(b).is_none() && world.cortex.synapse(a, b).is_none());
    assert_eq!(world.cortex.unregister(b).unwrap_err().code(), "E_UNKNOWN_NEURON");
    assert_eq!(world.cortex.connect(a, b, neuronbus_cortex::Connection::new()).unwrap_err().code(), "E_UNKNOWN_NEURON");
    world.tick();
    assert_eq!(world.payloads(), [&b"cross"[..], b"last words"]);
    let left: Vec<_> = world.drops().iter().map(|drop| (drop.0, drop.2)).collect();
    assert_eq!(left, [(DropReason::Left, b.raw()); 2]);
    world.assert_at_rest();
    assert_eq!(world.mail.done(a), 3);
}

#[test]
fn an_id_is_kept_until_nothing_addressed_to_it_is_under_way() {
    let mut world = World::new(small(), 2);
    let (pre, post) = (world.native(quiet()), world.outside(quiet()));
    world.connect(pre, post, 0.5);
    for payload in [b"0", b"1", b"2"] {
        world.fire(pre, post, payload);
    }
    world.tick();
    world.cortex.unregister(post).unwrap();
    world.ticks(2);
    assert_eq!(world.drops(), [(DropReason::Left, pre.raw(), post.raw(), 2)]);
    assert_eq!(world.outside(quiet()).raw(), 2, "two deliveries for it stand in the inbox");
    world.mail.take();
    world.tick();
    assert_eq!(world.outside(quiet()), post);
}

#[test]
fn an_id_in_quarantine_does_not_wait_for_the_next_owner_of_a_senders_id() {
    let mut world = World::new(small(), 1);
    let (pre, blocker, post) = (world.native(quiet()), world.outside(quiet()), world.native(quiet()));
    world.connect(pre, blocker, 0.5);
    world.connect(pre, post, 0.5);
    for target in [blocker, blocker, post] {
        world.fire(pre, target, b"");
    }
    world.tick();
    // `post` waits for three spikes of `pre`; then `pre` goes, too, and a new neuron gets its id and counts from 0.
    world.cortex.unregister(post).unwrap();
    world.cortex.unregister(pre).unwrap();
    for _ in 0..4 {
        world.mail.take();
        world.tick();
    }
    world.assert_at_rest();
    assert_eq!((world.native(quiet()), world.native(quiet())), (pre, post));
}

#[test]
fn a_leaving_neuron_of_an_environment_keeps_its_spikes_through_a_full_inbox() {
    let mut world = World::new(small(), 1);
    let (pre, post) = (world.outside(quiet()), world.outside(quiet()));
    world.connect(pre, post, 0.5);
    for _ in 0..3 {
        world.mail.fire(pre, post, b"");
    }
    world.cortex.unregister(pre).unwrap();
    let mut got = 0;
    for _ in 0..5 {
        world.tick();
        got += world.mail.take().len();
    }
    world.tick();
    assert_eq!(got, 3);
    world.assert_at_rest();
    assert_eq!(world.outside(quiet()), pre);
}

#[test]
fn nb_41_nb_45_neurons_are_found_by_capability_and_region() {
    let mut world = World::default();
    for (name, capability, region) in
        [("a", "talk", "cortex/language"), ("b", "talk", "cortexial"), ("c", "see", "cortex")]
    {
        let card = AgentCard::builder(name).capability(capability).region(region).build().unwrap();
        let body = Body::Port(world.port);
        world.cortex.register(Registration { card, membrane: quiet(), body }).unwrap();
    }
    assert_eq!(world.cortex.discover(Some("talk"), None), [id(0), id(1)]);
    assert_eq!(world.cortex.discover(None, Some("cortex")), [id(0), id(2)]);
    assert_eq!(world.cortex.discover(Some("talk"), Some("cortex")), [id(0)]);
    assert_eq!((world.cortex.neurons(), world.cortex.card(id(2)).unwrap().name()), (3, "c"));
}

#[test]
fn close_counts_what_is_left_as_closed_wherever_it_stands() {
    let mut world = World::new(small(), 2);
    let (pre, native) = (world.outside(quiet()), world.native(quiet()));
    let (boxed, waits) = (world.outside(quiet()), world.native(eager(9)));
    for (from, to) in [(pre, boxed), (pre, waits), (native, boxed), (native, waits)] {
        world.connect(from, to, 1.0);
    }
    world.fire(native, waits, b"cross");
    world.tick();
    world.fire(native, waits, b"waits");
    world.mail.fire_stored(&world.arena, pre, boxed, &[1; 100]);
    world.mail.fire_stored(&world.arena, pre, neuronbus_spike::Target::Broadcast, &[2; 100]);
    world.tick();
    world.broadcast(native, &[3; 200]);
    world.tick();
    world.mail.fire_stored(&world.arena, pre, boxed, &[4; 100]);
    world.fire(native, waits, b"never routed");
    let before = world.books();
    assert!(before.in_inboxes > 0 && before.deferred > 0 && before.balanced());
    world.cortex.close();
    world.cortex.close();
    world.check();
    let books = world.books();
    assert_eq!((books.in_flight, books.deferred), (books.in_inboxes, 0), "an inbox is its environment's to count");
    assert_eq!(books.dropped_for(DropReason::Closed), before.in_flight - before.in_inboxes);
    world.mail.fire(pre, boxed, b"too late");
    world.mail.take();
    world.cortex.settle();
    world.assert_at_rest();
    assert_eq!(world.books().dropped_for(DropReason::Closed), books.dropped_for(DropReason::Closed) + 1);
}

#[test]
fn after_close_every_verb_but_the_books_is_refused() {
    let mut world = World::default();
    let (a, b) = (world.native(quiet()), world.native(quiet()));
    world.connect(a, b, 0.5);
    world.cortex.close();
    let card = AgentCard::builder("x").build().unwrap();
    let codes = [
        world
            .cortex
            .register(Registration { card, membrane: quiet(), body: Body::Port(world.port) })
            .unwrap_err()
            .code(),
        world.cortex.unregister(a).unwrap_err().code(),
        world.cortex.connect(a, b, neuronbus_cortex::Connection::new()).unwrap_err().code(),
        world.cortex.disconnect(a, b).unwrap_err().code(),
        world.cortex.prune().unwrap_err().code(),
        world.cortex.lend(a, |_| ()).unwrap_err().code(),
        world.cortex.claim_gate(a).unwrap_err().code(),
        world.cortex.reader(a).unwrap_err().code(),
    ];
    assert_eq!(codes, ["E_CLOSED"; 8]);
    assert_eq!(
        (world.cortex.tick(), world.cortex.route(), world.cortex.wake()),
        (TickReport::default(), false, Wake::Never)
    );
    assert!(world.cortex.is_closed() && world.books().balanced());
}
