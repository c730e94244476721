//! NB-13: one publisher, index = seq & mask, in order over many wraps, across two threads.
#![cfg(not(loom))]
#![allow(clippy::unwrap_used)]

mod common;

use common::{number, scaled, spike};
use neuronbus_axon::{Axon, BusySpin, Cancel, SpinHint, Wait, YieldThenPark};
use std::thread;

fn in_order(spikes: u64, slots: usize, mut publishing: impl Wait + Send, mut reading: impl Wait) {
    let (mut publisher, axon) = Axon::new(slots).unwrap();
    let mut reader = axon.reader().unwrap();
    thread::scope(|scope| {
        scope.spawn(move || {
            for seq in 0..spikes {
                publisher.publish(&spike(seq), &mut publishing, &Cancel::never()).unwrap();
            }
        });
        for seq in 0..spikes {
            assert_eq!(number(&reader.read_next(&mut reading, &Cancel::never()).unwrap()), seq);
        }
        assert_eq!(reader.try_read_next(), Ok(None));
    });
    assert_eq!(axon.published(), spikes);
}

#[test]
fn nb_13_100k_in_order_over_many_wraps() {
    in_order(scaled(100_000), 64, SpinHint, SpinHint);
}

#[test]
fn nb_13_the_smallest_ring() {
    in_order(scaled(10_000), 2, YieldThenPark::default(), YieldThenPark::default());
}

#[test]
fn nb_13_every_pair_of_strategies() {
    in_order(scaled(30_000), 256, BusySpin, YieldThenPark { spins: 0 });
    in_order(scaled(30_000), 256, YieldThenPark { spins: 0 }, SpinHint);
    in_order(scaled(30_000), 1024, YieldThenPark { spins: 0 }, YieldThenPark { spins: 0 });
}
