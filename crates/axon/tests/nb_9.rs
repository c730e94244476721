//! NB-9: no allocation on publish and read. A test binary of its own, because it brings its own allocator.
#![cfg(not(loom))]
#![allow(clippy::unwrap_used, unsafe_code, clippy::disallowed_types)]

mod common;

use common::{scaled, spike};
use neuronbus_axon::{Axon, Cancel, SpinHint};
use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

thread_local! {
    /// By this thread alone: the test harness allocates on its own.
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

fn allocations() -> u64 {
    ALLOCATIONS.get()
}

fn count() {
    // A thread that ends may allocate when its locals are gone; nobody asks for its count.
    let _gone = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
}

struct Counting;

// SAFETY: hands everything on to the system's allocator; the count changes nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
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

    let before = allocations();
    for _ in 0..scaled(100_000) {
        publisher.try_publish(&one).unwrap();
        publisher.publish(&one, &mut SpinHint, &never).unwrap();
        publisher.publish_batch(&many).unwrap();
        publisher.warm();
        assert!(reader.try_read_next().unwrap().is_some() && lossy.try_read_next().unwrap().is_some());
        assert!(reader.read_next(&mut SpinHint, &never).is_ok() && lossy.read_next(&mut SpinHint, &never).is_ok());
        assert_eq!((reader.read_batch(8).len(), lossy.read_batch(8).len()), (8, 8));
    }
    assert_eq!(allocations(), before);
    assert!(axon.published() >= 10 * scaled(100_000));
}
