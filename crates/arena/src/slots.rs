//! Which slots are free, and in which order they are used again.
//!
//! A slot serves 65,536 payloads, one generation each, and may do so back to back while it is warm. Then its
//! generations would begin anew, and an old reference could name a new payload: so it goes to rest until every slot
//! that still has generations has used them up, and slots that rest come back in the order in which they went. With n
//! slots not occupied for good that is n × 65,536 writes, 2^32 in an idle arena.

use crate::{memory::Memory, record::Place};
use neuronbus_sync::Ordering;

impl Memory {
    /// Takes a slot that has generations left, best one near word `from`, else the one that has rested longest.
    pub(crate) fn take_slot(&self, from: usize) -> Option<u16> {
        let slot = self.slots_taken().claim_first(from).map(|slot| slot as u16).or_else(|| self.wake_slot())?;
        if !self.table().record(slot).name().is_used() {
            // Relaxed: a count for whoever looks at the file.
            self.slots_used().fetch_add(1, Ordering::Relaxed);
        }
        Some(slot)
    }

    /// Gives back a slot that the caller owns, without a block.
    pub(crate) fn give_slot(&self, slot: u16) {
        let record = self.table().record(slot);
        let name = record.name();
        if name.is_used() && name.generation() == u16::MAX {
            // Relaxed: only the order of the numbers matters, and one word gives it.
            record.set_place(Place::resting(self.rests().fetch_add(1, Ordering::Relaxed)));
            self.slots_resting().mark(slot.into());
        } else {
            record.set_place(Place::NONE);
            self.slots_taken().clear(slot.into());
        }
    }

    /// Rare: a slot rests once in 65,536 writes, so looking at all that rest costs nothing on average.
    fn wake_slot(&self) -> Option<u16> {
        let resting = self.slots_resting();
        loop {
            let since = |&slot: &usize| self.table().record(slot as u16).place().since();
            let oldest = resting.taken().min_by_key(since)?;
            // Cleared by us: ours. Cleared by another thread: that one made progress.
            if resting.clear(oldest) {
                self.table().record(oldest as u16).set_place(Place::NONE);
                return Some(oldest as u16);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{layout::SLOTS, record::Name};

    /// All 2^32 generations cannot be used up in a test, so the slots are aged by hand.
    #[test]
    #[cfg_attr(miri, ignore = "takes all 65,536 slots")]
    fn defect_3_slots_without_generations_come_back_in_the_order_in_which_they_went() {
        let memory = Memory::anonymous(1 << 20).unwrap();
        let all: Vec<u16> = (0..SLOTS).map(|_| memory.take_slot(0).unwrap()).collect();
        assert_eq!(memory.take_slot(0), None);
        // 7,919 is prime to the number of slots: a shuffle.
        let order: Vec<u16> = (0..SLOTS).map(|at| all[at * 7_919 % SLOTS]).collect();
        for (at, &slot) in order.iter().enumerate() {
            let generation = if at % 2 == 0 { u16::MAX } else { 9 };
            memory.table().record(slot).set_name(Name::new(1, generation));
            memory.give_slot(slot);
        }
        // First those with generations left, then the ones that rest, the longest first.
        let young: Vec<u16> = (0..SLOTS / 2).map(|_| memory.take_slot(0).unwrap()).collect();
        assert!(young.iter().all(|&slot| memory.table().record(slot).name().next_generation() == 10));
        for &slot in order.iter().step_by(2).take(50) {
            assert_eq!(memory.take_slot(0), Some(slot));
            assert_eq!(memory.table().record(slot).name().next_generation(), 0);
        }
    }
}
