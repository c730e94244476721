//! NeuronBus for Rust (level 4): the one name to import.
//!
//! ```
//! use neuronbus::{AgentCard, Bus, Connection, Handle, Neuron, Spike};
//!
//! struct Receiver(std::sync::mpsc::Sender<Vec<u8>>);
//!
//! impl Neuron for Receiver {
//!     fn on_spike(&mut self, spike: &Spike, handle: &mut Handle<'_>) {
//!         let _ = self.0.send(handle.payload_vec(spike).unwrap_or_default());
//!     }
//! }
//!
//! struct Sender;
//!
//! impl Neuron for Sender {
//!     fn on_spike(&mut self, _: &Spike, _: &mut Handle<'_>) {}
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let (tx, rx) = std::sync::mpsc::channel();
//! let bus = Bus::builder().build()?;
//! let sender = bus.register(AgentCard::builder("sender").build()?, Sender)?;
//! let receiver = bus.register(AgentCard::builder("receiver").build()?, Receiver(tx))?;
//! bus.connect(sender, receiver, Connection::new().weight(0.8))?;
//! bus.lend(sender, |handle| handle.fire_to(receiver, b"hello"))??;
//! bus.tick()?;
//! assert_eq!(rx.try_recv()?, b"hello");
//! # Ok(())
//! # }
//! ```
//!
//! A [`Bus`] is driven by hand ([`Bus::tick`]) or by a thread of its own ([`Bus::start`]). [`bridge`] is what lets another
//! language take part through memory. Imports: all levels below, and `parking_lot`.

#![forbid(unsafe_code)]
// The model of the bell (tests/loom.rs) takes that file alone.
#![cfg(not(loom))]
// `clippy.toml` resolves the names of `neuronbus_sync` to the types of std that it bans. This crate imports none but those.
#![allow(clippy::disallowed_types)]

mod bell;
pub mod bridge;
mod builder;
mod bus;
mod closing;
mod driver;
mod ending;
mod error;
mod shared;

pub use builder::{Builder, WaitStrategy};
pub use bus::Bus;
pub use driver::Rate;
pub use error::BusError;
pub use neuronbus_arena::{Arena, ArenaError, Lease};
pub use neuronbus_axon as axon;
pub use neuronbus_connectome as connectome;
pub use neuronbus_cortex::{
    Body, Connection, Cortex, CortexError, Counters, DropReason, Event, NoPort, Port, PortId, Predicate, Registration,
    TickReport,
};
pub use neuronbus_neuron::{
    AgentCard, FireError, FireOptions, Handle, Membrane, Neuron, NeuronError, PayloadError, PayloadStore, Region,
};
pub use neuronbus_spike::{
    ArenaRef, Clock, ManualClock, NeuronId, Payload, RealClock, Spike, SpikeBuilder, SpikeError, SpikeKind, Target,
    layout as spike_layout,
};
pub use neuronbus_synapse::{Filter, FilterSet, StdpChange, StdpOptions, StdpPatch, Synapse, SynapseError, TableKind};
