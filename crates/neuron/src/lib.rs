//! What a neuron is (level 2): a [`Membrane`] that integrates and fires, an [`AgentCard`] that says what it can do, a
//! [`Neuron`] that is called back, and an [`Outbox`] that it fires into through its [`Handle`].
//!
//! The membrane is a pure step, the [`Directory`] a sorted index, the outbox a bounded queue: nothing here knows of rings,
//! arenas, synapses or the tick that drives it. Imports: `spike`.

#![forbid(unsafe_code)]

mod card;
mod directory;
mod error;
mod handle;
mod membrane;
mod neuron;
mod outbox;
mod payload;
mod potential;
mod region;

pub use card::{AgentCard, AgentCardBuilder};
pub use directory::Directory;
pub use error::{FireError, NeuronError, PayloadError};
pub use handle::Handle;
pub use membrane::Membrane;
pub use neuron::Neuron;
pub use outbox::{FireOptions, Outbox, Outgoing};
pub use payload::PayloadStore;
pub use potential::MembraneState;
pub use region::Region;
