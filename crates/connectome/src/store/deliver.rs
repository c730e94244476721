//! What is on its way: integer sums by slot, channel and neuron.
//!
//! Integers are added, so the order does not matter: the bits are the same for any number of threads and any size of a part.
//! No sum can overflow, and so none saturates: what arrives at a neuron in one step is at most one spike of each of its
//! [`MAX_INCOMING`] synapses, 33,025 × 65,025 < 2^31.

use super::{bounds::Share, record::CHANNELS};
use alloc::{vec, vec::Vec};
use core::ops::Range;

/// Most synapses that may end at one neuron.
pub(crate) const MAX_INCOMING: u32 = 33_025;
/// The greatest weight of a record: weight times conductance.
pub(crate) const MAX_WEIGHT: u16 = 65_025;
/// No sum is above this.
pub(crate) const MAX_SUM: i32 = i32::MAX / MAX_WEIGHT as i32 * MAX_WEIGHT as i32;

const _: () = assert!(MAX_SUM as i64 == MAX_INCOMING as i64 * MAX_WEIGHT as i64);

/// Which slots hold something; the others need not be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Busy([u64; 4]);

impl Busy {
    pub(crate) fn mark(&mut self, slot: usize) {
        self.0[slot / 64] |= 1 << (slot % 64);
    }

    pub(crate) fn clear(&mut self, slot: usize) {
        self.0[slot / 64] &= !(1 << (slot % 64));
    }

    pub(crate) fn contains(self, slot: usize) -> bool {
        self.0[slot / 64] >> (slot % 64) & 1 == 1
    }

    pub(crate) fn join(&mut self, other: Self) {
        self.0.iter_mut().zip(other.0).for_each(|(mine, other)| *mine |= other);
    }
}

/// Which slot is due, and how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slots {
    due: usize,
    count: usize,
}

impl Slots {
    /// The slot that is due so many steps from now, at most as many as there are slots.
    pub(crate) fn ahead(self, delay: u8) -> usize {
        let slot = self.due + usize::from(delay);
        // The due one is below the count: a division would cost more than all the rest.
        if slot < self.count { slot } else { slot - self.count }
    }
}

/// The sums: as many slots as the greatest delay, because the due one is emptied before anything is sent.
#[derive(Debug, Clone)]
pub(crate) struct DelaySums {
    /// Slot by slot and channel by channel, a sum for each neuron.
    rows: Vec<Vec<i32>>,
    slots: Slots,
    busy: Busy,
}

impl DelaySums {
    /// For delays up to so many steps, 1 to 255.
    pub(crate) fn new(delays: u8) -> Self {
        let count = usize::from(delays);
        Self { rows: vec![Vec::new(); count * CHANNELS], slots: Slots { due: 0, count }, busy: Busy::default() }
    }

    /// Makes room for so many neurons.
    pub(crate) fn grow(&mut self, neurons: usize) {
        self.rows.iter_mut().for_each(|row| row.resize(neurons, 0));
    }

    /// Takes what arrives in this step, excitatory and inhibitory; none if nothing does. Who takes it leaves zeros.
    pub(crate) fn take_due(&mut self) -> Option<(&mut [i32], &mut [i32])> {
        let due = self.slots.due;
        if !self.busy.contains(due) {
            return None;
        }
        self.busy.clear(due);
        let [excitatory, inhibitory] = self.rows[due * CHANNELS..].first_chunk_mut()?;
        Some((excitatory, inhibitory))
    }

    /// What arrives in this step, to look at.
    pub(crate) fn due(&self) -> Option<(&[i32], &[i32])> {
        let [excitatory, inhibitory] = self.rows[self.slots.due * CHANNELS..].first_chunk()?;
        self.busy.contains(self.slots.due).then_some((excitatory, inhibitory))
    }

    /// Puts sums in the place of what arrives in this step.
    pub(crate) fn set_due(&mut self, excitatory: &[i32], inhibitory: &[i32]) {
        self.busy.mark(self.slots.due);
        for (row, sums) in self.rows[self.slots.due * CHANNELS..].iter_mut().zip([excitatory, inhibitory]) {
            row.iter_mut().zip(sums).for_each(|(place, sum)| *place = *sum);
        }
    }

    /// Which slot is due.
    pub(crate) fn slots(&self) -> Slots {
        self.slots
    }

    /// All rows, for one task that delivers to every neuron.
    pub(crate) fn rows_mut(&mut self) -> &mut [Vec<i32>] {
        &mut self.rows
    }

    /// The slices of each share. They lie side by side, from the first neuron on.
    pub(crate) fn split(&mut self, shares: &[Share]) -> Vec<Vec<&mut [i32]>> {
        let mut slices: Vec<Vec<&mut [i32]>> = shares.iter().map(|_| Vec::new()).collect();
        for row in &mut self.rows {
            let mut rest = &mut row[..];
            for (slices, Share { neurons: Range { start, end }, .. }) in slices.iter_mut().zip(shares) {
                let (slice, behind) = rest.split_at_mut(end - start);
                slices.push(slice);
                rest = behind;
            }
        }
        slices
    }

    /// That something was sent into these slots.
    pub(crate) fn mark(&mut self, busy: Busy) {
        self.busy.join(busy);
    }

    /// The next slot is due.
    pub(crate) fn advance(&mut self) {
        self.slots.due = self.slots.ahead(1);
    }
}
