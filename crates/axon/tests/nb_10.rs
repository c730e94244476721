//! NB-10: waits by kind; `wait_for` blocks until cursor > value, `try_wait` never blocks, a blocked wait can be cancelled.
#![cfg(not(loom))]
#![allow(clippy::unwrap_used)]

mod common;

use common::spike;
use neuronbus_axon::{
    Axon, BusySpin, Cancel, LossyError, PublishError, ReadError, SpinHint, Stopped, Wait, WaitKind, YieldThenPark,
};
use std::{
    thread,
    time::{Duration, Instant},
};

const KINDS: [WaitKind; 4] = [
    WaitKind::BusySpin,
    WaitKind::SpinHint,
    WaitKind::YieldThenPark { spins: 0 },
    WaitKind::YieldThenPark { spins: 200 },
];
/// Sleeps in a row; under Miri each takes some milliseconds.
const SLEEPS: u64 = if cfg!(miri) { 20 } else { 200 };
/// How long they may take: 200 lost wakes would cost at least 200 × 1 ms on top of the 200 × 50 µs and the noise of a loaded
/// machine. An interpreter is not timed.
const LONGEST: Duration = Duration::from_secs(if cfg!(miri) { 300 } else { 2 });
const SOON: Duration = Duration::from_millis(30);

#[test]
fn nb_10_each_kind_returns_the_new_cursor_after_a_publish_from_another_thread() {
    for mut kind in KINDS {
        let (mut publisher, axon) = Axon::new(8).unwrap();
        thread::scope(|scope| {
            scope.spawn(move || {
                thread::sleep(SOON);
                publisher.try_publish(&spike(0)).unwrap();
            });
            let begin = Instant::now();
            assert_eq!(kind.wait_for(&axon, 0, &Cancel::never()), Ok(1));
            assert!(begin.elapsed() >= SOON / 2, "{kind:?} did not block");
        });
        assert_eq!(kind.wait_for(&axon, 0, &Cancel::never()), Ok(1));
    }
}

fn tries(strategy: &impl Wait) {
    let (mut publisher, axon) = Axon::new(8).unwrap();
    assert_eq!(strategy.try_wait(&axon, 0), None);
    publisher.try_publish(&spike(0)).unwrap();
    assert_eq!(strategy.try_wait(&axon, 0), Some(1));
    assert_eq!(strategy.try_wait(&axon, 1), None);
}

#[test]
fn nb_10_try_wait_never_blocks() {
    tries(&BusySpin);
    tries(&SpinHint);
    tries(&YieldThenPark::default());
    KINDS.iter().for_each(tries);
}

#[test]
fn nb_10_every_blocked_wait_can_be_cancelled() {
    for kind in KINDS {
        let (mut publisher, axon) = Axon::new(2).unwrap();
        let (_silent, other) = Axon::new(2).unwrap();
        let (mut reader, mut lossy) = (axon.reader().unwrap(), other.lossy_reader());
        let cancel = Cancel::new();
        let begin = Instant::now();
        thread::scope(|scope| {
            let (mut wait, token) = (kind, &cancel);
            scope.spawn(move || assert_eq!(wait.wait_for(&axon, 2, token), Err(Stopped::Cancelled)));
            scope.spawn(move || {
                let end = reader.read_next(&mut wait, token);
                assert_eq!(end, Err(ReadError::Stopped(Stopped::Cancelled)));
                (0..2).for_each(|seq| publisher.try_publish(&spike(seq)).unwrap());
                let end = publisher.publish(&spike(2), &mut wait, token);
                assert_eq!(end, Err(PublishError::Cancelled));
            });
            scope.spawn(move || {
                let end = lossy.read_next(&mut wait, token);
                assert_eq!(end, Err(LossyError::Stopped(Stopped::Cancelled)));
            });
            thread::sleep(SOON);
            cancel.cancel();
            cancel.cancel();
        });
        assert!(cancel.is_cancelled() && begin.elapsed() < Duration::from_secs(5), "{kind:?}");
    }
    assert!(!Cancel::never().is_cancelled());
}

#[test]
fn nb_10_close_ends_every_wait() {
    for mut kind in KINDS {
        let (mut publisher, axon) = Axon::new(2).unwrap();
        let (mut reader, closer) = (axon.reader().unwrap(), axon.clone());
        (0..2).for_each(|seq| publisher.try_publish(&spike(seq)).unwrap());
        thread::scope(|scope| {
            scope.spawn(move || assert_eq!(kind.wait_for(&axon, 2, &Cancel::never()), Err(Stopped::Closed)));
            scope.spawn(move || {
                let end = publisher.publish(&spike(2), &mut kind, &Cancel::never());
                assert_eq!(end, Err(PublishError::Closed));
            });
            thread::sleep(SOON);
            closer.close();
        });
        assert_eq!(reader.wait_available(&mut kind, &Cancel::never()), Ok(2));
        reader.release(2);
        assert_eq!(reader.wait_available(&mut kind, &Cancel::never()), Err(Stopped::Closed));
    }
}

#[test]
fn nb_10_a_sleeper_is_woken_long_before_its_sleep_ends() {
    let (mut publisher, axon) = Axon::new(1024).unwrap();
    let mut reader = axon.reader().unwrap();
    reader.expect_to_park();
    let (done, all) = std::sync::mpsc::channel();
    let begin = Instant::now();
    thread::scope(|scope| {
        scope.spawn(move || {
            for seq in 0..SLEEPS {
                publisher.try_publish(&spike(seq)).unwrap();
                all.recv().unwrap();
            }
        });
        for _ in 0..SLEEPS {
            reader.read_next(&mut YieldThenPark { spins: 0 }, &Cancel::never()).unwrap();
            thread::sleep(Duration::from_micros(50));
            done.send(()).unwrap();
        }
    });
    assert!(begin.elapsed() < LONGEST, "{:?}", begin.elapsed());
}
