//! What one thread has at hand: slots it just got back, spans it fills, and its share of the sums.
//!
//! The slots at hand are hints. What they point at is free for anyone who swaps the count word first, so a lane that dies with its process, or a hint
//! that got lost, costs nothing: when memory is short, everybody takes what every lane has kept. Last in, first out: the block
//! that was used last is still in the cache.
//!
//! A lane is written by one thread at a time, with plain loads and stores; only the last lane ([`SHARED`]) belongs to all threads
//! that have none of their own: it has sums but nothing at hand. Threads are numbered per process; a second process will take lanes of its own.
//! Everything in a lane is `Relaxed`: hints prove nothing, and the sums are exact when the threads that count are quiet (they are then
//! ordered by whatever told the reader so).

use crate::{class::CLASSES, geometry::MAX_AT_HAND, layout::SLOTS};
use neuronbus_sync::{AtomicU64, Ordering};

/// Lanes of an arena.
pub(crate) const LANES: usize = 64;
/// The lane of all threads without a lane.
pub(crate) const SHARED: usize = LANES - 1;
/// Most slots at hand per class.
const DEPTH: usize = MAX_AT_HAND as usize;

/// Bytes handed out less bytes got back, wrapping.
pub(crate) const USED: usize = 0;
/// The value of `USED` at which the high water must be looked at again.
pub(crate) const MARK: usize = 1;
/// References that became a spike's, less those that came back, wrapping.
pub(crate) const IN_FLIGHT: usize = 2;
const TOPS: usize = 16;
const SPANS: usize = TOPS + CLASSES;
const HINTS: usize = (SPANS + CLASSES).next_multiple_of(16);
/// Words of a lane, a multiple of two cache lines.
pub(crate) const LANE_WORDS: usize = HINTS + CLASSES * DEPTH;

const _: () = assert!(LANE_WORDS == 1_648 && LANE_WORDS.is_multiple_of(16));

/// All lanes of an arena.
pub(crate) type Lanes = [[AtomicU64; LANE_WORDS]; LANES];

/// A lane, borrowed for a call.
#[derive(Clone, Copy)]
pub(crate) struct Lane<'a> {
    words: &'a [AtomicU64; LANE_WORDS],
    own: bool,
}

impl<'a> Lane<'a> {
    /// Lane `number` of `lanes`.
    #[inline]
    pub(crate) fn new(lanes: &'a Lanes, number: usize) -> Self {
        Self { words: &lanes[number % LANES], own: number != SHARED }
    }

    /// Whether the calling thread is the only one that writes here.
    pub(crate) fn is_own(self) -> bool {
        self.own
    }

    /// Takes the slot that was kept last.
    #[inline]
    pub(crate) fn pop(self, class: usize) -> Option<u16> {
        let top = self.get(TOPS + class) as usize;
        let at = top.checked_sub(1)?;
        self.set(TOPS + class, at as u64);
        Some(self.get(HINTS + class * DEPTH + at % DEPTH) as u16)
    }

    /// Keeps a slot at hand; false if there are `limit` already.
    #[inline]
    pub(crate) fn push(self, class: usize, slot: u16, limit: usize) -> bool {
        let top = self.get(TOPS + class) as usize;
        if !self.own || top >= limit {
            return false;
        }
        self.set(HINTS + class * DEPTH + top % DEPTH, slot.into());
        self.set(TOPS + class, top as u64 + 1);
        true
    }

    /// Takes the older half of what is at hand of a class.
    pub(crate) fn split(self, class: usize) -> impl Iterator<Item = u16> {
        let base = HINTS + class * DEPTH;
        let top = (self.get(TOPS + class) as usize).min(DEPTH);
        let half = top.div_ceil(2);
        let mut older = [0; DEPTH];
        for (at, slot) in older.iter_mut().enumerate().take(half) {
            *slot = self.get(base + at) as u16;
        }
        for at in half..top {
            self.set(base + at - half, self.get(base + at));
        }
        self.set(TOPS + class, (top - half) as u64);
        older.into_iter().take(half)
    }

    /// The span this lane fills with blocks of `class`.
    pub(crate) fn span(self, class: usize) -> Option<usize> {
        (self.get(SPANS + class) as usize).checked_sub(1)
    }

    /// Remembers the span to fill.
    pub(crate) fn set_span(self, class: usize, span: Option<usize>) {
        self.set(SPANS + class, span.map_or(0, |span| span as u64 + 1));
    }

    /// The sum `counter` of this lane, as a share.
    #[inline]
    pub(crate) fn get(self, counter: usize) -> u64 {
        // Relaxed: see the module.
        self.words[counter].load(Ordering::Relaxed)
    }

    /// Replaces a word that nobody else writes.
    #[inline]
    pub(crate) fn set(self, counter: usize, value: u64) {
        // Relaxed: see the module.
        self.words[counter].store(value, Ordering::Relaxed);
    }

    /// Adds to a sum, wrapping (so a negative number is added as its complement); the share after.
    #[inline]
    pub(crate) fn add(self, counter: usize, by: u64) -> u64 {
        if self.own {
            let sum = self.get(counter).wrapping_add(by);
            self.set(counter, sum);
            sum
        } else {
            // Relaxed: see the module.
            self.words[counter].fetch_add(by, Ordering::Relaxed).wrapping_add(by)
        }
    }
}

/// The sum `counter` over all lanes, not below zero.
pub(crate) fn sum(lanes: &Lanes, counter: usize) -> u64 {
    let total = (0..LANES).fold(0u64, |sum, number| sum.wrapping_add(Lane::new(lanes, number).get(counter)));
    total.cast_signed().max(0).cast_unsigned()
}

/// Where lane `number` looks first for a free slot, in words of the bitmap: lanes start far apart, so that their count words do not
/// share cache lines.
pub(crate) fn first_slot_word(number: usize) -> usize {
    number * (SLOTS / crate::bitmap::WORD / LANES)
}
