//! When and in which order spikes arrive (NB-40, NB-43, NB-44; semantics.md, "Time of a spike").
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use neuronbus_neuron::FireOptions;
use std::sync::{Arc, Mutex};
use support::{World, id, inline, quiet};

/// Who was called, and for a tick whether it fired.
type Trace = Arc<Mutex<Vec<(u16, Option<bool>)>>>;

#[test]
fn nb_44_what_is_fired_in_tick_n_is_delivered_in_tick_n_plus_1() {
    let mut world = World::default();
    let (a, b) = (world.native(quiet()), world.native(quiet()));
    world.connect(a, b, 0.5);
    world.fire(a, b, b"x");
    assert!(world.seen().is_empty());
    world.tick();
    assert_eq!(world.payloads(), [b"x"]);
}

#[test]
fn nb_40_a_callback_may_fire_and_its_spike_arrives_in_the_next_tick() {
    let mut world = World::default();
    let a = world.native(quiet());
    // `echo` has the higher id: its answer must not overtake the tick that it is fired in.
    let echo = world.acting(quiet(), move |spike, handle| {
        handle.fire_to(spike.source().unwrap(), b"answer").unwrap();
    });
    world.connect(a, echo, 0.5);
    world.connect(echo, a, 0.5);
    world.fire(a, echo, b"ask");
    world.tick();
    assert_eq!(world.payloads(), [b"ask"]);
    world.tick();
    assert_eq!(world.payloads(), [b"answer"]);
    world.tick();
    world.assert_at_rest();
}

#[test]
fn nb_40_a_lower_id_that_fires_back_within_the_tick_is_not_seen_before_the_next() {
    let mut world = World::default();
    // Sender 2 fires at 0, whose answer goes to 1: though 2 is routed after 0 and 1, nothing of it is in the same tick.
    let zero = world.acting(quiet(), move |_, handle| handle.fire(id(1), b"hop", FireOptions::default()).unwrap());
    let one = world.acting(quiet(), move |_, handle| handle.fire(id(1), b"loop", FireOptions::default()).unwrap());
    let two = world.native(quiet());
    for (pre, post) in [(two, zero), (zero, one), (one, one)] {
        world.connect(pre, post, 0.001);
    }
    world.fire(two, zero, b"go");
    for expected in [b"go".to_vec(), b"hop".to_vec(), b"loop".to_vec(), b"loop".to_vec()] {
        world.tick();
        assert_eq!(world.payloads(), [expected], "one hop a tick, also for a neuron that fires at itself");
    }
}

#[test]
fn nb_43_senders_are_routed_in_id_order_each_in_the_order_of_its_axon() {
    let mut world = World::default();
    let ids: Vec<_> = (0..4).map(|_| world.native(quiet())).collect();
    for pre in &ids {
        world.connect(*pre, ids[0], 0.001);
        world.connect(*pre, ids[1], 0.001);
    }
    for round in 0..3_u8 {
        for pre in ids.iter().rev() {
            world.fire(*pre, ids[usize::from(round % 2)], &[round]);
        }
    }
    world.tick();
    let order: Vec<_> = world.seen().into_iter().map(|seen| (seen.source, seen.sequence)).collect();
    let expected: Vec<_> = (0..4).flat_map(|source| (0..3).map(move |sequence| (source, sequence))).collect();
    assert_eq!(order, expected);
}

#[test]
fn nb_43_tick_handlers_come_after_all_spikes_in_id_order_and_hear_whether_they_fired() {
    let mut world = World::default();
    let trace = Trace::default();
    let on_tick = |trace: &Trace| {
        let trace = Arc::clone(trace);
        move |handle: &mut neuronbus_neuron::Handle<'_>, fired| {
            trace.lock().unwrap().push((handle.id().raw(), Some(fired)));
        }
    };
    let spikes = Arc::clone(&trace);
    let a = world.ticking(on_tick(&trace));
    let b = world.acting(support::eager(0), move |_, handle| {
        spikes.lock().unwrap().push((handle.id().raw(), None));
    });
    let c = world.ticking(on_tick(&trace));
    world.cortex.connect(c, b, neuronbus_cortex::Connection::new().weight(1.0)).unwrap();
    world.connect(b, c, 1.0);
    world.connect(b, a, 1.0);
    world.fire(c, b, b"1");
    world.fire(b, a, b"2");
    world.fire(b, c, b"2");
    world.tick();
    // Weight 1 and leak 0.95: a and c do not cross.
    assert_eq!(*trace.lock().unwrap(), [(b.raw(), None), (a.raw(), Some(false)), (c.raw(), Some(false))]);
    trace.lock().unwrap().clear();
    world.fire(b, a, b"3");
    world.tick();
    // 0.95 + 1 leaks to 1.85: it crosses before its handler is called.
    assert_eq!(*trace.lock().unwrap(), [(a.raw(), Some(true)), (c.raw(), Some(false))]);
    trace.lock().unwrap().clear();
    world.tick();
    assert_eq!(*trace.lock().unwrap(), [(a.raw(), Some(false)), (c.raw(), Some(false))], "told once");
}

#[test]
fn nb_44_spikes_of_an_environment_keep_their_order_and_interleave_by_id() {
    let mut world = World::default();
    let (a, b, sink) = (world.outside(quiet()), world.native(quiet()), world.outside(quiet()));
    world.connect(a, sink, 0.5);
    world.connect(b, sink, 0.5);
    world.fire(b, sink, b"b0");
    for payload in [b"a0", b"a1"] {
        world.mail.fire(a, sink, payload);
    }
    world.tick();
    let read: Vec<_> = world.mail.take().iter().map(|(who, spike)| (*who, inline(spike))).collect();
    assert_eq!(read, [(sink, b"a0".to_vec()), (sink, b"a1".to_vec()), (sink, b"b0".to_vec())]);
}

#[test]
fn nb_40_a_spike_is_stamped_with_source_sequence_and_time() {
    let mut world = World::default();
    let a = world.native(quiet());
    let sink = world.outside(quiet());
    world.connect(a, sink, 0.5);
    for time_ns in [0, 5, 7] {
        world.clock.advance_ns(time_ns);
        world.fire(a, sink, b"");
    }
    world.tick();
    let stamps: Vec<_> = world
        .mail
        .take()
        .iter()
        .map(|(_, spike)| (spike.source_raw(), spike.sequence(), spike.timestamp_ns()))
        .collect();
    assert_eq!(stamps, [(a.raw(), 0, 0), (a.raw(), 1, 5), (a.raw(), 2, 12)]);
    assert_eq!(world.mail.clock_ns(), 12, "a tick shows its time");
}

#[test]
fn a_tick_that_has_begun_has_one_time() {
    let mut world = World::default();
    let (a, sink) = (world.native(quiet()), world.outside(quiet()));
    world.connect(a, sink, 0.5);
    world.cortex.route();
    world.clock.advance_ns(9);
    let inside = world.cortex.lend(a, |handle| handle.now_ns()).unwrap();
    world.cortex.read_clock();
    world.cortex.finish();
    let after = world.cortex.lend(a, |handle| handle.now_ns()).unwrap();
    assert_eq!((inside, after), (0, 9));
}

#[test]
fn a_panic_of_the_borrower_of_a_hand_goes_through_with_everything_in_order() {
    let mut world = World::default();
    let (a, b) = (world.native(quiet()), world.native(quiet()));
    world.connect(a, b, 0.5);
    let lent = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        world.cortex.lend(a, |handle| {
            handle.fire_to(b, b"before").unwrap();
            panic!("mine");
        })
    }));
    assert_eq!(*lent.unwrap_err().downcast_ref::<&str>().unwrap(), "mine");
    world.tick();
    assert_eq!(world.payloads(), [b"before"]);
    assert_eq!(world.books().handler_errors, 0);
}

#[test]
fn a_panic_in_a_callback_is_counted_and_stops_nobody() {
    let mut world = World::default();
    let a = world.native(quiet());
    let bad = world.acting(quiet(), |_, handle| {
        handle.fire_to(id(2), b"fired before").unwrap();
        panic!("told to");
    });
    let b = world.native(quiet());
    for (pre, post) in [(a, bad), (a, b), (bad, b)] {
        world.connect(pre, post, 0.001);
    }
    world.fire(a, bad, b"1");
    world.fire(a, b, b"2");
    world.ticks(2);
    assert_eq!(world.payloads(), [&b"1"[..], b"2", b"fired before"]);
    let books = world.books();
    assert_eq!((books.handler_errors, books.delivered), (1, 3), "a throwing handler has been called");
}
