//! What the arena knows about its bytes beyond the file layout of the spec: a second mapping beside it.
//!
//! The size of the arena's file is fixed (NB-23), its data begin at offset 0 with the first payload (NB-24), and one payload of nine tenths of
//! the capacity must fit when all is released. So the records of the slots and the state of the spans cannot lie in the file or in
//! spans of their own: they lie in `<path>.meta` (a second `memfd` for an anonymous arena). They are shared memory as well, hold offsets and
//! no pointers, and begin as zeros, so that a second process can map both and work. They are also out of reach of JavaScript, which sees
//! the data as one writable buffer and could otherwise overwrite them by accident.
//!
//! ```text
//!  header 16 words · records 2 × 65,536 · slots taken 1,024 · slots resting 1,024 · pool · room (per class) · span states · block bits (per span)
//!  · lanes 64 × 1,648 (`lane.rs`)                                                                     all u64
//! ```

use crate::{
    bitmap::WORD,
    class::CLASSES,
    geometry::Geometry,
    lane::{LANE_WORDS, LANES},
    layout::SLOTS,
    record,
};
use std::ops::Range;

/// Words of the header.
const HEADER: usize = 16;
/// Header word: the most bytes in use so far.
pub(crate) const HIGH_WATER: usize = 0;
/// Header word: how many slots have gone to rest so far.
pub(crate) const RESTS: usize = 1;

/// Which words of the side mapping hold what.
#[derive(Debug, Clone)]
pub(crate) struct Side {
    pub(crate) header: Range<usize>,
    pub(crate) records: Range<usize>,
    pub(crate) slots_taken: Range<usize>,
    pub(crate) slots_resting: Range<usize>,
    pub(crate) pool: Range<usize>,
    pub(crate) room: Range<usize>,
    pub(crate) states: Range<usize>,
    pub(crate) blocks: Range<usize>,
    pub(crate) lanes: Range<usize>,
}

impl Side {
    pub(crate) fn new(geometry: &Geometry) -> Self {
        let spans = geometry.spans();
        let mut end = 0;
        let mut take = |words: usize| {
            let start = end;
            end = (start + words).next_multiple_of(HEADER);
            start..start + words
        };
        Self {
            header: take(HEADER),
            records: take(SLOTS * record::WORDS),
            slots_taken: take(SLOTS / WORD),
            slots_resting: take(SLOTS / WORD),
            pool: take(spans.div_ceil(WORD)),
            room: take(CLASSES * spans.div_ceil(WORD)),
            states: take(spans),
            blocks: take(spans * geometry.block_words()),
            lanes: take(LANES * LANE_WORDS),
        }
    }

    /// Bytes of the whole mapping.
    pub(crate) fn bytes(&self) -> u64 {
        self.lanes.end as u64 * 8
    }
}
