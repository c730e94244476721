//! The cortex (level 3): one loop that collects, routes, integrates, delivers and learns.
//!
//! ```text
//!  Port outboxes ─┐                                            ┌─▶ native neurons (called here)
//!                 ├─ collect ─▶ axons ─▶ route ─▶ integrate ─▶ deliver
//!  native outboxes┘                        │                   └─▶ Port inboxes (handled elsewhere)
//!                                          └── learn ◀── end of the tick: leak, threshold, refractory
//! ```
//!
//! A [`Cortex`] is a plain value: whoever holds it ticks it, by hand or from a thread. It knows nothing of threads, of
//! JavaScript or of how an environment's memory looks: an environment is a [`Port`]. Every spike ends in exactly one of
//! delivered, dropped with a [`DropReason`], or is counted in flight ([`Counters`]); order and results are a function of
//! the calls made, because all walks are in id order. Imports: levels 0 to 2 except `transport`.

#![forbid(unsafe_code)]

mod close;
mod config;
mod cortex;
mod counters;
mod error;
mod events;
mod id_set;
mod ids;
mod inbox;
mod native;
mod pool;
mod port;
mod readers;
mod registry;
mod sender;
mod soma;
mod tap;
mod tick;
mod ticket;
mod wiring;

pub use config::CortexConfig;
pub use cortex::Cortex;
pub use counters::{Counters, DropReason};
pub use error::CortexError;
pub use events::{Event, Events};
pub use port::{NoPort, Notice, Port, PortId, Record, Sleep};
pub use registry::{Body, Registration};
pub use tick::{TickReport, Wake};
pub use wiring::{Connection, Predicate};
