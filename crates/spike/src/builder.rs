//! Builds a spike field by field (NB-5).

use crate::{
    ArenaRef, NeuronId, Spike, SpikeError, SpikeKind, Target,
    layout::{
        ARENA_LEN, ARENA_MARKER, ARENA_OFFSET, ARENA_REF_SLOT, INLINE_BYTES, LENGTH_ARENA, LENGTH_EMPTY, LENGTH_SHIFT,
        PAYLOAD, PRIORITY, SEQUENCE, SOURCE, SPIKE_WORDS, TAG, TARGET, TIMESTAMP_NS,
    },
    spike::bit,
};

/// Bytes of a word.
const WORD: usize = size_of::<u64>();
/// Bytes of an arena reference with its marker.
const REFERENCE_BYTES: usize = ARENA_REF_SLOT + size_of::<u32>() - PAYLOAD;

/// Collects the fields of a spike; what is not set is 0, and the payload is empty.
///
/// In words, by shifts: a frame put together byte by byte is loaded as words right after, and that load waits for the
/// stores of its bytes (10.4 ns against 3.0, bench `spike`).
#[derive(Debug, Clone, Copy)]
#[must_use = "a builder does nothing until `build`"]
pub struct SpikeBuilder {
    words: [u64; SPIKE_WORDS],
    kind: SpikeKind,
    len: Result<u8, SpikeError>,
}

impl Default for SpikeBuilder {
    fn default() -> Self {
        Self { words: [0; SPIKE_WORDS], kind: SpikeKind::Excitatory, len: Ok(LENGTH_EMPTY) }
    }
}

impl SpikeBuilder {
    /// A spike of zeros with an empty payload.
    pub fn new() -> Self {
        Self::default()
    }

    /// Time of firing, ns.
    pub fn timestamp_ns(self, value: u64) -> Self {
        self.put(TIMESTAMP_NS, u64::BITS, value)
    }

    /// Count of the source's spikes.
    pub fn sequence(self, value: u32) -> Self {
        self.put(SEQUENCE, u32::BITS, value.into())
    }

    /// The sender.
    pub fn source(self, id: NeuronId) -> Self {
        self.put(SOURCE, u16::BITS, id.raw().into())
    }

    /// The receiver, or [`Target::Broadcast`].
    pub fn target(self, target: impl Into<Target>) -> Self {
        self.put(TARGET, u16::BITS, target.into().raw().into())
    }

    /// What the spike does.
    pub fn kind(mut self, kind: SpikeKind) -> Self {
        self.kind = kind;
        self
    }

    /// 0 to 255.
    pub fn priority(self, value: u8) -> Self {
        self.put(PRIORITY, u8::BITS, value.into())
    }

    /// Up to 46 bytes, carried inline; more is refused by [`Self::build`], never cut (NB-7).
    #[inline]
    pub fn payload(mut self, payload: &[u8]) -> Self {
        if payload.len() > INLINE_BYTES {
            self.len = Err(SpikeError::PayloadTooLong { len: payload.len() });
            return self.put_payload(&[]);
        }
        self.len = Ok(LENGTH_EMPTY + payload.len() as u8);
        self.put_payload(payload)
    }

    /// A payload that lies in the arena.
    pub fn arena_ref(mut self, reference: ArenaRef) -> Self {
        let mut bytes = [0; REFERENCE_BYTES];
        let mut put = |at: usize, field: &[u8]| bytes[at - PAYLOAD..][..field.len()].copy_from_slice(field);
        put(PAYLOAD, &[ARENA_MARKER]);
        put(ARENA_OFFSET, &reference.offset.to_le_bytes());
        put(ARENA_LEN, &reference.len.to_le_bytes());
        put(ARENA_REF_SLOT, &reference.ref_slot.to_le_bytes());
        self.len = Ok(LENGTH_ARENA);
        self.put_payload(&bytes)
    }

    /// The spike.
    ///
    /// # Errors
    /// [`SpikeError::PayloadTooLong`], or [`SpikeError::ModulatoryLength`] for a modulatory spike of other than 3 bytes.
    #[inline]
    pub fn build(self) -> Result<Spike, SpikeError> {
        let tag = self.kind.raw() | self.len? << LENGTH_SHIFT;
        Spike::from_words(self.put(TAG, u8::BITS, tag.into()).words)
    }

    /// Replaces a field of so many bits that begins at byte `at` and ends in the same word.
    #[inline]
    fn put(mut self, at: usize, bits: u32, value: u64) -> Self {
        let word = &mut self.words[at / WORD];
        let field = (u64::MAX >> (u64::BITS - bits)) << bit(at);
        *word = *word & !field | value << bit(at);
        self
    }

    /// Replaces the payload and what is behind it. It starts inside a word, so each eight bytes of it go to two.
    #[inline]
    fn put_payload(mut self, payload: &[u8]) -> Self {
        self.words[PAYLOAD / WORD] &= (1 << bit(PAYLOAD)) - 1;
        self.words[PAYLOAD / WORD + 1..].fill(0);
        let (chunks, rest) = payload.as_chunks();
        let rest = rest.iter().rfold(0, |word, byte| word << u8::BITS | u64::from(*byte));
        let pieces = chunks.iter().map(|chunk| u64::from_le_bytes(*chunk)).chain([rest]);
        for (at, piece) in (PAYLOAD / WORD..SPIKE_WORDS).zip(pieces) {
            self.words[at] |= piece << bit(PAYLOAD);
            if let Some(next) = self.words.get_mut(at + 1) {
                *next |= piece >> (u64::BITS as usize - bit(PAYLOAD));
            }
        }
        self
    }
}
