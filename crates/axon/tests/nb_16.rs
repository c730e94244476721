//! NB-16: a batch is one cursor update; NB-17: the reading verbs.
#![cfg(not(loom))]
#![allow(clippy::unwrap_used)]

mod common;

use common::{number, spike};
use neuronbus_axon::{Axon, BatchError, PublishError};
use neuronbus_spike::Spike;
use std::thread;

const BATCH: usize = 16;
/// A multiple of `BATCH`.
const SPIKES: u64 = if cfg!(miri) { 64 } else { 20_000 };

fn batch(first: u64) -> Vec<Spike> {
    (first..first + BATCH as u64).map(spike).collect()
}

#[test]
fn nb_16_a_concurrent_reader_sees_whole_batches() {
    let (mut publisher, axon) = Axon::new(64).unwrap();
    let mut reader = axon.reader().unwrap();
    thread::scope(|scope| {
        scope.spawn(move || {
            for first in (0..SPIKES).step_by(BATCH) {
                let spikes = batch(first);
                while publisher.publish_batch(&spikes).is_err() {
                    thread::yield_now();
                }
            }
        });
        let mut next = 0;
        while next < SPIKES {
            let seen = reader.poll();
            assert_eq!(seen % BATCH, 0);
            for index in 0..seen {
                assert_eq!(number(&reader.get(index).unwrap().unwrap()), next);
                next += 1;
            }
            reader.release(seen);
        }
    });
}

#[test]
fn nb_16_a_batch_is_all_or_nothing() {
    let (mut publisher, axon) = Axon::new(32).unwrap();
    let mut reader = axon.reader().unwrap();
    publisher.publish_batch(&[]).unwrap();
    publisher.publish_batch(&batch(0)).unwrap();
    publisher.try_publish(&spike(16)).unwrap();
    let error = publisher.publish_batch(&batch(17)).unwrap_err();
    assert_eq!((error, error.code()), (BatchError::Full { len: 16, room: 15 }, "E_BACK_PRESSURE"));
    assert_eq!(axon.published(), 17);
    let long = vec![spike(0); 33];
    assert_eq!(publisher.publish_batch(&long), Err(BatchError::TooLong { len: 33, slots: 32 }));
    drop(reader.read_batch(1));
    publisher.publish_batch(&batch(17)).unwrap();
    assert_eq!((reader.poll(), publisher.room()), (32, 0));
}

#[test]
fn staged_spikes_are_shown_by_commit_alone() {
    let (mut publisher, axon) = Axon::new(4).unwrap();
    let mut reader = axon.reader().unwrap();
    let slots: Vec<_> = (0..3).map(|seq| publisher.stage(&spike(seq)).unwrap()).collect();
    assert_eq!((slots, publisher.staged(), reader.poll(), axon.published()), (vec![0, 1, 2], 3, 0, 0));
    publisher.commit();
    assert_eq!((publisher.staged(), reader.poll()), (0, 3));
    publisher.stage(&spike(3)).unwrap();
    assert_eq!(publisher.stage(&spike(4)), Err(PublishError::Full));
    publisher.discard();
    publisher.commit();
    assert_eq!((axon.published(), publisher.room()), (3, 1));

    publisher.stage(&spike(9)).unwrap();
    drop(publisher);
    let mut publisher = axon.publisher().unwrap();
    assert_eq!((publisher.published(), publisher.staged()), (3, 0));
    publisher.try_publish(&spike(3)).unwrap();
    let all: Vec<_> = reader.read_batch(9).iter().map(|spike| number(&spike.unwrap())).collect();
    assert_eq!(all, [0, 1, 2]);
    assert_eq!(number(&reader.try_read_next().unwrap().unwrap()), 3);
}

#[test]
fn nb_17_reading_verbs() {
    let (mut publisher, axon) = Axon::new(16).unwrap();
    let mut reader = axon.reader().unwrap();
    assert_eq!((reader.try_read_next(), reader.available(), reader.read_batch(4).len()), (Ok(None), 0, 0));
    (0..10).for_each(|seq| publisher.try_publish(&spike(seq)).unwrap());
    assert_eq!((reader.read_pos(), reader.write_seq(), reader.available()), (0, 10, 10));
    assert_eq!(number(&reader.try_read_next().unwrap().unwrap()), 0);

    let batch = reader.read_batch(4);
    assert_eq!((batch.len(), batch.iter().len(), batch.is_empty()), (4, 4, false));
    let numbers: Vec<_> = batch.iter().map(|spike| number(&spike.unwrap())).collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
    assert_eq!((number(&batch.get(3).unwrap().unwrap()), batch.get(4)), (4, Ok(None)));
    drop(batch);
    assert_eq!((reader.read_pos(), reader.available()), (5, 5));

    assert_eq!(reader.words(0), Some(spike(5).to_words()));
    assert_eq!((reader.words(5), reader.get(5)), (None, Ok(None)));
    reader.release(2);
    assert_eq!(reader.get(0).unwrap().as_ref().map(number), Some(7));
    reader.release(usize::MAX);
    assert_eq!((reader.read_pos(), reader.available()), (10, 0));
}

#[test]
fn a_full_ring_refuses_and_one_release_makes_room_for_one() {
    let (mut publisher, axon) = Axon::new(4).unwrap();
    let mut reader = axon.reader().unwrap();
    (0..4).for_each(|seq| publisher.try_publish(&spike(seq)).unwrap());
    for seq in 4..100 {
        let error = publisher.try_publish(&spike(seq)).unwrap_err();
        assert_eq!((error, error.code()), (PublishError::Full, "E_BACK_PRESSURE"));
        assert_eq!(reader.try_read_next().unwrap().as_ref().map(number), Some(seq - 4));
        assert_eq!((publisher.room(), publisher.has_room(2)), (1, false));
        publisher.try_publish(&spike(seq)).unwrap();
    }
}

#[test]
fn room_is_exact() {
    let (mut publisher, axon) = Axon::new(8).unwrap();
    assert_eq!(publisher.room(), 8);
    (0..3).for_each(|seq| publisher.try_publish(&spike(seq)).unwrap());
    assert_eq!(publisher.room(), 8, "nobody reads");
    let mut reader = axon.reader().unwrap();
    (0..3).for_each(|seq| publisher.try_publish(&spike(seq)).unwrap());
    assert_eq!(publisher.room(), 5);
    reader.try_read_next().unwrap();
    assert_eq!(publisher.room(), 6);
    publisher.stage(&spike(9)).unwrap();
    assert_eq!(publisher.room(), 5);
}

#[test]
fn a_closed_ring_refuses_and_gives_what_is_left() {
    let (mut publisher, axon) = Axon::new(4).unwrap();
    let (mut reader, mut lossy) = (axon.reader().unwrap(), axon.lossy_reader());
    publisher.try_publish(&spike(0)).unwrap();
    assert!(!axon.is_closed() && !reader.is_closed() && !lossy.is_closed());
    axon.close();
    assert!(axon.is_closed() && reader.is_closed() && lossy.is_closed() && publisher.is_closed());
    assert_eq!(publisher.try_publish(&spike(1)), Err(PublishError::Closed));
    assert_eq!(publisher.publish_batch(&[spike(1)]), Err(BatchError::Closed));
    drop(publisher);
    assert_eq!(axon.publisher().unwrap_err().code(), "E_CLOSED");
    assert_eq!(reader.try_read_next().unwrap().as_ref().map(number), Some(0));
    assert_eq!(lossy.try_read_next().unwrap().as_ref().map(number), Some(0));
    assert_eq!((reader.try_read_next(), lossy.try_read_next()), (Ok(None), Ok(None)));
}
