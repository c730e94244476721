//! NB-14: every reader has its own cursor and sees all, in order; NB-15: a clone starts where its original stands.
#![cfg(not(loom))]
#![allow(clippy::unwrap_used)]

mod common;

use common::{number, scaled, spike};
use neuronbus_axon::{Axon, AxonError, Cancel, Reader, SpinHint, YieldThenPark, layout};
use std::thread;

const SPIKES: u64 = scaled(50_000);

fn sees_all(mut reader: Reader) {
    for seq in 0..SPIKES {
        let spike = reader.read_next(&mut YieldThenPark::default(), &Cancel::never()).unwrap();
        assert_eq!(number(&spike), seq);
    }
}

fn readers_see_all(count: usize) {
    let (mut publisher, axon) = Axon::new(256).unwrap();
    thread::scope(|scope| {
        for _ in 0..count {
            let reader = axon.reader().unwrap();
            scope.spawn(move || sees_all(reader));
        }
        for seq in 0..SPIKES {
            publisher.publish(&spike(seq), &mut YieldThenPark::default(), &Cancel::never()).unwrap();
        }
    });
}

#[test]
fn nb_14_four_readers_see_all() {
    readers_see_all(4);
}

#[test]
fn nb_14_eight_readers_see_all() {
    readers_see_all(8);
}

#[test]
fn nb_15_a_clone_starts_where_its_original_stands() {
    let (mut publisher, axon) = Axon::new(32).unwrap();
    let mut reader = axon.reader().unwrap();
    (0..20).for_each(|seq| publisher.try_publish(&spike(seq)).unwrap());
    (0..10).for_each(|seq| assert_eq!(number(&reader.try_read_next().unwrap().unwrap()), seq));
    let mut clone = reader.try_clone().unwrap();
    assert_ne!(clone.gate(), reader.gate());
    drop(reader);
    (10..20).for_each(|seq| assert_eq!(number(&clone.try_read_next().unwrap().unwrap()), seq));

    let mut lossy = axon.lossy_reader();
    publisher.try_publish(&spike(20)).unwrap();
    let mut lossy_clone = lossy.clone();
    assert_eq!(lossy.try_read_next(), lossy_clone.try_read_next());
}

#[test]
fn a_new_reader_starts_at_now() {
    let (mut publisher, axon) = Axon::new(8).unwrap();
    publisher.try_publish(&spike(0)).unwrap();
    let (mut reader, mut lossy) = (axon.reader().unwrap(), axon.lossy_reader());
    assert_eq!((reader.try_read_next(), lossy.try_read_next()), (Ok(None), Ok(None)));
    publisher.try_publish(&spike(1)).unwrap();
    assert_eq!(number(&reader.try_read_next().unwrap().unwrap()), 1);
}

#[test]
fn gates_are_64_and_come_back() {
    let (mut publisher, axon) = Axon::new(4).unwrap();
    let mut readers: Vec<_> = (0..layout::MAX_READERS).map(|_| axon.reader().unwrap()).collect();
    assert_eq!(axon.reader().unwrap_err(), AxonError::TooManyReaders);
    assert_eq!(axon.claim_gate(), Err(AxonError::TooManyReaders));
    assert_eq!(readers[0].try_clone().unwrap_err().code(), "E_BUSY");
    (0..4).for_each(|seq| publisher.try_publish(&spike(seq)).unwrap());
    assert!(publisher.try_publish(&spike(4)).is_err());
    readers.clear();
    publisher.try_publish(&spike(4)).unwrap();
    assert!(axon.reader().is_ok());
}

#[test]
fn a_gate_outside_rust_holds_the_publisher_back_and_moves_only_by_its_owner() {
    let (mut publisher, axon) = Axon::new(4).unwrap();
    publisher.try_publish(&spike(0)).unwrap();
    assert_eq!(axon.gates_min(None), 1);
    let gate = axon.claim_gate().unwrap();
    let mut reader = axon.reader().unwrap();
    (1..5).for_each(|seq| publisher.try_publish(&spike(seq)).unwrap());
    assert_eq!(reader.poll(), 4);
    reader.release(3);
    assert_eq!((axon.gates_min(None), axon.gates_min(Some(gate)), axon.gates_min(Some(999))), (1, 4, 1));
    assert!(publisher.try_publish(&spike(5)).is_err() && publisher.room() == 0);

    let outside = &axon.region().words()[(layout::GATES + gate * layout::GATE_STRIDE) / 8];
    outside.store(3, neuronbus_sync::Ordering::Release);
    assert_eq!((publisher.room(), axon.gates_min(None)), (2, 3));
    // A gate that claims the future counts as being at commit.
    outside.store(1 << 60, neuronbus_sync::Ordering::Release);
    assert_eq!((publisher.room(), axon.gates_min(None)), (3, 4));
    // One from the distant past only holds the publisher back.
    outside.store(0, neuronbus_sync::Ordering::Release);
    assert_eq!(publisher.room(), 0);
    axon.release_gate(gate);
    axon.release_gate(usize::MAX);
    assert_eq!(publisher.room(), 3);
}

#[test]
fn readers_come_and_go_while_the_publisher_runs() {
    let (mut publisher, axon) = Axon::new(64).unwrap();
    thread::scope(|scope| {
        let visitor = scope.spawn(move || {
            for _ in 0..scaled(2_000) {
                let mut reader = axon.reader().unwrap();
                let mut clone = reader.try_clone().unwrap();
                for _ in 0..5 {
                    let expected = reader.read_pos();
                    assert_eq!(number(&reader.read_next(&mut SpinHint, &Cancel::never()).unwrap()), expected);
                }
                drop(reader);
                let expected = clone.read_pos();
                assert_eq!(number(&clone.read_next(&mut SpinHint, &Cancel::never()).unwrap()), expected);
            }
        });
        let mut seq = 0;
        while !visitor.is_finished() {
            publisher.publish(&spike(seq), &mut SpinHint, &Cancel::never()).unwrap();
            seq += 1;
        }
        visitor.join().unwrap();
    });
}
