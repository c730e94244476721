//! What a neuron is (level 2): a [`Membrane`] that integrates and fires, an [`AgentCard`] that says what it can do, a
//! [`Neuron`] that is called back, and an [`Outbox`] that it fires into through its [`Handle`].
//!
//! The membrane is a pure step, the [`Directory`] a sorted index, the outbox a stamp and a credit: nothing here knows of
//! arenas, synapses or the tick that drives it; what a handle needs of its bus is behind [`BusSide`]. Imports: `spike`, and
//! `axon` for the reader that a handle gives.
//!
//! ```
//! use neuronbus_neuron::{Membrane, MembraneState};
//! use neuronbus_spike::SpikeKind::Excitatory;
//!
//! let membrane = Membrane::default();
//! let mut state = MembraneState::new(&membrane, 0);
//! state.integrate(&membrane, 1, Excitatory, 0.5);
//! assert!(!state.end_tick(&membrane, 1));
//! assert_eq!(state.potential_at(&membrane, 1), 0.475);
//! // Ten ticks later, not one of them taken, it has leaked all the same.
//! state.integrate(&membrane, 12, Excitatory, 0.9);
//! assert!(state.end_tick(&membrane, 12) && state.is_refractory(14) && !state.is_refractory(15));
//! ```

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
mod side;

pub use card::{AgentCard, AgentCardBuilder};
pub use directory::Directory;
pub use error::{FireError, NeuronError, PayloadError};
pub use handle::Handle;
pub use membrane::Membrane;
pub use neuron::Neuron;
pub use outbox::{FireOptions, Outbox};
pub use payload::PayloadStore;
pub use potential::MembraneState;
pub use region::Region;
pub use side::BusSide;
