//! Pools: populations of integer leaky integrate-and-fire neurons that learn by three factors (spec/pool.md).

mod columns;
mod compat;
mod config;
mod modulation;
mod signal;
mod stats;
mod wiring;

use crate::{ConnectomeError, Rows, error::in_range, ring::DelayRing};
use alloc::{string::String, vec, vec::Vec};
pub(crate) use columns::FLAG_BITS;
pub use columns::{Columns, ColumnsMut, Profile};
pub(crate) use config::MAX_NEURONS;
pub use config::PoolConfig;
use core::ops::Range;
pub use signal::{Levels, Modulated, Polarity, Signal};
pub use stats::{PoolStats, Thermal};

/// Of a hundred neurons, how many excite (NP-9).
const EXCITATORY_PERCENT: usize = 80;

/// A population that ticks as the reference does, to the last bit (NP-26).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeuronPool {
    name: String,
    config: PoolConfig,
    columns: Columns,
    /// 1 for each neuron that fired in the last tick.
    fired: Vec<u8>,
    rows: Rows,
    ring: DelayRing,
    /// How often each neuron fired, as homeostasis sees it: of 256.
    rates: Vec<u8>,
    ticks: u64,
}

/// The parts of a pool that a file keeps (`codec`).
pub(crate) struct PoolParts {
    pub(crate) name: String,
    pub(crate) config: PoolConfig,
    pub(crate) columns: Columns,
    pub(crate) fired: Vec<u8>,
    pub(crate) rows: Rows,
    pub(crate) ticks: u64,
}

impl NeuronPool {
    /// A pool without synapses: four fifths of its neurons excite, the others inhibit (NP-9).
    ///
    /// # Errors
    /// [`ConnectomeError::OutOfRange`] for neurons other than 1 to 65,536, a name over 65,535 bytes, a bad config.
    pub fn new(name: &str, neurons: usize, config: PoolConfig) -> Result<Self, ConnectomeError> {
        Self::check(name, neurons, &config)?;
        let columns = Columns::at_rest(neurons, excitatory(neurons), &config);
        let (fired, rows) = (vec![0; neurons], Rows::empty(neurons));
        Ok(Self::from_parts(PoolParts { name: name.into(), config, columns, fired, rows, ticks: 0 }))
    }

    /// The random pool of the reference, wired by its generator: a density of 0.25 connects half of all pairs.
    ///
    /// # Errors
    /// As [`Self::new`]; [`ConnectomeError::Density`] outside 0 to 1.
    pub fn with_random_connectivity(
        name: &str,
        neurons: usize,
        density: f32,
        config: PoolConfig,
    ) -> Result<Self, ConnectomeError> {
        Self::check(name, neurons, &config)?;
        let connections = wiring::congruent(neurons, excitatory(neurons), density, &config)?;
        let rows = Rows::build(neurons, &connections)?;
        Ok(Self { rows, ..Self::new(name, neurons, config)? })
    }

    fn check(name: &str, neurons: usize, config: &PoolConfig) -> Result<(), ConnectomeError> {
        in_range("bytes of the name", name.len(), 0, usize::from(u16::MAX))?;
        in_range("neurons", neurons, 1, MAX_NEURONS)?;
        config.validate()
    }

    /// With nothing on its way, and rates of 0.
    pub(crate) fn from_parts(parts: PoolParts) -> Self {
        let PoolParts { name, config, columns, fired, rows, ticks } = parts;
        let neurons = columns.len();
        let ring = DelayRing::new(neurons, config.max_delay);
        Self { name, config, columns, fired, rows, ring, rates: vec![0; neurons], ticks }
    }

    /// One tick; `input` has a current (Q8.8) for each neuron, or none at all (NP-21). Returns how many fired.
    ///
    /// # Errors
    /// [`ConnectomeError::Length`].
    pub fn tick(&mut self, input: &[i16]) -> Result<usize, ConnectomeError> {
        let neurons = self.columns.len();
        if !input.is_empty() && input.len() != neurons {
            let allowed = alloc::format!("0 or {neurons}");
            return Err(ConnectomeError::Length { name: "input", found: input.len(), allowed });
        }
        self.compat_tick(input);
        Ok(self.fired.iter().filter(|fired| **fired != 0).count())
    }

    /// Adds a signal to what each neuron of a range takes in the next tick: its magnitude counts as a weight (NP-22).
    ///
    /// # Errors
    /// [`ConnectomeError::Range`].
    pub fn inject(&mut self, range: Range<usize>, signal: Signal) -> Result<(), ConnectomeError> {
        for target in self.range(range)? {
            self.ring.send(target as u16, 0, signal.current());
        }
        Ok(())
    }

    /// What the neurons of a range gave in the last tick: +255 for a spike, else zero (NP-22).
    ///
    /// # Errors
    /// [`ConnectomeError::Range`].
    pub fn read_output(&self, range: Range<usize>) -> Result<Vec<Signal>, ConnectomeError> {
        let signal = |fired: &u8| if *fired == 0 { Signal::zero() } else { Signal::positive(u8::MAX) };
        Ok(self.fired[self.range(range)?].iter().map(signal).collect())
    }

    fn range(&self, range: Range<usize>) -> Result<Range<usize>, ConnectomeError> {
        let (Range { start: from, end: to }, neurons) = (range, self.columns.len());
        if from <= to && to <= neurons { Ok(from..to) } else { Err(ConnectomeError::Range { from, to, neurons }) }
    }

    /// Removes the synapses that have lost all their steps; how many there were (NP-18).
    pub fn prune_dead(&mut self) -> usize {
        self.rows.prune_dead()
    }

    /// The pool in figures (NP-23).
    pub fn stats(&self) -> PoolStats {
        PoolStats::of(self)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it was made with.
    pub fn config(&self) -> &PoolConfig {
        &self.config
    }

    /// The state of its neurons.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The state of its neurons, to change between ticks.
    pub fn columns_mut(&mut self) -> ColumnsMut<'_> {
        self.columns.as_mut()
    }

    /// Its synapses.
    pub fn rows(&self) -> &Rows {
        &self.rows
    }

    /// 1 for each neuron that fired in the last tick.
    pub fn fired(&self) -> &[u8] {
        &self.fired
    }

    /// Ticks so far.
    pub fn ticks(&self) -> u64 {
        self.ticks
    }
}

/// Of so many neurons, how many excite.
fn excitatory(neurons: usize) -> usize {
    neurons * EXCITATORY_PERCENT / 100
}
