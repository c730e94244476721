//! The rows under criterion: `cargo bench -p neuronbus-benches -- P1a`. The same contenders on the same workloads, each with criterion's
//! statistics; the contract's in-round ratios come from the binary `rows`.

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use neuronbus_benches::{
    harness::{Contender, Options},
    rows::{ENTRIES, Entry},
};
use std::time::Duration;

fn rows(criterion: &mut Criterion) {
    let filters = std::env::args().skip(1).filter(|argument| argument.starts_with(['P', 'N'])).collect();
    let wanted = Options { rows: filters, ..Options::default() };
    for entry in ENTRIES.iter().filter(|entry| entry.ids.iter().any(|id| wanted.wants(id))) {
        row(criterion, entry);
    }
}

fn row(criterion: &mut Criterion, entry: &Entry) {
    let mut group = criterion.benchmark_group(entry.ids[0]);
    group.sampling_mode(SamplingMode::Flat).sample_size(10);
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    for contender in (entry.build)().contenders {
        let mut contender = contender;
        group.throughput(Throughput::Elements(1));
        group.bench_function(contender.name().to_owned(), |bencher| {
            bencher.iter_custom(|count| timed(contender.as_mut(), count));
        });
    }
    group.finish();
}

/// The time of `count` things, worked out from the part of the run that was timed.
fn timed(contender: &mut dyn Contender, count: u64) -> Duration {
    let sample = contender.run(count);
    sample.elapsed.mul_f64(count as f64 / sample.count as f64)
}

criterion_group!(benches, rows);
criterion_main!(benches);
