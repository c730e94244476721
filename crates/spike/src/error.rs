//! What can be wrong with a spike.

use crate::layout::INLINE_BYTES;

/// A spike, or a part of one, that was refused. Nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SpikeError {
    /// The two kind bits hold 3 (NB-2).
    #[error("unknown spike kind {found}; allowed: 0 excitatory, 1 inhibitory, 2 modulatory")]
    UnknownKind {
        /// The kind bits found.
        found: u8,
    },
    /// The length code is 48 to 62.
    #[error("unknown length code {found}; allowed: 0 (legacy), 1 to 47 (inline), 63 (arena)")]
    UnknownLength {
        /// The length code found.
        found: u8,
    },
    /// An arena spike whose payload does not start with the marker.
    #[error("arena spike without its marker: found {found:#04x}, expected 0xa0")]
    BadMarker {
        /// The byte found.
        found: u8,
    },
    /// More bytes than fit inline (NB-7).
    #[error("payload of {len} bytes does not fit inline; at most {INLINE_BYTES}")]
    PayloadTooLong {
        /// Bytes offered.
        len: usize,
    },
    /// A modulatory spike carries exactly three bytes (dopamine, cortisol, acetylcholine).
    #[error("modulatory payload of {len} bytes; exactly 3 are required (dopamine, cortisol, acetylcholine)")]
    ModulatoryLength {
        /// Bytes offered.
        len: usize,
    },
    /// 0xFFFF as the id of a neuron (NB-3).
    #[error("neuron id 65535 is the broadcast address; allowed: 0 to 65534")]
    BroadcastId,
}

impl SpikeError {
    /// The stable code, the same in both languages.
    pub fn code(&self) -> &'static str {
        "E_OUT_OF_RANGE"
    }
}
