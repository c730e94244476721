//! N9: ticks of a pool that is kept busy, the events that they make, and what the pool holds.
//!
//! A third of the neurons gets a current that fires them, another third each tick. With what comes along the synapses each neuron
//! fires as often as one can that is refractory for two ticks: every third. Thresholds stay where they are, or homeostasis would
//! leave less to do with every round.

use crate::{
    harness::{Aim, Bench, Contender, Sample, Unit, Verdict, fail},
    pool::{self, Neuropool01, Neuropool10, Population, TwoThreads, weighed},
};
use neuronbus::connectome::{NeuronPool, PoolConfig};
use std::time::Instant;

const NEURONS: usize = 1 << 12;
/// Of each neuron.
const SYNAPSES: u16 = 128;
/// One of so many neurons is driven in a tick, and each fires once in so many ticks.
const TURNS: usize = 3;
/// Q8.8: from where a neuron is reset it leads far over the threshold.
const CURRENT: i16 = 10_000;
/// Ticks before anything is looked at: every delay is full by then.
const WARM: u64 = 60;
/// Most bytes for each synapse: what NP-27 allows a pool of 4,096 neurons with 20 synapses each.
const MOST_BYTES: f64 = 688e3 * 1.25 / (4096.0 * 20.0);

pub(super) fn tick() -> Bench {
    let (contenders, topology) = contenders(Counted::Ticks);
    let what = "tick of a driven pool, 4,096 neurons x 128 synapses";
    Bench {
        verdicts: vec![
            Verdict { id: "N9", what, aim: Aim::Figure(200.0) },
            Verdict { id: "N9-peers", what: "the same against neuropool", aim: Aim::Ratio(1.0, &[]) },
        ],
        unit: Unit::Us,
        topology,
        contenders,
    }
}

pub(super) fn events() -> Bench {
    let (contenders, topology) = contenders(Counted::Events);
    let what = "synapses of who fired in a driven pool, on one core, against neuropool";
    Bench {
        verdicts: vec![Verdict { id: "N9-events", what, aim: Aim::Ratio(1.0, &[]) }],
        unit: Unit::MillionPerSecond,
        topology,
        contenders,
    }
}

pub(super) fn bytes() -> Bench {
    let (mut contenders, topology) = contenders(Counted::Bytes);
    contenders.truncate(1);
    let what = "heap of a pool of 4,096 neurons x 128 synapses, per synapse";
    Bench {
        verdicts: vec![Verdict { id: "N9-bytes", what, aim: Aim::Figure(MOST_BYTES) }],
        unit: Unit::Bytes,
        topology,
        contenders,
    }
}

pub(super) fn threads() -> Bench {
    let model = model();
    let (two, one) =
        (Driven::<TwoThreads>::new(&model, Counted::Ticks), Driven::<NeuronPool>::new(&model, Counted::Ticks));
    Bench {
        verdicts: vec![Verdict {
            id: "N9-threads",
            what: "the same on two threads against one",
            aim: Aim::Ratio(1.0, &[]),
        }],
        unit: Unit::Us,
        topology: format!("{}; {}", two.describe(), one.describe()),
        contenders: vec![Box::new(two), Box::new(one)],
    }
}

/// What a sample counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counted {
    Ticks,
    /// Synapses of who fired.
    Events,
    /// Ticks; the figure is what the pool holds for each synapse.
    Bytes,
}

fn model() -> NeuronPool {
    pool::model(NEURONS, SYNAPSES, PoolConfig { homeostasis: 0, ..PoolConfig::default() })
}

fn contenders(counted: Counted) -> (Vec<Box<dyn Contender>>, String) {
    let model = model();
    let ours = Driven::<NeuronPool>::new(&model, counted);
    let (old, new) = (Driven::<Neuropool01>::new(&model, counted), Driven::<Neuropool10>::new(&model, counted));
    let topology = format!(
        "1 thread, the same synapses and input for all, no homeostasis; {}; {}; {}",
        ours.describe(),
        old.describe(),
        new.describe()
    );
    (vec![Box::new(ours), Box::new(old), Box::new(new)], topology)
}

struct Driven<P> {
    pool: P,
    counted: Counted,
    /// On the heap as the pool was made.
    bytes: usize,
    inputs: [Vec<i16>; TURNS],
    /// Share of the neurons in a tick.
    rate: f64,
}

impl<P: Population> Driven<P> {
    fn new(model: &NeuronPool, counted: Counted) -> Self {
        let (pool, bytes) = weighed::<P>(model);
        let current = |turn| (0..NEURONS).map(|at| if at % TURNS == turn { CURRENT } else { 0 }).collect();
        let mut driven = Self { pool, counted, bytes, inputs: [0, 1, 2].map(current), rate: 0.0 };
        driven.ticks(WARM);
        driven.rate = driven.ticks(WARM) as f64 / (WARM as usize * NEURONS) as f64;
        driven
    }

    fn describe(&self) -> String {
        let (rate, held) = (self.rate * 100.0, self.bytes as f64 / 1e6);
        format!("{}: {rate:.1} % fire in a tick, {held:.2} MB of heap, {:.2} B a synapse", P::NAME, self.bytes_each())
    }

    fn bytes_each(&self) -> f64 {
        self.bytes as f64 / (NEURONS * usize::from(SYNAPSES)) as f64
    }

    /// How many fired in so many ticks.
    fn ticks(&mut self, count: u64) -> u64 {
        let mut fired = 0;
        for _ in 0..count {
            let turn = self.pool.ticks() as usize % TURNS;
            fired += self.pool.tick(&self.inputs[turn]) as u64;
        }
        fired
    }

    /// That each neuron fired every third tick, and that its spikes went along its synapses: in three ticks without input, what is
    /// on its way fires each of them again.
    fn verify(&mut self, ticks: u64, fired: u64) {
        let alone: usize = (0..TURNS).map(|_| self.pool.tick(&[])).sum();
        if fired * TURNS as u64 != ticks * NEURONS as u64 || alone != NEURONS {
            fail("verification", format!("{}: {fired} fired in {ticks} ticks, and {alone} without input", P::NAME));
        }
    }
}

impl<P: Population> Contender for Driven<P> {
    fn name(&self) -> &str {
        P::NAME
    }

    fn run(&mut self, count: u64) -> Sample {
        let events = self.counted == Counted::Events;
        let ticks = if events { count / ((NEURONS / TURNS) as u64 * u64::from(SYNAPSES)) } else { count };
        let ticks = ticks.next_multiple_of(TURNS as u64);
        let begun = Instant::now();
        let fired = self.ticks(ticks);
        let elapsed = begun.elapsed();
        self.verify(ticks, fired);
        Sample { count: if events { fired * u64::from(SYNAPSES) } else { ticks }, elapsed }
    }

    fn figure(&mut self, unit: Unit, count: u64) -> f64 {
        let sample = self.run(count);
        if self.counted == Counted::Bytes { self.bytes_each() } else { unit.of(sample) }
    }

    fn first_count(&self) -> u64 {
        if self.counted == Counted::Events { 1_000_000 } else { TURNS as u64 }
    }
}
