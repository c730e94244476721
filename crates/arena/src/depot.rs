//! Batches of free slots, with their blocks, on the way from threads that release to threads that write.
//!
//! A payload is often written by one thread and released by another. The releaser's lane then fills up and the writer's
//! runs dry, and slot by slot through the bitmaps costs ten times what the lanes save. So an overfull lane puts the
//! older half of what it has into a cell here, and an empty one takes such a batch: one swap each way for dozens of
//! slots. A cell is empty, full, or in one thread's hands; if that thread dies, its batch is out of use, and nobody
//! waits for it.

use crate::{class::CLASSES, geometry::MAX_AT_HAND};
use neuronbus_sync::{AtomicU64, Ordering};

/// Most slots of a batch: half of what a lane holds.
const BATCH: usize = if cfg!(loom) { 2 } else { MAX_AT_HAND as usize / 2 };
const CELLS: usize = if cfg!(loom) { 1 } else { 4 };
/// State, then slots; whole cache lines.
const CELL_WORDS: usize = (1 + BATCH).next_multiple_of(8);
/// Words of a depot.
pub const DEPOT_WORDS: usize = CLASSES * CELLS * CELL_WORDS;

const EMPTY: u64 = 0;
/// Otherwise the state is the number of slots.
const IN_HAND: u64 = u64::MAX;

/// The cells of an arena.
#[derive(Clone, Copy)]
pub struct Depot<'a>(&'a [AtomicU64; DEPOT_WORDS]);

impl<'a> Depot<'a> {
    /// The depot in `words`.
    pub fn new(words: &'a [AtomicU64; DEPOT_WORDS]) -> Self {
        Self(words)
    }

    /// Puts a batch into an empty cell; hands out one by one what finds no place.
    pub fn put(self, class: usize, slots: impl Iterator<Item = u16>, mut refused: impl FnMut(u16)) {
        let cell = self.cells(class).find(|cell| claim(cell, EMPTY));
        let mut count = 0;
        for slot in slots {
            match cell.and_then(|cell| cell[1..=BATCH].get(count)) {
                Some(word) => {
                    // Relaxed: the state hands it on.
                    word.store(slot.into(), Ordering::Relaxed);
                    count += 1;
                }
                None => refused(slot),
            }
        }
        if let Some(cell) = cell {
            let order = if cfg!(mutant = "batch_put_relaxed") { Ordering::Relaxed } else { Ordering::Release };
            // Release: partners the Acquire in `claim`: who takes the batch sees what was done to its slots and blocks.
            cell[0].store(count as u64, order);
        }
    }

    /// Takes a batch, slot by slot; false if there is none.
    pub fn take(self, class: usize, mut each: impl FnMut(u16)) -> bool {
        let mut full = self.cells(class).filter_map(|cell| {
            // Relaxed: the swap decides.
            let count = cell[0].load(Ordering::Relaxed);
            (count != EMPTY && count != IN_HAND && claim(cell, count)).then_some((cell, count))
        });
        let Some((cell, count)) = full.next() else { return false };
        let mut slots = [0; BATCH];
        for (slot, word) in slots.iter_mut().zip(&cell[1..]).take(count as usize) {
            // Relaxed: ordered by the swap of the state.
            *slot = word.load(Ordering::Relaxed) as u16;
        }
        // Release: partners the Acquire in `claim`: the next batch is written after this one was read.
        cell[0].store(EMPTY, Ordering::Release);
        slots.into_iter().take(count as usize).for_each(&mut each);
        true
    }

    fn cells(self, class: usize) -> impl Iterator<Item = &'a [AtomicU64; CELL_WORDS]> {
        let (cells, _) = self.0.as_chunks::<CELL_WORDS>();
        cells.iter().skip(class * CELLS).take(CELLS)
    }
}

/// Takes a cell in hand, if its state still is `state`.
fn claim(cell: &[AtomicU64; CELL_WORDS], state: u64) -> bool {
    let order = if cfg!(mutant = "batch_claim_relaxed") { Ordering::Relaxed } else { Ordering::Acquire };
    // Acquire: partners the Release stores of the state. Relaxed on failure: nothing is done then.
    cell[0].compare_exchange(state, IN_HAND, order, Ordering::Relaxed).is_ok()
}
