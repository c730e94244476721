//! The spike itself: 64 bytes that are their own wire format.

use crate::{
    ArenaRef, NeuronId, SpikeError, SpikeKind, Target,
    layout::{
        ARENA_LEN, ARENA_MARKER, ARENA_OFFSET, ARENA_REF_SLOT, INLINE_BYTES, KIND_MASK, LENGTH_ARENA, LENGTH_EMPTY,
        LENGTH_LEGACY, LENGTH_SHIFT, MODULATORY_BYTES, PAYLOAD, PRIORITY, SEQUENCE, SOURCE, SPIKE_BYTES, SPIKE_WORDS,
        TAG, TARGET, TIMESTAMP_NS,
    },
};
use std::fmt;

/// One message: a cache line in the layout of [`crate::layout`] (NB-1).
///
/// Holding a `Spike` means that its kind, length code and arena marker have been checked.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(C, align(64))]
pub struct Spike {
    bytes: [u8; SPIKE_BYTES],
}

/// What a spike carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payload<'a> {
    /// The bytes themselves, 0 to 46.
    Inline(&'a [u8]),
    /// A reference to bytes in the arena.
    Arena(ArenaRef),
}

/// The bit of the tag that excitatory and inhibitory spikes do not have.
const MODULATORY: u8 = SpikeKind::Modulatory as u8;

const _: () = assert!(size_of::<Spike>() == 64 && align_of::<Spike>() == 64);

impl Spike {
    /// Takes a frame as it came (NB-6), from any alignment.
    ///
    /// # Errors
    /// Unknown kind, unknown length code, an arena spike without its marker, a modulatory spike of other than 3 bytes
    /// (legacy frames have no length and are exempt).
    pub fn from_bytes(bytes: [u8; SPIKE_BYTES]) -> Result<Self, SpikeError> {
        check(&to_words(&bytes))?;
        Ok(Self { bytes })
    }

    /// Takes a frame as the eight little-endian words of a ring's slot.
    ///
    /// # Errors
    /// As [`Self::from_bytes`].
    #[inline]
    pub fn from_words(words: [u64; SPIKE_WORDS]) -> Result<Self, SpikeError> {
        check(&words)?;
        let mut bytes = [0; SPIKE_BYTES];
        for (chunk, word) in bytes.as_chunks_mut().0.iter_mut().zip(words) {
            *chunk = word.to_le_bytes();
        }
        Ok(Self { bytes })
    }

    /// The 64 bytes, in place.
    pub fn as_bytes(&self) -> &[u8; SPIKE_BYTES] {
        &self.bytes
    }

    /// The eight words that a ring's slot holds.
    #[inline]
    pub fn to_words(&self) -> [u64; SPIKE_WORDS] {
        to_words(&self.bytes)
    }

    /// When it was fired, ns of the bus's clock.
    pub fn timestamp_ns(&self) -> u64 {
        u64::from_le_bytes(self.field(TIMESTAMP_NS))
    }

    /// How many spikes its source had fired before, wrapping.
    pub fn sequence(&self) -> u32 {
        u32::from_le_bytes(self.field(SEQUENCE))
    }

    /// The raw id of the source; 0xFFFF in a frame from outside is not a neuron.
    pub fn source_raw(&self) -> u16 {
        u16::from_le_bytes(self.field(SOURCE))
    }

    /// The source, unless the field holds the broadcast address.
    pub fn source(&self) -> Option<NeuronId> {
        NeuronId::new(self.source_raw()).ok()
    }

    /// Where it goes.
    pub fn target(&self) -> Target {
        Target::from_raw(u16::from_le_bytes(self.field(TARGET)))
    }

    /// What it does.
    pub fn kind(&self) -> SpikeKind {
        match self.bytes[TAG] & KIND_MASK {
            0 => SpikeKind::Excitatory,
            1 => SpikeKind::Inhibitory,
            _ => SpikeKind::Modulatory,
        }
    }

    /// 0 to 255; filters compare it (NB-4).
    pub fn priority(&self) -> u8 {
        self.bytes[PRIORITY]
    }

    /// What it carries.
    pub fn payload(&self) -> Payload<'_> {
        match self.bytes[TAG] >> LENGTH_SHIFT {
            LENGTH_ARENA => Payload::Arena(self.arena_ref_unchecked()),
            LENGTH_LEGACY => Payload::Inline(&self.bytes[PAYLOAD..]),
            code => Payload::Inline(&self.bytes[PAYLOAD..PAYLOAD + usize::from(code - LENGTH_EMPTY)]),
        }
    }

    /// The arena reference it carries, if it carries one.
    pub fn arena_ref(&self) -> Option<ArenaRef> {
        (self.bytes[TAG] >> LENGTH_SHIFT == LENGTH_ARENA).then(|| self.arena_ref_unchecked())
    }

    fn arena_ref_unchecked(&self) -> ArenaRef {
        ArenaRef {
            offset: u64::from_le_bytes(self.field(ARENA_OFFSET)),
            len: u32::from_le_bytes(self.field(ARENA_LEN)),
            ref_slot: u32::from_le_bytes(self.field(ARENA_REF_SLOT)),
        }
    }

    fn field<const N: usize>(&self, at: usize) -> [u8; N] {
        array(&self.bytes[at..at + N])
    }
}

#[inline]
fn to_words(bytes: &[u8; SPIKE_BYTES]) -> [u64; SPIKE_WORDS] {
    let mut words = [0; SPIKE_WORDS];
    for (word, chunk) in words.iter_mut().zip(bytes.as_chunks().0) {
        *word = u64::from_le_bytes(*chunk);
    }
    words
}

/// Looks at words only: bytes looked at one by one break the copy of a frame into small stores, which the wide loads that
/// follow have to wait for.
#[inline]
fn check(words: &[u64; SPIKE_WORDS]) -> Result<(), SpikeError> {
    let [_, _, tagged, ..] = words;
    let tag = byte(*tagged, TAG);
    let common = tag & MODULATORY == 0 && usize::from(tag >> LENGTH_SHIFT) <= usize::from(LENGTH_EMPTY) + INLINE_BYTES;
    if common { Ok(()) } else { check_rare(words) }
}

/// The frames beside excitatory and inhibitory spikes with their bytes inline.
fn check_rare([_, _, tagged, referred, ..]: &[u64; SPIKE_WORDS]) -> Result<(), SpikeError> {
    let (tag, first) = (byte(*tagged, TAG), byte(*tagged, PAYLOAD));
    let kind = SpikeKind::from_raw(tag & KIND_MASK)?;
    let len = match tag >> LENGTH_SHIFT {
        LENGTH_ARENA if first != ARENA_MARKER => return Err(SpikeError::BadMarker { found: first }),
        LENGTH_ARENA => (referred >> bit(ARENA_LEN)) as u32 as usize,
        LENGTH_LEGACY => return Ok(()),
        code if usize::from(code - LENGTH_EMPTY) <= INLINE_BYTES => usize::from(code - LENGTH_EMPTY),
        found => return Err(SpikeError::UnknownLength { found }),
    };
    match kind {
        SpikeKind::Modulatory if len != MODULATORY_BYTES => Err(SpikeError::ModulatoryLength { len }),
        _ => Ok(()),
    }
}

/// The byte of the frame at `at`, out of the word that holds it.
#[inline]
fn byte(word: u64, at: usize) -> u8 {
    (word >> bit(at)) as u8
}

/// Where the byte at `at` starts in its word.
#[inline]
pub(crate) fn bit(at: usize) -> usize {
    at % size_of::<u64>() * 8
}

/// The first `N` bytes of `slice`; callers pass slices of at least that length.
fn array<const N: usize>(slice: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    out.copy_from_slice(&slice[..N]);
    out
}

impl fmt::Debug for Spike {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Spike")
            .field("timestamp_ns", &self.timestamp_ns())
            .field("sequence", &self.sequence())
            .field("source", &self.source_raw())
            .field("target", &self.target())
            .field("kind", &self.kind())
            .field("priority", &self.priority())
            .field("payload", &self.payload())
            .finish()
    }
}
