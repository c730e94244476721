//! Where each byte of the arena's file lies (NB-22, NB-23). Little endian.
//!
//! ```text
//!  byte  0             8           16       24              28    32                        262,176           + capacity
//!        ┌─────────────┬───────────┬────────┬───────────────┬─────┬─────────────────────────┬───────────────────────┐
//!        │alloc_offset │ capacity  │ epoch  │ref_count_next │ pad │ 65,536 counts, u32      │ data                  │
//!        └─────────────┴───────────┴────────┴───────────────┴─────┴─────────────────────────┴───────────────────────┘
//!  alloc_offset    end of the highest block handed out since the last reset, bytes
//!  ref_count_next  slots that have been given out at least once
//!  count           bits 0–15 references · bits 16–25 leases · bits 26–31 generation, low bits
//! ```
//!
//! The file says nothing about which bytes are free: that, and what each slot points at, lies in a file of its own
//! beside it (`side.rs` says why).

use neuronbus_spike::ArenaRef;

/// Where `alloc_offset` lies, u64.
pub const ALLOC_OFFSET: usize = 0;
/// Where the capacity lies, u64, bytes.
pub const CAPACITY: usize = 8;
/// Where the epoch lies, u64: how often the arena was reset.
pub const EPOCH: usize = 16;
/// Where `ref_count_next` lies, u32.
pub const REF_COUNT_NEXT: usize = 24;
/// Bytes of the header.
pub const HEADER_BYTES: usize = 32;
/// Where the counts begin, one u32 per slot.
pub const COUNTS: usize = HEADER_BYTES;
/// Slots: the most payloads alive at a time.
pub const SLOTS: usize = 65_536;
/// Where the data begin.
pub const DATA: usize = COUNTS + SLOTS * 4;
/// Every block begins at a multiple of this, bytes (NB-24).
pub const ALIGN: u64 = 8;

/// The least capacity, bytes.
pub const MIN_CAPACITY: u64 = 64;
/// The largest capacity, bytes: 64 GiB, or what the address space can hold.
pub const MAX_CAPACITY: u64 = if usize::BITS < 64 { 1 << 29 } else { 1 << 36 };

/// Bytes of the file for a capacity (NB-23). `capacity` must be at most [`MAX_CAPACITY`].
pub const fn file_bytes(capacity: u64) -> u64 {
    DATA as u64 + capacity
}

const _: () = {
    assert!(REF_COUNT_NEXT + 4 + 4 == HEADER_BYTES);
    assert!(DATA == 262_176);
    assert!(SLOTS == 1 << 16, "the low half of ref_slot names a slot");
    assert!(DATA.is_multiple_of(ALIGN as usize) && COUNTS.is_multiple_of(4));
    assert!(MAX_CAPACITY < (usize::MAX / 2) as u64);
    assert!(size_of::<ArenaRef>() == 16);
};
