//! A reference to bytes in an arena, as a spike carries it (NB-8).

/// Names `len` bytes at `offset` of an arena's data, and the reference slot that keeps them alive.
///
/// A reference is a claim, not a proof: the arena checks every field against its own record of the slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ArenaRef {
    /// First byte, counted from the start of the arena's data.
    pub offset: u64,
    /// Bytes.
    pub len: u32,
    /// Low 16 bits: the slot. High 16 bits: its generation.
    pub ref_slot: u32,
}

impl ArenaRef {
    /// Puts slot and generation together.
    pub fn new(offset: u64, len: u32, slot: u16, generation: u16) -> Self {
        Self { offset, len, ref_slot: u32::from(slot) | u32::from(generation) << 16 }
    }

    /// The reference slot.
    pub fn slot(self) -> u16 {
        self.ref_slot as u16
    }

    /// How often the slot had been given out before.
    pub fn generation(self) -> u16 {
        (self.ref_slot >> 16) as u16
    }
}
