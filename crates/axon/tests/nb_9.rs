//! NB-9: no allocation on publish and read. A test binary of its own, because it counts for the whole process.
#![cfg(not(loom))]
#![allow(clippy::unwrap_used, unsafe_code, clippy::disallowed_types)]

mod common;

use common::spike;
use neuronbus_axon::{Axon, Cancel, SpinHint};
use neuronbus_sync::{AtomicU64, Ordering};
use std::alloc::{GlobalAlloc, Layout, System};

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

struct Counting;

// SAFETY: hands everything on to the system's allocator; the count changes nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // Relaxed: a count, read by the thread that makes it.
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn nb_9_a_million_publishes_and_reads_allocate_nothing() {
    let (mut publisher, axon) = Axon::new(64).unwrap();
    let mut reader = axon.reader().unwrap();
    let mut lossy = axon.lossy_reader();
    let (one, many, never) = (spike(1), [spike(2); 8], Cancel::never());
    lossy.read_batch(8);
    publisher.try_publish(&one).unwrap();
    assert_eq!((reader.read_batch(8).len(), lossy.read_batch(8).len()), (1, 1));
    publisher.publish_batch(&many).unwrap();
    assert_eq!((reader.read_batch(8).len(), lossy.read_batch(8).len()), (8, 8));

    let before = ALLOCATIONS.load(Ordering::Relaxed);
    for _ in 0..100_000 {
        publisher.try_publish(&one).unwrap();
        publisher.publish(&one, &mut SpinHint, &never).unwrap();
        publisher.publish_batch(&many).unwrap();
        publisher.warm();
        assert!(reader.try_read_next().unwrap().is_some() && lossy.try_read_next().unwrap().is_some());
        assert!(reader.read_next(&mut SpinHint, &never).is_ok() && lossy.read_next(&mut SpinHint, &never).is_ok());
        assert_eq!((reader.read_batch(8).len(), lossy.read_batch(8).len()), (8, 8));
    }
    assert_eq!(ALLOCATIONS.load(Ordering::Relaxed), before);
    assert!(axon.published() >= 1_000_000);
}
