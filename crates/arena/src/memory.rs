//! The two mappings of an arena and the words in them.

use crate::{
    ArenaError, backing,
    bitmap::Bitmap,
    geometry::Geometry,
    lane::Lane,
    layout::{
        ALLOC_OFFSET, CAPACITY, COUNTS, DATA, EPOCH, MAX_CAPACITY, MIN_CAPACITY, REF_COUNT_NEXT, SLOTS, file_bytes,
    },
    map::{Map, Words},
    side::Side,
    spans::Spans,
    table::Table,
    thread,
};
use neuronbus_sync::{AtomicU32, AtomicU64, Ordering};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// Shared memory of one arena.
#[derive(Debug)]
pub(crate) struct Memory {
    pub(crate) map: Map,
    pub(crate) capacity: u64,
    pub(crate) geometry: Geometry,
    header: Words<AtomicU64>,
    slots_used: Words<AtomicU32>,
    counts: Words<AtomicU32>,
    side: Words<AtomicU64>,
    ranges: Side,
}

impl Memory {
    pub(crate) fn anonymous(capacity: u64) -> Result<Self, ArenaError> {
        let ranges = cut(capacity)?;
        let failed = |source| ArenaError::Io { path: PathBuf::from("anonymous"), source };
        let map = backing::anonymous(file_bytes(capacity)).map_err(failed)?;
        let side = backing::anonymous(ranges.bytes()).map_err(failed)?;
        Ok(Self::new(map, &side, capacity, ranges))
    }

    pub(crate) fn file(path: &Path, capacity: u64) -> Result<Self, ArenaError> {
        let ranges = cut(capacity)?;
        let failed = |path: &Path, source: io::Error| ArenaError::Io { path: path.to_owned(), source };
        let map = backing::create(path, file_bytes(capacity)).map_err(|source| failed(path, source))?;
        let beside = side_path(path);
        let side = backing::create(&beside, ranges.bytes()).map_err(|source| {
            // The arena's file is ours and useless alone; that it cannot be removed adds nothing to the error at hand.
            drop(fs::remove_file(path));
            failed(&beside, source)
        })?;
        Ok(Self::new(map, &side, capacity, ranges))
    }

    fn new(map: Map, side: &Map, capacity: u64, ranges: Side) -> Self {
        let memory = Self {
            header: map.words(0, 3),
            slots_used: map.words(REF_COUNT_NEXT, 1),
            counts: map.words(COUNTS, SLOTS),
            side: side.words(0, ranges.lanes.end),
            geometry: Geometry::new(capacity),
            map,
            capacity,
            ranges,
        };
        // Relaxed: nobody else knows the memory yet.
        memory.header(CAPACITY).store(capacity, Ordering::Relaxed);
        memory
    }

    /// The header word at byte `at`.
    fn header(&self, at: usize) -> &AtomicU64 {
        &self.header[at / 8]
    }

    pub(crate) fn epoch(&self) -> &AtomicU64 {
        self.header(EPOCH)
    }

    pub(crate) fn alloc_offset(&self) -> &AtomicU64 {
        self.header(ALLOC_OFFSET)
    }

    pub(crate) fn slots_used(&self) -> &AtomicU32 {
        &self.slots_used[0]
    }

    /// A word of the side header.
    pub(crate) fn side_header(&self, at: usize) -> &AtomicU64 {
        &self.side[self.ranges.header.clone()][at]
    }

    #[inline]
    pub(crate) fn table(&self) -> Table<'_> {
        Table::new(&self.counts, &self.side[self.ranges.records.clone()], self.geometry.usable_bytes())
    }

    pub(crate) fn spans(&self) -> Spans<'_> {
        Spans {
            geometry: self.geometry,
            pool: &self.side[self.ranges.pool.clone()],
            room: &self.side[self.ranges.room.clone()],
            states: &self.side[self.ranges.states.clone()],
            blocks: &self.side[self.ranges.blocks.clone()],
        }
    }

    pub(crate) fn slots_taken(&self) -> Bitmap<'_> {
        Bitmap::new(&self.side[self.ranges.slots_taken.clone()], SLOTS)
    }

    pub(crate) fn slots_resting(&self) -> Bitmap<'_> {
        Bitmap::new(&self.side[self.ranges.slots_resting.clone()], SLOTS)
    }

    #[inline]
    pub(crate) fn lanes(&self) -> &[AtomicU64] {
        &self.side[self.ranges.lanes.clone()]
    }

    /// The lane of the calling thread.
    #[inline]
    pub(crate) fn lane(&self) -> Lane<'_> {
        Lane::new(self.lanes(), thread::number())
    }

    /// Copies a payload to `offset` of the data. The caller owns the block there.
    #[inline]
    pub(crate) fn copy_in(&self, offset: u64, bytes: &[u8]) -> bool {
        self.map.write(DATA + offset as usize, bytes)
    }
}

/// The file beside the arena's file (see `side.rs`).
fn side_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".meta");
    name.into()
}

fn cut(capacity: u64) -> Result<Side, ArenaError> {
    if (MIN_CAPACITY..=MAX_CAPACITY).contains(&capacity) {
        Ok(Side::new(&Geometry::new(capacity)))
    } else {
        Err(ArenaError::Capacity { found: capacity })
    }
}
