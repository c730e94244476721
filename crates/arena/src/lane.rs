//! What one thread has at hand: slots it just got back, with their blocks, spans it fills, and its share of the sums.
//!
//! Last in, first out: the block that was used last is still in the cache. What is at hand belongs to the lane, but
//! when memory is short any thread may take it (a *thief*), from the lane of a thread that sleeps or died too. So
//! taking a slot off must be safe against thieves, and yet cost no locked instruction in the common case. Owner and
//! thief agree by the order of two words:
//!
//! - owner: lower `top`, then (light fence) look whether there are `thieves`. None: the entry above `top` is its own,
//!   read it plainly. Some: swap the entry for 0, and have it if it was not 0 already.
//! - thief: raise `thieves`, then (heavy fence) look at `top`, and swap entries below it for 0. Lower `thieves` at the
//!   end.
//!
//! A heavy fence ([`fence::heavy`]) makes every running thread pass a full fence. If the owner lowered `top` before its
//! fence, the thief sees that and leaves the entry alone; if after, the owner's look at `thieves` comes later still,
//! sees the thief, and swaps. A thief that dies leaves `thieves` raised: owners swap from then on, which costs a few
//! nanoseconds. Where there is no heavy fence it is raised from the start.
//!
//! A lane is written by one thread at a time, with plain loads and stores; only the last lane ([`SHARED`]) belongs to
//! all threads that have none of their own: it has sums but nothing at hand. Threads are numbered per process; a second
//! process will take lanes of its own. The sums are `Relaxed`: exact when the threads that count are quiet (they are
//! then ordered by whatever told the reader so).

use crate::{class::CLASSES, fence, geometry::MAX_AT_HAND, layout::SLOTS};
use neuronbus_sync::{AtomicU64, Ordering};

/// Lanes of an arena.
pub const LANES: usize = if cfg!(loom) { 2 } else { 32 };
/// The lane of all threads without a lane.
pub(crate) const SHARED: usize = LANES - 1;
/// Most slots at hand per class.
const DEPTH: usize = if cfg!(loom) { 2 } else { MAX_AT_HAND as usize };

/// Bytes handed out less bytes got back, wrapping.
pub(crate) const USED: usize = 0;
/// The value of `USED` at which the high water must be looked at again.
pub(crate) const MARK: usize = 1;
/// References that became a spike's, less those that came back, wrapping.
pub(crate) const IN_FLIGHT: usize = 2;
const TOPS: usize = 16;
const SPANS: usize = TOPS + CLASSES;
const ENTRIES: usize = (SPANS + CLASSES).next_multiple_of(16);
/// Words of a lane, a multiple of two cache lines.
pub const LANE_WORDS: usize = ENTRIES + CLASSES * DEPTH;

const _: () = assert!(cfg!(loom) || LANE_WORDS == 6_256 && LANE_WORDS.is_multiple_of(16));

/// All lanes of an arena.
pub type Lanes = [[AtomicU64; LANE_WORDS]; LANES];

/// A lane, borrowed for a call.
#[derive(Clone, Copy)]
pub struct Lane<'a> {
    words: &'a [AtomicU64; LANE_WORDS],
    own: bool,
}

impl<'a> Lane<'a> {
    /// Lane `number` of `lanes`.
    #[inline]
    pub fn new(lanes: &'a Lanes, number: usize) -> Self {
        Self { words: &lanes[number % LANES], own: number != SHARED }
    }

    /// Whether the calling thread is the only one that writes here.
    pub(crate) fn is_own(self) -> bool {
        self.own
    }

    /// Takes the slot that was put at hand last.
    #[inline]
    pub fn pop(self, class: usize, thieves: &AtomicU64) -> Option<u16> {
        loop {
            let at = (self.get(TOPS + class) as usize).checked_sub(1)?;
            self.set(TOPS + class, at as u64);
            fence::light();
            if let Some(slot) = take(self.entry(class, at), thieves) {
                return Some(slot);
            }
        }
    }

    /// Puts a slot at hand, which the caller owns; false if there are `limit` already.
    #[inline]
    pub fn push(self, class: usize, slot: u16, limit: usize) -> bool {
        let top = self.get(TOPS + class) as usize;
        if !self.own || top >= limit {
            return false;
        }
        put(self.entry(class, top), slot);
        // Release: partners the Acquire in `steal`: below this `top` a thief finds the new entry, not what an earlier
        // pop left there.
        self.words[TOPS + class].store(top as u64 + 1, Ordering::Release);
        true
    }

    /// Takes the older half of what is at hand of a class; the caller owns those slots then.
    pub fn split(self, class: usize, thieves: &AtomicU64) -> impl Iterator<Item = u16> + use<> {
        let top = (self.get(TOPS + class) as usize).min(DEPTH);
        self.set(TOPS + class, 0);
        fence::light();
        let mut older = [None; DEPTH];
        for (at, place) in older.iter_mut().enumerate().take(top) {
            *place = take(self.entry(class, at), thieves);
        }
        for newer in older[top.div_ceil(2)..].iter_mut().filter_map(Option::take) {
            self.push(class, newer, DEPTH);
        }
        older.into_iter().flatten()
    }

    /// Takes everything at hand, from any thread; the caller owns those slots then, and must have raised `thieves` and
    /// passed a heavy fence.
    pub fn steal(self) -> impl Iterator<Item = u16> {
        (0..CLASSES).flat_map(move |class| {
            // Acquire: partners the Release in `push`.
            let top = (self.words[TOPS + class].load(Ordering::Acquire) as usize).min(DEPTH);
            let order = if cfg!(mutant = "steal_relaxed") { Ordering::Relaxed } else { Ordering::AcqRel };
            // AcqRel: partners the Release in `put`, by which the slot is handed on, and the swap in `take`: one of the
            // two gets the slot, the other sees 0.
            (0..top).filter_map(move |at| slot(self.entry(class, at).swap(0, order)))
        })
    }

    #[inline]
    fn entry(self, class: usize, at: usize) -> &'a AtomicU64 {
        &self.words[ENTRIES + class * DEPTH + at % DEPTH]
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
        // Relaxed: sums, see the module; the rest is the owner's own.
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

/// Takes what an entry holds; the caller is the lane's owner, has lowered `top` below the entry, and passed a light
/// fence.
#[inline]
fn take(entry: &AtomicU64, thieves: &AtomicU64) -> Option<u16> {
    // Acquire: partners the Release by which a thief lowers it: who finds none sees the zeros that thieves left.
    if thieves.load(Ordering::Acquire) == 0 || cfg!(mutant = "owner_ignores_thieves") {
        // Relaxed: our own store, or the zero of a thief that is gone.
        slot(entry.load(Ordering::Relaxed))
    } else {
        // AcqRel: partners the swap in `steal`.
        slot(entry.swap(0, Ordering::AcqRel))
    }
}

/// Fills an entry above `top`.
#[inline]
fn put(entry: &AtomicU64, slot: u16) {
    // Release, both: partners the swap in `steal`, which may come between this store and that of `top` if the thief saw
    // an older `top`.
    if cfg!(loom) {
        let order = if cfg!(mutant = "put_relaxed") { Ordering::Relaxed } else { Ordering::Release };
        // Loom lets another thread's swap read past a plain store and at once be read after it, which no hardware may.
        entry.swap(u64::from(slot) + 1, order);
    } else {
        entry.store(u64::from(slot) + 1, Ordering::Release);
    }
}

/// The slot that an entry holds.
fn slot(entry: u64) -> Option<u16> {
    entry.checked_sub(1).map(|slot| slot as u16)
}

/// The sum `counter` over all lanes, not below zero.
pub(crate) fn sum(lanes: &Lanes, counter: usize) -> u64 {
    let total = (0..LANES).fold(0u64, |sum, number| sum.wrapping_add(Lane::new(lanes, number).get(counter)));
    total.cast_signed().max(0).cast_unsigned()
}

/// Where lane `number` looks first for a free slot, in words of the bitmap: lanes start far apart, so that their count
/// words do not share cache lines.
pub(crate) fn first_slot_word(number: usize) -> usize {
    number * (SLOTS / crate::bitmap::WORD / LANES)
}
