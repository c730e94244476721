//! P2a, P2b, P2d: one writer, several readers, each of which sees every spike.

use super::{
    SLOTS,
    stream::{receive_all, send_each},
};
use crate::{
    harness::{Aim, Bench, Contender, Sample, Unit, Verdict, cores, fail},
    pipe::{AxonPipe, BusySpin, DisruptorPipe, Fan, Yield},
};
use neuronbus_axon::YieldThenPark;
use std::{marker::PhantomData, thread};

pub(super) fn three() -> Bench {
    bench("P2a", "axon 1 to 3", 3)
}

pub(super) fn eight() -> Bench {
    bench("P2b", "axon 1 to 8", 8)
}

/// Twice as many readers as there are cores, so that none of them can have one for itself.
pub(super) fn crowd() -> Bench {
    bench("P2d", "axon 1 to twice as many readers as there are cores", 2 * cores())
}

fn bench(id: &'static str, what: &'static str, readers: usize) -> Bench {
    Bench {
        verdicts: vec![Verdict { id, what, aim: Aim::Ratio(1.3, &[]) }],
        unit: Unit::MillionPerSecond,
        topology: format!("{} threads on {} cores, not pinned, {SLOTS} slots; spikes published", readers + 1, cores()),
        contenders: vec![
            fan::<AxonPipe<YieldThenPark>>(readers),
            fan::<DisruptorPipe<BusySpin>>(readers),
            fan::<DisruptorPipe<Yield>>(readers),
        ],
    }
}

fn fan<F: Fan + 'static>(readers: usize) -> Box<dyn Contender> {
    Box::new(FanOut::<F> { readers, kind: PhantomData })
}

struct FanOut<F> {
    readers: usize,
    kind: PhantomData<F>,
}

impl<F: Fan> Contender for FanOut<F> {
    fn name(&self) -> &str {
        F::NAME
    }

    /// Timed until the last reader has all.
    fn run(&mut self, count: u64) -> Sample {
        let (sender, receivers) = F::open_fan(SLOTS, self.readers);
        thread::scope(|scope| {
            let receive = |receiver| scope.spawn(move || receive_all(receiver, count));
            let received: Vec<_> = receivers.into_iter().map(receive).collect();
            scope.spawn(move || send_each(sender, count));
            let samples = received.into_iter().map(thread::ScopedJoinHandle::join);
            let samples = samples.map(|sample| sample.unwrap_or_else(|_| fail(F::NAME, "a receiver panicked")));
            samples.max_by_key(|sample| sample.elapsed).unwrap_or_else(|| fail(F::NAME, "no receivers"))
        })
    }
}
