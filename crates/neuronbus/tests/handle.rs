//! What the hand of a neuron can do on a real bus: its arena (NB-27, NB-40) and a reader of its own axon (NB-40).
#![allow(clippy::unwrap_used, clippy::panic)]

mod acting;

use acting::{Acting, card};
use neuronbus::{Bus, Connection, Handle, NeuronId, Spike, axon::Reader};
use std::sync::{Arc, Mutex};

/// A bus with one neuron, connected to itself, that does `call` with each spike.
fn alone(call: impl FnMut(&Spike, &mut Handle<'_>) + Send + 'static) -> (Bus, NeuronId) {
    let bus = Bus::builder().arena_capacity(1 << 16).axon_capacity(4).build().unwrap();
    let id = bus.register(card(), Acting(call)).unwrap();
    bus.connect(id, id, Connection::new()).unwrap();
    (bus, id)
}

fn sequences(reader: &mut Reader) -> Vec<u32> {
    std::iter::from_fn(|| reader.try_read_next().unwrap()).map(|spike| spike.sequence()).collect()
}

#[test]
fn nb_40_what_a_hand_writes_into_the_arena_is_its_own_and_can_be_given_back() {
    let (bus, id) = alone(|_, _| {});
    let at = bus.lend(id, |handle| handle.arena().write(b"kept")).unwrap().unwrap();
    let mut seen = Vec::new();
    bus.lend(id, |handle| handle.arena().read(at, &mut |bytes| seen = bytes.to_vec())).unwrap().unwrap();
    assert_eq!((seen.as_slice(), bus.arena().used(), bus.arena().in_flight()), (b"kept".as_slice(), 8, 0));
    assert!(bus.arena().release(at).unwrap());
    assert_eq!((bus.arena().used(), bus.arena().in_flight()), (0, 0));
    bus.arena().reset().unwrap();
    assert_eq!(bus.arena().epoch(), 1);
}

#[test]
fn nb_40_in_a_callback_a_hand_writes_reads_and_gives_back() {
    let log = Arc::new(Mutex::new(Vec::new()));
    let put = Arc::clone(&log);
    let (bus, id) = alone(move |_, handle| {
        let at = handle.arena().write(&[7; 100]).unwrap();
        let mut sum = 0;
        handle.arena().read(at, &mut |bytes| sum = bytes.iter().map(|byte| u32::from(*byte)).sum()).unwrap();
        let first = handle.arena().release(at).unwrap();
        let second = handle.arena().release(at).map_err(|error| error.code());
        put.lock().unwrap().push((sum, first, second));
    });
    bus.lend(id, |handle| handle.fire_to(id, b"")).unwrap().unwrap();
    bus.tick().unwrap();
    assert_eq!(*log.lock().unwrap(), [(700, true, Err("E_STALE_REF"))]);
    assert_eq!((bus.arena().used(), bus.arena().in_flight()), (0, 0));
    bus.arena().reset().unwrap();
}

#[test]
fn nb_27_what_a_hand_fires_is_held_for_its_spike_and_reset_waits_for_it() {
    let (bus, id) = alone(|_, _| {});
    bus.lend(id, |handle| handle.fire_to(id, &[7; 100])).unwrap().unwrap();
    assert_eq!((bus.arena().in_flight(), bus.arena().reset().unwrap_err().code()), (1, "E_BUSY"));
    bus.tick().unwrap();
    assert_eq!((bus.arena().used(), bus.arena().in_flight()), (0, 0));
    bus.arena().reset().unwrap();
}

#[test]
fn nb_40_a_callback_gets_a_reader_of_its_own_axon_from_now_on() {
    let readers = Arc::new(Mutex::new(Vec::new()));
    let put = Arc::clone(&readers);
    let (bus, id) = alone(move |spike, handle| {
        if spike.sequence() == 0 {
            let me = handle.id();
            handle.fire_to(me, b"before").unwrap();
            let reader = handle.reader().unwrap();
            handle.fire_to(me, b"after").unwrap();
            put.lock().unwrap().push(reader);
        }
    });
    bus.lend(id, |handle| handle.fire_to(id, b"")).unwrap().unwrap();
    bus.run(4).unwrap();
    let mut reader = readers.lock().unwrap().pop().unwrap();
    assert_eq!((bus.counters().delivered, bus.counters().handler_errors), (3, 0));
    assert_eq!(sequences(&mut reader), [2], "not the one that was fired before it, nor those from before the callback");
    // It is reliable: who does not read holds the neuron back, and its payloads.
    let mut fired = 0;
    while bus.lend(id, |handle| handle.fire_to(id, &[7; 100])).unwrap().is_ok() {
        bus.run(4).unwrap();
        fired += 1;
    }
    assert_eq!((fired, bus.counters().in_flight, bus.arena().in_flight()), (4, 0, 4));
    assert_eq!(sequences(&mut reader), [3, 4, 5, 6]);
    bus.lend(id, |handle| handle.fire_to(id, b"")).unwrap().unwrap();
    assert_eq!((sequences(&mut reader).as_slice(), bus.arena().used()), ([7].as_slice(), 0));
    bus.close();
    assert!(reader.is_closed() && bus.counters().balanced(), "{:?}", bus.counters());
}

#[test]
fn nb_40_a_lent_hand_gives_readers_and_each_sees_what_is_fired_after_it() {
    let (bus, id) = alone(|_, _| {});
    let mut readers = bus
        .lend(id, |handle| {
            let mut taken = Vec::new();
            for _ in 0..4 {
                taken.push(handle.reader().unwrap());
                handle.fire_to(id, b"").unwrap();
            }
            taken
        })
        .unwrap();
    let seen: Vec<_> = readers.iter_mut().map(sequences).collect();
    assert_eq!(seen, [vec![0, 1, 2, 3], vec![1, 2, 3], vec![2, 3], vec![3]]);
    bus.run(8).unwrap();
    let books = bus.counters();
    assert!(books.balanced() && books.delivered == 4 && books.in_flight == 0, "{books:?}");
}
