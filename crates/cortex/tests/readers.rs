//! Readers outside, and the references to the arena that they keep (NB-40; semantics.md, "Readers", "Arena").
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use neuronbus_axon::{Reader, layout};
use neuronbus_cortex::Wake;
use neuronbus_neuron::FireError;
use neuronbus_spike::NeuronId;
use neuronbus_sync::Ordering;
use support::{World, eager, id, quiet, small};

fn pair() -> (World, NeuronId, NeuronId) {
    let mut world = World::new(small(), 64);
    let (pre, post) = (world.native(quiet()), world.native(quiet()));
    world.connect(pre, post, 0.5);
    (world, pre, post)
}

fn sequences(reader: &mut Reader) -> Vec<u32> {
    std::iter::from_fn(|| reader.try_read_next().unwrap()).map(|spike| spike.sequence()).collect()
}

#[test]
fn nb_40_a_reader_sees_what_is_fired_from_now_on_in_order() {
    let (mut world, pre, post) = pair();
    world.fire(pre, post, b"before");
    let mut reader = world.cortex.reader(pre).unwrap();
    let mut lossy = world.cortex.lossy_reader(pre).unwrap();
    for _ in 0..2 {
        world.fire(pre, post, b"after");
    }
    assert_eq!(sequences(&mut reader), [1, 2]);
    assert_eq!(lossy.try_read_next().unwrap().unwrap().sequence(), 1);
    world.tick();
    assert_eq!(world.seen().len(), 3);
    assert_eq!(world.cortex.reader(id(9)).unwrap_err().code(), "E_UNKNOWN_NEURON");
}

#[test]
fn a_reader_that_does_not_read_holds_the_credit_of_a_native_sender_back() {
    let (mut world, pre, post) = pair();
    let mut reader = world.cortex.reader(pre).unwrap();
    for _ in 0..4 {
        world.fire(pre, post, b"");
        world.tick();
    }
    let refused = world.cortex.lend(pre, |handle| handle.fire_to(post, b"")).unwrap();
    assert!(matches!(refused, Err(FireError::BackPressure { slots: 4 })), "all were delivered, none was read");
    assert_eq!(world.books().in_flight, 0);
    assert_eq!(sequences(&mut reader), [0, 1, 2, 3]);
    world.fire(pre, post, b"");
    let mut clone = reader.try_clone().unwrap();
    drop(reader);
    for _ in 0..3 {
        world.fire(pre, post, b"");
        world.tick();
    }
    assert!(world.cortex.lend(pre, |handle| handle.fire_to(post, b"")).unwrap().is_err(), "a clone counts like any");
    assert_eq!(sequences(&mut clone), [4, 5, 6, 7]);
    drop(clone);
    for _ in 0..9 {
        world.fire(pre, post, b"");
        world.tick();
    }
    world.assert_at_rest();
}

#[test]
fn a_gate_of_a_reader_outside_rust_holds_credit_and_payloads_back_until_it_is_moved() {
    let mut world = World::new(small(), 64);
    let (pre, post) = (world.outside(quiet()), world.outside(quiet()));
    world.connect(pre, post, 0.5);
    let gate = world.cortex.claim_gate(pre).unwrap();
    let region = world.cortex.axon_region(pre).unwrap();
    for byte in 0..3 {
        world.mail.fire_stored(&world.arena, pre, post, &[byte; 100]);
    }
    world.tick();
    world.mail.take();
    world.tick();
    assert_eq!((world.books().in_flight, world.mail.done(pre), world.mail.settled()), (0, 0, 3));
    assert_eq!(world.arena.in_flight(), 3);
    let position = &region.words()[(layout::GATES + gate * layout::GATE_STRIDE) / layout::WORD_BYTES];
    position.store(2, Ordering::Release);
    world.tick();
    assert_eq!((world.mail.done(pre), world.arena.in_flight()), (2, 1));
    world.cortex.release_gate(pre, gate).unwrap();
    assert_eq!(world.mail.done(pre), 3, "at once");
    world.assert_at_rest();
}

#[test]
fn release_gate_touches_no_gate_but_those_it_gave() {
    let (mut world, pre, post) = pair();
    let mut reader = world.cortex.reader(pre).unwrap();
    for gate in [reader.gate(), 63, 64, usize::MAX] {
        world.cortex.release_gate(pre, gate).unwrap();
    }
    for _ in 0..4 {
        world.fire(pre, post, b"");
        world.tick();
    }
    assert!(world.cortex.lend(pre, |handle| handle.fire_to(post, b"")).unwrap().is_err());
    assert_eq!(sequences(&mut reader).len(), 4);
    assert_eq!(world.cortex.release_gate(id(9), 0).unwrap_err().code(), "E_UNKNOWN_NEURON");
}

#[test]
fn a_reader_reads_payloads_in_the_arena_until_it_has_passed_them() {
    let (mut world, pre, post) = pair();
    let mut reader = world.cortex.reader(pre).unwrap();
    world.fire(pre, post, &[7; 200]);
    world.ticks(2);
    assert_eq!(world.payloads(), [[7; 200]]);
    assert_eq!(reader.available(), 1);
    let at = reader.get(0).unwrap().unwrap().arena_ref().unwrap();
    assert_eq!(&*world.arena.read(at).unwrap(), [7; 200]);
    reader.release(1);
    world.cortex.settle();
    world.assert_at_rest();
}

#[test]
fn when_its_neuron_leaves_a_reader_gets_what_is_left_then_the_end() {
    let (mut world, pre, post) = pair();
    let mut reader = world.cortex.reader(pre).unwrap();
    world.fire(pre, post, &[7; 200]);
    world.cortex.unregister(pre).unwrap();
    world.ticks(3);
    assert!(!reader.is_closed(), "its payload is still owed to the reader");
    assert_eq!(sequences(&mut reader), [0]);
    world.ticks(2);
    assert!(reader.is_closed());
    world.assert_at_rest();
    assert_eq!(world.native(quiet()), pre);
}

#[test]
fn close_ends_readers_and_takes_their_payloads() {
    let (mut world, pre, post) = pair();
    let mut reader = world.cortex.reader(pre).unwrap();
    world.fire(pre, post, &[7; 200]);
    world.tick();
    world.fire(pre, post, &[8; 200]);
    world.cortex.close();
    world.assert_at_rest();
    assert_eq!(sequences(&mut reader), [0, 1]);
    assert!(reader.is_closed());
}

#[test]
fn the_arena_is_empty_after_every_path_a_payload_can_take() {
    let mut world = World::new(small(), 3);
    let (pre, outside) = (world.native(quiet()), world.outside(quiet()));
    let (native, refractory, boxed) = (world.native(quiet()), world.native(eager(2)), world.outside(quiet()));
    let payload = [5; 300];
    // Not connected, no synapse, unknown.
    world.fire(pre, native, &payload);
    world.broadcast(pre, &payload);
    world.fire(pre, id(15), &payload);
    world.mail.fire_stored(&world.arena, id(15), native, &payload);
    world.tick();
    world.assert_at_rest();
    // Delivered, deferred, into an inbox that is full in between, by unicast and broadcast.
    for post in [native, refractory, boxed] {
        world.connect(pre, post, 1.0);
        world.connect(outside, post, 1.0);
    }
    for _ in 0..4 {
        world.broadcast(pre, &payload);
        world.mail.fire_stored(&world.arena, outside, neuronbus_spike::Target::Broadcast, &payload);
        world.mail.fire_stored(&world.arena, outside, boxed, &payload);
        for _ in 0..6 {
            world.tick();
            assert!(world.mail.take().iter().all(|(_, spike)| spike.arena_ref().is_some()));
        }
        world.check();
    }
    world.tick();
    world.assert_at_rest();
    assert!(world.seen().iter().all(|seen| seen.payload == payload || seen.payload.is_empty()));
    // Left: waiting, on the axon, in the inbox.
    world.broadcast(pre, &payload);
    world.tick();
    world.broadcast(pre, &payload);
    world.broadcast(pre, &payload);
    world.tick();
    world.broadcast(pre, &payload);
    for gone in [refractory, boxed, pre] {
        world.cortex.unregister(gone).unwrap();
        world.check();
    }
    for _ in 0..3 {
        world.tick();
        world.mail.take();
    }
    world.tick();
    world.assert_at_rest();
}

#[test]
fn a_reader_that_moves_is_something_to_do() {
    let (mut world, pre, post) = pair();
    let mut reader = world.cortex.reader(pre).unwrap();
    world.fire(pre, post, &[7; 200]);
    world.ticks(3);
    assert_eq!(world.cortex.wake(), Wake::Never);
    assert_eq!(sequences(&mut reader), [0]);
    assert_eq!(world.cortex.wake(), Wake::Now);
    world.tick();
    world.assert_at_rest();
}
