//! NB-12: a capacity is a power of two; NB-19: cursors keep their distance; and what `Axon::over` refuses.
#![cfg(not(loom))]
#![allow(clippy::unwrap_used, clippy::disallowed_types)]

mod common;

use common::{number, spike};
use neuronbus_axon::{Axon, AxonError, Region, layout};
use neuronbus_sync::Ordering;

#[test]
fn nb_12_only_powers_of_two_from_2_on() {
    for slots in [0, 1, 3, 100, 1023, usize::MAX, layout::MAX_SLOTS * 2, 1 << 63] {
        let error = Axon::new(slots).unwrap_err();
        assert_eq!((error, error.code()), (AxonError::Capacity { slots }, "E_OUT_OF_RANGE"));
    }
    for slots in [2, 4, 1024, 1 << 20] {
        assert_eq!(Axon::new(slots).unwrap().1.slots(), slots);
    }
}

#[test]
fn nb_19_cursors_are_128_bytes_apart() {
    let (_publisher, axon) = Axon::new(2).unwrap();
    let cursors = [
        layout::GATE_BITMAP,
        layout::INTENT,
        layout::COMMIT,
        layout::WAITERS,
        layout::GATES,
        layout::GATES + layout::GATE_STRIDE,
    ];
    let at = cursors.map(|byte| std::ptr::from_ref(&axon.region().words()[byte / 8]).addr());
    assert!(at[1..].windows(2).all(|pair| pair[1] - pair[0] >= 128) && at[1] - at[0] >= 104);
    assert_eq!(at[1] % 128, 0);
    assert_eq!(layout::SLOTS - (layout::GATES + 63 * layout::GATE_STRIDE), 128);
}

#[test]
fn over_makes_a_ring_once_and_attaches_after_that() {
    let region = Region::zeroed(layout::ring_bytes(8) + 64).unwrap();
    let first = Axon::over(region.clone(), 8).unwrap();
    let mut publisher = first.publisher().unwrap();
    let second = Axon::over(region.clone(), 8).unwrap();
    assert_eq!(second.publisher().unwrap_err(), AxonError::ProducerTaken);
    let mut reader = second.reader().unwrap();
    publisher.try_publish(&spike(3)).unwrap();
    assert_eq!(number(&reader.try_read_next().unwrap().unwrap()), 3);
    assert_eq!(first.region().len(), layout::ring_bytes(8));

    let other = Axon::over(region.clone(), 16).unwrap_err();
    let short = layout::ring_bytes(16);
    assert_eq!(other, AxonError::OutOfRegion { offset: 0, bytes: short, available: region.len() });
    assert_eq!(Axon::over(region, 4).unwrap_err(), AxonError::OtherRing { found: 8, expected: 4 });
}

#[test]
fn a_publisher_refuses_cursors_that_no_publisher_left() {
    for (commit, intent) in [(0, 9), (5, 4), (u64::MAX, 8)] {
        let region = Region::zeroed(layout::ring_bytes(8)).unwrap();
        let axon = Axon::over(region.clone(), 8).unwrap();
        region.words()[layout::COMMIT / 8].store(commit, Ordering::Relaxed);
        region.words()[layout::INTENT / 8].store(intent, Ordering::Relaxed);
        // Refused each time: the failed attempt does not keep the seat.
        for _ in 0..2 {
            assert_eq!(axon.publisher().unwrap_err(), AxonError::Corrupt { commit, intent });
        }
    }
}
