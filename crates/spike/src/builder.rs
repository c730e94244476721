//! Builds a spike field by field (NB-5).

use crate::{
    ArenaRef, NeuronId, Spike, SpikeError, SpikeKind, Target,
    layout::{
        ARENA_LEN, ARENA_MARKER, ARENA_OFFSET, ARENA_REF_SLOT, INLINE_BYTES, LENGTH_ARENA, LENGTH_EMPTY, LENGTH_SHIFT,
        PAYLOAD, PRIORITY, SEQUENCE, SOURCE, SPIKE_BYTES, TAG, TARGET, TIMESTAMP_NS,
    },
};

/// Collects the fields of a spike; what is not set is 0, and the payload is empty.
#[derive(Debug, Clone, Copy)]
#[must_use = "a builder does nothing until `build`"]
pub struct SpikeBuilder {
    bytes: [u8; SPIKE_BYTES],
    kind: SpikeKind,
    len: Result<u8, SpikeError>,
}

impl Default for SpikeBuilder {
    fn default() -> Self {
        Self { bytes: [0; SPIKE_BYTES], kind: SpikeKind::Excitatory, len: Ok(LENGTH_EMPTY) }
    }
}

impl SpikeBuilder {
    /// A spike of zeros with an empty payload.
    pub fn new() -> Self {
        Self::default()
    }

    /// Time of firing, ns.
    pub fn timestamp_ns(self, value: u64) -> Self {
        self.put(TIMESTAMP_NS, &value.to_le_bytes())
    }

    /// Count of the source's spikes.
    pub fn sequence(self, value: u32) -> Self {
        self.put(SEQUENCE, &value.to_le_bytes())
    }

    /// The sender.
    pub fn source(self, id: NeuronId) -> Self {
        self.put(SOURCE, &id.raw().to_le_bytes())
    }

    /// The receiver, or [`Target::Broadcast`].
    pub fn target(self, target: impl Into<Target>) -> Self {
        self.put(TARGET, &target.into().raw().to_le_bytes())
    }

    /// What the spike does.
    pub fn kind(mut self, kind: SpikeKind) -> Self {
        self.kind = kind;
        self
    }

    /// 0 to 255.
    pub fn priority(self, value: u8) -> Self {
        self.put(PRIORITY, &[value])
    }

    /// Up to 46 bytes, carried inline; more is refused by [`Self::build`], never cut (NB-7).
    pub fn payload(mut self, payload: &[u8]) -> Self {
        self.bytes[PAYLOAD..].fill(0);
        if payload.len() > INLINE_BYTES {
            self.len = Err(SpikeError::PayloadTooLong { len: payload.len() });
            return self;
        }
        self.len = Ok(LENGTH_EMPTY + payload.len() as u8);
        self.put(PAYLOAD, payload)
    }

    /// A payload that lies in the arena.
    pub fn arena_ref(mut self, reference: ArenaRef) -> Self {
        self.bytes[PAYLOAD..].fill(0);
        self.len = Ok(LENGTH_ARENA);
        self.put(PAYLOAD, &[ARENA_MARKER])
            .put(ARENA_OFFSET, &reference.offset.to_le_bytes())
            .put(ARENA_LEN, &reference.len.to_le_bytes())
            .put(ARENA_REF_SLOT, &reference.ref_slot.to_le_bytes())
    }

    /// The spike.
    ///
    /// # Errors
    /// [`SpikeError::PayloadTooLong`], or [`SpikeError::ModulatoryLength`] for a modulatory spike of other than 3 bytes.
    pub fn build(mut self) -> Result<Spike, SpikeError> {
        let code = self.len?;
        self.bytes[TAG] = self.kind.raw() | code << LENGTH_SHIFT;
        Spike::from_bytes(self.bytes)
    }

    fn put(mut self, at: usize, field: &[u8]) -> Self {
        self.bytes[at..at + field.len()].copy_from_slice(field);
        self
    }
}
