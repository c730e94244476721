//! Who fired in the last bursts: a ring of lists that are used again.

use crate::{bits::ones, cell::BLOCK};
use alloc::vec::Vec;

/// The last bursts, at most so many.
#[derive(Debug, Clone, Default)]
pub(super) struct Ledger {
    room: usize,
    /// The oldest stands at `next` once all of them are there.
    bursts: Vec<Vec<u32>>,
    next: usize,
}

impl Ledger {
    /// With room for so many bursts.
    pub(super) fn new(room: usize) -> Self {
        Self { room, ..Self::default() }
    }

    /// Adds who fired in a burst, in place of the oldest if there is no room.
    pub(super) fn push(&mut self, fired: &[u32]) {
        if self.bursts.len() < self.room {
            self.bursts.push(fired.to_vec());
        } else if let Some(oldest) = self.bursts.get_mut(self.next) {
            oldest.clear();
            oldest.extend_from_slice(fired);
            self.next = (self.next + 1) % self.room;
        }
    }

    /// Who fired so many bursts ago; 0 is the last one.
    pub(super) fn get(&self, back: usize) -> Option<&[u32]> {
        let age = self.bursts.len().checked_sub(back.checked_add(1)?)?;
        Some(&self.bursts[(self.next + age) % self.bursts.len()])
    }

    /// How many bursts it has.
    pub(super) fn len(&self) -> usize {
        self.bursts.len()
    }
}

/// Who fired in one burst.
#[derive(Debug, Clone, Default)]
pub(super) struct Fired {
    /// A word for each block of neurons.
    pub(super) mask: Vec<u64>,
    /// Their ids, ascending.
    pub(super) ids: Vec<u32>,
}

impl Fired {
    /// Makes the list from the mask.
    pub(super) fn list(&mut self) {
        self.ids.clear();
        for (block, word) in self.mask.iter().enumerate() {
            for lane in ones(*word) {
                // There are fewer than 2^31 neurons.
                self.ids.push((block * BLOCK + lane) as u32);
            }
        }
    }

    /// Makes the mask from the list.
    pub(super) fn mark(&mut self) {
        self.mask.fill(0);
        for id in &self.ids {
            self.mask[(id / u64::BITS) as usize] |= 1 << (id % u64::BITS);
        }
    }

    /// Whether a neuron is among them: 0 or 1.
    pub(super) fn contains(&self, id: u32) -> u8 {
        let word = self.mask.get((id / u64::BITS) as usize).copied().unwrap_or_default();
        (word >> (id % u64::BITS) & 1) as u8
    }
}
