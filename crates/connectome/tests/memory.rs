//! What a pool takes of memory (NP-27). A test binary of its own: it counts every byte of the heap.
#![allow(unsafe_code, clippy::disallowed_types)]

use neuronbus_connectome::{NeuronPool, PoolConfig};
use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};

/// Bytes that live on the heap.
static LIVE: AtomicUsize = AtomicUsize::new(0);

struct Counting;

// SAFETY: the system's allocator does everything; only numbers are noted beside it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        LIVE.fetch_add(layout.size(), Relaxed);
        // SAFETY: the caller keeps the contract of the system's allocator.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Thousand bytes, and what may be missing to the figures of the reference.
const KB: f64 = 1_000.0;
const MARGIN: f64 = 1.25;

#[test]
fn np_27_a_pool_takes_as_much_memory_as_promised() {
    for (neurons, kilobytes) in [(4_096, 688.0), (16_384, 2_700.0), (65_536, 10_700.0)] {
        let before = LIVE.load(Relaxed);
        let density = 20.0 / (neurons as f32 - 1.0);
        let mut pool = NeuronPool::with_random_connectivity("p", neurons, density, PoolConfig::default()).unwrap();
        let mean = pool.rows().len() as f64 / neurons as f64;
        assert!((19.8..20.2).contains(&mean), "{mean} synapses a neuron");
        // Also when it lives: with all that a tick needs.
        let input: Vec<i16> = (0..neurons).map(|at| if at % 20 == 0 { 10_000 } else { 0 }).collect();
        for _ in 0..50 {
            pool.tick(&input).unwrap();
        }
        drop(input);
        let bytes = (LIVE.load(Relaxed) - before) as f64;
        println!("{neurons} neurons: {:.0} KB, {:.1} bytes a neuron", bytes / KB, bytes / neurons as f64);
        assert!(bytes <= kilobytes * KB * MARGIN, "{neurons} neurons take {bytes} bytes");
    }
}
