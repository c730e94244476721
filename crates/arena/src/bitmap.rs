//! A set of small numbers in shared words, claimed by compare-and-swap: free spans, free slots, blocks of a span.
//!
//! A zero bit is free and a one bit is taken, so that fresh memory, all zero, is a valid empty set. Claims are
//! `Acquire` and partner the `Release` of [`Bitmap::clear`]: who claims a thing sees everything its last owner did to
//! it.

use neuronbus_sync::{AtomicU64, Ordering};

/// Bits of a word.
pub const WORD: usize = 64;

/// `bits` numbers, from 0, over words that others change at the same time.
#[derive(Clone, Copy)]
pub struct Bitmap<'a> {
    words: &'a [AtomicU64],
    bits: usize,
}

impl<'a> Bitmap<'a> {
    /// The set in `words`; `words` must hold at least `bits` bits.
    pub fn new(words: &'a [AtomicU64], bits: usize) -> Self {
        debug_assert!(words.len() * WORD >= bits);
        Self { words: &words[..bits.div_ceil(WORD)], bits }
    }

    /// Takes the first free number, looking from word `from` on and around.
    pub fn claim_first(&self, from: usize) -> Option<usize> {
        let count = self.words.len();
        (0..count).find_map(|step| {
            let at = if from + step < count { from + step } else { (from + step) % count };
            self.claim_in(at)
        })
    }

    /// Gives `bit` back; true if it was taken.
    pub fn clear(&self, bit: usize) -> bool {
        let mask = 1 << (bit % WORD);
        let order = if cfg!(mutant = "clear_relaxed") { Ordering::Relaxed } else { Ordering::AcqRel };
        // Release: partners the Acquire of every claim. Acquire: the one who clears a hint must see what the one who
        // set it did before.
        self.words[bit / WORD].fetch_and(!mask, order) & mask != 0
    }

    /// Marks `bit` as taken, whether it was or not: for sets that are hints, where taken means "look here".
    pub fn mark(&self, bit: usize) {
        // Release: partners the AcqRel of `clear`, by which a hint is taken up.
        self.words[bit / WORD].fetch_or(1 << (bit % WORD), Ordering::Release);
    }

    /// Every taken number, each looked up as the iterator gets there.
    pub fn taken(self) -> impl Iterator<Item = usize> + 'a {
        self.words.iter().enumerate().flat_map(|(at, word)| {
            // Relaxed: advice, acted on only after a claim or a clear.
            Ones(word.load(Ordering::Relaxed)).map(move |bit| at * WORD + bit)
        })
    }

    fn claim_in(&self, at: usize) -> Option<usize> {
        let word = &self.words[at];
        // Relaxed: the swap decides.
        let mut seen = word.load(Ordering::Relaxed);
        loop {
            let free = !seen & self.valid(at);
            if free == 0 {
                return None;
            }
            let bit = free.trailing_zeros();
            let order = if cfg!(mutant = "claim_relaxed") { Ordering::Relaxed } else { Ordering::Acquire };
            // Acquire: partners the Release of `clear`. Relaxed on failure: the swap decides.
            match word.compare_exchange_weak(seen, seen | 1 << bit, order, Ordering::Relaxed) {
                Ok(_) => return Some(at * WORD + bit as usize),
                Err(now) => seen = now,
            }
        }
    }

    /// The bits of word `at` that belong to the set.
    fn valid(&self, at: usize) -> u64 {
        range(at, 0, self.bits)
    }
}

/// Runs of neighbours.
impl Bitmap<'_> {
    /// Takes the first `count` free neighbours; none if there is no such run at the moment.
    pub fn claim_run(&self, count: usize) -> Option<usize> {
        let mut from = 0;
        loop {
            let start = self.free_run(from, count)?;
            match self.try_claim_run(start, count) {
                Ok(()) => return Some(start),
                // Somebody else was faster there: they made progress, and we look on.
                Err(taken) => from = taken,
            }
        }
    }

    /// Gives `count` neighbours back, which the caller had claimed.
    pub fn clear_run(&self, start: usize, count: usize) {
        for at in start / WORD..(start + count).div_ceil(WORD) {
            let order = if cfg!(mutant = "run_clear_relaxed") { Ordering::Relaxed } else { Ordering::Release };
            // Release: partners the Acquire of every claim.
            self.words[at].fetch_and(!range(at, start, start + count), order);
        }
    }

    fn try_claim_run(&self, start: usize, count: usize) -> Result<(), usize> {
        let end = start + count;
        for at in start / WORD..end.div_ceil(WORD) {
            let mask = range(at, start, end);
            let order = if cfg!(mutant = "run_claim_relaxed") { Ordering::Relaxed } else { Ordering::Acquire };
            // Acquire: partners the Release of `clear` and `clear_run`.
            let before = self.words[at].fetch_or(mask, order) & mask;
            if before != 0 {
                // Ours are only the bits that were free. Release: as in `clear`; nothing was done with them.
                let own = if cfg!(mutant = "run_takes_all_back") { mask } else { mask & !before };
                self.words[at].fetch_and(!own, Ordering::Release);
                if at * WORD > start {
                    self.clear_run(start, at * WORD - start);
                }
                return Err(at * WORD + before.trailing_zeros() as usize);
            }
        }
        Ok(())
    }

    /// The first start at or after `from` of `count` numbers that all look free.
    fn free_run(&self, from: usize, count: usize) -> Option<usize> {
        let mut start = self.next(from, self.bits, 0)?;
        while start.checked_add(count)? <= self.bits {
            match self.next(start, start + count, u64::MAX) {
                None => return Some(start),
                Some(taken) => start = self.next(taken, self.bits, 0)?,
            }
        }
        None
    }

    /// The first number in `from..to` whose bit equals that of `pattern`: 0 looks for free ones, `u64::MAX` for taken
    /// ones.
    fn next(&self, from: usize, to: usize, pattern: u64) -> Option<usize> {
        (from / WORD..to.div_ceil(WORD)).find_map(|at| {
            // Relaxed: advice, acted on only after a claim.
            let hits = !(self.words[at].load(Ordering::Relaxed) ^ pattern) & range(at, from, to);
            (hits != 0).then(|| at * WORD + hits.trailing_zeros() as usize)
        })
    }
}

/// The bits of word `at` that lie in `from..to`.
fn range(at: usize, from: usize, to: usize) -> u64 {
    let low = from.saturating_sub(at * WORD).min(WORD);
    let high = to.saturating_sub(at * WORD).min(WORD);
    below(high) & !below(low)
}

fn below(bit: usize) -> u64 {
    1u64.checked_shl(bit as u32).map_or(u64::MAX, |one| one - 1)
}

/// The positions of the ones in a word.
struct Ones(u64);

impl Iterator for Ones {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let bit = (self.0 != 0).then(|| self.0.trailing_zeros() as usize)?;
        self.0 &= self.0 - 1;
        Some(bit)
    }
}
