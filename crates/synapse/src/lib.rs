//! Connections that learn (level 1): a [`Synapse`] from one neuron to another has a weight, filters and a learning rule.
//!
//! `rule` holds the learning as pure functions, [`Synapse`] the state of one connection, [`SynapseTable`] all of them, with
//! each neuron's outgoing and incoming side in id order; [`Gain`] is how modulatory spikes change the learning. Nothing
//! here knows of rings, arenas or the tick. Imports: `sync`, `spike`.
//!
//! ```
//! use neuronbus_spike::NeuronId;
//! use neuronbus_synapse::{SynapseBuilder, SynapseTable, TableKind};
//!
//! let (pre, post) = (NeuronId::new(0)?, NeuronId::new(1)?);
//! let mut table = SynapseTable::new(2, TableKind::Auto)?;
//! let synapse = table.connect(pre, post, SynapseBuilder::new().weight(0.8), 0)?;
//! assert_eq!(synapse.on_delivery(5_000_000, 1.0), 0.8);
//! table.on_post_fired(post, 5_000_000, 1.0);
//! assert!(table.get(pre, post).is_some_and(|synapse| synapse.weight_at(5_000_000) > 0.8));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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
