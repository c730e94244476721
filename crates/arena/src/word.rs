//! The count word of a slot: who keeps its payload alive, in one u32 that changes by compare-and-swap.
//!
//! ```text
//!  bits 0–15 references   16–25 leases   26–31 low bits of the generation
//!  no reference and no lease: free, or in the hands of exactly one thread
//! ```
//! Leases are apart from references, so that no `release` too many can pull the memory from under a lease. The
//! generation bits are there for the swap: a reference is checked against the record (all 16 bits) between the load and
//! the swap, and the swap succeeds on another payload only if the slot was recycled a multiple of 64 times in between
//! and has the same counts again. A lease closes that gap by a second look at the record when it is counted; `release`
//! is left with it, and then only in a program that releases one reference from two threads at once.

pub(crate) const MAX_REFS: u32 = 0xFFFF;
pub(crate) const MAX_LEASES: u32 = 0x3FF;
/// One lease more.
pub(crate) const LEASE: u32 = 1 << LEASE_SHIFT;
const LEASE_SHIFT: u32 = 16;
const TAG_SHIFT: u32 = 26;
const COUNTS: u32 = (1 << TAG_SHIFT) - 1;

/// One reference, no lease.
pub(crate) fn alive(generation: u16) -> u32 {
    u32::from(generation) << TAG_SHIFT | 1
}

/// Free, or owned by one thread.
pub(crate) fn free(word: u32) -> u32 {
    word & !COUNTS
}

pub(crate) fn is_alive(word: u32) -> bool {
    word & COUNTS != 0
}

/// References.
pub(crate) fn refs(word: u32) -> u32 {
    word & MAX_REFS
}

/// Leases.
pub(crate) fn leases(word: u32) -> u32 {
    (word & COUNTS) >> LEASE_SHIFT
}

const _: () = {
    assert!(
        MAX_LEASES << LEASE_SHIFT | MAX_REFS == COUNTS,
        "the counts and the generation share a word without overlap"
    );
    assert!(TAG_SHIFT < 32 && LEASE == MAX_REFS + 1);
};
