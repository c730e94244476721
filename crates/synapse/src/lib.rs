//! Connections that learn (level 1): a [`Synapse`] from one neuron to another has a weight, filters and a learning rule.
//!
//! `rule` holds the learning as pure functions, [`Synapse`] the state of one connection, [`SynapseTable`] all of them, with
//! each neuron's outgoing and incoming side in id order; [`Gain`] is how modulatory spikes change the learning. Nothing
//! here knows of rings, arenas or the tick. Imports: `sync`, `spike`.

#![forbid(unsafe_code)]

mod builder;
mod error;
mod filter;
mod gain;
mod options;
mod pair;
mod rule;
mod synapse;
mod table;

pub use builder::{StdpChange, SynapseBuilder};
pub use error::SynapseError;
pub use filter::{Filter, FilterHost, FilterSet};
pub use gain::Gain;
pub use options::{DEFAULT_WEIGHT, StdpOptions, StdpPatch};
pub use rule::{PairStdp, Rule};
pub use synapse::Synapse;
pub use table::{DENSE_NEURONS, Fanout, SynapseIndex, SynapseTable, TableKind};
