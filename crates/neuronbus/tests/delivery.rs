//! What arrives over a whole bus: payloads of every size (NB-7, NB-8), and what filters let through (NB-30).
#![allow(clippy::unwrap_used, clippy::panic)]

use neuronbus::{
    AgentCard, Bus, Connection, DropReason, Filter, Handle, Membrane, Neuron, NeuronId, Payload, Spike, Target,
};
use std::sync::{Arc, Mutex};

type Log = Arc<Mutex<Vec<(u16, Vec<u8>)>>>;

/// Writes down what it receives.
struct Listening(Log);

impl Neuron for Listening {
    fn on_spike(&mut self, spike: &Spike, handle: &mut Handle<'_>) {
        let payload = handle.payload_vec(spike).unwrap();
        self.0.lock().unwrap().push((handle.id().raw(), payload));
    }
}

/// A bus with `neurons` neurons that write into one log, and whose membranes never cross.
fn bus(neurons: usize) -> (Bus, Vec<NeuronId>, Log) {
    let bus = Bus::builder().arena_capacity(8 << 20).build().unwrap();
    let log = Log::default();
    let membrane = Membrane { threshold: 1e9, ..Membrane::default() };
    let card = || AgentCard::builder("x").build().unwrap();
    let register = |_| bus.register_with(card(), membrane, Listening(Arc::clone(&log))).unwrap();
    let ids = (0..neurons).map(register).collect();
    (bus, ids, log)
}

fn fire(bus: &Bus, source: NeuronId, target: impl Into<Target>, payload: &[u8]) {
    bus.lend(source, |handle| handle.fire(target, payload, neuronbus::FireOptions::default())).unwrap().unwrap();
}

/// Who got which payload since the last look.
fn seen(log: &Log) -> Vec<(u16, Vec<u8>)> {
    std::mem::take(&mut *log.lock().unwrap())
}

/// Bytes that are different at every place, and from one payload to the next.
fn bytes(len: usize, seed: u8) -> Vec<u8> {
    (0..len).map(|at| (at ^ at >> 8 ^ at >> 16) as u8 ^ seed).collect()
}

#[test]
fn nb_8_payloads_from_0_bytes_to_a_mebibyte_are_delivered_intact_by_unicast_and_broadcast() {
    let (bus, ids, log) = bus(3);
    bus.connect(ids[0], ids[1], Connection::new()).unwrap();
    bus.connect(ids[0], ids[2], Connection::new()).unwrap();
    let mut reader = bus.reader(ids[0]).unwrap();
    for (seed, len) in (1..).zip([0, 1, 45, 46, 47, 48, 4_096, 1 << 20, (1 << 20) + 1]) {
        let payload = bytes(len, seed);
        fire(&bus, ids[0], ids[1], &payload);
        fire(&bus, ids[0], Target::Broadcast, &payload);
        assert_eq!(bus.arena().in_flight(), if len > 46 { 2 } else { 0 }, "{len} bytes");
        bus.tick().unwrap();
        let got = seen(&log);
        assert_eq!(got.iter().map(|(who, _)| *who).collect::<Vec<_>>(), [1, 1, 2], "{len} bytes");
        assert!(got.iter().all(|(_, got)| *got == payload), "{len} bytes");
        // One that looks on from outside reads the same bytes, where they lie.
        assert_eq!(reader.available(), 2);
        for place in 0..2 {
            let spike = reader.get(place).unwrap().unwrap();
            match spike.payload() {
                Payload::Arena(at) => {
                    assert!(len > 46);
                    assert_eq!(*bus.arena().read(at).unwrap(), payload);
                }
                Payload::Inline(got) => assert_eq!(got, payload, "never truncated"),
            }
        }
        reader.release(2);
        bus.tick().unwrap();
        assert_eq!((bus.arena().used(), bus.arena().in_flight()), (0, 0), "{len} bytes");
    }
    assert!(bus.counters().balanced() && bus.counters().handler_errors == 0);
}

#[test]
fn nb_8_inline_bytes_that_look_like_a_reference_are_inline_bytes() {
    let (bus, ids, log) = bus(2);
    bus.connect(ids[0], ids[1], Connection::new()).unwrap();
    let kept = bus.arena().write(&[9; 100]).unwrap();
    for len in [1, 17, 46] {
        let mut payload = vec![0; len];
        payload[0] = 0xA0;
        if len >= 17 {
            payload[1..9].copy_from_slice(&kept.offset.to_le_bytes());
            payload[9..13].copy_from_slice(&kept.len.to_le_bytes());
            payload[13..17].copy_from_slice(&kept.ref_slot.to_le_bytes());
        }
        fire(&bus, ids[0], ids[1], &payload);
        bus.tick().unwrap();
        assert_eq!(seen(&log), [(1, payload)]);
    }
    assert!(bus.arena().release(kept).unwrap(), "and nobody has given it back");
}

/// How many spikes were filtered so far.
fn filtered(bus: &Bus) -> u64 {
    bus.counters().dropped_for(DropReason::Filtered)
}

#[test]
fn nb_30_a_prefix_is_looked_for_in_the_arena_too_by_unicast_and_broadcast() {
    let (bus, ids, log) = bus(3);
    let prefix = Connection::new().filter(Filter::prefix("go: "));
    bus.connect(ids[0], ids[1], prefix).unwrap();
    bus.connect(ids[0], ids[2], Connection::new()).unwrap();
    for len in [4, 46, 47, 5_000] {
        let mut passing = b"go: ".to_vec();
        passing.resize(len, b'.');
        // Wrong in its last byte, and as long.
        let blocked = [b"go:_", &passing[4..]].concat();
        for payload in [&passing, &blocked] {
            fire(&bus, ids[0], ids[1], payload);
            fire(&bus, ids[0], Target::Broadcast, payload);
        }
        let before = filtered(&bus);
        bus.tick().unwrap();
        let got = seen(&log);
        let expected = [(1, &passing), (1, &passing), (2, &passing), (2, &blocked)];
        assert_eq!(got, expected.map(|(who, payload)| (who, payload.clone())), "{len} bytes");
        assert_eq!((filtered(&bus) - before, bus.arena().used()), (2, 0), "{len} bytes");
    }
    assert!(bus.counters().balanced());
}

#[test]
fn nb_30_a_custom_filter_is_asked_for_each_target_of_a_broadcast_and_for_unicast() {
    let (bus, ids, log) = bus(4);
    let custom = |name: &str| Connection::new().filter(Filter::custom(name));
    assert_eq!(bus.connect(ids[0], ids[1], custom("even")).unwrap_err().code(), "E_UNKNOWN_FILTER");
    let asked = Arc::new(Mutex::new(Vec::new()));
    for (name, rest) in [("even", 0), ("odd", 1)] {
        let asked = Arc::clone(&asked);
        let predicate = move |spike: &Spike| {
            asked.lock().unwrap().push((name, spike.sequence()));
            spike.sequence() % 2 == rest
        };
        bus.cortex(|cortex| cortex.register_filter(name, Box::new(predicate)));
    }
    bus.connect(ids[0], ids[1], custom("even")).unwrap();
    bus.connect(ids[0], ids[2], custom("odd")).unwrap();
    bus.connect(ids[0], ids[3], Connection::new()).unwrap();
    fire(&bus, ids[0], Target::Broadcast, b"0");
    fire(&bus, ids[0], Target::Broadcast, &[1; 100]);
    fire(&bus, ids[0], ids[1], b"2");
    fire(&bus, ids[0], ids[1], b"3");
    bus.tick().unwrap();
    let got: Vec<_> = seen(&log).into_iter().map(|(who, payload)| (who, payload[0])).collect();
    assert_eq!(got, [(1, b'0'), (3, b'0'), (2, 1), (3, 1), (1, b'2')]);
    let expected = [("even", 0), ("odd", 0), ("even", 1), ("odd", 1), ("even", 2), ("even", 3)];
    assert_eq!(*asked.lock().unwrap(), expected, "once for each target");
    assert_eq!((filtered(&bus), bus.counters().fired, bus.arena().used()), (3, 8, 0));
    assert!(bus.counters().balanced());
}

#[test]
fn nb_30_what_is_in_flight_is_filtered_when_its_sender_has_gone_and_dropped_when_its_synapse_has() {
    let (bus, ids, log) = bus(2);
    bus.cortex(|cortex| cortex.register_filter("no", Box::new(|_| false)));
    bus.connect(ids[0], ids[1], Connection::new().filter(Filter::custom("no"))).unwrap();
    fire(&bus, ids[0], ids[1], b"synapse gone");
    bus.cortex(|cortex| cortex.disconnect(ids[0], ids[1])).unwrap();
    bus.tick().unwrap();
    assert_eq!(bus.counters().dropped_for(DropReason::NotConnected), 1);
    bus.connect(ids[0], ids[1], Connection::new().filter(Filter::custom("no"))).unwrap();
    fire(&bus, ids[0], ids[1], b"sender gone");
    fire(&bus, ids[0], Target::Broadcast, b"sender gone");
    bus.unregister(ids[0]).unwrap();
    bus.tick().unwrap();
    assert_eq!((filtered(&bus), seen(&log).len()), (2, 0));
    assert!(bus.counters().balanced() && bus.counters().in_flight == 0);
}
