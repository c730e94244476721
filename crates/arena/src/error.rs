//! What can go wrong in an arena.

use crate::layout::{MAX_CAPACITY, MIN_CAPACITY};
use std::{io, path::PathBuf};

/// A refused call. Nothing was changed, except where a variant says so.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArenaError {
    /// No free run of bytes is long enough (NB-28). Give references back and try again.
    #[error("no room for {requested} bytes; {available} are free")]
    OutOfSpace {
        /// Bytes asked for.
        requested: u64,
        /// Bytes that are free, not always in one piece.
        available: u64,
    },
    /// 65,536 payloads are alive: there is no slot for another one.
    #[error("65536 payloads are alive, the most there can be at a time")]
    OutOfSlots,
    /// No payload was ever, or can ever be, at that place (NB-28): a forged reference.
    #[error("no payload of {len} bytes at offset {offset}")]
    InvalidRef {
        /// The offset claimed.
        offset: u64,
        /// The length claimed, bytes.
        len: u32,
    },
    /// The payload is gone: its last reference was given back, or the arena was reset (NB-27). Also one release too
    /// many (NB-26).
    #[error("stale reference: slot {slot} no longer holds generation {generation}")]
    StaleRef {
        /// The slot claimed.
        slot: u16,
        /// The generation claimed.
        generation: u16,
    },
    /// One more than 65,535 references, or 1,023 leases, to one payload.
    #[error("slot {slot} has as many references or leases as it can count")]
    TooManyRefs {
        /// The payload's slot.
        slot: u16,
    },
    /// `reset` while payloads are in use.
    #[error("arena is busy: {leases} leases are open, {in_flight} references are held by spikes in flight")]
    Busy {
        /// Leases open.
        leases: u64,
        /// References held by spikes in flight.
        in_flight: u64,
    },
    /// The arena was closed.
    #[error("arena is closed")]
    Closed,
    /// A payload of zero bytes.
    #[error("empty payload; at least 1 byte is required")]
    EmptyPayload,
    /// A capacity outside the allowed range.
    #[error("capacity of {found} bytes; allowed: {MIN_CAPACITY} to {MAX_CAPACITY}")]
    Capacity {
        /// Bytes asked for.
        found: u64,
    },
    /// The operating system refused memory or a file.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file; `anonymous` for memory without a file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl ArenaError {
    /// The stable code, the same in both languages.
    pub fn code(&self) -> &'static str {
        match self {
            Self::OutOfSpace { .. } | Self::OutOfSlots => "E_OUT_OF_SPACE",
            Self::StaleRef { .. } => "E_STALE_REF",
            Self::InvalidRef { .. } | Self::TooManyRefs { .. } | Self::EmptyPayload | Self::Capacity { .. } => {
                "E_OUT_OF_RANGE"
            }
            Self::Busy { .. } => "E_BUSY",
            Self::Closed => "E_CLOSED",
            Self::Io { .. } => "E_IO",
        }
    }
}
