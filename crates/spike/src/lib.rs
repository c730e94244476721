//! The message of the bus (level 0): one [`Spike`] is one cache line.
//!
//! Here live the 64-byte codec ([`layout`] is the drawing), the ids, the kinds, the reference to an arena payload and the
//! clocks. Nothing here knows of rings, memory maps or neurons. Imports: `quanta`, by the clock alone.

#![forbid(unsafe_code)]

mod arena_ref;
mod builder;
mod clock;
mod error;
mod id;
mod kind;
pub mod layout;
mod spike;

pub use arena_ref::ArenaRef;
pub use builder::SpikeBuilder;
pub use clock::{Clock, ManualClock, RealClock};
pub use error::SpikeError;
pub use id::{NeuronId, Target};
pub use kind::SpikeKind;
pub use spike::{Payload, Spike};
