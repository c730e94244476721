//! The ring of an axon that somebody outside the cortex reads.

use neuronbus_axon::{
    Axon, AxonError, Publisher,
    layout::{GATE_BITMAP, WORD_BYTES},
};
use neuronbus_spike::{ArenaRef, Spike};
use neuronbus_sync::Ordering;
use std::collections::VecDeque;

/// A ring with a copy of each spike that was put on the axon since it was made.
#[derive(Debug)]
pub(crate) struct Tap {
    axon: Axon,
    publisher: Publisher,
    /// Spikes put on the axon before.
    base: u64,
    /// What `passed` was when the cortex followed the readers last.
    followed: u64,
    /// Gates given to readers outside Rust, by number.
    claimed: u64,
    /// Arena references kept for readers that have not passed, by the number of their spike.
    held: VecDeque<(u64, ArenaRef)>,
}

impl Tap {
    pub(crate) fn new(slots: usize, base: u64) -> Result<Self, AxonError> {
        let (publisher, axon) = Axon::new(slots)?;
        Ok(Self { axon, publisher, base, followed: base, claimed: 0, held: VecDeque::new() })
    }

    pub(crate) fn axon(&self) -> &Axon {
        &self.axon
    }

    /// Shows a spike to the readers. There is room, because the credit of the sender counts what they have not passed;
    /// only gates that were moved back in foreign memory can make it miss here.
    pub(crate) fn publish(&mut self, spike: &Spike) {
        let _missed = self.publisher.try_publish(spike).is_err();
    }

    /// How many of the axon's spikes every reliable reader has passed; all, if there is none. Never more than there were,
    /// whatever a reader outside Rust has written.
    pub(crate) fn passed(&self) -> u64 {
        self.base + self.axon.gates_min(None).min(self.publisher.published())
    }

    /// Whether the readers have moved since [`Self::follow`].
    pub(crate) fn has_moved(&self) -> bool {
        self.passed() != self.followed
    }

    /// What [`Self::passed`] says now, remembered.
    pub(crate) fn follow(&mut self) -> u64 {
        self.followed = self.passed();
        self.followed
    }

    /// Opens a gate for a reader outside Rust, who moves it.
    pub(crate) fn claim_gate(&mut self) -> Result<usize, AxonError> {
        let gate = self.axon.claim_gate()?;
        self.claimed |= 1 << gate;
        Ok(gate)
    }

    /// Closes a gate that [`Self::claim_gate`] opened; any other is left alone.
    pub(crate) fn release_gate(&mut self, gate: usize) {
        let mask = 1_u64.checked_shl(gate as u32).unwrap_or(0);
        if self.claimed & mask != 0 {
            self.claimed &= !mask;
            self.axon.release_gate(gate);
        }
    }

    /// Keeps a reference until all readers have passed the spike number `seq`.
    pub(crate) fn hold(&mut self, seq: u64, reference: ArenaRef) {
        self.held.push_back((seq, reference));
    }

    /// Whether any reference is kept.
    pub(crate) fn holds(&self) -> bool {
        !self.held.is_empty()
    }

    /// The next reference that nobody will read any more: those of spikes below `passed`.
    pub(crate) fn next_held(&mut self, passed: u64) -> Option<ArenaRef> {
        self.held.front().filter(|(seq, _)| *seq < passed)?;
        self.held.pop_front().map(|(_, reference)| reference)
    }

    /// Whether a reliable reader is there, or references are kept for one that was.
    pub(crate) fn is_watched(&self) -> bool {
        let word = self.axon.region().words().get(GATE_BITMAP / WORD_BYTES);
        // Relaxed: whoever joins does so under the lock of the cortex, or is a clone of one that is there.
        self.holds() || word.is_some_and(|gates| gates.load(Ordering::Relaxed) != 0)
    }
}
