//! A pool in compat mode against the same tick written down naively: wide integers, a list of what is on its way, no ring and no rows.
#![allow(clippy::unwrap_used)]

use neuronbus_connectome::{Levels, Mode, NeuronPool, PoolConfig, Stage, Synapse};
use proptest::prelude::*;

/// A neuron of the oracle.
#[derive(Clone)]
struct Cell {
    potential: i64,
    threshold: i64,
    leak: u32,
    refractory: i64,
    trace: i64,
    rate: i64,
    fired: bool,
}

struct Oracle {
    config: PoolConfig,
    cells: Vec<Cell>,
    /// Source and synapse, row by row.
    synapses: Vec<(usize, Synapse)>,
    /// Tick of arrival, target, current.
    under_way: Vec<(u64, usize, i64)>,
    tick: u64,
}

fn word(value: i64) -> i64 {
    value.clamp(i16::MIN.into(), i16::MAX.into())
}

fn byte(value: i64) -> i64 {
    value.clamp(i8::MIN.into(), i8::MAX.into())
}

impl Oracle {
    fn of(pool: &NeuronPool) -> Self {
        let columns = pool.columns();
        let cell = |at: usize| Cell {
            potential: columns.membrane[at].into(),
            threshold: columns.threshold[at].into(),
            leak: columns.leak[at].into(),
            refractory: 0,
            trace: 0,
            rate: 0,
            fired: false,
        };
        let row = |source| pool.rows().row(source).iter().map(move |synapse| (source, *synapse));
        let neurons = 0..columns.len();
        Self {
            config: *pool.config(),
            cells: neurons.clone().map(cell).collect(),
            synapses: neurons.flat_map(row).collect(),
            under_way: Vec::new(),
            tick: 0,
        }
    }

    fn tick(&mut self, input: &[i16]) {
        let config = self.config;
        for at in 0..self.cells.len() {
            // In the order of their sending: sums saturate.
            let arrived = self.under_way.iter().filter(|(tick, target, _)| (*tick, *target) == (self.tick, at));
            let arrived = arrived.fold(0, |sum, (_, _, current)| word(sum + current));
            let cell = &mut self.cells[at];
            cell.fired = false;
            if cell.refractory > 0 {
                cell.refractory -= 1;
                continue;
            }
            let gap = i64::from(config.rest) - cell.potential;
            for change in
                [gap.div_euclid(1 << (8 - cell.leak.min(7))), input.get(at).map_or(0, |i| (*i).into()), arrived]
            {
                cell.potential = word(cell.potential + change);
            }
            cell.fired = cell.potential >= cell.threshold;
            if cell.fired {
                cell.potential = config.reset.into();
                cell.refractory = config.refractory.into();
                cell.trace = byte(cell.trace + i64::from(config.stdp_positive));
            }
            cell.trace = cell.trace * i64::from(config.trace_decay) / 256;
        }
        for (source, synapse) in &mut self.synapses {
            let target = usize::from(synapse.target);
            let mut eligibility = i64::from(synapse.eligibility);
            if self.cells[*source].fired {
                self.under_way.push((self.tick + u64::from(synapse.delay), target, i64::from(synapse.weight) * 64));
                let together = self.cells[target].fired;
                eligibility =
                    byte(eligibility + i64::from(if together { config.stdp_negative } else { config.stdp_positive }));
            }
            synapse.eligibility = (eligibility * i64::from(config.trace_decay) / 256) as i8;
        }
        if self.tick.is_multiple_of(100) {
            self.cells.iter_mut().for_each(|cell| adapt(cell, config.homeostasis.into()));
        }
        self.tick += 1;
    }

    fn modulate(&mut self, levels: Levels) {
        let reward = (i64::from(levels.dopamine) - 128).max(0);
        let stress = (i64::from(levels.cortisol) - 30).max(0);
        for (_, synapse) in &mut self.synapses {
            let eligibility = i64::from(synapse.eligibility);
            let change = (eligibility * reward / 64 - eligibility * stress / 64).clamp(-127, 127);
            if change == 0 || synapse.maturity.stage() == Stage::Cold {
                continue;
            }
            let (before, after) = (i64::from(synapse.weight), (i64::from(synapse.weight) + change).clamp(-127, 127));
            synapse.weight = if before * after < 0 { 0 } else { after as i8 };
            synapse.maturity = if change > 0 { synapse.maturity.ripened() } else { synapse.maturity.withered() };
        }
    }
}

fn adapt(cell: &mut Cell, step: i64) {
    if step == 0 {
        return;
    }
    cell.rate = (cell.rate * 255 + if cell.fired { 256 } else { 0 }) / 256;
    cell.threshold = word(match cell.rate {
        27.. => cell.threshold + step,
        ..6 => cell.threshold - step,
        _ => cell.threshold,
    });
}

fn agree(pool: &NeuronPool, oracle: &Oracle) {
    let (columns, cells) = (pool.columns(), &oracle.cells);
    for (at, cell) in cells.iter().enumerate() {
        let found =
            (columns.membrane[at], columns.threshold[at], columns.refractory[at], columns.trace[at], pool.fired()[at]);
        let expected = (cell.potential, cell.threshold, cell.refractory, cell.trace, cell.fired);
        let found = (found.0.into(), found.1.into(), found.2.into(), found.3.into(), found.4 == 1);
        assert_eq!(found, expected, "neuron {at} after tick {}", oracle.tick);
    }
    let synapses: Vec<Synapse> = oracle.synapses.iter().map(|(_, synapse)| *synapse).collect();
    assert_eq!(pool.rows().synapses(), synapses, "after tick {}", oracle.tick);
}

fn configs() -> impl Strategy<Value = PoolConfig> {
    (0_u8..5, any::<u8>(), 0_u8..80, 1_u16..40, 0_i8.., ..1_i8, 1_u8..9).prop_map(
        |(refractory, trace_decay, homeostasis, max_synapses, stdp_positive, stdp_negative, max_delay)| PoolConfig {
            refractory,
            trace_decay,
            homeostasis,
            max_synapses,
            stdp_positive,
            stdp_negative,
            max_delay,
            mode: Mode::Compat,
            ..PoolConfig::default()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_pool_ticks_as_the_oracle_does(
        config in configs(),
        neurons in 1_usize..24,
        density in 0.0_f32..1.0,
        inputs in prop::collection::vec((any::<i16>(), 0_u8..4, any::<[u8; 2]>()), 1..150),
    ) {
        let mut pool = NeuronPool::with_random_connectivity("p", neurons, density, config).unwrap();
        let mut oracle = Oracle::of(&pool);
        for (seed, what, [dopamine, cortisol]) in inputs {
            // All neurons alike, each its own, or none.
            let input: Vec<i16> = match what {
                0 => Vec::new(),
                1 => vec![seed; neurons],
                _ => (0..neurons as u8).map(|at| seed.wrapping_mul(2 * i16::from(at) + 1)).collect(),
            };
            let fired = pool.tick(&input);
            oracle.tick(&input);
            prop_assert_eq!(fired, Ok(oracle.cells.iter().filter(|cell| cell.fired).count()));
            agree(&pool, &oracle);
            if what == 3 {
                let levels = Levels { dopamine, cortisol, acetylcholine: 0 };
                pool.apply_modulation(levels);
                oracle.modulate(levels);
                pool.prune_dead();
                oracle.synapses.retain(|(_, synapse)| !synapse.maturity.is_dead());
                agree(&pool, &oracle);
            }
        }
    }
}
