//! NB-18: the newest replaces the oldest; a lapped reader is told exactly what it lost and never gets a torn spike.
//! Regression of defect 1 of the reference: 101,383 torn of 11.7 M reads on a ring of 64 slots, 184,985 gaps unreported.
#![cfg(not(loom))]
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{number, scaled, spike};
use neuronbus_axon::{Axon, Cancel, LossyError, LossyReader, SpinHint, Stopped};
use std::thread;

/// Under Miri a ring that is lapped by few spikes as well.
const SLOTS: usize = if cfg!(miri) { 4 } else { 64 };
/// Spikes that nobody reads.
const PUBLISHED: u64 = scaled(1_000);

/// 2 M spikes, or the 20 M of the row with `NEURONBUS_SOAK=1`.
fn spikes() -> u64 {
    match std::env::var_os("NEURONBUS_SOAK") {
        _ if cfg!(miri) => 100,
        Some(_) => 20_000_000,
        None => 2_000_000,
    }
}

/// Reads to the end one by one; returns (read, lost).
fn one_by_one(mut reader: LossyReader) -> (u64, u64) {
    let (mut read, mut lost) = (0, 0);
    loop {
        match reader.read_next(&mut SpinHint, &Cancel::never()) {
            Ok(spike) => {
                assert_eq!(number(&spike), read + lost, "reordered, or a gap that was not told");
                read += 1;
            }
            Err(LossyError::Lagged(count)) => lost += count,
            Err(LossyError::Stopped(Stopped::Closed)) => return (read, lost),
            Err(error) => panic!("{error}"),
        }
    }
}

/// The same by batches.
fn by_batches(mut reader: LossyReader) -> (u64, u64) {
    let (mut read, mut lost) = (0, 0);
    loop {
        let closed = reader.is_closed();
        let batch = reader.read_batch(48);
        lost += batch.lagged();
        for spike in batch.iter() {
            assert_eq!(number(&spike.unwrap()), read + lost, "reordered, or a gap that was not told");
            read += 1;
        }
        if closed && batch.is_empty() && batch.lagged() == 0 {
            return (read, lost);
        }
    }
}

fn stress(read: impl Fn(LossyReader) -> (u64, u64) + Send + Sync) {
    let (mut publisher, axon) = Axon::new(SLOTS).unwrap();
    let total = spikes();
    thread::scope(|scope| {
        let readers: Vec<_> = (0..2)
            .map(|_| {
                let (reader, read) = (axon.lossy_reader(), &read);
                scope.spawn(move || read(reader))
            })
            .collect();
        (0..total).for_each(|seq| publisher.try_publish(&spike(seq)).unwrap());
        axon.close();
        for reader in readers {
            let (read, lost) = reader.join().unwrap();
            assert_eq!(read + lost, total);
            assert!(read > 0 && lost > 0, "read {read}, lost {lost}: nothing was stressed");
        }
    });
}

#[test]
fn nb_18_defect_1_stress_one_by_one() {
    stress(one_by_one);
}

#[test]
fn nb_18_defect_1_stress_by_batches() {
    stress(by_batches);
}

#[test]
fn nb_18_the_count_is_exact_and_the_oldest_intact_comes_next() {
    let (mut publisher, axon) = Axon::new(8).unwrap();
    let mut reader = axon.lossy_reader();
    (0..20).for_each(|seq| publisher.try_publish(&spike(seq)).unwrap());
    // The publisher has warned of sequences below 20 (blocks of four): 12 is the oldest that it cannot be overwriting.
    assert_eq!(reader.try_read_next(), Err(LossyError::Lagged(12)));
    assert_eq!(reader.read_pos(), 12);
    (12..20).for_each(|seq| assert_eq!(reader.try_read_next().unwrap().as_ref().map(number), Some(seq)));
    assert_eq!((reader.try_read_next(), reader.read_pos(), reader.write_seq()), (Ok(None), 20, 20));
}

#[test]
fn nb_18_a_lossy_batch_tells_what_it_lost() {
    let (mut publisher, axon) = Axon::new(8).unwrap();
    let mut reader = axon.lossy_reader();
    assert_eq!((reader.read_batch(4).len(), reader.available()), (0, 0));
    (0..20).for_each(|seq| publisher.try_publish(&spike(seq)).unwrap());
    let batch = reader.read_batch(3);
    let numbers: Vec<_> = batch.iter().map(|spike| number(&spike.unwrap())).collect();
    assert_eq!((batch.lagged(), batch.len(), numbers), (12, 3, vec![12, 13, 14]));
    assert_eq!((reader.read_batch(99).len(), reader.read_pos()), (5, 20));
    // A batch that fills the whole ring leaves nothing of before.
    publisher.publish_batch(&(20..28).map(spike).collect::<Vec<_>>()).unwrap();
    let batch = reader.read_batch(99);
    assert_eq!((batch.lagged(), batch.len()), (0, 8));
}

#[test]
fn nb_18_a_lossy_reader_never_holds_the_publisher_back() {
    let (mut publisher, axon) = Axon::new(2).unwrap();
    let mut reader = axon.lossy_reader();
    (0..PUBLISHED).for_each(|seq| publisher.try_publish(&spike(seq)).unwrap());
    assert_eq!(reader.try_read_next(), Err(LossyError::Lagged(PUBLISHED - 2)));
    assert_eq!(number(&reader.read_next(&mut SpinHint, &Cancel::never()).unwrap()), PUBLISHED - 2);
}
