//! P12: write + release against the system's malloc + memcpy + free, alone and under four threads.
//!
//! The figures of the table are per operation and thread. The payload is checked before anything is measured.
//!
//! The reference published 192 M allocations/s, on another machine: 32 bytes each, behind an offset that only counts up.
//! Nothing is given back there.

#![allow(missing_docs, clippy::unwrap_used)]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use neuronbus_arena::Arena;
use std::{
    hint::black_box,
    thread,
    time::{Duration, Instant},
};

const SIZES: [usize; 3] = [64, 4 << 10, 1 << 20];
const CAPACITY: u64 = 64 << 20;

fn arena_once(arena: &Arena, bytes: &[u8]) {
    let at = arena.write(black_box(bytes)).unwrap();
    assert!(arena.release(at).unwrap());
}

fn malloc_once(_: &Arena, bytes: &[u8]) {
    drop(black_box(black_box(bytes).to_vec()));
}

/// One way to hold a payload for a moment.
type Once = fn(&Arena, &[u8]);

/// The mean over `threads` threads of the time for `rounds` calls in each.
fn under(threads: u64, rounds: u64, once: impl Fn() + Sync) -> Duration {
    let timed = || {
        let start = Instant::now();
        (0..rounds).for_each(|_| once());
        start.elapsed()
    };
    let total: Duration = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(timed)).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).sum()
    });
    total / threads as u32
}

fn p12(criterion: &mut Criterion) {
    let arena = Arena::anonymous(CAPACITY).unwrap();
    let peers: [(&str, Once); 2] = [("arena", arena_once), ("malloc", malloc_once)];
    for threads in [1, 4] {
        for size in SIZES {
            let bytes: Vec<u8> = (0..size).map(|at| at as u8).collect();
            let at = arena.write(&bytes).unwrap();
            assert_eq!(&*arena.read(at).unwrap(), bytes);
            arena.release(at).unwrap();
            let mut group = criterion.benchmark_group(format!("p12_{threads}_threads"));
            group.throughput(Throughput::Bytes(size as u64));
            for (name, once) in peers {
                group.bench_with_input(BenchmarkId::new(name, size), &bytes, |bench, bytes| {
                    bench.iter_custom(|rounds| under(threads, rounds, || once(&arena, bytes)));
                });
            }
        }
    }
}

criterion_group!(benches, p12);
criterion_main!(benches);
