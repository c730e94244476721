//! N10 to N12 by the burst engine: a whole burst, from injection to the swap of queues, in which all neurons fire.

use crate::{
    burst::{Network, Whole, sums},
    harness::{Aim, Bench, Contender, Sample, Unit, Verdict},
};
use std::time::Duration;

pub(super) fn sparse() -> Bench {
    whole("N10-whole", "whole burst of 12,000 neurons, 13,000 synapses", &Network::new(12_000, 13_000), 100.0)
}

pub(super) fn dense() -> Bench {
    whole("N11-whole", "whole burst of 12,000 neurons, 1.2 M synapses", &Network::new(12_000, 1_200_000), 1_000.0)
}

pub(super) fn million() -> Bench {
    whole("N12-whole", "whole burst of 1.2 M neurons, one synapse each", &Network::new(1_200_000, 1_200_000), 33_000.0)
}

pub(super) fn events() -> Bench {
    let (what, aim) =
        ("synapses of who fired in whole bursts, 10,000 neurons x 1,000, on one core", Aim::Figure(500.0));
    let contender = Bursts::new(&Network::new(10_000, 10_000_000), 1, true);
    Bench {
        verdicts: vec![Verdict { id: "N11-events", what, aim }],
        unit: Unit::MillionPerSecond,
        topology: "1 thread; targets by chance, all neurons fire".into(),
        contenders: vec![Box::new(contender)],
    }
}

pub(super) fn dense_by_two() -> Bench {
    let network = Network::new(10_000, 10_000_000);
    let what = "whole burst of 10,000 neurons x 1,000 synapses, on two threads against one";
    Bench {
        verdicts: vec![Verdict { id: "N11-whole-threads", what, aim: Aim::Ratio(1.0, &[]) }],
        unit: Unit::Us,
        topology: "2 threads and 1; targets by chance, all neurons fire".into(),
        contenders: [2, 1].map(|threads| Box::new(Bursts::new(&network, threads, false)) as Box<dyn Contender>).into(),
    }
}

fn whole(id: &'static str, what: &'static str, network: &Network, most_us: f64) -> Bench {
    Bench {
        verdicts: vec![Verdict { id, what, aim: Aim::Figure(most_us) }],
        unit: Unit::Us,
        topology: "1 thread; targets by chance, all neurons fire".into(),
        contenders: vec![Box::new(Bursts::new(network, 1, false))],
    }
}

struct Bursts {
    engine: Whole,
    name: &'static str,
    expected: Vec<i64>,
    synapses: u64,
    /// Whether a sample counts synapses, and not bursts.
    counts_events: bool,
}

impl Bursts {
    fn new(network: &Network, threads: usize, counts_events: bool) -> Self {
        let mut engine = Whole::new(network, threads);
        // The first one makes the rows; what it sends arrives in the second.
        engine.burst();
        Self {
            engine,
            name: if threads == 1 { "burst engine" } else { "burst engine, 2 threads" },
            expected: sums(network),
            synapses: network.sources.len() as u64,
            counts_events,
        }
    }
}

impl Contender for Bursts {
    fn name(&self) -> &str {
        self.name
    }

    fn run(&mut self, count: u64) -> Sample {
        let bursts = if self.counts_events { count.div_ceil(self.synapses) } else { count };
        let elapsed: Duration = (0..bursts).map(|_| self.engine.burst()).sum();
        self.engine.verify(&self.expected);
        Sample { count: if self.counts_events { bursts * self.synapses } else { bursts }, elapsed }
    }

    fn first_count(&self) -> u64 {
        if self.counts_events { self.synapses } else { 1 }
    }
}
