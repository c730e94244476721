//! Where each word of a ring lies (NB-13, NB-19). Little endian `u64` words; the TypeScript ring uses the same numbers.
//!
//! ```text
//!  byte     0 slots      8 closed (0/1)      16 producer seat taken (0/1)      24 gates in use, bitmap    cold line
//!          32 clones: how many readers were cloned
//!         128 intent     every sequence below may be being overwritten                                   publisher
//!         256 commit     every sequence below is published                                               publisher
//!         384 waiters    readers that may park; 0: the publisher skips the fence and the wake            parking readers
//!         512 + 128·i    gate i: position of that reliable reader; sequences below are released          its reader
//!        8704 + 64·(seq & (slots − 1))   the eight words of a spike                                      publisher
//! ```
//!
//! A sequence counts from 0. A fresh ring is all zero but for `slots`. Each line has one writer and two lines of distance
//! to the next, because the hardware fetches lines in pairs. Under `--cfg loom` everything shrinks, so that models stay
//! small: fewer gates, no padding, two words to a slot.

/// Bytes between two cursors (NB-19).
const LINE: usize = if cfg!(loom) { 40 } else { 128 };

/// Bytes of a word.
pub const WORD_BYTES: usize = 8;
/// Most reliable readers of one ring: bits of the gate bitmap.
pub const MAX_READERS: usize = if cfg!(loom) { 3 } else { 64 };
/// Number of slots, u64, a power of two.
pub const SLOT_COUNT: usize = 0;
/// 1 when nothing more will be published, u64.
pub const CLOSED: usize = 8;
/// 1 while there is a publisher, u64 (NB-20).
pub const PRODUCER: usize = 16;
/// Bit i: gate i is in use, u64.
pub const GATE_BITMAP: usize = 24;
/// How many readers were cloned, u64: whoever gives a gate an older position than commit counts here after that, so that a
/// publisher which was just looking at the gates looks again.
pub const CLONES: usize = 32;
/// Sequences below may be being overwritten, u64; at most `slots` ahead of [`COMMIT`].
pub const INTENT: usize = LINE;
/// Sequences below are published, u64.
pub const COMMIT: usize = 2 * LINE;
/// Number of readers that may park, u64.
pub const WAITERS: usize = 3 * LINE;
/// Gate 0, u64.
pub const GATES: usize = 4 * LINE;
/// Bytes from one gate to the next.
pub const GATE_STRIDE: usize = LINE;
/// Bytes before the first slot.
pub const HEADER_BYTES: usize = GATES + MAX_READERS * GATE_STRIDE;
/// The first slot.
pub const SLOTS: usize = HEADER_BYTES;
/// Words of a slot.
pub const SLOT_WORDS: usize = if cfg!(loom) { 2 } else { neuronbus_spike::layout::SPIKE_WORDS };
/// Bytes of a slot.
pub const SLOT_BYTES: usize = SLOT_WORDS * WORD_BYTES;
/// The intent cursor moves in blocks of this many slots (but at most half the ring, and at least one): a store for each
/// spike would cost a quarter of the throughput.
pub const INTENT_BLOCK: usize = 64;
/// Fewest slots of a ring.
pub const MIN_SLOTS: usize = 2;
/// Most slots of a ring: indices fit the 32-bit integers that JavaScript's `Atomics` work on.
pub const MAX_SLOTS: usize = 1 << 30;

/// Bytes of a ring of `slots` slots.
pub const fn ring_bytes(slots: usize) -> usize {
    HEADER_BYTES + slots * SLOT_BYTES
}

/// Slots in an intent block of a ring of `slots` slots.
pub const fn intent_block(slots: usize) -> usize {
    match slots / 2 {
        0 => 1,
        half if half < INTENT_BLOCK => half,
        _ => INTENT_BLOCK,
    }
}

const _: () = {
    assert!(GATE_BITMAP + WORD_BYTES == CLONES && CLONES + WORD_BYTES <= INTENT);
    assert!(COMMIT - INTENT == LINE && WAITERS - COMMIT == LINE && GATES - WAITERS == LINE);
    assert!(MAX_READERS <= u64::BITS as usize);
    assert!(MIN_SLOTS.is_power_of_two() && MAX_SLOTS.is_power_of_two());
    assert!(intent_block(MIN_SLOTS) == 1 && intent_block(MAX_SLOTS) == INTENT_BLOCK);
    // The numbers that the TypeScript ring and the bridge rely on.
    assert!(cfg!(loom) || (INTENT == 128 && COMMIT == 256 && WAITERS == 384 && GATES == 512));
    assert!(cfg!(loom) || (GATE_STRIDE == 128 && HEADER_BYTES == 8704 && SLOT_BYTES == 64));
};
