//! What a ring refuses, and how waiting and reading can end.

use crate::layout::{MAX_READERS, MAX_SLOTS, MIN_SLOTS};
use neuronbus_spike::SpikeError;

/// A ring, a view or a seat on it that was refused. Nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AxonError {
    /// Not a capacity (NB-12).
    #[error("{slots} slots; allowed: a power of two from {MIN_SLOTS} to {MAX_SLOTS}")]
    Capacity {
        /// Slots asked for.
        slots: usize,
    },
    /// The memory handed over starts at the wrong place.
    #[error("memory at {address:#x}; it must start at a multiple of {align} bytes")]
    Misaligned {
        /// Where it starts.
        address: usize,
        /// Bytes it must be aligned to.
        align: usize,
    },
    /// A part of a region that does not lie inside it.
    #[error("bytes {offset} to {offset} + {bytes} of a region of {available} bytes")]
    OutOfRegion {
        /// First byte asked for.
        offset: usize,
        /// Bytes asked for.
        bytes: usize,
        /// Bytes there are.
        available: usize,
    },
    /// The system has no memory for the ring.
    #[error("no memory for {bytes} bytes")]
    OutOfMemory {
        /// Bytes asked for.
        bytes: usize,
    },
    /// The memory holds a ring of another size, or something else.
    #[error("memory holds a ring of {found} slots; expected {expected}")]
    OtherRing {
        /// What the memory says.
        found: u64,
        /// What was asked for.
        expected: u64,
    },
    /// The cursors in memory cannot come from a publisher.
    #[error("corrupt ring: commit {commit}, intent {intent}")]
    Corrupt {
        /// The commit cursor found.
        commit: u64,
        /// The intent cursor found.
        intent: u64,
    },
    /// There is a publisher already (NB-20).
    #[error("the ring has a publisher; there can be one")]
    ProducerTaken,
    /// All gates are in use.
    #[error("the ring has {MAX_READERS} reliable readers; there cannot be more")]
    TooManyReaders,
    /// The ring is closed.
    #[error("the ring is closed")]
    Closed,
}

impl AxonError {
    /// The stable code, the same in both languages.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Capacity { .. } | Self::Misaligned { .. } | Self::OutOfRegion { .. } => "E_OUT_OF_RANGE",
            Self::OutOfMemory { .. } => "E_OUT_OF_SPACE",
            Self::OtherRing { .. } | Self::Corrupt { .. } => "E_STATE",
            Self::ProducerTaken | Self::TooManyReaders => "E_BUSY",
            Self::Closed => "E_CLOSED",
        }
    }
}

/// Why a spike was not published. The caller still has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    /// A reliable reader is a whole ring behind: back-pressure. This can change at once.
    #[error("the ring is full")]
    Full,
    /// The ring is closed. This cannot change.
    #[error("the ring is closed")]
    Closed,
    /// The wait for room was cancelled.
    #[error("cancelled while waiting for room")]
    Cancelled,
}

impl From<Stopped> for PublishError {
    fn from(stopped: Stopped) -> Self {
        match stopped {
            Stopped::Cancelled => Self::Cancelled,
            Stopped::Closed => Self::Closed,
        }
    }
}

impl PublishError {
    /// The stable code, the same in both languages.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Full => "E_BACK_PRESSURE",
            Self::Closed => "E_CLOSED",
            Self::Cancelled => "E_ABORTED",
        }
    }
}

/// A batch of which nothing was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// Fewer slots are free. This can change at once.
    #[error("{len} spikes, room for {room}")]
    Full {
        /// Spikes in the batch.
        len: usize,
        /// Slots that were free.
        room: usize,
    },
    /// The batch is longer than the ring. This cannot change.
    #[error("{len} spikes; at most {slots} fit into the ring")]
    TooLong {
        /// Spikes in the batch.
        len: usize,
        /// Slots of the ring.
        slots: usize,
    },
    /// The ring is closed. This cannot change.
    #[error("the ring is closed")]
    Closed,
}

impl BatchError {
    /// The stable code, the same in both languages.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Full { .. } => "E_BACK_PRESSURE",
            Self::TooLong { .. } => "E_OUT_OF_RANGE",
            Self::Closed => "E_CLOSED",
        }
    }
}

/// Why a wait ended without what it waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Stopped {
    /// Its [`crate::Cancel`] was pulled.
    #[error("cancelled")]
    Cancelled,
    /// The ring is closed and will not get there.
    #[error("the ring is closed")]
    Closed,
}

impl Stopped {
    /// The stable code, the same in both languages.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Cancelled => "E_ABORTED",
            Self::Closed => "E_CLOSED",
        }
    }
}

/// Why a reliable reader has no spike to give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The wait ended; the position is where it was.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// A frame that is no spike, which only foreign memory can hold. It is consumed: the next read gives its successor.
    #[error("malformed frame: {0}")]
    Malformed(#[from] SpikeError),
}

impl ReadError {
    /// The stable code, the same in both languages.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Stopped(stopped) => stopped.code(),
            Self::Malformed(error) => error.code(),
        }
    }
}

/// Why a lossy reader has no spike to give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LossyError {
    /// The publisher overtook the reader, and exactly this many spikes are lost to it (NB-18). The reader now stands at
    /// the oldest spike that was intact.
    #[error("lagged: {0} spikes lost")]
    Lagged(u64),
    /// The wait ended; the position is where it was.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// As [`ReadError::Malformed`].
    #[error("malformed frame: {0}")]
    Malformed(#[from] SpikeError),
}

impl LossyError {
    /// The stable code, the same in both languages.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Lagged(_) => "E_LAGGED",
            Self::Stopped(stopped) => stopped.code(),
            Self::Malformed(error) => error.code(),
        }
    }
}
