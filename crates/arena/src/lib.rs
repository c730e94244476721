//! Shared memory for payloads that do not fit into a spike (level 1).
//!
//! An [`Arena`] copies bytes in once ([`Arena::write`]), names them by an [`ArenaRef`], and shows them in place
//! ([`Arena::read`]). A payload lives as long as something refers to it. References are claims: each field is checked
//! against the arena's own record, and a stale or forged one is an error, never another payload's bytes.
//!
//! From the ground up: [`layout`] draws the file, `side` what lies beside it; `bitmap` claims numbers; `spans` hands
//! out bytes by size class; `word` and `table` are the life of a slot, `slots` the order in which slots are used again;
//! `lane` is what a thread has at hand, `depot` what goes from one thread to another, `fence` what makes both cheap;
//! `blocks` joins them. Unsafe code is in `map` (memory to words and bytes) and `lease` (bytes to slices) only.
//! Imports: `sync`, `spike`, `memmap2`, `rustix`.
//!
//! ```
//! use neuronbus_arena::Arena;
//!
//! let arena = Arena::anonymous(1 << 20)?;
//! let at = arena.write(b"a payload of more than 46 bytes does not fit into a spike")?;
//! let lease = arena.read(at)?;
//! assert!(!arena.release(at)?, "the lease still keeps it");
//! assert!(lease.starts_with(b"a payload"));
//! drop(lease);
//! assert!(arena.read(at).is_err());
//! # Ok::<(), neuronbus_arena::ArenaError>(())
//! ```
//!
//! All state is in the two mappings, as offsets, and changes by compare-and-swap only, so that a second process can
//! take part and a dead one holds no lock. What is in this process: the closed flag and the numbers of threads.

// The lint sees through re-exports: `neuronbus_sync`'s atomics are std's unless loom is on. This crate names only the
// former.
#![allow(clippy::disallowed_types)]
// The models drive the parts, not the whole.
#![cfg_attr(loom, allow(dead_code))]

#[cfg(not(loom))]
mod arena;
#[cfg(not(loom))]
mod backing;
mod bitmap;
#[cfg(not(loom))]
mod blocks;
mod class;
mod depot;
mod error;
mod fence;
mod geometry;
mod lane;
pub mod layout;
#[cfg(not(loom))]
#[allow(unsafe_code)]
mod lease;
#[cfg(not(loom))]
#[allow(unsafe_code)]
mod map;
#[cfg(not(loom))]
mod memory;
mod record;
#[cfg(not(loom))]
mod reset;
#[cfg(not(loom))]
mod side;
#[cfg(not(loom))]
mod slots;
mod spans;
mod table;
#[cfg(not(loom))]
mod thread;
mod word;

pub use error::ArenaError;
pub use neuronbus_spike::ArenaRef;

#[cfg(not(loom))]
pub use {arena::Arena, lease::Lease, map::Map};

/// The parts that the loom models (tests/loom.rs) drive without a mapping.
#[cfg(loom)]
#[doc(hidden)]
pub mod model {
    pub use crate::{
        bitmap::Bitmap,
        depot::{DEPOT_WORDS, Depot},
        geometry::Geometry,
        lane::{LANE_WORDS, LANES, Lane},
        spans::Spans,
        table::{Left, Table},
    };

    /// Points the record of `slot`, which the caller owns, at a block.
    pub fn point(table: &Table<'_>, slot: u16, class: usize, offset: u64) {
        table.record(slot).set_place(crate::record::Place::new(Some(class), offset));
    }
}
