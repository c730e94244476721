//! Speed of the tick (P8a, P8b, P8c of `shared/spec/speed.md`). Each measured tick is one in which every neuron receives a
//! spike, its membrane integrates it, and its callback fires the next one: collect, route, integrate, deliver and learn
//! all run. Before it is measured, a workload is checked: so many spikes delivered per tick, none dropped, books balanced.

#![allow(missing_docs, clippy::unwrap_used)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use neuronbus::{AgentCard, Bus, Connection, Handle, Membrane, Neuron, NeuronId, Spike};
use std::{hint::black_box, time::Instant};

/// Passes each spike on.
struct Relay(NeuronId);

impl Neuron for Relay {
    fn on_spike(&mut self, _: &Spike, handle: &mut Handle<'_>) {
        assert!(handle.fire_to(self.0, b"on").is_ok());
    }

    fn wants_tick(&self) -> bool {
        false
    }
}

/// A bus of `neurons` relays in one ring, each `stride` ids behind the one it fires at, so that a tick delivers one spike
/// to each of them.
fn ring(neurons: usize, stride: usize) -> Bus {
    let bus = Bus::builder().max_neurons(neurons).axon_capacity(4).arena_capacity(1 << 20).build().unwrap();
    let membrane = Membrane { refractory_ticks: 0, ..Membrane::default() };
    let ids: Vec<_> = (0..neurons).map(|raw| NeuronId::new(raw as u16).unwrap()).collect();
    let next = |at: usize| ids[(at + stride) % neurons];
    let card = || AgentCard::builder("relay").build().unwrap();
    for (at, id) in ids.iter().enumerate() {
        assert_eq!(bus.register_with(card(), membrane, Relay(next(at))).unwrap(), *id);
    }
    for (at, id) in ids.iter().enumerate() {
        bus.connect(*id, next(at), Connection::new().weight(0.3)).unwrap();
        bus.lend(*id, |handle| handle.fire_to(next(at), b"on")).unwrap().unwrap();
    }
    bus
}

fn verified(bus: Bus, spikes: u64) -> Bus {
    bus.run(50).unwrap();
    let before = bus.counters().delivered;
    bus.run(10).unwrap();
    let books = bus.counters();
    assert_eq!(books.delivered - before, 10 * spikes);
    assert_eq!((books.dropped_total(), books.in_flight), (0, spikes));
    assert!(books.balanced());
    bus
}

fn spikes(c: &mut Criterion) {
    let mut group = c.benchmark_group("P8c");
    for neurons in [1_000, 10_000, 60_000] {
        for (name, stride) in [("next", 1), ("far", neurons / 3 + 7)] {
            let bus = verified(ring(neurons, stride), neurons as u64);
            group.throughput(Throughput::Elements(neurons as u64));
            group.bench_function(format!("{neurons}/{name}"), |b| {
                b.iter_custom(|ticks| {
                    let start = Instant::now();
                    bus.run(ticks).unwrap();
                    start.elapsed()
                });
            });
        }
    }
    group.finish();
}

fn idle(c: &mut Criterion) {
    let bus = ring(60_000, 1);
    // Let the spikes die: no neuron has a synapse any more.
    bus.cortex(|cortex| {
        for raw in 0..60_000 {
            let pre = NeuronId::new(raw).unwrap();
            cortex.disconnect(pre, NeuronId::new((raw + 1) % 60_000).unwrap()).unwrap();
        }
    });
    let bus = {
        bus.run(2).unwrap();
        bus
    };
    assert_eq!(bus.counters().in_flight, 0);
    c.bench_function("P8b/60000", |b| b.iter(|| black_box(bus.tick())));
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).warm_up_time(std::time::Duration::from_millis(500)).measurement_time(std::time::Duration::from_secs(2));
    targets = spikes, idle
}
criterion_main!(benches);
