//! The axon (level 1): a ring of spikes with one publisher and many readers.
//!
//! [`Axon`] hands out the roles. A [`Publisher`] publishes, one spike or a batch by one store. A [`Reader`] is reliable: it
//! sees every spike, and a full ring gives the publisher back-pressure. A [`LossyReader`] never holds anybody back and is
//! told exactly what it missed. There is no third, silent kind. Every wait is a [`Wait`] strategy and ends by a [`Cancel`].
//!
//! The ring lies in a [`Region`], which may be memory of JavaScript or of another process, in the [`layout`] that the
//! TypeScript ring shares. Imports: `sync`, `spike`. Unsafe code: `ring.rs` alone.
//!
//! ```
//! use neuronbus_axon::{Axon, Cancel, SpinHint};
//! use neuronbus_spike::SpikeBuilder;
//!
//! let (mut publisher, axon) = Axon::new(1024)?;
//! let mut reader = axon.reader()?;
//! publisher.try_publish(&SpikeBuilder::new().sequence(7).build()?)?;
//! assert_eq!(reader.read_next(&mut SpinHint, &Cancel::never())?.sequence(), 7);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

// `clippy.toml` resolves the names of `neuronbus_sync` to the types of std that it bans. This crate imports none but those.
#![allow(clippy::disallowed_types)]

mod axon;
mod cancel;
mod crowd;
mod error;
mod gates;
mod header;
pub mod layout;
mod lossy;
mod lot;
mod pace;
mod publisher;
mod reader;
#[cfg(not(loom))]
#[allow(unsafe_code)]
mod ring;
#[cfg(loom)]
#[path = "ring_loom.rs"]
mod ring;
mod seat;
mod wait;

pub use axon::Axon;
pub use cancel::Cancel;
pub use error::{AxonError, BatchError, LossyError, PublishError, ReadError, Stopped};
pub use lossy::{LossyBatch, LossyReader};
pub use publisher::Publisher;
pub use reader::{Batch, Iter, Reader};
pub use ring::Region;
pub use wait::{BusySpin, Pause, SpinHint, Wait, WaitKind, Waiting, YieldThenPark};
