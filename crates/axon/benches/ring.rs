//! What publishing and reading cost, in ns a spike (P1, P2): one thread for the verbs themselves, threads for the rest.
//! The cross-thread groups check every spike, and need as many idle cores as they have threads to mean anything.
//!
//! The reference published 98 M spikes/s one to one and 109 M reads/s one to eight, on another machine: one thread that
//! publishes, then reads, which is `verbs` here.
#![cfg(not(loom))]
#![allow(missing_docs, clippy::unwrap_used)]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use neuronbus_axon::{Axon, Cancel, Reader, SpinHint};
use neuronbus_spike::{Spike, SpikeBuilder};
use std::{
    hint::black_box,
    thread,
    time::{Duration, Instant},
};

const SLOTS: usize = 4096;
const BATCH: usize = 64;

fn spike(seq: u64) -> Spike {
    SpikeBuilder::new().timestamp_ns(seq).build().unwrap()
}

fn verbs(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("verbs");
    group.throughput(Throughput::Elements(BATCH as u64));
    let (mut publisher, axon) = Axon::new(SLOTS).unwrap();
    let (mut reader, spikes) = (axon.reader().unwrap(), [spike(1); BATCH]);
    group.bench_function("publish and read one by one", |bench| {
        bench.iter(|| {
            for spike in &spikes {
                publisher.try_publish(black_box(spike)).unwrap();
            }
            while let Some(spike) = reader.try_read_next().unwrap() {
                black_box(spike);
            }
        });
    });
    group.bench_function("publish and read a batch", |bench| {
        bench.iter(|| {
            publisher.publish_batch(black_box(&spikes)).unwrap();
            for spike in &reader.read_batch(BATCH) {
                let _ = black_box(spike);
            }
        });
    });
    group.finish();
}

fn read_checked(mut reader: Reader, count: u64) {
    for seq in 0..count {
        let spike = reader.read_next(&mut SpinHint, &Cancel::never()).unwrap();
        assert_eq!(spike.timestamp_ns(), seq);
    }
}

/// Time to bring `count` spikes, one publish each, to `readers` threads.
fn one_by_one(count: u64, readers: usize) -> Duration {
    let (mut publisher, axon) = Axon::new(SLOTS).unwrap();
    let all: Vec<_> = (0..readers).map(|_| axon.reader().unwrap()).collect();
    let begin = Instant::now();
    thread::scope(|scope| {
        for reader in all {
            scope.spawn(move || read_checked(reader, count));
        }
        for seq in 0..count {
            publisher.publish(&spike(seq), &mut SpinHint, &Cancel::never()).unwrap();
        }
    });
    begin.elapsed()
}

/// Time to bring `count` batches to one thread.
fn in_batches(count: u64) -> Duration {
    let (mut publisher, axon) = Axon::new(SLOTS).unwrap();
    let reader = axon.reader().unwrap();
    let begin = Instant::now();
    thread::scope(|scope| {
        scope.spawn(move || read_checked(reader, count * BATCH as u64));
        for batch in 0..count {
            let spikes: [Spike; BATCH] = std::array::from_fn(|index| spike(batch * BATCH as u64 + index as u64));
            while publisher.publish_batch(&spikes).is_err() {
                std::hint::spin_loop();
            }
        }
    });
    begin.elapsed()
}

fn threads(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("threads");
    group.throughput(Throughput::Elements(1));
    for readers in [1, 3, 8] {
        group.bench_with_input(BenchmarkId::new("one to", readers), &readers, |bench, readers| {
            bench.iter_custom(|count| one_by_one(count, *readers));
        });
    }
    group.throughput(Throughput::Elements(BATCH as u64));
    group.bench_function("batches", |bench| bench.iter_custom(in_batches));
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).measurement_time(Duration::from_secs(2));
    targets = verbs, threads
}
criterion_main!(benches);
