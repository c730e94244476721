//! Populations of spiking neurons, and the synapses between them.
//!
//! ```text
//! input ──▶ columns ──▶ who fires ──▶ rows of who fired ──▶ delay ring ──▶ columns, `delay` ticks later
//!              ▲                            │ eligibility
//!              └──────── homeostasis        └──▶ modulation ──▶ weights, maturity ──▶ prune
//! ```
//!
//! From the ground up: [`Synapse`] is eight bytes, [`Rows`] are the synapses of all neurons by source, `DelayRing` holds what
//! is on its way; [`NeuronPool`] is a population of integer neurons with a tick, by the rules of one [`Mode`]; [`codec`] turns
//! it into a file's bytes and back.
//!
//! Beside them: [`SynapticPropagationEngine`] says who gets what when neurons of areas fire, and [`BurstEngine`] runs such
//! neurons, in bursts, over `store`, the static synapses of four bytes; a `cell` is a model of neurons, a [`Rule`] one of
//! learning, a `kernel` the instructions that the compiler may use for them.
//!
//! No floats in a tick of a pool, no operating system, no clock: the crate builds without `std`. The feature `std` finds out at
//! run time which vector instructions there are, `threads` runs large bursts on several threads; the bits stay the same.
#![no_std]
#![deny(unsafe_code)]

extern crate alloc;
#[cfg(feature = "std")]
extern crate std;

mod area;
mod bits;
mod burst;
mod cell;
pub mod codec;
mod column;
mod error;
mod fixed;
mod kernel;
mod pool;
mod random;
mod ring;
mod rows;
mod rule;
mod store;
mod synapse;
mod threads;

pub use area::{
    AreaId, AreaIds, CellId, CellIds, Conductance, Propagation, PropagationOptions, PropagationStats, Scale,
    SynapseColumns, SynapseRecord, SynapticPropagationEngine, Weight,
};
pub use burst::{
    Burst, BurstEngine, BurstOptions, BurstStats, Connectome, HalfBurst, NeuronColumns, NeuronPatch, NeuronTable,
    Phases, Potential, SynapsePatch,
};
pub use column::{Column, ColumnName, Home, Memory};
pub use error::ConnectomeError;
pub use kernel::InstructionSet;
pub use pool::{
    Columns, ColumnsMut, Levels, Mode, Modulated, NeuronPool, Polarity, PoolConfig, PoolStats, Profile, Signal, Thermal,
};
pub use rows::{Connection, Rows};
pub use rule::{Hebb, Rule, Touched};
pub use store::SynapseTable;
pub use synapse::{Maturity, Stage, Synapse};
