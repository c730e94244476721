//! The other side of a bridge is hostile (docs/boundary.md, law 6): no bytes it can write panic, hang, deliver what is no
//! spike, or read or free anything that is not its own.
#![allow(clippy::unwrap_used, clippy::panic)]

mod bridged;

use bridged::{Environment, spike};
use neuronbus::{
    AgentCard, ArenaRef, Bus, Connection, DropReason, Handle, ManualClock, Neuron, NeuronId, Rate, Spike, SpikeBuilder,
    axon::layout as ring, bridge::layout as parts,
};
use neuronbus_sync::Ordering;
use std::{
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

type Log = Arc<Mutex<Vec<(u32, Option<Vec<u8>>)>>>;

/// A native neuron that writes down the number and the payload of what it gets.
struct Native(Log);

impl Neuron for Native {
    fn on_spike(&mut self, spike: &Spike, handle: &mut Handle<'_>) {
        self.0.lock().unwrap().push((spike.sequence(), handle.payload_vec(spike).ok()));
    }
}

/// An environment with one neuron in it, connected to itself and to a native one.
struct Scene {
    env: Environment,
    outside: NeuronId,
    native: NeuronId,
    log: Log,
}

fn scene() -> Scene {
    let builder = Bus::builder().arena_capacity(1 << 16).max_neurons(8).clock(Arc::new(ManualClock::new()));
    let env = Environment::new(builder.close_timeout(Duration::ZERO), 8, 8);
    let outside = env.register();
    let log = Log::default();
    let card = AgentCard::builder("native").build().unwrap();
    let native = env.bus.register(card, Native(Arc::clone(&log))).unwrap();
    env.bus.connect(outside, native, Connection::new()).unwrap();
    env.bus.connect(outside, outside, Connection::new()).unwrap();
    env.bus.cortex(|cortex| cortex.watch_drops(true));
    Scene { env, outside, native, log }
}

impl Scene {
    fn spike(&self, sequence: u32) -> Spike {
        spike(self.outside, self.native, sequence)
    }

    fn seen(&self) -> Vec<u32> {
        self.log.lock().unwrap().iter().map(|(sequence, _)| *sequence).collect()
    }

    fn dropped(&self, reason: DropReason) -> u64 {
        self.env.bus.counters().dropped_for(reason)
    }
}

/// The words of `spike` with one byte changed.
fn with_byte(spike: &Spike, at: usize, byte: u8) -> [u64; 8] {
    let mut bytes = *spike.as_bytes();
    bytes[at] = byte;
    let mut words = bytes.chunks_exact(8).map(|word| u64::from_le_bytes(word.try_into().unwrap()));
    std::array::from_fn(|_| words.next().unwrap())
}

#[test]
fn an_honest_environment_is_served_so_these_tests_can_fail() {
    let scene = scene();
    scene.env.fire(&scene.spike(0));
    scene.env.fire(&spike(scene.outside, scene.outside, 1));
    scene.env.bus.tick().unwrap();
    assert_eq!((scene.seen(), scene.env.read().len()), (vec![0], 1));
    scene.env.bus.tick().unwrap();
    let books = scene.env.bus.counters();
    assert_eq!((books.delivered, books.in_flight), (2, 0));
    assert_eq!((scene.env.load(scene.env.layout.done) as u32, scene.env.load(parts::SETTLED)), (2, 2));
    // The doorbell: once a park, and only for what was asked for.
    scene.env.store(parts::READER_PARKED, parts::RING_INBOX.into());
    scene.env.bus.tick().unwrap();
    assert_eq!(*scene.env.rung.lock().unwrap(), 0);
    for _ in 0..3 {
        scene.env.fire(&spike(scene.outside, scene.outside, 2));
        scene.env.bus.tick().unwrap();
        assert_eq!((*scene.env.rung.lock().unwrap(), scene.env.load(parts::READER_PARKED)), (1, 0));
    }
}

#[test]
fn nb_2_a_record_that_is_no_spike_is_a_counted_drop_and_the_next_goes_on() {
    let scene = scene();
    let good = scene.spike(7);
    // Kind 3; length codes that mean nothing; an arena reference without its marker; the broadcast id as source; and all ones.
    let bad = [
        with_byte(&good, 16, good.as_bytes()[16] | 3),
        with_byte(&good, 16, 48 << 2),
        with_byte(&good, 16, 62 << 2),
        with_byte(&good, 16, 63 << 2),
        [u64::MAX; 8],
    ];
    for words in bad {
        scene.env.fire_words(words);
        scene.env.bus.tick().unwrap();
    }
    scene.env.fire(&good);
    scene.env.bus.tick().unwrap();
    assert_eq!((scene.dropped(DropReason::Malformed), scene.seen()), (5, vec![7]));
    let events = scene.env.bus.cortex(neuronbus::Cortex::take_events);
    assert_eq!(events.len(), 5);
    assert!(scene.env.bus.counters().balanced());
    assert_eq!(scene.env.load(parts::SETTLED), 6, "refused records are done too");
}

#[test]
fn a_source_that_does_not_live_there_fires_nothing() {
    let scene = scene();
    scene.env.bus.connect(scene.native, scene.native, Connection::new()).unwrap();
    for source in [scene.native.raw(), 5, 0xFFFE] {
        let forged = spike(NeuronId::new(source).unwrap(), scene.native, 0);
        scene.env.fire(&forged);
    }
    // The broadcast id as source.
    scene.env.fire_words(with_byte(&SpikeBuilder::new().build().unwrap(), 12, 0xFF));
    scene.env.bus.run(2).unwrap();
    assert!(scene.seen().is_empty(), "nobody fires in the name of another");
    assert_eq!(scene.env.bus.counters().dropped_total(), 4);
    assert!(scene.env.bus.counters().balanced());
}

#[test]
fn forged_references_show_nothing_and_free_nothing() {
    let scene = scene();
    let arena = scene.env.bus.arena();
    let kept = arena.write(&[9; 100]).unwrap();
    let forged = [
        ArenaRef { offset: u64::MAX - 7, len: 16, ref_slot: kept.ref_slot },
        ArenaRef { offset: kept.offset + 8, ..kept },
        ArenaRef { len: u32::MAX, ..kept },
        ArenaRef { len: 0, ..kept },
        ArenaRef::new(kept.offset, kept.len, kept.slot(), kept.generation().wrapping_add(1)),
        ArenaRef { offset: 0, len: 100, ref_slot: u32::MAX },
    ];
    for (sequence, at) in (0..).zip(forged) {
        let spike = SpikeBuilder::new().source(scene.outside).target(scene.native).sequence(sequence).arena_ref(at);
        scene.env.fire(&spike.build().unwrap());
        scene.env.bus.tick().unwrap();
    }
    assert!(scene.log.lock().unwrap().iter().all(|(_, payload)| payload.is_none()));
    assert_eq!(scene.seen(), [0, 1, 2, 3, 4, 5]);
    assert_eq!((&*arena.read(kept).unwrap(), arena.in_flight()), ([9; 100].as_slice(), 0));
    assert!(arena.release(kept).unwrap() && arena.used() == 0);
}

#[test]
fn a_sender_that_ignores_its_credit_waits_in_its_own_outbox() {
    let builder = Bus::builder().arena_capacity(1 << 16).axon_capacity(2).clock(Arc::new(ManualClock::new()));
    let env = Environment::new(builder.close_timeout(Duration::ZERO), 8, 2);
    let (a, b) = (env.register(), env.register());
    env.bus.connect(a, b, Connection::new()).unwrap();
    (0..8).for_each(|sequence| env.fire(&spike(a, b, sequence)));
    let mut got = Vec::new();
    for _ in 0..20 {
        env.bus.tick().unwrap();
        got.extend(env.read().iter().map(|(_, spike)| spike.sequence()));
    }
    env.bus.tick().unwrap();
    assert_eq!(got, (0..8).collect::<Vec<_>>(), "late, not lost, in order");
    assert!(env.bus.counters().balanced() && env.bus.counters().in_flight == 0);
}

/// Values that a cursor can be overwritten with.
const CURSORS: [u64; 8] = [0, 1, 9, 1 << 31, 1 << 32, u64::MAX / 2, u64::MAX - 1, u64::MAX];

/// Overwrites one word with each of [`CURSORS`] in turn, then uses the bus in every way; nothing may panic or hang.
fn survives(offset: impl Fn(&Environment) -> usize) {
    for value in CURSORS {
        let scene = scene();
        scene.env.fire(&scene.spike(0));
        scene.env.fire(&spike(scene.outside, scene.outside, 1));
        scene.env.bus.tick().unwrap();
        scene.env.store(offset(&scene.env), value);
        for sequence in 2..20 {
            scene.env.bus.lend(scene.native, |handle| handle.fire_to(scene.outside, b"")).unwrap().unwrap();
            scene.env.fire(&scene.spike(sequence));
            scene.env.bus.tick().unwrap();
            scene.env.bus.cortex(neuronbus::Cortex::settle);
            scene.env.store(offset(&scene.env), value);
            let books = scene.env.bus.counters();
            assert!(books.balanced() && books.handler_errors == 0, "{value}: {books:?}");
        }
        // Another bus, another neuron: who does not take part is not harmed.
        let log = Log::default();
        let card = AgentCard::builder("bystander").build().unwrap();
        let bystander = scene.env.bus.register(card, Native(Arc::clone(&log))).unwrap();
        scene.env.bus.connect(scene.native, bystander, Connection::new()).unwrap();
        scene.env.bus.lend(scene.native, |handle| handle.fire_to(bystander, b"")).unwrap().unwrap();
        scene.env.bus.run(3).unwrap();
        assert_eq!(log.lock().unwrap().len(), 1, "{value}");
        scene.env.bus.close();
        assert!(scene.env.bus.arena().is_closed());
    }
}

#[test]
fn the_cursors_of_the_outbox_may_say_anything() {
    survives(|env| env.layout.outbox + ring::COMMIT);
    survives(|env| env.layout.outbox + ring::INTENT);
    survives(|env| env.layout.outbox + ring::GATES);
}

#[test]
fn the_cursors_of_the_inbox_may_say_anything() {
    survives(|env| env.layout.inbox + ring::COMMIT);
    survives(|env| env.layout.inbox + ring::INTENT);
    survives(|env| env.layout.inbox + ring::GATES);
}

#[test]
fn the_headers_of_both_rings_may_say_anything() {
    for word in [ring::SLOT_COUNT, ring::CLOSED, ring::PRODUCER, ring::GATE_BITMAP, ring::CLONES, ring::WAITERS] {
        survives(|env| env.layout.outbox + word);
        survives(|env| env.layout.inbox + word);
    }
}

#[test]
fn the_control_words_may_say_anything() {
    for word in (0..parts::CONTROL_BYTES).step_by(8) {
        survives(|_| word);
    }
}

#[test]
fn the_memory_of_an_axon_that_is_shown_outside_may_say_anything() {
    let words = [ring::SLOT_COUNT, ring::CLOSED, ring::PRODUCER, ring::GATE_BITMAP, ring::CLONES, ring::WAITERS];
    for word in words.into_iter().chain([ring::COMMIT, ring::INTENT, ring::GATES, ring::GATES + 5 * ring::GATE_STRIDE])
    {
        for value in CURSORS {
            let scene = scene();
            let fire = |sender, receiver| scene.env.bus.lend(sender, |handle| handle.fire_to(receiver, &[7; 100]));
            // Before anybody looks, so that the ring begins at 3.
            for _ in 0..3 {
                fire(scene.native, scene.outside).unwrap().unwrap();
                scene.env.bus.tick().unwrap();
                scene.env.read();
            }
            let region = scene.env.bus.cortex(|cortex| cortex.axon_region(scene.native)).unwrap();
            let gate = scene.env.bus.cortex(|cortex| cortex.claim_gate(scene.native)).unwrap();
            for _ in 0..20 {
                region.words()[word / 8].store(value, Ordering::Release);
                // Its own credit is what it can spoil.
                let _ = fire(scene.native, scene.outside).unwrap();
                scene.env.bus.tick().unwrap();
                scene.env.read();
            }
            assert!(scene.env.bus.counters().balanced(), "{word}: {value}");
            scene.env.bus.cortex(|cortex| cortex.release_gate(scene.native, gate)).unwrap();
            scene.env.bus.unregister(scene.native).unwrap();
            scene.env.bus.run(3).unwrap();
            scene.env.bus.close();
            assert_eq!(scene.env.bus.counters().handler_errors, 0);
        }
    }
}

#[test]
fn a_started_bus_lives_through_memory_that_changes_all_the_time() {
    let scene = scene();
    scene.env.bus.start(Rate::AsNeeded).unwrap();
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    let words = scene.env.layout.bytes / 8;
    for _ in 0..100_000 {
        // xorshift64
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        scene.env.store((random as usize % words) * 8, random.rotate_left(17));
    }
    assert_eq!(scene.env.bus.crashes(), 0);
    let env = scene.env;
    // A watchdog: a thread that hangs would hang close.
    let (done, over) = mpsc::channel();
    let closing = std::thread::spawn(move || {
        env.bus.close();
        let crashes = env.bus.crashes();
        done.send(crashes).unwrap();
    });
    assert_eq!(over.recv_timeout(Duration::from_secs(20)), Ok(0));
    closing.join().unwrap();
}
