//! The words of a ring by name, over a [`Region`] that is known to be long enough.

use crate::{
    AxonError, Region,
    layout::{
        CLONES, CLOSED, COMMIT, GATE_BITMAP, GATE_STRIDE, GATES, INTENT, MAX_SLOTS, MIN_SLOTS, PRODUCER, SLOT_COUNT,
        SLOT_WORDS, SLOTS, WAITERS, WORD_BYTES, ring_bytes,
    },
    ring::load,
};
use neuronbus_spike::layout::SPIKE_WORDS;
use neuronbus_sync::{AtomicU64, Ordering};

/// A checked view of a ring in memory.
#[derive(Debug, Clone)]
pub(crate) struct Header {
    region: Region,
    slots: u64,
}

impl Header {
    /// Makes a fresh all-zero region a ring of `slots` slots, or takes it as the ring of that size that it is.
    pub(crate) fn over(region: Region, slots: usize) -> Result<Self, AxonError> {
        check_capacity(slots)?;
        let bytes = ring_bytes(slots);
        let region = if region.len() == bytes { region } else { region.slice(0, bytes)? };
        let header = Self { region, slots: slots as u64 };
        // Relaxed twice: all other words of a fresh ring are zero already, so the number publishes nothing.
        match header.word(SLOT_COUNT).compare_exchange(0, header.slots, Ordering::Relaxed, Ordering::Relaxed) {
            Err(found) if found != header.slots => Err(AxonError::OtherRing { found, expected: header.slots }),
            _ => Ok(header),
        }
    }

    pub(crate) fn region(&self) -> &Region {
        &self.region
    }

    /// Capacity. Taken when the view was made: what the memory says later cannot change it.
    #[inline]
    pub(crate) fn slots(&self) -> u64 {
        self.slots
    }

    #[inline]
    pub(crate) fn intent(&self) -> &AtomicU64 {
        self.word(INTENT)
    }

    #[inline]
    pub(crate) fn commit(&self) -> &AtomicU64 {
        self.word(COMMIT)
    }

    #[inline]
    pub(crate) fn waiters(&self) -> &AtomicU64 {
        self.word(WAITERS)
    }

    #[inline]
    pub(crate) fn bitmap(&self) -> &AtomicU64 {
        self.word(GATE_BITMAP)
    }

    #[inline]
    pub(crate) fn clones(&self) -> &AtomicU64 {
        self.word(CLONES)
    }

    #[inline]
    pub(crate) fn producer(&self) -> &AtomicU64 {
        self.word(PRODUCER)
    }

    #[inline]
    pub(crate) fn closed(&self) -> &AtomicU64 {
        self.word(CLOSED)
    }

    #[inline]
    pub(crate) fn gate(&self, gate: usize) -> &AtomicU64 {
        self.word(GATES + gate * GATE_STRIDE)
    }

    /// The number of the slot of `seq`.
    #[inline]
    pub(crate) fn slot_index(&self, seq: u64) -> usize {
        (seq & (self.slots - 1)) as usize
    }

    /// Writes the slot of `seq`.
    #[inline]
    pub(crate) fn write(&self, seq: u64, words: &[u64; SPIKE_WORDS]) {
        for (cell, word) in self.slot(seq).iter().zip(words) {
            // Relaxed: SYNC[commit] publishes them, SYNC[intent] warns of them.
            cell.store(*word, Ordering::Relaxed);
        }
    }

    /// Copies the slot of `seq`. Whether the copy is whole is for the caller to know.
    #[inline]
    pub(crate) fn read(&self, seq: u64) -> [u64; SPIKE_WORDS] {
        // Each word as Relaxed: ordered after the cursor by SYNC[commit], before the check by SYNC[intent].
        load(self.slot(seq))
    }

    /// Takes the line of the slot of `seq` to this core.
    #[inline]
    pub(crate) fn touch(&self, seq: u64) {
        if let Some(cell) = self.slot(seq).first() {
            // Relaxed: the slot is inside the intent window, nobody takes its words for a spike.
            cell.store(0, Ordering::Relaxed);
        }
    }

    #[inline]
    fn slot(&self, seq: u64) -> &[AtomicU64; SLOT_WORDS] {
        let (slots, _) = self.region.words()[SLOTS / WORD_BYTES..].as_chunks();
        &slots[self.slot_index(seq)]
    }

    #[inline]
    fn word(&self, byte: usize) -> &AtomicU64 {
        &self.region.words()[byte / WORD_BYTES]
    }
}

/// Whether there can be a ring of `slots` slots (NB-12).
pub(crate) fn check_capacity(slots: usize) -> Result<(), AxonError> {
    let allowed = slots.is_power_of_two() && (MIN_SLOTS..=MAX_SLOTS).contains(&slots);
    if allowed { Ok(()) } else { Err(AxonError::Capacity { slots }) }
}

/// How far `cursor` is ahead of `from`, 0 if it is not. Cursors wrap, and in foreign memory they may say anything.
#[inline]
pub(crate) fn ahead(cursor: u64, from: u64) -> u64 {
    let distance = cursor.wrapping_sub(from);
    if distance > u64::MAX / 2 { 0 } else { distance }
}
