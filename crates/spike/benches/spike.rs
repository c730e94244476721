//! What a spike costs by itself, without any ring: build, read back, show (NB-55).
//!
//! The reference published 12.5 ns for a spike that is made, with 13 bytes of payload as here, on another machine; its figures
//! of rings and arena stand in the benches of those crates. Each verb is checked before it is measured.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use neuronbus_spike::{NeuronId, Payload, Spike, SpikeBuilder, SpikeKind};
use std::hint::black_box;

const PAYLOAD: &[u8] = b"thirteen byte";

fn build(sequence: u32, payload: &[u8]) -> Spike {
    SpikeBuilder::new()
        .timestamp_ns(u64::from(sequence))
        .sequence(sequence)
        .source(NeuronId::new(1).unwrap())
        .target(NeuronId::new(2).unwrap())
        .kind(SpikeKind::Inhibitory)
        .priority(200)
        .payload(payload)
        .build()
        .unwrap()
}

fn check(spike: &Spike) {
    assert_eq!((spike.sequence(), spike.priority(), spike.kind()), (7, 200, SpikeKind::Inhibitory));
    assert_eq!(spike.payload(), Payload::Inline(PAYLOAD));
}

fn spikes(criterion: &mut Criterion) {
    println!("the reference published 12.5 ns for a spike that is made, beside `build` (another machine)");
    let spike = build(7, PAYLOAD);
    check(&spike);
    check(&Spike::from_bytes(*spike.as_bytes()).unwrap());
    check(&Spike::from_words(spike.to_words()).unwrap());
    let mut group = criterion.benchmark_group("spike");
    group.throughput(Throughput::Elements(1));
    group.bench_function("build", |bench| bench.iter(|| build(black_box(7), black_box(PAYLOAD))));
    group.bench_function("build empty", |bench| bench.iter(|| SpikeBuilder::new().sequence(black_box(7)).build()));
    group.bench_function("from_bytes", |bench| bench.iter(|| Spike::from_bytes(black_box(*spike.as_bytes()))));
    group.bench_function("from_words", |bench| {
        let words = spike.to_words();
        bench.iter(|| Spike::from_words(black_box(words)));
    });
    group.bench_function("as_bytes", |bench| bench.iter(|| *black_box(&spike).as_bytes()));
    group.bench_function("to_words", |bench| bench.iter(|| black_box(&spike).to_words()));
    group.finish();
}

criterion_group!(benches, spikes);
criterion_main!(benches);
