//! Bursts: neurons that integrate and fire, synapse by synapse, in steps (spec/burst.md, FE-15 to FE-22).
//!
//! ```text
//! injection ──▶ dynamics ──▶ ledger ──▶ plasticity ──▶ propagation ──▶ swap
//!    ▲ inject      ▲            │ fired     │ weights       │ sums
//!                  └────────────┴───────────┴───────────────┘ in the next burst
//! ```
//!
//! A burst takes `&mut self`: there is no lock in it, and no reader that it could wait for (FE-15). Sums are integers and
//! random numbers are functions of their place, so that the bits are the same for any number of threads (FE-16, defect 2).

mod checkpoint;
mod columns;
mod connectome;
mod dynamics;
mod edit;
mod injection;
mod ledger;
mod neurons;
mod phases;
mod plasticity;
mod propagation;

use crate::{
    ConnectomeError, InstructionSet, Rule,
    cell::BLOCK,
    error::in_range,
    store::{DelaySums, SynapseStore},
    threads::{Crew, MAX_THREADS},
};
use alloc::boxed::Box;
pub use columns::{NeuronColumns, NeuronPatch, NeuronTable, SynapsePatch};
pub use connectome::Connectome;
use injection::Injections;
pub use injection::Potential;
use ledger::{Fired, Ledger};
use neurons::Neurons;
pub use phases::{Burst, HalfBurst, Phases};
use plasticity::Plasticity;

/// Most ids of neurons.
const MAX_NEURONS: usize = 1 << 31;
/// Most bursts that a ledger keeps.
const MAX_LEDGER: usize = 65_536;

/// How an engine runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BurstOptions {
    /// Threads for large bursts: 1 to 64, default 1. Each number gives the same bits; without the feature `threads` one does
    /// it all.
    pub threads: usize,
    /// What random numbers begin with; default 0.
    pub seed: u64,
    /// Bursts of which it is kept who fired: 0 to 65,536, default 64.
    pub ledger: usize,
}

impl Default for BurstOptions {
    fn default() -> Self {
        Self { threads: 1, seed: 0, ledger: 64 }
    }
}

/// What an engine has, and what it has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BurstStats {
    /// Neurons there are.
    pub neurons: usize,
    /// Synapses there are.
    pub synapses: usize,
    /// Synapses that are in no compiled row yet, those included that were removed or moved since.
    pub young: usize,
    /// How often the rows were compiled (defect 6).
    pub compiles: u64,
    /// Bursts so far.
    pub bursts: u64,
    /// Firings so far.
    pub firings: u64,
}

/// Neurons and synapses that run in bursts.
///
/// ```
/// use neuronbus_connectome::{BurstEngine, BurstOptions, NeuronColumns, Potential, SynapseColumns};
///
/// let mut engine = BurstEngine::new(BurstOptions::default())?;
/// engine.add_neurons(&NeuronColumns {
///     areas: &[0, 0],
///     thresholds: &[1.0, 0.5],
///     leaks: &[0.1, 0.1],
///     rests: &[0.0, 0.0],
///     resets: &[0.0, 0.0],
///     refractory: &[0, 0],
///     excitabilities: &[1.0, 1.0],
///     consecutive_limits: &[0, 0],
///     snoozes: &[0, 0],
///     accumulate: &[1, 1],
/// })?;
/// engine.add_synapses(&SynapseColumns {
///     sources: &[0],
///     targets: &[1],
///     weights: &[255],
///     conductances: &[255],
///     types: &[0],
///     valid: None,
/// })?;
/// engine.inject(&[0], Potential::One(1.0))?;
/// assert_eq!(engine.burst(|| 0).fired, [0]);
/// assert_eq!(engine.burst(|| 0).fired, [1]);
/// # Ok::<(), neuronbus_connectome::ConnectomeError>(())
/// ```
pub struct BurstEngine {
    options: BurstOptions,
    neurons: Neurons,
    store: SynapseStore,
    /// What is on its way.
    sums: DelaySums,
    injections: Injections,
    /// Who fires in the burst that is under way.
    fired: Fired,
    /// Who fired in the last one.
    before: Fired,
    ledger: Ledger,
    plasticity: Plasticity,
    kernel: InstructionSet,
    crew: Crew,
    bursts: u64,
    firings: u64,
}

impl core::fmt::Debug for BurstEngine {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("BurstEngine")
            .field("options", &self.options)
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}

impl BurstEngine {
    /// One without neurons.
    ///
    /// # Errors
    /// [`ConnectomeError::OutOfRange`] for an option outside its range.
    pub fn new(options: BurstOptions) -> Result<Self, ConnectomeError> {
        in_range("threads", options.threads, 1, MAX_THREADS)?;
        in_range("ledger", options.ledger, 0, MAX_LEDGER)?;
        Ok(Self {
            options,
            neurons: Neurons::default(),
            store: SynapseStore::default(),
            sums: DelaySums::new(1),
            injections: Injections::default(),
            fired: Fired::default(),
            before: Fired::default(),
            ledger: Ledger::new(options.ledger),
            plasticity: Plasticity::default(),
            kernel: InstructionSet::best(),
            crew: Crew::new(options.threads),
            bursts: 0,
            firings: 0,
        })
    }

    /// Learns by one rule more, from the next burst on (FE-19). Rules run in the order in which they came.
    pub fn use_rule(&mut self, rule: Box<dyn Rule + Send>) {
        self.plasticity.rules.push(rule);
    }

    /// The names of the rules, in the order in which they run.
    pub fn rules(&self) -> impl Iterator<Item = &str> {
        self.plasticity.rules.iter().map(|rule| rule.name())
    }

    /// The vector instructions that it uses: the best there are.
    pub fn instruction_set(&self) -> InstructionSet {
        self.kernel
    }

    /// Uses other vector instructions from now on. Nothing else changes.
    pub fn set_instruction_set(&mut self, set: InstructionSet) {
        self.kernel = set;
    }

    /// How it runs.
    pub fn options(&self) -> &BurstOptions {
        &self.options
    }

    /// Who fired so many bursts ago, ascending: 0 is the last one. `None` if it is not kept.
    pub fn ledger(&self, back: usize) -> Option<&[u32]> {
        self.ledger.get(back)
    }

    /// The potential of each neuron, by id; that of one that was removed means nothing.
    pub fn potentials(&self) -> &[f32] {
        &self.neurons.lif.state.potential.blocks.as_flattened()[..self.neurons.len()]
    }

    /// What it has, and what it has done.
    pub fn stats(&self) -> BurstStats {
        let (synapses, young, compiles) = self.store.counts();
        let (bursts, firings) = (self.bursts, self.firings);
        BurstStats { neurons: self.neurons.living(), synapses, young, compiles, bursts, firings }
    }

    /// Adds ids of neurons that are not there yet, with room for all that each has.
    fn grow(&mut self, neurons: usize) {
        self.neurons.grow(neurons);
        let blocks = self.neurons.blocks();
        self.store.grow(self.neurons.len());
        self.sums.grow(blocks * BLOCK);
        self.injections.sums.grow(blocks, 0.0);
        self.fired.mask.resize(blocks, 0);
        self.before.mask.resize(blocks, 0);
    }

    /// Refuses unless there is a neuron with each of these ids.
    fn all_alive(&self, ids: &[u32]) -> Result<(), ConnectomeError> {
        match ids.iter().find(|id| !self.neurons.is_alive(**id)) {
            None => Ok(()),
            Some(id) => Err(ConnectomeError::Unknown { what: "neuron", id: *id }),
        }
    }
}
