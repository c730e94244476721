//! Where each field of a spike lies (NB-1, NB-8). Little endian.
//!
//! ```text
//!  byte  0        8      12   14   16  17  18                                            64
//!        ┌────────┬──────┬────┬────┬───┬───┬──────────────────────────────────────────────┐
//!        │ time   │ seq  │src │dst │tag│pri│ payload, 46 bytes                            │
//!        └────────┴──────┴────┴────┴───┴───┴──────────────────────────────────────────────┘
//!  tag    bits 0–1 kind · bits 2–7 length code
//!         length code 0 = legacy (46 bytes, zero padded) · 1–47 = that minus one bytes inline · 63 = arena reference
//!  arena  18 marker 0xA0 · 19 offset u64 · 27 len u32 · 31 ref_slot u32 (low 16 bits slot, high 16 bits generation)
//! ```

/// Bytes of a spike: one cache line.
pub const SPIKE_BYTES: usize = 64;
/// `u64` words of a spike.
pub const SPIKE_WORDS: usize = 8;
/// Time of firing, u64 ns.
pub const TIMESTAMP_NS: usize = 0;
/// Count of the source's spikes, u32, from 0, wrapping.
pub const SEQUENCE: usize = 8;
/// Id of the sender, u16.
pub const SOURCE: usize = 12;
/// Id of the receiver, u16, or [`BROADCAST`].
pub const TARGET: usize = 14;
/// Kind and length code, u8.
pub const TAG: usize = 16;
/// Priority, u8.
pub const PRIORITY: usize = 17;
/// First byte of the payload.
pub const PAYLOAD: usize = 18;
/// Most bytes that a spike carries inline.
pub const INLINE_BYTES: usize = 46;

/// The target that means every outgoing synapse (NB-3). Never the id of a neuron.
pub const BROADCAST: u16 = 0xFFFF;

/// Bits of the tag that hold the kind.
pub const KIND_MASK: u8 = 0b11;
/// Bits to the right of the length code.
pub const LENGTH_SHIFT: u32 = 2;
/// Length code of frames from before there were lengths: 46 bytes, zero padded.
pub const LENGTH_LEGACY: u8 = 0;
/// Length code of zero inline bytes; `n` bytes have the code `LENGTH_EMPTY + n`.
pub const LENGTH_EMPTY: u8 = 1;
/// Bytes of a modulatory payload: dopamine, cortisol, acetylcholine.
pub const MODULATORY_BYTES: usize = 3;
/// Length code of a payload that is an [`crate::ArenaRef`].
pub const LENGTH_ARENA: u8 = 63;

/// First payload byte of an arena reference. The length code decides; the marker is only checked.
pub const ARENA_MARKER: u8 = 0xA0;
/// Offset into the arena's data, u64.
pub const ARENA_OFFSET: usize = 19;
/// Length of the payload, u32 bytes.
pub const ARENA_LEN: usize = 27;
/// Reference slot (low 16 bits) and its generation (high 16 bits), u32.
pub const ARENA_REF_SLOT: usize = 31;

const _: () = {
    assert!(PAYLOAD + INLINE_BYTES == SPIKE_BYTES);
    assert!(SPIKE_WORDS * 8 == SPIKE_BYTES);
    assert!((LENGTH_EMPTY as usize + INLINE_BYTES) < LENGTH_ARENA as usize);
    assert!(ARENA_OFFSET == PAYLOAD + 1 && ARENA_LEN == ARENA_OFFSET + 8 && ARENA_REF_SLOT == ARENA_LEN + 4);
};
