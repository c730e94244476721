//! Broadcast, direct, filters, drops with their reasons, and inboxes that are full (NB-30, NB-44, NB-47).
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use neuronbus_cortex::{Connection, CortexConfig, DropReason, Wake};
use neuronbus_neuron::FireOptions;
use neuronbus_spike::{SpikeKind, Target};
use neuronbus_synapse::Filter;
use std::sync::{Arc, Mutex};
use support::{World, eager, id, inline, quiet, small};

#[test]
fn nb_44_broadcast_meets_every_synapse_once_in_id_order_and_takes_one_credit() {
    let mut world = World::default();
    let pre = world.outside(quiet());
    let posts: Vec<_> = (0..5).map(|_| world.native(quiet())).collect();
    for post in posts.iter().rev() {
        world.connect(pre, *post, 0.5);
    }
    world.mail.fire(pre, Target::Broadcast, b"all");
    world.cortex.settle();
    assert_eq!((world.books().fired, world.books().in_flight), (1, 1));
    world.tick();
    let who: Vec<_> = world.seen().iter().map(|seen| id(seen.who)).collect();
    assert_eq!(who, posts);
    assert_eq!((world.books().fired, world.books().delivered), (5, 5), "one per target met");
    assert_eq!((world.mail.done(pre), world.mail.settled()), (1, 1));
}

#[test]
fn nb_44_a_broadcast_that_must_wait_and_is_blocked_still_reaches_each_target_once() {
    let mut world = World::new(small(), 1);
    let pre = world.outside(quiet());
    let (first, waits, boxed, full, last) = (
        world.native(quiet()),
        world.native(eager(2)),
        world.outside(quiet()),
        world.outside(quiet()),
        world.native(quiet()),
    );
    for post in [first, waits, boxed, full, last] {
        world.connect(pre, post, 1.0);
    }
    world.mail.fire(pre, waits, b"cross");
    world.tick();
    world.mail.fire(pre, Target::Broadcast, b"all");
    world.cortex.settle();
    assert!(world.cortex.route(), "the inbox holds one");
    assert!(world.cortex.route(), "and nobody has read it");
    world.check();
    assert_eq!(world.books().fired, 1 + 4, "met: first, waits, boxed, and full, which is still on the axon");
    assert_eq!(world.mail.done(pre), 1, "one credit, and it is not back");
    let mut outside = world.mail.take();
    assert!(!world.cortex.route());
    world.cortex.finish();
    outside.extend(world.mail.take());
    world.ticks(2);
    let outside: Vec<_> = outside.iter().map(|(who, _)| *who).collect();
    assert_eq!(outside, [boxed, full]);
    let mut native: Vec<_> = world.seen().iter().map(|seen| id(seen.who)).collect();
    native.sort_unstable();
    assert_eq!(native, [first, waits, waits, last], "`cross`, and each once");
    assert_eq!((world.books().fired, world.books().delivered, world.mail.done(pre)), (6, 6, 2));
    world.assert_at_rest();
}

#[test]
fn nb_44_a_paused_broadcast_whose_last_target_goes_is_not_called_one_without_synapses() {
    let mut world = World::new(small(), 1);
    let (pre, a, b) = (world.native(quiet()), world.outside(quiet()), world.outside(quiet()));
    world.connect(pre, a, 0.5);
    world.connect(pre, b, 0.5);
    world.broadcast(pre, b"x");
    world.tick();
    world.cortex.disconnect(pre, b).unwrap();
    assert_eq!(world.cortex.wake(), Wake::Now, "a change of the wiring is worth another look");
    world.tick();
    let reasons: Vec<_> = world.drops().iter().map(|drop| drop.0).collect();
    assert_eq!(reasons, [DropReason::NotConnected]);
    world.mail.take();
    world.tick();
    world.assert_at_rest();
    assert_eq!(world.books().fired, 2);
}

#[test]
fn nb_44_a_broadcast_without_synapses_is_one_drop() {
    let mut world = World::default();
    let pre = world.native(quiet());
    world.broadcast(pre, b"x");
    world.tick();
    assert_eq!(world.drops(), [(DropReason::NoSynapse, pre.raw(), 0xFFFF, 0)]);
    assert_eq!((world.books().fired, world.books().in_flight), (1, 0));
}

#[test]
fn nb_47_unknown_not_connected_and_garbage_are_counted_with_their_reason() {
    let mut world = World::default();
    let (a, b) = (world.outside(quiet()), world.outside(quiet()));
    world.mail.fire(a, id(40), b"beyond the last id");
    world.mail.fire(a, b, b"no synapse");
    world.mail.put_garbage();
    world.mail.fire(id(50), b, b"nobody fired this");
    let native = world.native(quiet());
    world.mail.fire(native, b, b"not of this environment");
    world.tick();
    assert_eq!(
        world.drops(),
        [
            (DropReason::Malformed, 0xFFFF, 0xFFFF, 0),
            (DropReason::Unknown, 50, b.raw(), 0),
            (DropReason::Unknown, native.raw(), b.raw(), 0),
            (DropReason::Unknown, a.raw(), 40, 0),
            (DropReason::NotConnected, a.raw(), b.raw(), 1),
        ]
    );
    assert_eq!((world.books().dropped_total(), world.mail.settled(), world.mail.done(a)), (5, 5, 2));
    assert!(world.mail.take().is_empty());
}

#[test]
fn nb_30_filters_apply_to_unicast_and_broadcast_alike_and_name_the_target() {
    let mut world = World::default();
    let (pre, post, open) = (world.native(quiet()), world.native(quiet()), world.native(quiet()));
    let filtered = Connection::new()
        .filter(Filter::Kind(SpikeKind::Excitatory))
        .filter(Filter::Priority { min: 10 })
        .filter(Filter::prefix("ok"));
    world.cortex.connect(pre, post, filtered).unwrap();
    world.connect(pre, open, 0.5);
    let mut fire = |target: Target, payload: &[u8], kind, priority| {
        let options = FireOptions { kind, priority, direct: true };
        world.cortex.lend(pre, |handle| handle.fire(target, payload, options)).unwrap().unwrap();
    };
    for target in [Target::from(post), Target::Broadcast] {
        fire(target, b"ok", SpikeKind::Excitatory, 10);
        fire(target, b"no", SpikeKind::Excitatory, 10);
        fire(target, b"ok", SpikeKind::Excitatory, 9);
        fire(target, b"ok", SpikeKind::Inhibitory, 10);
    }
    world.tick();
    let got = world.seen();
    assert_eq!(got.iter().filter(|seen| seen.who == post.raw()).count(), 2, "one each way");
    assert_eq!(got.iter().filter(|seen| seen.who == open.raw()).count(), 4);
    let drops = world.drops();
    assert_eq!(drops.len(), 6);
    assert!(drops.iter().all(|(reason, _, target, _)| (*reason, *target) == (DropReason::Filtered, post.raw())));
}

#[test]
fn nb_30_a_custom_filter_calls_the_registered_predicate_and_one_that_panics_refuses() {
    let mut world = World::default();
    let (pre, post) = (world.native(quiet()), world.native(quiet()));
    let unknown = world.cortex.connect(pre, post, Connection::new().filter(Filter::custom("odd")));
    assert_eq!(unknown.unwrap_err().code(), "E_UNKNOWN_FILTER");
    world.cortex.register_filter("odd", Box::new(|spike| spike.sequence() % 2 == 1));
    world.cortex.connect(pre, post, Connection::new().filter(Filter::custom("odd"))).unwrap();
    for payload in [b"0", b"1", b"2", b"3"] {
        world.fire(pre, post, payload);
    }
    world.tick();
    assert_eq!(world.payloads(), [b"1", b"3"]);
    world.cortex.register_filter("odd", Box::new(|_| panic!("told to")));
    world.fire(pre, post, b"5");
    world.tick();
    let books = world.books();
    assert_eq!((books.handler_errors, books.dropped_for(DropReason::Filtered)), (1, 3));
    world.cortex.register_outside_filter("odd");
    world.fire(pre, post, b"6");
    world.tick();
    assert_eq!(world.payloads(), [b"6"], "asked where the receiver lives");
}

#[test]
fn a_full_inbox_pauses_delivery_to_its_environment_only_and_route_goes_on_in_the_same_tick() {
    let mut world = World::new(small(), 2);
    let (a, b) = (world.native(quiet()), world.native(quiet()));
    let (boxed, native) = (world.outside(quiet()), world.native(quiet()));
    for pre in [a, b] {
        world.connect(pre, boxed, 0.5);
        world.connect(pre, native, 0.5);
    }
    for payload in [b"a0", b"a1", b"a2"] {
        world.fire(a, boxed, payload);
    }
    world.fire(b, native, b"b0");
    world.fire(b, boxed, b"b1");
    let mut got = Vec::new();
    let mut rounds = 0;
    while world.cortex.route() {
        rounds += 1;
        assert_eq!(world.payloads().len(), usize::from(rounds == 1), "neurons elsewhere go on");
        got.extend(world.mail.take());
    }
    world.cortex.finish();
    got.extend(world.mail.take());
    let got: Vec<_> = got.iter().map(|(_, spike)| inline(spike)).collect();
    assert_eq!(got, [b"a0", b"a1", b"a2", b"b1"]);
    assert_eq!((world.cortex.ticks(), rounds), (1, 1));
    world.tick();
    world.assert_at_rest();
}

#[test]
fn what_finds_no_room_in_an_inbox_waits_for_a_later_tick_and_wake_says_so() {
    let mut world = World::new(small(), 1);
    let (pre, post) = (world.outside(quiet()), world.outside(quiet()));
    world.connect(pre, post, 0.5);
    for payload in [b"0", b"1"] {
        world.mail.fire(pre, post, payload);
    }
    world.ticks(3);
    assert_eq!(world.cortex.wake(), Wake::Never, "only the environment can help");
    assert_eq!((world.mail.done(pre), world.books().in_inboxes, world.books().in_flight), (0, 1, 2));
    world.mail.take();
    assert_eq!(world.cortex.wake(), Wake::Now);
    world.tick();
    assert_eq!((world.mail.done(pre), world.books().delivered), (1, 1), "credit counts what stands in an inbox");
    world.mail.take();
    world.cortex.settle();
    assert_eq!(world.mail.done(pre), 2, "settle brings credit up to date without a tick");
}

#[test]
fn a_long_step_shows_deliveries_before_it_ends() {
    let config = CortexConfig { max_neurons: 16, axon_slots: 4_096, ..CortexConfig::default() };
    let mut world = World::new(config, 4_096);
    let (pre, post, last) = (world.outside(quiet()), world.outside(quiet()), world.outside(quiet()));
    let (mail, shown) = (world.mail.clone(), Arc::new(Mutex::new(0)));
    let witness = world.acting(quiet(), {
        let shown = Arc::clone(&shown);
        move |_, _| *shown.lock().unwrap() = mail.take().len()
    });
    world.connect(pre, post, 0.5);
    world.connect(last, witness, 0.5);
    for _ in 0..2_500 {
        world.mail.fire(pre, post, b"");
    }
    world.mail.fire(last, witness, b"");
    world.tick();
    assert_eq!(*shown.lock().unwrap(), 2_048, "when the last spike of the step was routed");
    assert_eq!(world.mail.take().len(), 452);
    world.tick();
    world.assert_at_rest();
}

#[test]
fn the_receiver_of_a_blocked_spike_may_leave_and_wake_says_so() {
    let mut world = World::new(small(), 1);
    let (pre, post) = (world.native(quiet()), world.outside(quiet()));
    world.connect(pre, post, 0.5);
    world.fire(pre, post, b"0");
    world.fire(pre, post, b"1");
    world.ticks(2);
    assert_eq!(world.cortex.wake(), Wake::Never);
    world.cortex.unregister(post).unwrap();
    assert_eq!(world.cortex.wake(), Wake::Now);
    world.tick();
    assert_eq!(world.drops(), [(DropReason::Left, pre.raw(), post.raw(), 1)]);
}

#[test]
fn an_outbox_record_whose_sender_ignores_its_credit_stays_where_it_is() {
    let mut world = World::new(small(), 64);
    let (pre, post) = (world.outside(quiet()), world.outside(quiet()));
    world.connect(pre, post, 0.5);
    for _ in 0..6 {
        world.mail.fire(pre, post, b"");
    }
    world.tick();
    world.check();
    assert_eq!(world.books().in_inboxes, 4, "axonSlots of them");
    assert_eq!(world.mail.take().len(), 4);
    world.ticks(2);
    assert_eq!(world.mail.take().len(), 2);
}

#[test]
fn native_refusals_count_in_fired_and_refused_and_use_no_sequence_number() {
    let mut world = World::new(small(), 64);
    let (pre, post) = (world.native(quiet()), world.native(quiet()));
    world.connect(pre, post, 0.5);
    let big = vec![1; 2 << 20];
    world
        .cortex
        .lend(pre, |handle| {
            assert_eq!(handle.fire_to(post, &big).unwrap_err().code(), "E_OUT_OF_SPACE");
            let modulatory = FireOptions { kind: SpikeKind::Modulatory, ..FireOptions::default() };
            assert!(handle.fire(post, b"", modulatory).is_err(), "counts nowhere");
            for _ in 0..4 {
                handle.fire_to(post, b"").unwrap();
            }
            assert_eq!(handle.fire_to(post, b"").unwrap_err().code(), "E_BACK_PRESSURE");
            assert_eq!(handle.sequence(), 4);
        })
        .unwrap();
    world.check();
    assert_eq!((world.books().fired, world.books().refused), (6, 2));
    world.tick();
    world.assert_at_rest();
}

#[test]
fn drop_events_are_queued_only_while_somebody_listens_and_drops_are_counted_always() {
    let mut world = World::default();
    let pre = world.native(quiet());
    world.cortex.watch_drops(false);
    world.broadcast(pre, b"");
    world.tick();
    assert!(world.drops().is_empty());
    assert_eq!(world.books().dropped_for(DropReason::NoSynapse), 1);
    assert_eq!(DropReason::ALL.map(DropReason::name).len(), 7);
}

#[test]
fn each_environment_is_told_of_its_own_records_only() {
    let mut world = World::default();
    let other = support::Mail::new(8);
    let port = world.cortex.add_port(support::FakePort(other.clone()));
    let a = world.outside(quiet());
    let b = world.register(quiet(), neuronbus_cortex::Body::Port(port));
    world.connect(a, b, 0.5);
    world.mail.fire(a, b, b"x");
    world.tick();
    assert_eq!(other.take().len(), 1);
    world.tick();
    assert_eq!((world.mail.settled(), other.settled()), (1, 0));
    assert_eq!(other.notices().len(), 2);
}
