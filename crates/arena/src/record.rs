//! What a slot remembers of its payload: two words, written only by the thread that owns the slot while its count word
//! is free.

use crate::geometry::Geometry;
use neuronbus_sync::{AtomicU64, Ordering};

/// Words of a record.
pub const WORDS: usize = 2;

const KIND_SHIFT: u32 = 56;
const KIND_RUN: u64 = 0xFF;
const GENERATION_SHIFT: u32 = 32;
const USED: u64 = 1 << 48;

/// The record of one slot.
#[derive(Clone, Copy)]
pub(crate) struct Record<'a> {
    place: &'a AtomicU64,
    name: &'a AtomicU64,
}

/// Where a slot's block lies, in one word: kind in the upper byte (0 none, class + 1, 255 a run of spans), offset / 8
/// below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place(u64);

/// What a slot's block holds, in one word: length, generation, and whether there ever was one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Name(u64);

impl<'a> Record<'a> {
    #[inline]
    pub(crate) fn new([place, name]: &'a [AtomicU64; WORDS]) -> Self {
        Self { place, name }
    }

    // Relaxed, all four: the words are handed on by the count word. Whoever reads them loaded it before (Acquire) and
    // swaps it after; whoever writes them owns the slot and stores it after (Release).

    #[inline]
    pub(crate) fn place(self) -> Place {
        Place(self.place.load(Ordering::Relaxed))
    }

    #[inline]
    pub(crate) fn name(self) -> Name {
        Name(self.name.load(Ordering::Relaxed))
    }

    #[inline]
    pub(crate) fn set_place(self, place: Place) {
        self.place.store(place.0, Ordering::Relaxed);
    }

    #[inline]
    pub(crate) fn set_name(self, name: Name) {
        self.name.store(name.0, Ordering::Relaxed);
    }
}

impl Place {
    /// No block.
    pub(crate) const NONE: Self = Self(0);

    /// A block of `class`, or a run of spans.
    pub(crate) fn new(class: Option<usize>, offset: u64) -> Self {
        Self(class.map_or(KIND_RUN, |class| class as u64 + 1) << KIND_SHIFT | offset >> 3)
    }

    /// For a slot that rests: the when in place of the where.
    pub(crate) fn resting(since: u64) -> Self {
        Self(since)
    }

    /// When it went to rest.
    pub(crate) fn since(self) -> u64 {
        self.0
    }

    #[inline]
    pub(crate) fn offset(self) -> u64 {
        (self.0 & ((1 << KIND_SHIFT) - 1)) << 3
    }

    /// The class; none for a run.
    #[inline]
    pub(crate) fn class(self) -> Option<usize> {
        let kind = self.0 >> KIND_SHIFT;
        (kind != KIND_RUN).then(|| (kind as usize).saturating_sub(1))
    }

    pub(crate) fn is_none(self) -> bool {
        self.0 >> KIND_SHIFT == 0
    }

    /// Bytes that a payload of `len` bytes takes here.
    pub(crate) fn bytes(self, geometry: &Geometry, len: u32) -> u64 {
        match self.class() {
            Some(class) => crate::class::block_bytes(class),
            None => geometry.bytes_from(geometry.span_of(self.offset()), geometry.run_of(len.into())),
        }
    }
}

impl Name {
    #[inline]
    pub(crate) fn new(len: u32, generation: u16) -> Self {
        Self(USED | u64::from(generation) << GENERATION_SHIFT | u64::from(len))
    }

    #[inline]
    pub(crate) fn len(self) -> u32 {
        self.0 as u32
    }

    #[inline]
    pub(crate) fn generation(self) -> u16 {
        (self.0 >> GENERATION_SHIFT) as u16
    }

    /// Whether the slot was ever given out.
    pub(crate) fn is_used(self) -> bool {
        self.0 & USED != 0
    }

    /// The generation of the next payload.
    #[inline]
    pub(crate) fn next_generation(self) -> u16 {
        if self.is_used() { self.generation().wrapping_add(1) } else { 0 }
    }
}
