//! P9: four pairs of threads that sleep when they wait.

use super::{
    SLOTS,
    stream::{receive_all, send_each},
};
use crate::{
    harness::{Aim, Bench, Contender, Sample, Unit, Verdict, cores, fail},
    pipe::{AxonPipe, CrossbeamPipe, KanalPipe, Pipe},
};
use neuronbus_axon::YieldThenPark;
use std::{marker::PhantomData, thread, time::Instant};

const PAIRS: u64 = 4;

pub(super) fn bench() -> Bench {
    Bench {
        verdicts: vec![Verdict {
            id: "P9",
            what: "four pairs of threads, blocking waits, all spikes together",
            aim: Aim::Ratio(1.0, &[]),
        }],
        unit: Unit::MillionPerSecond,
        topology: format!("{} threads on {} cores, not pinned, {SLOTS} slots", 2 * PAIRS, cores()),
        contenders: vec![pairs::<AxonPipe<YieldThenPark>>(), pairs::<CrossbeamPipe>(), pairs::<KanalPipe>()],
    }
}

fn pairs<P: Pipe + 'static>() -> Box<dyn Contender> {
    Box::new(Pairs::<P>(PhantomData))
}

struct Pairs<P>(PhantomData<P>);

impl<P: Pipe> Contender for Pairs<P> {
    fn name(&self) -> &str {
        P::NAME
    }

    /// Timed from the start of the first thread to the end of the last: pairs that have finished leave the cores to others,
    /// so their own times say nothing.
    fn run(&mut self, count: u64) -> Sample {
        let each = count.div_ceil(PAIRS);
        let begun = Instant::now();
        thread::scope(|scope| {
            let mut threads = Vec::new();
            for _ in 0..PAIRS {
                let (sender, receiver) = P::open(SLOTS);
                threads.push(scope.spawn(move || receive_all(receiver, each)));
                scope.spawn(move || send_each(sender, each));
            }
            for thread in threads {
                thread.join().unwrap_or_else(|_| fail(P::NAME, "a receiver panicked"));
            }
        });
        Sample { count: each * PAIRS, elapsed: begun.elapsed() }
    }

    fn first_count(&self) -> u64 {
        200_000
    }
}
