//! Product mode against the same rules written down naively: every tick walks every neuron and every synapse, with wide integers
//! for what is exact, and floats for eligibilities, of which the pool may be off by one.
#![allow(clippy::unwrap_used)]

use neuronbus_connectome::{Levels, NeuronPool, PoolConfig, Stage, Synapse};
use proptest::prelude::*;

/// A neuron of the oracle; its state is in 256ths.
struct Cell {
    state: i64,
    threshold: i64,
    shift: u32,
    refractory: i64,
    trace: i64,
    spikes: i64,
    fired: Option<u64>,
    /// The spike before that one.
    earlier: Option<u64>,
    inhibits: bool,
}

impl Cell {
    /// Its last spike strictly before `now`.
    fn before(&self, now: u64) -> Option<u64> {
        if self.fired == Some(now) { self.earlier } else { self.fired }
    }
}

struct Link {
    source: usize,
    synapse: Synapse,
    eligibility: f64,
    arrived: Option<u64>,
}

struct Oracle {
    config: PoolConfig,
    cells: Vec<Cell>,
    links: Vec<Link>,
    /// Tick of arrival, and which link brings it.
    under_way: Vec<(u64, usize, i64)>,
    tick: u64,
}

/// What a column shows of a state.
fn shown(state: i64) -> i64 {
    (state + 128).div_euclid(256)
}

impl Oracle {
    fn of(pool: &NeuronPool) -> Self {
        let (columns, config) = (pool.columns(), *pool.config());
        let cell = |at: usize| Cell {
            state: i64::from(columns.membrane[at]) * 256,
            threshold: columns.threshold[at].into(),
            shift: 8 - u32::from(columns.leak[at].min(7)),
            refractory: 0,
            trace: 0,
            spikes: 0,
            fired: None,
            earlier: None,
            inhibits: columns.is_inhibitory(at),
        };
        let link = |source, synapse: &Synapse| Link { source, synapse: *synapse, eligibility: 0.0, arrived: None };
        let row = |source| pool.rows().row(source).iter().map(move |synapse| link(source, synapse));
        let neurons = 0..columns.len();
        let (cells, links) = (neurons.clone().map(cell).collect(), neurons.flat_map(row).collect());
        Self { config, cells, links, under_way: Vec::new(), tick: 0 }
    }

    fn decay(&self, ticks: u64) -> f64 {
        (f64::from(self.config.trace_decay) / 256.0).powi(ticks as i32)
    }

    fn tick(&mut self, input: &[i16]) {
        for at in 0..self.cells.len() {
            let arrived = self
                .under_way
                .iter()
                .filter(|(tick, link, _)| *tick == self.tick && usize::from(self.links[*link].synapse.target) == at);
            let current =
                arrived.map(|(_, _, weight)| weight * 64).sum::<i64>() + input.get(at).map_or(0, |i| (*i).into());
            self.integrate(at, current);
        }
        self.pair();
        for (at, link) in self.links.iter().enumerate() {
            if self.cells[link.source].fired == Some(self.tick) {
                self.under_way.push((self.tick + u64::from(link.synapse.delay), at, link.synapse.weight.into()));
            }
        }
        self.tick += 1;
        if self.tick.is_multiple_of(100) {
            self.adapt();
        }
    }

    fn integrate(&mut self, at: usize, current: i64) {
        let (cell, config) = (&mut self.cells[at], &self.config);
        let rest = i64::from(config.rest) * 256;
        cell.trace = cell.trace * i64::from(config.trace_decay) / 256;
        if cell.refractory > 0 {
            cell.refractory -= 1;
            return;
        }
        if shown(cell.state) == config.rest.into() {
            cell.state = rest;
        }
        // A 16-bit multiplier, rounded to nearest.
        let multiplier = 65_536 >> cell.shift;
        cell.state += ((rest - cell.state) * multiplier + 32_768).div_euclid(65_536);
        cell.state = (cell.state + current * 256).clamp(-32_768 * 256, 32_767 * 256);
        if shown(cell.state) >= cell.threshold {
            cell.state = i64::from(config.reset) * 256;
            cell.refractory = config.refractory.into();
            cell.trace = (cell.trace + i64::from(config.stdp_positive)).min(127);
            cell.spikes += 1;
            (cell.earlier, cell.fired) = (cell.fired, Some(self.tick));
        }
    }

    /// Nearest neighbours, one synapse and one tick at a time.
    fn pair(&mut self) {
        let now = self.tick;
        let fade = self.decay(1);
        for at in 0..self.links.len() {
            let arrives = self.under_way.iter().any(|(tick, link, _)| (*tick, *link) == (now, at));
            let target = usize::from(self.links[at].synapse.target);
            let mut gain = 0.0;
            if arrives {
                self.links[at].arrived = Some(now);
                // The last spike strictly before: one of this tick comes after the arrival.
                if let Some(fired) = self.cells[target].before(now) {
                    gain += self.decay(now - fired) * f64::from(self.config.stdp_negative);
                }
            }
            if self.cells[target].fired == Some(now)
                && let Some(arrived) = self.links[at].arrived
            {
                gain += self.decay(now - arrived) * f64::from(self.config.stdp_positive);
            }
            let eligibility = &mut self.links[at].eligibility;
            *eligibility = *eligibility * fade + gain;
        }
    }

    fn adapt(&mut self) {
        let step = 4 * i64::from(self.config.homeostasis);
        let floor = i64::from(self.config.rest.max(self.config.reset)) + 256;
        for cell in &mut self.cells {
            let wanted = cell.threshold + step * (cell.spikes - 5);
            cell.threshold = wanted.max(floor.min(cell.threshold)).min(32_767);
            cell.spikes = 0;
        }
    }

    /// With the eligibilities that the pool shows, once they are known to be right.
    fn modulate(&mut self, levels: Levels, eligibilities: &[i8]) -> (u32, u32) {
        let [reward, stress] = [i64::from(levels.dopamine) - 128, (i64::from(levels.cortisol) - 30).max(0)];
        let mut done = (0, 0);
        for (link, eligibility) in self.links.iter_mut().zip(eligibilities) {
            let (synapse, eligibility) = (&mut link.synapse, i64::from(*eligibility));
            let change = (eligibility * reward / 64 - eligibility * stress / 64).clamp(-127, 127);
            if change == 0 || synapse.maturity.stage() == Stage::Cold {
                continue;
            }
            let before = (synapse.weight, synapse.maturity);
            let strength = (i64::from(synapse.weight).abs() + change).clamp(0, 127) as i8;
            synapse.weight = if self.cells[link.source].inhibits { -strength } else { strength };
            synapse.maturity = if change > 0 { synapse.maturity.ripened() } else { synapse.maturity.withered() };
            if before != (synapse.weight, synapse.maturity) {
                *(if change > 0 { &mut done.0 } else { &mut done.1 }) += 1;
            }
        }
        done
    }
}

fn neurons_agree(pool: &NeuronPool, oracle: &Oracle) {
    let columns = pool.columns();
    for (at, cell) in oracle.cells.iter().enumerate() {
        let found =
            [columns.membrane[at], columns.threshold[at], columns.refractory[at].into(), columns.trace[at].into()];
        let expected = [shown(cell.state), cell.threshold, cell.refractory, cell.trace];
        assert_eq!(found.map(i64::from), expected, "neuron {at} after tick {}", oracle.tick);
        let fired = cell.fired.is_some_and(|fired| fired + 1 == oracle.tick);
        assert_eq!(pool.fired()[at] == 1, fired, "neuron {at} after tick {}", oracle.tick);
    }
}

fn synapses_agree(pool: &NeuronPool, oracle: &Oracle) {
    for (found, Link { synapse, eligibility, source, .. }) in pool.rows().synapses().iter().zip(&oracle.links) {
        let expected = (synapse.target, synapse.weight, synapse.delay, synapse.maturity);
        assert_eq!((found.target, found.weight, found.delay, found.maturity), expected);
        let off = (f64::from(found.eligibility) - eligibility).abs();
        // Cold ones are not kept up to date.
        let cold = synapse.maturity.stage() == Stage::Cold;
        assert!(cold || off <= 1.0, "{source} to {}: {} for {eligibility}", found.target, found.eligibility);
    }
}

fn configs() -> impl Strategy<Value = PoolConfig> {
    // Such that no eligibility saturates: it does so when it is touched, which the oracle knows nothing of.
    (2_u8..5, 0_u8..=230, 0_u8..80, 1_u16..40, 0_i8..21, -20_i8..1, 1_u8..9, any::<u64>()).prop_map(
        |(refractory, trace_decay, homeostasis, max_synapses, stdp_positive, stdp_negative, max_delay, seed)| {
            PoolConfig {
                refractory,
                trace_decay,
                homeostasis,
                max_synapses,
                stdp_positive,
                stdp_negative,
                max_delay,
                seed,
                ..PoolConfig::default()
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn np_11_a_product_pool_ticks_and_learns_as_the_oracle_does(
        config in configs(),
        neurons in 1_usize..24,
        density in 0.0_f32..1.0,
        inputs in prop::collection::vec((any::<i16>(), 0_u8..8, any::<[u8; 2]>()), 1..250),
    ) {
        let mut pool = NeuronPool::with_random_connectivity("p", neurons, density, config).unwrap();
        let mut oracle = Oracle::of(&pool);
        for (seed, what, [dopamine, cortisol]) in inputs {
            // None, all neurons alike, or each its own.
            let input: Vec<i16> = match what {
                0..4 => Vec::new(),
                4 => vec![seed; neurons],
                _ => (0..neurons as u8).map(|at| seed.wrapping_mul(2 * i16::from(at) + 1)).collect(),
            };
            pool.tick(&input).unwrap();
            oracle.tick(&input);
            neurons_agree(&pool, &oracle);
            if what == 7 {
                let mut seen = pool.clone();
                seen.settle();
                synapses_agree(&seen, &oracle);
                let eligibilities: Vec<i8> = seen.rows().synapses().iter().map(|synapse| synapse.eligibility).collect();
                let levels = Levels { dopamine, cortisol, acetylcholine: 0 };
                let done = pool.apply_modulation(levels);
                prop_assert_eq!((done.reinforced, done.weakened), oracle.modulate(levels, &eligibilities));
            }
        }
        pool.settle();
        synapses_agree(&pool, &oracle);
    }
}
