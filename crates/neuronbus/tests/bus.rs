//! The bus by hand (NB-37, NB-40, NB-45, NB-46, NB-49, NB-50), and its verbs inside its own callbacks.
#![allow(clippy::unwrap_used, clippy::panic)]

use neuronbus::{
    AgentCard, Bus, BusError, Connection, Handle, ManualClock, Membrane, Neuron, NeuronId, Rate, Spike, TableKind,
    WaitStrategy,
};
use std::{
    sync::{Arc, Mutex, OnceLock, mpsc},
    time::Duration,
};

/// A neuron made of a closure.
struct Acting<F>(F);

impl<F: FnMut(&Spike, &mut Handle<'_>) + Send> Neuron for Acting<F> {
    fn on_spike(&mut self, spike: &Spike, handle: &mut Handle<'_>) {
        (self.0)(spike, handle);
    }

    fn capabilities(&self) -> Vec<String> {
        vec!["act".to_owned()]
    }
}

fn card(name: &str) -> AgentCard {
    AgentCard::builder(name).region("cortex/test").build().unwrap()
}

fn silent() -> Acting<impl FnMut(&Spike, &mut Handle<'_>) + Send> {
    Acting(|_: &Spike, _: &mut Handle<'_>| {})
}

#[test]
fn nb_50_the_quick_start_of_the_reference_delivers_one_hello() {
    let bus = Bus::builder().build().unwrap();
    let (tx, rx) = mpsc::channel();
    let sender = bus.register(card("sender"), silent()).unwrap();
    let receiver = bus
        .register(
            card("receiver"),
            Acting(move |spike: &Spike, handle: &mut Handle<'_>| {
                tx.send(handle.payload_vec(spike).unwrap()).unwrap();
            }),
        )
        .unwrap();
    bus.connect(sender, receiver, Connection::new().weight(0.8)).unwrap();
    bus.lend(sender, |handle| handle.fire_to(receiver, b"hello")).unwrap().unwrap();
    bus.tick().unwrap();
    assert_eq!(rx.try_iter().collect::<Vec<_>>(), [b"hello"]);
    assert_eq!(bus.counters().delivered, 1);
}

#[test]
fn nb_37_capabilities_of_a_neuron_are_searchable_and_nb_45_so_are_regions() {
    let bus = Bus::builder().build().unwrap();
    let id = bus.register(card("a"), silent()).unwrap();
    let find = |capability, region| bus.cortex(|cortex| cortex.discover(capability, region));
    assert_eq!(find(Some("act"), None), [id]);
    assert_eq!(find(None, Some("cortex")), [id]);
    assert!(find(Some("act"), Some("cort")).is_empty());
}

#[test]
fn nb_46_run_ticks_n_times_and_prune_counts_and_cards_are_there() {
    let bus = Bus::builder().build().unwrap();
    let (a, b) = (bus.register(card("a"), silent()).unwrap(), bus.register(card("b"), silent()).unwrap());
    bus.connect(a, b, Connection::new().weight(0.005)).unwrap();
    bus.run(5).unwrap();
    assert_eq!(bus.counters().ticks, 5);
    assert_eq!(bus.cortex(|cortex| cortex.neurons()), 2);
    assert_eq!(bus.cortex(neuronbus::Cortex::prune).unwrap().len(), 1);
    assert_eq!(bus.cortex(|cortex| cortex.card(a).unwrap().name().to_owned()), "a");
    assert_eq!(bus.unregister(a).unwrap().name(), "a");
}

#[test]
fn nb_49_defaults_can_be_read_and_start_and_bad_sizes_are_refused() {
    let builder = Bus::builder();
    let config = builder.config().clone();
    assert_eq!((config.axon_slots, config.max_neurons, config.defer_slots), (1024, 1024, 64));
    assert_eq!((builder.arena_bytes(), builder.wait()), (64 << 20, WaitStrategy::YieldThenPark));
    let full = builder.build().unwrap();
    for _ in 0..1024 {
        full.register(card("x"), silent()).unwrap();
    }
    let builder = || Bus::builder().arena_capacity(1 << 16);
    let codes = [
        builder().axon_capacity(3).build().err().unwrap().code(),
        builder().axon_capacity(0).build().err().unwrap().code(),
        builder().max_neurons(0).build().err().unwrap().code(),
        builder().max_neurons(65_535).build().err().unwrap().code(),
        builder().defer_slots(0).build().err().unwrap().code(),
        builder().defer_slots(65_537).build().err().unwrap().code(),
        builder().prune(f32::NAN, 0).build().err().unwrap().code(),
        builder().arena_capacity(1).build().err().unwrap().code(),
        builder().max_neurons(2000).table(TableKind::Dense).build().err().unwrap().code(),
        full.start(Rate::Every(Duration::ZERO)).err().unwrap().code(),
        full.start(Rate::Every(Duration::MAX)).err().unwrap().code(),
    ];
    assert_eq!(codes, ["E_OUT_OF_RANGE"; 11]);
}

#[test]
fn nb_40_readers_of_a_neuron_work_from_another_thread() {
    let bus = Bus::builder().clock(Arc::new(ManualClock::new())).build().unwrap();
    let (a, b) = (bus.register(card("a"), silent()).unwrap(), bus.register(card("b"), silent()).unwrap());
    bus.connect(a, b, Connection::new()).unwrap();
    let mut reader = bus.reader(a).unwrap();
    let mut lossy = bus.lossy_reader(a).unwrap();
    let reading = std::thread::spawn(move || {
        let mut strategy = neuronbus::axon::YieldThenPark::default();
        let never = neuronbus::axon::Cancel::never();
        std::iter::from_fn(|| reader.read_next(&mut strategy, &never).ok())
            .map(|spike| spike.sequence())
            .collect::<Vec<_>>()
    });
    let mut fired = 0;
    while fired < 10_000 {
        // The reader holds the credit: without it, the sender waits.
        fired += u32::from(bus.lend(a, |handle| handle.fire_to(b, b"")).unwrap().is_ok());
        bus.tick().unwrap();
    }
    bus.close();
    assert_eq!(reading.join().unwrap(), (0..10_000).collect::<Vec<_>>());
    let lagged = lossy.try_read_next().unwrap_err();
    assert_eq!(lagged.code(), "E_LAGGED");
    assert!(bus.counters().balanced());
}

/// Runs `call` inside a callback of the bus it is given.
fn inside<R: Send + 'static>(call: impl FnOnce(&Bus) -> R + Send + 'static) -> (Arc<Bus>, R) {
    let bus = Arc::new(Bus::builder().build().unwrap());
    let back = Arc::downgrade(&bus);
    let result = Arc::new(Mutex::new(None));
    let (put, mut call) = (Arc::clone(&result), Some(call));
    let id = bus
        .register(
            card("self"),
            Acting(move |_: &Spike, _: &mut Handle<'_>| {
                if let Some(call) = call.take() {
                    *put.lock().unwrap() = Some(call(&back.upgrade().unwrap()));
                }
            }),
        )
        .unwrap();
    bus.connect(id, id, Connection::new()).unwrap();
    bus.lend(id, |handle| handle.fire_to(id, b"")).unwrap().unwrap();
    bus.tick().unwrap();
    let result = result.lock().unwrap().take().unwrap();
    (bus, result)
}

#[test]
fn in_a_callback_the_verbs_of_the_same_bus_are_refused_not_deadlocked() {
    let (bus, codes) = inside(|bus| {
        let id = NeuronId::new(0).unwrap();
        let code = |error: BusError| error.code();
        [
            bus.tick().map(drop).map_err(code),
            bus.run(3).map(drop).map_err(code),
            bus.register(card("x"), silent()).map(drop).map_err(code),
            bus.unregister(id).map(drop).map_err(code),
            bus.connect(id, id, Connection::new()).map_err(code),
            bus.lend(id, |_| ()).map_err(code),
            bus.start(Rate::AsNeeded).map_err(code),
            bus.reader(id).map(drop).map_err(code),
            bus.try_cortex(|_| ()).map_err(code),
        ]
    });
    assert_eq!(codes, [Err("E_REENTRANT"); 9]);
    assert_eq!(bus.counters().handler_errors, 0);
    let (bus, drained) = inside(|bus| (bus.drain(Duration::from_secs(9)), bus.is_started(), bus.counters().ticks));
    assert_eq!(drained, (false, false, 0));
    assert!(bus.drain(Duration::from_secs(1)));
}

#[test]
fn close_works_in_a_callback_and_twice() {
    let (bus, ()) = inside(|bus| {
        bus.stop();
        bus.close();
        bus.close();
    });
    assert_eq!(bus.tick().unwrap_err().code(), "E_CLOSED");
    assert_eq!(bus.start(Rate::AsNeeded).unwrap_err().code(), "E_CLOSED");
    assert!(bus.arena().is_closed() && bus.counters().balanced());
    bus.close();
}

#[test]
fn the_infallible_door_in_a_callback_counts_as_an_error_of_the_handler() {
    let bus = Arc::new(Bus::builder().build().unwrap());
    let back = Arc::downgrade(&bus);
    let id = bus
        .register(
            card("self"),
            Acting(move |_: &Spike, _: &mut Handle<'_>| {
                back.upgrade().unwrap().cortex(|_| ());
            }),
        )
        .unwrap();
    bus.connect(id, id, Connection::new()).unwrap();
    bus.lend(id, |handle| handle.fire_to(id, b"")).unwrap().unwrap();
    bus.tick().unwrap();
    assert_eq!(bus.counters().handler_errors, 1);
}

#[test]
fn a_neuron_may_end_the_bus_it_lives_on() {
    static DROPPED: OnceLock<()> = OnceLock::new();
    struct Last(Option<Arc<Bus>>);
    impl Drop for Last {
        fn drop(&mut self) {
            DROPPED.get_or_init(|| ());
        }
    }
    impl Neuron for Last {
        fn on_spike(&mut self, _: &Spike, _: &mut Handle<'_>) {
            // By now the only owner: the bus is dropped in its own thread.
            drop(self.0.take());
        }
    }
    let bus = Arc::new(Bus::builder().build().unwrap());
    let id = bus.register_with(card("last"), Membrane::default(), Last(Some(Arc::clone(&bus)))).unwrap();
    bus.connect(id, id, Connection::new()).unwrap();
    bus.lend(id, |handle| handle.fire_to(id, b"")).unwrap().unwrap();
    bus.start(Rate::Every(Duration::from_millis(20))).unwrap();
    drop(bus);
    for _ in 0..500 {
        if DROPPED.get().is_some() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("the thread did not end");
}
