//! Pools: populations of integer leaky integrate-and-fire neurons that learn by three factors (spec/pool.md).

mod columns;
mod compat;
mod config;
mod modulation;
mod product;
mod signal;
mod stats;
mod verbs;
mod wiring;

use crate::{ConnectomeError, Home, InstructionSet, Rows, error::in_range};
use alloc::{boxed::Box, string::String, vec, vec::Vec};
pub(crate) use columns::FLAG_BITS;
pub use columns::{Columns, ColumnsMut, Profile};
pub(crate) use compat::Compat;
pub(crate) use config::MAX_NEURONS;
pub use config::{Mode, PoolConfig};
pub(crate) use product::{Histories, Product, ProductParts};
pub use signal::{Levels, Modulated, Polarity, Signal};
pub use stats::{PoolStats, Thermal};

/// Of a hundred neurons, how many excite (NP-9).
const EXCITATORY_PERCENT: usize = 80;

/// A population: its neurons, the synapses between them, and the rules by which it lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeuronPool {
    name: String,
    body: Body,
    engine: Engine,
}

/// What a pool has in either mode, and what a file of version 1 keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Body {
    pub(crate) config: PoolConfig,
    pub(crate) columns: Columns,
    /// 1 for each neuron that fired in the last tick.
    pub(crate) fired: Vec<u8>,
    pub(crate) rows: Rows,
    pub(crate) ticks: u64,
}

/// What it has in one mode only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Engine {
    Compat(Compat),
    Product(Box<Product>),
}

impl NeuronPool {
    /// A pool without synapses: four fifths of its neurons excite, the others inhibit (NP-9).
    ///
    /// # Errors
    /// [`ConnectomeError::OutOfRange`] for neurons other than 1 to 65,536, a name over 65,535 bytes, a bad config.
    pub fn new(name: &str, neurons: usize, config: PoolConfig) -> Result<Self, ConnectomeError> {
        Self::with_connections(name, neurons, config, |_| Ok(Rows::empty(neurons)))
    }

    /// A pool in which each neuron has a synapse to each other one with a probability of `density`; of a row that would be longer
    /// than `max_synapses`, so many stay, by chance as well. In compat mode the generator of the reference wires it, and a density
    /// of 0.25 connects half of all pairs.
    ///
    /// # Errors
    /// As [`Self::new`]; [`ConnectomeError::Density`] outside 0 to 1; [`ConnectomeError::OutOfRange`] if that makes more than about
    /// 268 million synapses.
    pub fn with_random_connectivity(
        name: &str,
        neurons: usize,
        density: f32,
        config: PoolConfig,
    ) -> Result<Self, ConnectomeError> {
        Self::with_connections(name, neurons, config, |excitatory| {
            wiring::check(density)?;
            wiring::check_size(neurons, density, &config)?;
            let connections = match config.mode {
                Mode::Compat => wiring::congruent(neurons, excitatory, density, &config),
                Mode::Product => product::bernoulli(neurons, excitatory, density, &config),
            };
            Rows::build(neurons, &connections)
        })
    }

    /// With the rows that `wire` makes for so many excitatory neurons, once everything else is known to be right.
    fn with_connections(
        name: &str,
        neurons: usize,
        config: PoolConfig,
        wire: impl FnOnce(usize) -> Result<Rows, ConnectomeError>,
    ) -> Result<Self, ConnectomeError> {
        in_range("bytes of the name", name.len(), 0, usize::from(u16::MAX))?;
        in_range("neurons", neurons, 1, MAX_NEURONS)?;
        config.validate()?;
        let excitatory = neurons * EXCITATORY_PERCENT / 100;
        let columns = Columns::at_rest(neurons, excitatory, &config);
        let (rows, fired) = (wire(excitatory)?, vec![0; neurons]);
        Ok(Self::quiet(name.into(), Body { config, columns, fired, rows, ticks: 0 }))
    }

    /// With nothing on its way, as if nothing had fired before the last tick. In product mode, weights get the signs of their rows.
    pub(crate) fn quiet(name: String, mut body: Body) -> Self {
        let engine = match body.config.mode {
            Mode::Compat => Engine::Compat(Compat::new(&body)),
            Mode::Product => {
                product::sign_rows(&mut body);
                Engine::Product(Box::new(Product::new(&body)))
            }
        };
        Self { name, body, engine }
    }

    /// From what [`Self::parts`] shows.
    pub(crate) fn from_parts(name: String, body: Body, engine: Engine) -> Self {
        Self { name, body, engine }
    }

    pub(crate) fn parts(&self) -> (&Body, &Engine) {
        (&self.body, &self.engine)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it was made with.
    pub fn config(&self) -> &PoolConfig {
        &self.body.config
    }

    /// The state of its neurons.
    pub fn columns(&self) -> &Columns {
        &self.body.columns
    }

    /// The state of its neurons, to change between ticks.
    pub fn columns_mut(&mut self) -> ColumnsMut<'_> {
        self.body.columns.as_mut()
    }

    /// Moves its columns into memory that others see as well. Pruning and growth make new rows, in memory of their own: after them
    /// it is to be called again.
    pub fn settle_in(&mut self, home: &mut impl Home) {
        self.body.columns.settle_in(home);
        self.body.rows.settle_in(home);
    }

    /// Its synapses. In product mode an eligibility is as it was when it was last touched: see [`Self::settle`].
    pub fn rows(&self) -> &Rows {
        &self.body.rows
    }

    /// 1 for each neuron that fired in the last tick.
    pub fn fired(&self) -> &[u8] {
        &self.body.fired
    }

    /// Ticks so far.
    pub fn ticks(&self) -> u64 {
        self.body.ticks
    }

    /// Lets a tick use so many threads from now on, as [`PoolConfig::threads`] says. Nothing else changes.
    ///
    /// # Errors
    /// [`ConnectomeError::OutOfRange`] outside 1 to 64.
    pub fn set_threads(&mut self, threads: usize) -> Result<(), ConnectomeError> {
        let config = PoolConfig { threads, ..self.body.config };
        config.validate()?;
        self.body.config = config;
        if let Engine::Product(product) = &mut self.engine {
            product.set_threads(threads);
        }
        Ok(())
    }

    /// Uses other vector instructions from now on, than the best there are, in product mode. Nothing else changes.
    pub fn set_instruction_set(&mut self, set: InstructionSet) {
        if let Engine::Product(product) = &mut self.engine {
            product.kernel = set;
        }
    }

    /// The pool in figures (NP-23).
    pub fn stats(&self) -> PoolStats {
        PoolStats::of(self)
    }
}
