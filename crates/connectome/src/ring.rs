//! What is on its way: one slot of sums for each tick ahead (NP-8).
#![deny(clippy::float_arithmetic)]

use alloc::{vec, vec::Vec};

/// A sum of what arrives at one neuron in one tick.
pub(crate) trait Sum: Copy + Default + PartialEq {
    /// Both together, as far as the type reaches.
    #[must_use]
    fn plus(self, other: Self) -> Self;
}

impl Sum for i16 {
    fn plus(self, other: Self) -> Self {
        self.saturating_add(other)
    }
}

impl Sum for i32 {
    fn plus(self, other: Self) -> Self {
        self.saturating_add(other)
    }
}

/// Sums that arrive in later ticks. With 32 bits no pool reaches their end, and so their order does not matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DelayRing<S> {
    /// Slot by slot, a sum for each neuron.
    sums: Vec<S>,
    neurons: usize,
    /// The slot that is due now.
    due: usize,
    /// Slots into which something was sent; the others hold nothing and need not be looked at.
    busy: Vec<bool>,
}

impl<S: Sum> DelayRing<S> {
    /// Of so many slots, at least one.
    pub(crate) fn new(neurons: usize, slots: usize) -> Self {
        Self { sums: vec![S::default(); neurons * slots], neurons, due: 0, busy: vec![false; slots] }
    }

    /// From what [`Self::parts`] shows; `None` unless it fits together.
    pub(crate) fn from_parts(neurons: usize, due: usize, busy: Vec<bool>, sums: Vec<S>) -> Option<Self> {
        let fits = due < busy.len() && busy.len().checked_mul(neurons) == Some(sums.len());
        let empty = |slot: &[S]| slot.iter().all(|sum| *sum == S::default());
        // A slot that is not busy is never looked at: it must hold nothing.
        let told = fits && sums.chunks_exact(neurons).zip(&busy).all(|(slot, busy)| *busy || empty(slot));
        told.then_some(Self { sums, neurons, due, busy })
    }

    /// The slot that is due, which slots are busy, and all sums.
    pub(crate) fn parts(&self) -> (usize, &[bool], &[S]) {
        (self.due, &self.busy, &self.sums)
    }

    /// Whether something may arrive in this tick.
    pub(crate) fn is_due(&self) -> bool {
        self.busy[self.due]
    }

    /// What arrives in this tick.
    pub(crate) fn due(&self) -> &[S] {
        let begin = self.due * self.neurons;
        &self.sums[begin..begin + self.neurons]
    }

    /// Sends to `target`, so many slots `ahead` of the one that is due. To a neuron or a slot that there is not, nothing goes:
    /// others may write to the memory of synapses.
    #[inline]
    pub(crate) fn send(&mut self, target: u16, ahead: u8, amount: S) {
        let (slot, slots) = (self.due + usize::from(ahead), self.busy.len());
        if usize::from(ahead) >= slots || usize::from(target) >= self.neurons {
            return;
        }
        // Both are below the slots: a division would cost more than all the rest.
        let slot = if slot < slots { slot } else { slot - slots };
        let sum = &mut self.sums[slot * self.neurons + usize::from(target)];
        *sum = sum.plus(amount);
        self.busy[slot] = true;
    }

    /// The next slot is due.
    pub(crate) fn advance(&mut self) {
        if core::mem::take(&mut self.busy[self.due]) {
            let begin = self.due * self.neurons;
            self.sums[begin..begin + self.neurons].fill(S::default());
        }
        self.due = (self.due + 1) % self.busy.len();
    }
}
