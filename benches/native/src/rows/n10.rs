//! N10 to N12: a burst, from who fired to what each area gets.
//!
//! All neurons of a network fire: in ascending order, as a pass over neurons gives them, and in an order by chance, where the rows
//! of who fired lie nowhere near each other. Each result is looked at, entry by entry, before the next burst, as its reader would.

use crate::{
    burst::{AREAS, Engine, Feagi, Network, Ours, TwoThreads, verify},
    harness::{Aim, Bench, Contender, Sample, Unit, Verdict, cores},
};
use std::{rc::Rc, time::Duration};

/// A burst, and the most that it may take.
struct Size {
    neurons: u32,
    synapses: u32,
    most_us: f64,
}

const SPARSE: Size = Size { neurons: 12_000, synapses: 13_000, most_us: 100.0 };
const DENSE: Size = Size { neurons: 12_000, synapses: 1_200_000, most_us: 1_000.0 };
const MILLION: Size = Size { neurons: 1_200_000, synapses: 1_200_000, most_us: 33_000.0 };

pub(super) fn sparse() -> Bench {
    ascending(["N10", "N10-peers"], "burst of 12,000 neurons, 13,000 synapses", &SPARSE)
}

pub(super) fn sparse_by_chance() -> Bench {
    by_chance("N10-random", "burst of 12,000 neurons in an order by chance, 13,000 synapses", &SPARSE)
}

pub(super) fn dense() -> Bench {
    ascending(["N11", "N11-peers"], "burst of 12,000 neurons, 1.2 M synapses", &DENSE)
}

pub(super) fn dense_by_chance() -> Bench {
    by_chance("N11-random", "burst of 12,000 neurons in an order by chance, 1.2 M synapses", &DENSE)
}

pub(super) fn million() -> Bench {
    ascending(["N12", "N12-peers"], "burst of 1.2 M neurons, one synapse each", &MILLION)
}

pub(super) fn million_by_chance() -> Bench {
    by_chance("N12-random", "burst of 1.2 M neurons in an order by chance, one synapse each", &MILLION)
}

pub(super) fn dense_by_two() -> Bench {
    by_two("N11-threads", &DENSE)
}

pub(super) fn million_by_two() -> Bench {
    by_two("N12-threads", &MILLION)
}

fn by_two(id: &'static str, size: &Size) -> Bench {
    let network = Network::new(size.neurons, size.synapses);
    let work = Rc::new(Work::new(&network, (0..size.neurons).collect()));
    Bench {
        verdicts: vec![Verdict { id, what: "the same on two threads against one", aim: Aim::Ratio(1.0, &[]) }],
        unit: Unit::Us,
        topology: format!("2 threads and 1; {AREAS} areas, targets by chance, all neurons fire"),
        contenders: vec![
            Box::new(Bursts { engine: TwoThreads::of(&network), work: Rc::clone(&work) }),
            Box::new(Bursts { engine: Ours::of(&network), work }),
        ],
    }
}

fn ascending([id, against]: [&'static str; 2], what: &'static str, size: &Size) -> Bench {
    let network = Network::new(size.neurons, size.synapses);
    let work = Rc::new(Work::new(&network, (0..size.neurons).collect()));
    Bench {
        verdicts: vec![
            Verdict { id, what, aim: Aim::Figure(size.most_us) },
            Verdict { id: against, what: "the same against FEAGI", aim: Aim::Ratio(1.0, &[]) },
        ],
        unit: Unit::Us,
        topology: format!("ours on 1 thread, FEAGI on {}; {AREAS} areas, targets by chance, all neurons fire", cores()),
        contenders: vec![
            Box::new(Bursts { engine: Ours::of(&network), work: Rc::clone(&work) }),
            Box::new(Bursts { engine: Feagi::of(&network), work }),
        ],
    }
}

fn by_chance(id: &'static str, what: &'static str, size: &Size) -> Bench {
    let network = Network::new(size.neurons, size.synapses);
    let work = Rc::new(Work::new(&network, network.shuffled()));
    Bench {
        verdicts: vec![Verdict { id, what, aim: Aim::Figure(size.most_us) }],
        unit: Unit::Us,
        topology: format!("1 thread; {AREAS} areas, targets by chance, all neurons fire"),
        contenders: vec![Box::new(Bursts { engine: Ours::of(&network), work })],
    }
}

/// Who fires, and what is to come of it.
struct Work {
    fired: Vec<u32>,
    expected: Vec<Vec<(u32, f32)>>,
}

impl Work {
    fn new(network: &Network, fired: Vec<u32>) -> Self {
        Self { expected: network.expected(&fired), fired }
    }
}

struct Bursts<E> {
    engine: E,
    work: Rc<Work>,
}

impl<E: Engine> Bursts<E> {
    fn burst(&mut self) -> Duration {
        let elapsed = self.engine.propagate(&self.work.fired);
        verify(&self.engine, &self.work.expected);
        elapsed
    }
}

impl<E: Engine> Contender for Bursts<E> {
    fn name(&self) -> &str {
        E::NAME
    }

    fn run(&mut self, count: u64) -> Sample {
        let elapsed = (0..count).map(|_| self.burst()).sum();
        Sample { count, elapsed }
    }

    fn first_count(&self) -> u64 {
        1
    }
}
