//! Models of the ring under loom: every interleaving and every weak-memory outcome, up to a bound of preemptions.
//!
//! `RUSTFLAGS="--cfg loom" cargo test --release -p neuronbus-axon --test loom`. Each model catches at least one seeded
//! mutant, see `mutants.txt`. Rings have two slots; slots have two words here, and both are checked.
#![cfg(loom)]
#![allow(clippy::unwrap_used)]

use loom::thread;
use neuronbus_axon::{
    Axon, BusySpin, Cancel, LossyError, LossyReader, Publisher, ReadError, Reader, Stopped, YieldThenPark,
};
use neuronbus_spike::{Spike, SpikeBuilder};

const SLOTS: usize = 2;
const PARK: YieldThenPark = YieldThenPark { spins: 0 };

fn model(preemptions: usize, body: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(preemptions);
    builder.check(body);
}

fn spike(seq: u64) -> Spike {
    SpikeBuilder::new().timestamp_ns(seq + 1).sequence(seq as u32 + 1).build().unwrap()
}

/// Its number; both words must belong to the same spike.
fn number(spike: &Spike) -> u64 {
    assert_eq!(spike.timestamp_ns(), u64::from(spike.sequence()), "torn");
    spike.timestamp_ns().checked_sub(1).expect("never written")
}

/// Publishes `tries` spikes, or as many of them as there is room for.
fn publish(publisher: &mut Publisher, tries: usize) {
    for _ in 0..tries {
        let _ = publisher.try_publish(&spike(publisher.published()));
    }
}

/// Reads at most `tries` spikes, each the successor of the last.
fn read(reader: &mut Reader, tries: usize) {
    for _ in 0..tries {
        let expected = reader.read_pos();
        if let Some(spike) = reader.try_read_next().unwrap() {
            assert_eq!(number(&spike), expected);
        }
    }
}

/// Reads the rest, which must go up to what was published.
fn drain(reader: &mut Reader, axon: &Axon) {
    read(reader, SLOTS + 1);
    assert_eq!(reader.read_pos(), axon.published());
}

#[test]
fn publish_and_read() {
    model(3, || {
        let (mut publisher, axon) = Axon::new(SLOTS).unwrap();
        let mut reader = axon.reader().unwrap();
        let writer = thread::spawn(move || publish(&mut publisher, 4));
        read(&mut reader, 3);
        writer.join().unwrap();
        drain(&mut reader, &axon);
    });
}

#[test]
fn batch_is_all_or_nothing() {
    model(3, || {
        let (mut publisher, axon) = Axon::new(SLOTS).unwrap();
        let mut reader = axon.reader().unwrap();
        let writer = thread::spawn(move || publisher.publish_batch(&[spike(0), spike(1)]).unwrap());
        let seen = reader.poll();
        assert!(seen == 0 || seen == 2, "saw {seen} of 2");
        read(&mut reader, 2);
        writer.join().unwrap();
        drain(&mut reader, &axon);
    });
}

#[test]
fn staged_spikes_and_what_lies_beside_are_shown_by_commit() {
    model(3, || {
        let (mut publisher, axon) = Axon::new(SLOTS).unwrap();
        let mut reader = axon.reader().unwrap();
        let beside = loom::sync::Arc::new(loom::sync::atomic::AtomicU64::new(9));
        let column = beside.clone();
        let writer = thread::spawn(move || {
            let slot = publisher.stage(&spike(0)).unwrap();
            column.store(slot as u64, loom::sync::atomic::Ordering::Relaxed);
            publisher.commit();
        });
        if reader.poll() == 1 {
            assert_eq!(beside.load(loom::sync::atomic::Ordering::Relaxed), 0);
        }
        writer.join().unwrap();
        drain(&mut reader, &axon);
    });
}

/// Reads `tries` times; spikes are whole and in order, and losses are counted to the last one.
fn read_lossy(reader: &mut LossyReader, tries: usize) {
    for _ in 0..tries {
        let expected = reader.read_pos();
        match reader.try_read_next() {
            Ok(Some(spike)) => assert_eq!(number(&spike), expected),
            Ok(None) => {}
            Err(LossyError::Lagged(lost)) => assert_eq!(reader.read_pos(), expected + lost),
            Err(error) => panic!("{error}"),
        }
    }
}

#[test]
fn lossy_reader_is_lapped() {
    model(3, || {
        let (mut publisher, axon) = Axon::new(SLOTS).unwrap();
        let mut reader = axon.lossy_reader();
        let writer = thread::spawn(move || publish(&mut publisher, 4));
        read_lossy(&mut reader, 3);
        writer.join().unwrap();
        read_lossy(&mut reader, SLOTS + 2);
        assert_eq!(reader.read_pos(), axon.published());
    });
}

#[test]
fn lossy_batch_is_lapped() {
    model(3, || {
        let (mut publisher, axon) = Axon::new(SLOTS).unwrap();
        let mut reader = axon.lossy_reader();
        publish(&mut publisher, 2);
        let writer = thread::spawn(move || publish(&mut publisher, 2));
        let first = reader.read_pos();
        let batch = reader.read_batch(SLOTS);
        for (expected, spike) in (first + batch.lagged()..).zip(batch.iter()) {
            assert_eq!(number(&spike.unwrap()), expected);
        }
        let next = first + batch.lagged() + batch.len() as u64;
        assert_eq!(reader.read_pos(), next);
        writer.join().unwrap();
    });
}

#[test]
fn reader_joins_while_publishing() {
    model(3, || {
        let (mut publisher, axon) = Axon::new(SLOTS).unwrap();
        let writer = thread::spawn(move || publish(&mut publisher, 5));
        let mut reader = axon.reader().unwrap();
        read(&mut reader, 1);
        writer.join().unwrap();
        drain(&mut reader, &axon);
    });
}

#[test]
fn reader_clones_while_publishing() {
    model(3, || {
        let (mut publisher, axon) = Axon::new(SLOTS).unwrap();
        let mut reader = axon.reader().unwrap();
        publish(&mut publisher, 2);
        let writer = thread::spawn(move || publish(&mut publisher, 2));
        let mut clone = reader.try_clone().unwrap();
        read(&mut reader, 2);
        drop(reader);
        read(&mut clone, 1);
        writer.join().unwrap();
        drain(&mut clone, &axon);
    });
}

#[test]
fn reader_clones_into_a_gate_that_was_just_left() {
    model(3, || {
        let (mut publisher, axon) = Axon::new(SLOTS).unwrap();
        let (mut quick, mut slow) = (axon.reader().unwrap(), axon.reader().unwrap());
        publish(&mut publisher, 2);
        read(&mut quick, 2);
        let writer = thread::spawn(move || publish(&mut publisher, 1));
        drop(quick);
        let mut clone = slow.try_clone().unwrap();
        assert!(clone.gate() < slow.gate());
        read(&mut slow, 2);
        writer.join().unwrap();
        drain(&mut clone, &axon);
    });
}

#[test]
fn close_comes_after_the_last_spike() {
    model(3, || {
        let (mut publisher, axon) = Axon::new(SLOTS).unwrap();
        let mut reader = axon.reader().unwrap();
        let closer = axon.clone();
        let writer = thread::spawn(move || {
            publish(&mut publisher, 1);
            closer.close();
        });
        assert_eq!(number(&reader.read_next(&mut BusySpin, &Cancel::never()).unwrap()), 0);
        let end = reader.read_next(&mut BusySpin, &Cancel::never());
        assert_eq!(end, Err(ReadError::Stopped(Stopped::Closed)));
        writer.join().unwrap();
    });
}

#[test]
fn sleeping_reader_is_woken() {
    model(3, || {
        let (mut publisher, axon) = Axon::new(SLOTS).unwrap();
        let mut reader = axon.reader().unwrap();
        reader.expect_to_park();
        let writer = thread::spawn(move || publish(&mut publisher, 2));
        for seq in 0..2 {
            assert_eq!(number(&reader.read_next(&mut PARK.clone(), &Cancel::never()).unwrap()), seq);
        }
        writer.join().unwrap();
    });
}

#[test]
fn sleeping_publisher_is_woken() {
    model(2, || {
        let (mut publisher, axon) = Axon::new(SLOTS).unwrap();
        let mut reader = axon.reader().unwrap();
        reader.expect_to_park();
        publish(&mut publisher, 2);
        let writer = thread::spawn(move || {
            publisher.publish(&spike(2), &mut PARK.clone(), &Cancel::never()).unwrap();
        });
        for seq in 0..3 {
            assert_eq!(number(&reader.read_next(&mut PARK.clone(), &Cancel::never()).unwrap()), seq);
        }
        writer.join().unwrap();
    });
}

#[test]
fn sleeping_publisher_is_woken_when_the_last_reader_leaves() {
    model(3, || {
        let (mut publisher, axon) = Axon::new(SLOTS).unwrap();
        let reader = axon.reader().unwrap();
        publish(&mut publisher, 2);
        let leaver = thread::spawn(move || drop(reader));
        publisher.publish(&spike(2), &mut PARK.clone(), &Cancel::never()).unwrap();
        leaver.join().unwrap();
    });
}

#[test]
fn close_and_cancel_end_a_sleep() {
    model(3, || {
        let (_publisher, axon) = Axon::new(SLOTS).unwrap();
        let mut reader = axon.reader().unwrap();
        let cancel = Cancel::new();
        let (closer, canceller) = (axon.clone(), cancel.clone());
        let first = thread::spawn(move || closer.close());
        let second = thread::spawn(move || canceller.cancel());
        assert!(reader.read_next(&mut PARK.clone(), &cancel).is_err());
        first.join().unwrap();
        second.join().unwrap();
    });
}

#[test]
fn the_seat_hands_over_the_cursors() {
    model(3, || {
        let (mut publisher, axon) = Axon::new(SLOTS).unwrap();
        let mut reader = axon.reader().unwrap();
        let writer = thread::spawn(move || {
            publish(&mut publisher, 1);
            drop(publisher);
        });
        if let Ok(mut second) = axon.publisher() {
            assert_eq!(second.published(), 1);
            publish(&mut second, 1);
        }
        writer.join().unwrap();
        drain(&mut reader, &axon);
    });
}
