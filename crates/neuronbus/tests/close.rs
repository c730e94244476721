//! The end of a bus (semantics.md, "Life"): `close()` drains first, for a bounded time, and counts the rest as `closed`.
#![allow(clippy::unwrap_used, clippy::panic)]

mod bridged;

use bridged::{Environment, spike};
mod acting;

use acting::{Acting, card};
use neuronbus::{Bus, Connection, DropReason, FireOptions, Handle, Membrane, NeuronId, Rate, Spike};
use std::{
    sync::{Arc, Mutex, Weak, mpsc},
    time::{Duration, Instant},
};

/// A sender and a receiver, which takes nothing for 50 ticks after each tick in which it got something.
fn pair(bus: &Bus, call: impl FnMut(&Spike, &mut Handle<'_>) + Send + 'static) -> (NeuronId, NeuronId) {
    let eager = Membrane { threshold: 0.1, leak: 1.0, refractory_ticks: 50, ..Membrane::default() };
    let sender = bus.register(card(), Acting(|_: &Spike, _: &mut Handle<'_>| {})).unwrap();
    let receiver = bus.register_with(card(), eager, Acting(call)).unwrap();
    bus.connect(sender, receiver, Connection::new()).unwrap();
    (sender, receiver)
}

fn fire(bus: &Bus, sender: NeuronId, receiver: NeuronId, count: u32) {
    for _ in 0..count {
        bus.lend(sender, |handle| handle.fire_to(receiver, b"")).unwrap().unwrap();
    }
}

#[test]
fn close_lets_through_what_is_under_way_by_hand_and_started() {
    for start in [false, true] {
        let bus = Bus::builder().build().unwrap();
        let (sender, receiver) = pair(&bus, |_, _| {});
        fire(&bus, sender, receiver, 10);
        bus.tick().unwrap();
        // These wait for the receiver, and those stand on the axon.
        fire(&bus, sender, receiver, 10);
        bus.tick().unwrap();
        assert_eq!(bus.counters().deferred, 10);
        fire(&bus, sender, receiver, 10);
        if start {
            bus.start(Rate::AsNeeded).unwrap();
        }
        bus.close();
        let books = bus.counters();
        assert_eq!((books.delivered, books.dropped_total(), books.in_flight), (30, 0, 0), "started: {start}");
        assert!(books.balanced() && !bus.is_started() && bus.arena().is_closed());
        assert_eq!(bus.lend(sender, |_| ()).unwrap_err().code(), "E_CLOSED");
        bus.close();
    }
}

#[test]
fn without_a_timeout_close_ends_at_once_and_counts_all_as_closed() {
    let bus = Bus::builder().close_timeout(Duration::ZERO).build().unwrap();
    let (sender, receiver) = pair(&bus, |_, _| {});
    fire(&bus, sender, receiver, 10);
    bus.close();
    let books = bus.counters();
    assert_eq!((books.delivered, books.dropped_for(DropReason::Closed), books.ticks), (0, 10, 0));
    assert!(books.balanced());
}

#[test]
fn the_timeout_bounds_the_drain_and_what_is_left_is_counted_as_closed() {
    // Nobody reads the inbox, which has room for two.
    let timeout = Duration::from_millis(150);
    let env = Environment::new(Bus::builder().close_timeout(timeout), 8, 2);
    let (a, b) = (env.register(), env.register());
    env.bus.connect(a, b, Connection::new()).unwrap();
    for sequence in 0..5 {
        env.fire(&spike(a, b, sequence));
    }
    let begin = Instant::now();
    env.bus.close();
    let took = begin.elapsed();
    let books = env.bus.counters();
    assert_eq!((books.dropped_for(DropReason::Closed), books.in_inboxes, books.in_flight), (3, 2, 2), "{books:?}");
    assert!(books.balanced());
    assert!((timeout..timeout + Duration::from_secs(3)).contains(&took), "{took:?}");
}

#[test]
fn the_default_timeout_is_five_seconds_and_a_drain_that_is_done_waits_for_none_of_it() {
    assert_eq!(Bus::builder().close_within(), Duration::from_secs(5));
    let begin = Instant::now();
    for timeout in [Duration::from_secs(5), Duration::MAX] {
        let bus = Bus::builder().close_timeout(timeout).build().unwrap();
        let (sender, receiver) = pair(&bus, |_, _| {});
        fire(&bus, sender, receiver, 10);
        bus.close();
        assert_eq!(bus.counters().delivered, 10);
    }
    assert!(begin.elapsed() < Duration::from_secs(3));
}

#[test]
fn from_close_on_nobody_fires_so_two_that_answer_each_other_for_ever_do_not_hold_it_up() {
    for start in [false, true] {
        let bus = Bus::builder().build().unwrap();
        let codes = Arc::new(Mutex::new(Vec::new()));
        let put = Arc::clone(&codes);
        let echo = bus
            .register(
                card(),
                Acting(move |_: &Spike, handle: &mut Handle<'_>| {
                    let me = handle.id();
                    if let Err(error) = handle.fire_to(me, b"again") {
                        put.lock().unwrap().push((error.code(), error.is_refusal()));
                    }
                }),
            )
            .unwrap();
        bus.connect(echo, echo, Connection::new()).unwrap();
        fire(&bus, echo, echo, 1);
        if start {
            bus.start(Rate::AsNeeded).unwrap();
            std::thread::sleep(Duration::from_millis(5));
        }
        let begin = Instant::now();
        bus.close();
        assert!(begin.elapsed() < Duration::from_secs(3), "started: {start}");
        assert_eq!(*codes.lock().unwrap(), [("E_CLOSED", false)], "started: {start}");
        let books = bus.counters();
        assert!(books.balanced() && books.dropped_total() == 0 && books.refused == 0, "{books:?}");
    }
}

/// A bus whose receiver answers the first spike and closes it.
fn suicidal(timeout: Duration) -> (Arc<Bus>, NeuronId, NeuronId) {
    let bus = Arc::new(Bus::builder().close_timeout(timeout).build().unwrap());
    let back: Weak<Bus> = Arc::downgrade(&bus);
    let (sender, receiver) = pair(&bus, move |spike, handle| {
        if spike.sequence() == 0 && spike.source_raw() == 0 {
            handle
                .fire(NeuronId::new(0).unwrap(), b"", FireOptions { direct: true, ..FireOptions::default() })
                .unwrap();
            back.upgrade().unwrap().close();
        }
    });
    (bus, sender, receiver)
}

#[test]
fn close_in_a_callback_drains_when_the_tick_ends() {
    let (bus, sender, receiver) = suicidal(Duration::from_secs(5));
    fire(&bus, sender, receiver, 1);
    bus.tick().unwrap();
    assert_eq!(bus.tick().unwrap_err().code(), "E_CLOSED");
    // By hand, with more under way: the tick that closes it delivers what was due, and what is on the way after it.
    for start in [false, true] {
        let (bus, sender, receiver) = suicidal(Duration::from_secs(5));
        let other = bus.register(card(), Acting(|_: &Spike, _: &mut Handle<'_>| {})).unwrap();
        bus.connect(other, receiver, Connection::new()).unwrap();
        fire(&bus, sender, receiver, 3);
        fire(&bus, other, receiver, 3);
        if start {
            bus.start(Rate::AsNeeded).unwrap();
        } else {
            bus.tick().unwrap();
        }
        let deadline = Instant::now() + Duration::from_secs(5);
        while !bus.arena().is_closed() && Instant::now() < deadline {
            std::thread::yield_now();
        }
        let books = bus.counters();
        assert_eq!((books.delivered, books.dropped_total(), books.in_flight), (7, 0, 0), "{books:?}");
        bus.close();
        assert!(!bus.is_started());
    }
}

#[test]
fn a_verb_of_another_thread_is_refused_while_the_bus_drains_and_the_books_stay_open() {
    let env = Arc::new(Environment::new(Bus::builder().close_timeout(Duration::from_secs(30)), 8, 2));
    let (a, b) = (env.register(), env.register());
    env.bus.connect(a, b, Connection::new()).unwrap();
    (0..5).for_each(|sequence| env.fire(&spike(a, b, sequence)));
    let (done, closed) = mpsc::channel();
    let closing = {
        let env = Arc::clone(&env);
        std::thread::spawn(move || {
            env.bus.close();
            done.send(()).unwrap();
        })
    };
    let deadline = Instant::now() + Duration::from_secs(10);
    while env.bus.connect(a, b, Connection::new()).is_ok() {
        assert!(Instant::now() < deadline);
        std::thread::yield_now();
    }
    assert_eq!(env.bus.connect(a, b, Connection::new()).unwrap_err().code(), "E_CLOSED");
    assert!(env.bus.counters().balanced() && closed.try_recv().is_err(), "two in the inbox are not read yet");
    // Now somebody reads: it ends long before its time is over.
    while closed.try_recv().is_err() {
        assert!(Instant::now() < deadline);
        env.read();
    }
    closing.join().unwrap();
    let books = env.bus.counters();
    assert_eq!((books.delivered, books.dropped_total(), books.in_flight), (5, 0, 0), "{books:?}");
}
