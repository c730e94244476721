//! A pool in figures (NP-23).

use crate::{NeuronPool, Stage};
use alloc::string::String;
use core::fmt;

/// How many synapses stand where on the way from new to frozen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Thermal {
    /// New ones that live.
    pub hot: usize,
    /// Reinforced 8 times.
    pub warm: usize,
    /// 32 times.
    pub cool: usize,
    /// 95 times, and frozen.
    pub cold: usize,
    /// Hot without a step left: the next prune removes them.
    pub dead: usize,
}

/// A pool in figures.
#[derive(Debug, Clone, PartialEq)]
pub struct PoolStats {
    /// Its name.
    pub name: String,
    /// Neurons.
    pub neurons: usize,
    /// Neurons that excite.
    pub excitatory: usize,
    /// Neurons that inhibit.
    pub inhibitory: usize,
    /// Synapses.
    pub synapses: usize,
    /// Ticks so far.
    pub tick: u64,
    /// Synapses by stage.
    pub thermal: Thermal,
    /// Mean magnitude of a weight; 0 without synapses.
    pub mean_weight: f64,
}

impl PoolStats {
    pub(super) fn of(pool: &NeuronPool) -> Self {
        let (columns, synapses) = (pool.columns(), pool.rows().synapses());
        let inhibitory = (0..columns.len()).filter(|at| columns.is_inhibitory(*at)).count();
        let mut thermal = Thermal::default();
        for synapse in synapses {
            *thermal.of(synapse.maturity) += 1;
        }
        let weights: u64 = synapses.iter().map(|synapse| u64::from(synapse.weight.unsigned_abs())).sum();
        Self {
            name: pool.name().into(),
            neurons: columns.len(),
            excitatory: columns.len() - inhibitory,
            inhibitory,
            synapses: synapses.len(),
            tick: pool.ticks(),
            thermal,
            mean_weight: weights as f64 / synapses.len().max(1) as f64,
        }
    }
}

impl Thermal {
    fn of(&mut self, maturity: crate::Maturity) -> &mut usize {
        match maturity.stage() {
            _ if maturity.is_dead() => &mut self.dead,
            Stage::Hot => &mut self.hot,
            Stage::Warm => &mut self.warm,
            Stage::Cool => &mut self.cool,
            Stage::Cold => &mut self.cold,
        }
    }
}

impl fmt::Display for PoolStats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, neurons, excitatory, inhibitory, synapses, tick, thermal, mean_weight } = self;
        let Thermal { hot, warm, cool, cold, dead } = thermal;
        writeln!(
            f,
            "pool {name}: {neurons} neurons ({excitatory} E, {inhibitory} I), {synapses} synapses, tick {tick}"
        )?;
        write!(f, "hot {hot}, warm {warm}, cool {cool}, cold {cold}, dead {dead}; mean weight {mean_weight:.1}")
    }
}
