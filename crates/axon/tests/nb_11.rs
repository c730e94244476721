//! NB-11: a consumer that waits by `YieldThenPark` costs less than 5 % of a core while nothing comes.
#![cfg(not(loom))]
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

mod common;

use common::spike;
use neuronbus_axon::{Axon, Cancel, YieldThenPark};
use std::{fs, thread, time::Duration};

const IDLE: Duration = Duration::from_secs(1);

/// Time that this thread has run so far, by the scheduler's account.
fn cpu_time() -> Duration {
    let account = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(account.split_whitespace().next().unwrap().parse().unwrap())
}

#[test]
#[cfg_attr(miri, ignore = "asks the kernel for the time that a thread ran")]
fn nb_11_an_idle_reader_sleeps() {
    let (mut publisher, axon) = Axon::new(8).unwrap();
    let mut reader = axon.reader().unwrap();
    let waiting = thread::spawn(move || {
        let before = cpu_time();
        reader.read_next(&mut YieldThenPark::default(), &Cancel::never()).unwrap();
        cpu_time().checked_sub(before).unwrap()
    });
    thread::sleep(IDLE);
    publisher.try_publish(&spike(0)).unwrap();
    let used = waiting.join().unwrap();
    assert!(used < IDLE / 20, "{used:?} of {IDLE:?}");
}

#[test]
#[cfg_attr(miri, ignore = "asks the kernel for the time that a thread ran")]
fn nb_11_a_publisher_before_a_full_ring_sleeps() {
    let (mut publisher, axon) = Axon::new(2).unwrap();
    let mut reader = axon.reader().unwrap();
    (0..2).for_each(|seq| publisher.try_publish(&spike(seq)).unwrap());
    let waiting = thread::spawn(move || {
        let before = cpu_time();
        publisher.publish(&spike(2), &mut YieldThenPark::default(), &Cancel::never()).unwrap();
        cpu_time().checked_sub(before).unwrap()
    });
    thread::sleep(IDLE);
    reader.try_read_next().unwrap();
    let used = waiting.join().unwrap();
    assert!(used < IDLE / 20, "{used:?} of {IDLE:?}");
}
