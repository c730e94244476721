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
//! No floats in a tick, no operating system, no clock: the crate builds without `std`.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod area;
pub mod codec;
mod column;
mod error;
mod pool;
mod ring;
mod rows;
mod synapse;

pub use area::{
    AreaId, AreaIds, CellId, CellIds, Conductance, Propagation, PropagationOptions, PropagationStats, Scale,
    SynapseColumns, SynapseRecord, SynapticPropagationEngine, Weight,
};
pub use column::{Column, ColumnName, Home, Memory};
pub use error::ConnectomeError;
pub use pool::{
    Columns, ColumnsMut, Levels, Mode, Modulated, NeuronPool, Polarity, PoolConfig, PoolStats, Profile, Signal, Thermal,
};
pub use rows::{Connection, Rows};
pub use synapse::{Maturity, Stage, Synapse};
