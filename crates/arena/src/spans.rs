//! Who has which bytes: spans out of a common pool, blocks out of spans.
//!
//! A span serves one size class as long as one of its blocks is taken; with the last block it goes back to the pool,
//! and the next one to take it may be of any class. Nothing here is ever locked: a peer that dies between two steps
//! keeps at most the block it was about to take or give back.
//!
//! The state of a span is one word: blocks taken in the low half, class + 1 above it, 0 when it is in the pool or part
//! of a run. A block is first counted in the state and then found in the bitmap; on the way back it is first cleared
//! and then uncounted. So there are never more bits set than counted, and who has counted finds a bit.

use crate::{bitmap::Bitmap, class::block_bytes, geometry::Geometry};
use neuronbus_sync::{AtomicU64, Ordering};

const CLASS_SHIFT: u32 = 32;
const TAKEN: u64 = (1 << CLASS_SHIFT) - 1;

/// The shared words, borrowed for a call.
#[derive(Clone, Copy)]
pub struct Spans<'a> {
    /// How the capacity is cut.
    pub geometry: &'a Geometry,
    /// Spans that are not in the pool.
    pub pool: &'a [AtomicU64],
    /// Per class: spans where somebody without a span of his own should look.
    pub room: &'a [AtomicU64],
    /// Per span: its state.
    pub states: &'a [AtomicU64],
    /// Per span: its taken blocks.
    pub blocks: &'a [AtomicU64],
}

impl Spans<'_> {
    /// Takes a block of `class`, best from the span in `own`; the span it came from is then in `own`.
    pub fn take(&self, class: usize, own: &mut Option<usize>) -> Option<u64> {
        let own_block = (*own).and_then(|span| self.take_in(span, class));
        let (span, offset) = match (*own, own_block) {
            (Some(_), Some(offset)) => return Some(offset),
            _ => self.take_with_room(class).or_else(|| self.open(class)).or_else(|| self.search(class))?,
        };
        *own = Some(span);
        Some(offset)
    }

    /// Tells everybody to look for blocks of `class` in `span`, which is nobody's own.
    pub fn offer(&self, class: usize, span: usize) {
        self.room(class).mark(span);
    }

    /// Gives a block of `class` back.
    pub fn give(&self, class: usize, offset: u64) {
        let span = self.geometry.span_of(offset);
        let block = (offset - self.geometry.first_block(span, class)) / block_bytes(class);
        self.bits(span, class).clear(block as usize);
        self.uncount(span, class);
    }

    /// Takes neighbouring spans for `len` bytes.
    pub fn take_run(&self, len: u64) -> Option<u64> {
        let count = self.geometry.run_of(len);
        let pool = self.pool();
        let start = pool.claim_run(count)?;
        let first = self.geometry.first_of_run(start, count, len);
        if first.is_none() {
            // The run ends in the shorter last span, which is the highest: no other run can do better.
            pool.clear_run(start, count);
        }
        first
    }

    /// Gives the spans of a run of `len` bytes back.
    pub fn give_run(&self, offset: u64, len: u64) {
        self.pool().clear_run(self.geometry.span_of(offset), self.geometry.run_of(len));
    }

    /// Spans that are not in the pool, at the moment.
    pub fn taken(&self) -> usize {
        self.pool().taken().count()
    }

    /// A block of a span that has room and that nobody has made his own.
    fn take_with_room(&self, class: usize) -> Option<(usize, u64)> {
        let room = self.room(class);
        room.taken().find_map(|span| {
            let taken = room.clear(span).then(|| self.take_in(span, class)).flatten();
            Some((span, taken?))
        })
    }

    /// A block of a span fresh from the pool.
    fn open(&self, class: usize) -> Option<(usize, u64)> {
        let span = self.pool().claim_first(0)?;
        if self.geometry.blocks(span, class) == 0 {
            // Only the shorter last span can be too short, and it is the highest: the pool is empty.
            self.pool().clear(span);
            return None;
        }
        // Relaxed: the span is ours alone until this word says otherwise, and the word carries nothing but itself; the
        // blocks are handed on by their bits.
        self.states[span].store((class as u64 + 1) << CLASS_SHIFT | 1, Ordering::Relaxed);
        Some((span, self.find(span, class)))
    }

    /// Any block of any span of the class: others' own spans too, when memory is short.
    fn search(&self, class: usize) -> Option<(usize, u64)> {
        (0..self.geometry.spans()).find_map(|span| Some((span, self.take_in(span, class)?)))
    }

    fn take_in(&self, span: usize, class: usize) -> Option<u64> {
        let (state, limit) = (&self.states[span], self.geometry.blocks(span, class) as u64);
        // Relaxed: the swap decides.
        let mut seen = state.load(Ordering::Relaxed);
        loop {
            if seen >> CLASS_SHIFT != class as u64 + 1 || seen & TAKEN >= limit {
                return None;
            }
            // Acquire: partners the Release of `uncount`: the bits of the blocks it counted down are clear. Relaxed on
            // failure: see above.
            match state.compare_exchange_weak(seen, seen + 1, Ordering::Acquire, Ordering::Relaxed) {
                Ok(_) => return Some(self.find(span, class)),
                Err(now) => seen = now,
            }
        }
    }

    /// The block that was counted. Somebody else may take the bit that we see, but then leaves another one.
    fn find(&self, span: usize, class: usize) -> u64 {
        let bits = self.bits(span, class);
        loop {
            if let Some(block) = bits.claim_first(0) {
                return self.geometry.first_block(span, class) + block as u64 * block_bytes(class);
            }
            neuronbus_sync::spin_loop();
        }
    }

    fn uncount(&self, span: usize, class: usize) {
        let (state, limit) = (&self.states[span], self.geometry.blocks(span, class) as u64);
        // Relaxed: the swap decides.
        let mut seen = state.load(Ordering::Relaxed);
        loop {
            let left = (seen & TAKEN) - 1;
            let next = if left == 0 { 0 } else { seen - 1 };
            let order = if cfg!(mutant = "uncount_relaxed") { Ordering::Relaxed } else { Ordering::AcqRel };
            // Release: partners the Acquire in `take_in`. Acquire: whoever empties the span hands it to the pool with
            // what all others did to it. Relaxed on failure: see above.
            match state.compare_exchange_weak(seen, next, order, Ordering::Relaxed) {
                Ok(_) if left == 0 => return self.pool().clear_run(span, 1),
                Ok(_) if left + 1 == limit => return self.room(class).mark(span),
                Ok(_) => return,
                Err(now) => seen = now,
            }
        }
    }

    fn pool(&self) -> Bitmap<'_> {
        Bitmap::new(self.pool, self.geometry.spans())
    }

    fn room(&self, class: usize) -> Bitmap<'_> {
        let spans = self.geometry.spans();
        let words = spans.div_ceil(crate::bitmap::WORD);
        Bitmap::new(&self.room[class * words..(class + 1) * words], spans)
    }

    fn bits(&self, span: usize, class: usize) -> Bitmap<'_> {
        let words = self.geometry.block_words();
        Bitmap::new(&self.blocks[span * words..(span + 1) * words], self.geometry.blocks(span, class))
    }
}
