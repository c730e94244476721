//! The two mappings of an arena and the words in them.

use crate::{
    ArenaError, backing,
    bitmap::Bitmap,
    depot::Depot,
    fence,
    geometry::Geometry,
    lane::{Lane, Lanes},
    layout::{
        ALLOC_OFFSET, CAPACITY, COUNTS, DATA, EPOCH, MAX_CAPACITY, MIN_CAPACITY, REF_COUNT_NEXT, SLOTS, file_bytes,
    },
    map::{Map, Shared},
    side::{self, HIGH_WATER, RESTS, Side, THIEVES},
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
    header: Shared<[AtomicU64; REF_COUNT_NEXT / 8]>,
    slots_used: Shared<AtomicU32>,
    counts: Shared<[AtomicU32; SLOTS]>,
    side: Side,
    fenced: bool,
}

impl Memory {
    pub(crate) fn anonymous(capacity: u64) -> Result<Self, ArenaError> {
        let geometry = cut(capacity)?;
        let make = || {
            Self::new(backing::anonymous(file_bytes(capacity))?, &backing::anonymous(side::bytes(&geometry))?, capacity)
        };
        make().map_err(|source| ArenaError::Io { path: PathBuf::from("anonymous"), source })
    }

    pub(crate) fn file(path: &Path, capacity: u64) -> Result<Self, ArenaError> {
        let geometry = cut(capacity)?;
        let failed = |path: &Path, source: io::Error| ArenaError::Io { path: path.to_owned(), source };
        let map = backing::create(path, file_bytes(capacity)).map_err(|source| failed(path, source))?;
        let beside = side_path(path);
        let side = backing::create(&beside, side::bytes(&geometry)).map_err(|source| {
            // The arena's file is ours and useless alone; that it cannot be removed adds nothing to the error at hand.
            drop(fs::remove_file(path));
            failed(&beside, source)
        })?;
        Self::new(map, &side, capacity).map_err(|source| failed(path, source))
    }

    fn new(map: Map, side: &Map, capacity: u64) -> io::Result<Self> {
        let geometry = Geometry::new(capacity);
        let memory = Self {
            header: map.value(0)?,
            slots_used: map.value(REF_COUNT_NEXT)?,
            counts: map.value(COUNTS)?,
            side: Side::new(side, &geometry)?,
            fenced: fence::prepare(),
            geometry,
            map,
            capacity,
        };
        if !memory.fenced {
            // Relaxed: nobody else knows the memory yet.
            memory.thieves().store(1, Ordering::Relaxed);
        }
        // Relaxed: nobody else knows the memory yet.
        memory.header[CAPACITY / 8].store(capacity, Ordering::Relaxed);
        Ok(memory)
    }

    pub(crate) fn epoch(&self) -> &AtomicU64 {
        &self.header[EPOCH / 8]
    }

    pub(crate) fn alloc_offset(&self) -> &AtomicU64 {
        &self.header[ALLOC_OFFSET / 8]
    }

    pub(crate) fn slots_used(&self) -> &AtomicU32 {
        &self.slots_used
    }

    pub(crate) fn high_water(&self) -> &AtomicU64 {
        &self.side.header[HIGH_WATER]
    }

    /// How many threads are taking from the lanes of others.
    #[inline]
    pub(crate) fn thieves(&self) -> &AtomicU64 {
        &self.side.header[THIEVES]
    }

    /// Passes a heavy fence. Where there is none, `thieves` is never 0 and nobody needs one.
    pub(crate) fn heavy_fence(&self) -> bool {
        !self.fenced || fence::heavy()
    }

    /// How many slots have gone to rest so far.
    pub(crate) fn rests(&self) -> &AtomicU64 {
        &self.side.header[RESTS]
    }

    #[inline]
    pub(crate) fn table(&self) -> Table<'_> {
        Table::new(&*self.counts, &*self.side.records, self.geometry.usable_bytes())
    }

    pub(crate) fn spans(&self) -> Spans<'_> {
        let Side { pool, room, states, blocks, .. } = &self.side;
        Spans { geometry: &self.geometry, pool, room, states, blocks }
    }

    pub(crate) fn slots_taken(&self) -> Bitmap<'_> {
        Bitmap::new(&*self.side.slots_taken, SLOTS)
    }

    pub(crate) fn slots_resting(&self) -> Bitmap<'_> {
        Bitmap::new(&*self.side.slots_resting, SLOTS)
    }

    pub(crate) fn depot(&self) -> Depot<'_> {
        Depot::new(&self.side.depot)
    }

    pub(crate) fn lanes(&self) -> &Lanes {
        &self.side.lanes
    }

    /// The lane of the calling thread.
    #[inline]
    pub(crate) fn lane(&self) -> Lane<'_> {
        Lane::new(&self.side.lanes, thread::number())
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

fn cut(capacity: u64) -> Result<Geometry, ArenaError> {
    if (MIN_CAPACITY..=MAX_CAPACITY).contains(&capacity) {
        Ok(Geometry::new(capacity))
    } else {
        Err(ArenaError::Capacity { found: capacity })
    }
}
