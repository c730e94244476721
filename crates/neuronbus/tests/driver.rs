//! The cortex thread: exactly once and in order under load, starts, stops and ends, fixed rates, and what a panic does.
#![allow(clippy::unwrap_used, clippy::panic)]

use neuronbus::{
    AgentCard, Bus, Clock, Connection, FireError, Handle, Membrane, Neuron, NeuronId, Payload, Rate, RealClock, Spike,
    WaitStrategy,
};
use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// Checks that each source counts up from 0 in what it receives.
struct Counting {
    next: [u64; 4],
    total: Arc<Mutex<u64>>,
}

impl Neuron for Counting {
    fn on_spike(&mut self, spike: &Spike, _: &mut Handle<'_>) {
        let Payload::Inline(bytes) = spike.payload() else { panic!("not inline") };
        let number = u64::from_le_bytes(bytes.try_into().unwrap());
        let next = &mut self.next[usize::from(spike.source_raw())];
        assert_eq!(number, *next, "in order, once");
        *next += 1;
        *self.total.lock().unwrap() += 1;
    }

    fn wants_tick(&self) -> bool {
        false
    }
}

struct Silent;

impl Neuron for Silent {
    fn on_spike(&mut self, _: &Spike, _: &mut Handle<'_>) {}

    fn wants_tick(&self) -> bool {
        false
    }
}

fn card() -> AgentCard {
    AgentCard::builder("x").build().unwrap()
}

/// Four senders and one receiver.
fn fan(wait: WaitStrategy) -> (Bus, Vec<NeuronId>, NeuronId, Arc<Mutex<u64>>) {
    let bus = Bus::builder().wait_strategy(wait).build().unwrap();
    let total = Arc::new(Mutex::new(0));
    let senders: Vec<_> = (0..4).map(|_| bus.register(card(), Silent).unwrap()).collect();
    let counting = Counting { next: [0; 4], total: Arc::clone(&total) };
    let sink = bus.register_with(card(), Membrane { refractory_ticks: 1, ..Membrane::default() }, counting).unwrap();
    for sender in &senders {
        bus.connect(*sender, sink, Connection::new()).unwrap();
    }
    (bus, senders, sink, total)
}

/// Fires numbers from `from` at `sink` until `until` or until the bus is closed; returns the first that was not taken.
fn pour(bus: &Bus, sender: NeuronId, sink: NeuronId, from: u64, until: u64) -> u64 {
    let mut number = from;
    while number < until {
        let step = bus.lend(sender, |handle| {
            while number < until {
                match handle.fire_to(sink, &number.to_le_bytes()) {
                    Ok(()) => number += 1,
                    Err(FireError::BackPressure { .. } | FireError::Closed) => break,
                    Err(error) => panic!("{error}"),
                }
            }
        });
        if step.is_err() {
            break;
        }
        std::thread::yield_now();
    }
    number
}

#[test]
fn a_started_bus_moves_two_million_spikes_exactly_once_and_in_order() {
    const EACH: u64 = 500_000;
    let (bus, senders, sink, total) = fan(WaitStrategy::YieldThenPark);
    bus.start(Rate::AsNeeded).unwrap();
    bus.start(Rate::AsNeeded).unwrap();
    std::thread::scope(|scope| {
        for sender in &senders {
            scope.spawn(|| assert_eq!(pour(&bus, *sender, sink, 0, EACH), EACH));
        }
    });
    assert!(bus.drain(Duration::from_secs(20)));
    let books = bus.counters();
    assert!(books.balanced(), "{books:?}");
    assert_eq!((books.delivered, *total.lock().unwrap(), books.handler_errors), (4 * EACH, 4 * EACH, 0));
    assert_eq!(books.fired, 4 * EACH + books.refused);
}

#[test]
fn stop_start_and_close_under_load_lose_nothing() {
    for wait in [WaitStrategy::YieldThenPark, WaitStrategy::SpinHint, WaitStrategy::BusySpin] {
        let (bus, senders, sink, total) = fan(wait);
        let poured = std::thread::scope(|scope| {
            let pouring: Vec<_> =
                senders.iter().map(|sender| scope.spawn(|| pour(&bus, *sender, sink, 0, u64::MAX))).collect();
            for round in 0..20 {
                let rate = if round % 3 == 0 { Rate::Every(Duration::from_micros(100)) } else { Rate::AsNeeded };
                bus.start(rate).unwrap();
                assert!(bus.is_started());
                assert_eq!(bus.tick().unwrap_err().code(), "E_STATE");
                std::thread::sleep(Duration::from_millis(3));
                bus.stop();
                assert!(!bus.is_started());
                bus.tick().unwrap();
            }
            bus.start(Rate::AsNeeded).unwrap();
            bus.close();
            pouring.into_iter().map(|thread| thread.join().unwrap()).sum::<u64>()
        });
        let books = bus.counters();
        assert!(books.balanced() && books.in_flight == 0 && books.dropped_total() == 0, "{books:?}");
        assert_eq!(books.fired - books.refused, poured);
        assert_eq!(books.delivered, *total.lock().unwrap());
        assert_eq!(books.handler_errors, 0);
        assert!(books.delivered > 0);
    }
}

#[test]
fn a_fixed_rate_ticks_with_the_wall_and_idle_neurons_are_ticked_too() {
    struct Ticking(Arc<Mutex<u64>>);
    impl Neuron for Ticking {
        fn on_spike(&mut self, _: &Spike, _: &mut Handle<'_>) {}
        fn tick(&mut self, _: &mut Handle<'_>, _: bool) {
            *self.0.lock().unwrap() += 1;
        }
    }
    let bus = Bus::builder().build().unwrap();
    let count = Arc::new(Mutex::new(0));
    bus.register(card(), Ticking(Arc::clone(&count))).unwrap();
    let begin = Instant::now();
    bus.start(Rate::Every(Duration::from_millis(2))).unwrap();
    std::thread::sleep(Duration::from_millis(400));
    bus.stop();
    let wall = begin.elapsed().as_millis() as u64 / 2;
    let (ticks, late) = (bus.counters().ticks, bus.late_ticks());
    assert_eq!(*count.lock().unwrap(), ticks);
    assert!(ticks + late <= wall && ticks + late + 60 >= wall, "{ticks} ticks, {late} late, {wall} periods");
}

#[test]
fn at_most_ten_late_ticks_are_made_up_in_a_row_and_the_rest_is_counted() {
    struct Slow(Arc<Mutex<Vec<Instant>>>, bool);
    impl Neuron for Slow {
        fn on_spike(&mut self, _: &Spike, _: &mut Handle<'_>) {}
        fn tick(&mut self, _: &mut Handle<'_>, _: bool) {
            self.0.lock().unwrap().push(Instant::now());
            if !std::mem::replace(&mut self.1, true) {
                std::thread::sleep(Duration::from_millis(500));
            }
        }
    }
    let times = Arc::new(Mutex::new(Vec::new()));
    let bus = Bus::builder().build().unwrap();
    bus.register(card(), Slow(Arc::clone(&times), false)).unwrap();
    let begin = Instant::now();
    bus.start(Rate::Every(Duration::from_millis(20))).unwrap();
    std::thread::sleep(Duration::from_millis(640));
    bus.stop();
    // 25 periods pass in the first tick: 10 of them are made up, some 14 are not, and more if this machine is busy.
    let (ticks, late) = (bus.counters().ticks, bus.late_ticks());
    let periods = begin.elapsed().as_millis() as u64 / 20;
    assert!(late >= 12 && ticks >= 11 && ticks + late <= periods, "{ticks} ticks, {late} late, {periods} periods");
    let times = times.lock().unwrap();
    let at_once = times[1..].windows(2).take_while(|pair| pair[1] - pair[0] < Duration::from_millis(2)).count() + 1;
    assert!(at_once <= 11, "{at_once} made up in a row");
}

#[test]
fn a_bus_may_be_dropped_while_it_is_started() {
    for _ in 0..20 {
        let (bus, senders, sink, _) = fan(WaitStrategy::YieldThenPark);
        bus.start(Rate::AsNeeded).unwrap();
        pour(&bus, senders[0], sink, 0, 2_000);
        drop(bus);
    }
}

#[test]
fn a_verb_that_frees_what_was_held_back_wakes_the_sleeping_thread() {
    let bus = Bus::builder().max_neurons(1).build().unwrap();
    bus.start(Rate::AsNeeded).unwrap();
    for _ in 0..3 {
        std::thread::sleep(Duration::from_millis(20));
        let id = bus.register(card(), Silent).unwrap();
        bus.unregister(id).unwrap();
        let deadline = Instant::now() + Duration::from_secs(5);
        // The id is free after the next tick, which nobody but the thread makes.
        let again = loop {
            match bus.register(card(), Silent) {
                Ok(id) => break id,
                Err(_) if Instant::now() < deadline => std::thread::yield_now(),
                Err(error) => panic!("{error}"),
            }
        };
        bus.unregister(again).unwrap();
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_panic_in_a_native_neuron_is_counted_and_stops_nobody() {
    struct Bad;
    impl Neuron for Bad {
        fn on_spike(&mut self, _: &Spike, _: &mut Handle<'_>) {
            panic!("told to");
        }
    }
    let bus = Bus::builder().build().unwrap();
    let (a, bad) = (bus.register(card(), Silent).unwrap(), bus.register(card(), Bad).unwrap());
    bus.connect(a, bad, Connection::new()).unwrap();
    bus.start(Rate::AsNeeded).unwrap();
    for _ in 0..3 {
        bus.lend(a, |handle| handle.fire_to(bad, b"")).unwrap().unwrap();
    }
    assert!(bus.drain(Duration::from_secs(5)));
    assert_eq!((bus.counters().handler_errors, bus.counters().delivered, bus.crashes()), (3, 3, 0));
}

/// A clock that panics when it is told to.
#[derive(Debug)]
struct Brittle(RealClock, Mutex<bool>);

impl Clock for Brittle {
    fn now_ns(&self) -> u64 {
        let broken = *self.1.lock().unwrap();
        assert!(!broken, "told to");
        self.0.now_ns()
    }
}

#[test]
fn a_panic_of_the_cortex_thread_itself_closes_the_bus_and_leaves_nobody_hanging() {
    let clock = Arc::new(Brittle(RealClock::new(), Mutex::new(false)));
    let bus = Bus::builder().clock(clock.clone()).build().unwrap();
    let (a, b) = (bus.register(card(), Silent).unwrap(), bus.register(card(), Silent).unwrap());
    bus.connect(a, b, Connection::new()).unwrap();
    bus.lend(a, |handle| handle.fire_to(b, b"")).unwrap().unwrap();
    *clock.1.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = true;
    bus.start(Rate::AsNeeded).unwrap();
    let deadline = Instant::now() + Duration::from_secs(5);
    while bus.crashes() == 0 {
        assert!(Instant::now() < deadline);
        std::thread::yield_now();
    }
    assert_eq!(bus.lend(a, |_| ()).unwrap_err().code(), "E_CLOSED");
    bus.stop();
    assert!(!bus.is_started() && bus.start(Rate::AsNeeded).is_err());
    let books = bus.counters();
    assert!(books.balanced() && books.in_flight == 0, "{books:?}");
    bus.close();
}
