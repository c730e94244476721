//! What the arena knows about its bytes beyond the file layout of the spec: a second mapping beside it.
//!
//! The size of the arena's file is fixed (NB-23), its data begin at offset 0 with the first payload (NB-24), and one
//! payload of nine tenths of the capacity must fit when all is released. So the records of the slots and the state of
//! the spans cannot lie in the file or in spans of their own: they lie in `<path>.meta` (a second `memfd` for an
//! anonymous arena). They are shared memory as well, hold offsets and no pointers, and begin as zeros, so that a second
//! process can map both and work. They are also out of reach of JavaScript, which sees the data as one writable buffer
//! and could otherwise overwrite them by accident.
//!
//! ```text
//!  header 16 · records 2 × 65,536 · slots taken 1,024 · slots resting 1,024 · lanes 32 × 6,256 (`lane.rs`)
//!  · depot (`depot.rs`) · pool · room (per class) · span states · block bits (per span)                                     all u64, parts aligned to 128 bytes
//! ```

use crate::{
    bitmap::WORD,
    class::CLASSES,
    depot::DEPOT_WORDS,
    geometry::Geometry,
    lane::{LANE_WORDS, LANES},
    layout::SLOTS,
    map::{Map, Shared},
    record,
};
use neuronbus_sync::AtomicU64;
use std::io;

/// Parts of the mapping.
const PARTS: usize = 10;
/// Words of the header.
const HEADER: usize = 16;
/// Header word: the most bytes in use so far.
pub(crate) const HIGH_WATER: usize = 0;
/// Header word: how many slots have gone to rest so far.
pub(crate) const RESTS: usize = 1;

/// Header word: how many threads are taking from the lanes of others.
pub(crate) const THIEVES: usize = 2;

/// The parts of the side mapping.
#[derive(Debug)]
pub(crate) struct Side {
    pub(crate) header: Shared<[AtomicU64; HEADER]>,
    pub(crate) records: Shared<[[AtomicU64; record::WORDS]; SLOTS]>,
    pub(crate) slots_taken: Shared<[AtomicU64; SLOTS / WORD]>,
    pub(crate) slots_resting: Shared<[AtomicU64; SLOTS / WORD]>,
    pub(crate) lanes: Shared<[[AtomicU64; LANE_WORDS]; LANES]>,
    pub(crate) depot: Shared<[AtomicU64; DEPOT_WORDS]>,
    pub(crate) pool: Shared<[AtomicU64]>,
    pub(crate) room: Shared<[AtomicU64]>,
    pub(crate) states: Shared<[AtomicU64]>,
    pub(crate) blocks: Shared<[AtomicU64]>,
}

/// Where the parts begin, in words; the last is the end.
fn cuts(geometry: &Geometry) -> [usize; PARTS + 1] {
    let spans = geometry.spans();
    let words = [
        HEADER,
        SLOTS * record::WORDS,
        SLOTS / WORD,
        SLOTS / WORD,
        LANES * LANE_WORDS,
        DEPOT_WORDS,
        spans.div_ceil(WORD),
        CLASSES * spans.div_ceil(WORD),
        spans,
        spans * geometry.block_words(),
    ];
    let mut cuts = [0; PARTS + 1];
    for (at, words) in words.into_iter().enumerate() {
        // Two cache lines apart.
        cuts[at + 1] = (cuts[at] + words).next_multiple_of(16);
    }
    cuts
}

/// Bytes of the mapping for an arena so cut.
pub(crate) fn bytes(geometry: &Geometry) -> u64 {
    cuts(geometry)[PARTS] as u64 * 8
}

impl Side {
    /// The parts of `map`, which must have [`bytes`] bytes.
    pub(crate) fn new(map: &Map, geometry: &Geometry) -> io::Result<Self> {
        let cuts = cuts(geometry).map(|words| words * 8);
        let slice = |at: usize| map.slice(cuts[at], (cuts[at + 1] - cuts[at]) / 8);
        Ok(Self {
            header: map.value(cuts[0])?,
            records: map.value(cuts[1])?,
            slots_taken: map.value(cuts[2])?,
            slots_resting: map.value(cuts[3])?,
            lanes: map.value(cuts[4])?,
            depot: map.value(cuts[5])?,
            pool: slice(6)?,
            room: slice(7)?,
            states: slice(8)?,
            blocks: slice(9)?,
        })
    }
}
