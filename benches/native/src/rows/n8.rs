//! N8: ticks of a pool in which nothing happens.

use crate::{
    harness::{Aim, Bench, Contender, Sample, Unit, Verdict, fail},
    pool::{Neuropool01, Neuropool10, Population, model, weighed},
};
use neuronbus::connectome::{NeuronPool, PoolConfig};
use std::time::Instant;

const NEURONS: usize = 1 << 16;
/// Of each neuron.
const SYNAPSES: u16 = 40;

pub(super) fn bench() -> Bench {
    let model = model(NEURONS, SYNAPSES, PoolConfig::default());
    let mut held = Vec::new();
    let contenders = vec![
        silent::<NeuronPool>(&model, &mut held),
        silent::<Neuropool01>(&model, &mut held),
        silent::<Neuropool10>(&model, &mut held),
    ];
    let topology =
        format!("1 thread, the same synapses for all, no input, default constants; heap: {}", held.join(", "));
    let what = "tick of a silent pool, 65,536 neurons x 40 synapses";
    Bench {
        verdicts: vec![
            Verdict { id: "N8", what, aim: Aim::Figure(15.0) },
            Verdict { id: "N8-peers", what: "the same against neuropool", aim: Aim::Ratio(1.0, &[]) },
        ],
        unit: Unit::Us,
        topology,
        contenders,
    }
}

fn silent<P: Population>(model: &NeuronPool, held: &mut Vec<String>) -> Box<dyn Contender> {
    let (pool, bytes) = weighed::<P>(model);
    held.push(format!("{} {:.1} MB", P::NAME, bytes as f64 / 1e6));
    Box::new(Silent(pool))
}

struct Silent<P>(P);

impl<P: Population> Contender for Silent<P> {
    fn name(&self) -> &str {
        P::NAME
    }

    fn run(&mut self, count: u64) -> Sample {
        let Self(pool) = self;
        let before = pool.ticks();
        let begun = Instant::now();
        let fired: usize = (0..count).map(|_| pool.tick(&[])).sum();
        let elapsed = begun.elapsed();
        if pool.ticks() != before + count || fired != 0 || !pool.rests() {
            fail("verification", format!("{}: {fired} fired of a pool without input", P::NAME));
        }
        Sample { count, elapsed }
    }

    fn first_count(&self) -> u64 {
        8
    }
}
