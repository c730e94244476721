//! The one place that turns mapped memory into Rust values: atomic words, and bytes copied in.

use memmap2::{MmapOptions, MmapRaw};
use neuronbus_sync::{Arc, AtomicU32, AtomicU64};
use std::{fs::File, io, ops::Deref, ptr::NonNull};

/// Shared memory that stays mapped as long as a clone of this lives.
#[derive(Debug, Clone)]
pub struct Map(Arc<MmapRaw>);

/// A `T` in a map: an atomic word, or an array or a slice of them.
#[derive(Debug)]
pub(crate) struct Shared<T: ?Sized> {
    value: NonNull<T>,
    _map: Map,
}

/// What may lie in memory which other threads and processes change.
///
/// # Safety
/// Every bit pattern is a valid value, and every access is atomic.
pub(crate) unsafe trait Word: Sync {}
// SAFETY: an atomic integer has the layout of its integer (std guarantees it), of which every bit pattern is valid.
// Test: tests/file.rs.
unsafe impl Word for AtomicU32 {}
// SAFETY: as for `AtomicU32`.
unsafe impl Word for AtomicU64 {}
// SAFETY: an array is its elements, one after the other.
unsafe impl<T: Word, const N: usize> Word for [T; N] {}
// SAFETY: as for arrays.
unsafe impl<T: Word> Word for [T] {}

// SAFETY: `Shared` gives out `&T` only, `T: Word` is `Sync`, and the map it holds keeps the memory alive on whichever
// thread it is dropped. Test: tests/threads.rs shares an arena between eight threads.
unsafe impl<T: Word + ?Sized> Send for Shared<T> {}
// SAFETY: as for `Send`.
unsafe impl<T: Word + ?Sized> Sync for Shared<T> {}

impl Map {
    /// Memory of no file, private to the process.
    pub(crate) fn private(bytes: usize) -> io::Result<Self> {
        Ok(Self(Arc::new(MmapOptions::new().len(bytes).map_anon()?.into())))
    }

    /// The first `bytes` bytes of `file`, which must be at least that long.
    pub(crate) fn shared(file: &File, bytes: usize) -> io::Result<Self> {
        Ok(Self(Arc::new(MmapOptions::new().len(bytes).map_raw(file)?)))
    }

    /// Bytes mapped.
    pub fn bytes(&self) -> usize {
        self.0.len()
    }

    /// The byte at `offset`; the end of the map if that is past it.
    pub(crate) fn at(&self, offset: usize) -> NonNull<u8> {
        let base = self.0.as_mut_ptr();
        // SAFETY: the offset is clamped to the mapping, which is one allocation, and a mapping is never at address 0
        // (memmap2 returns an error instead). Test: tests/arena.rs, `nb_25_a_view_lies_inside_the_map`.
        unsafe { NonNull::new_unchecked(base.add(offset.min(self.0.len()))) }
    }

    /// The value at byte `offset`; an error if it is not aligned there or does not fit.
    pub(crate) fn value<T: Word>(&self, offset: usize) -> io::Result<Shared<T>> {
        self.check(offset, size_of::<T>(), align_of::<T>())?;
        Ok(Shared { value: self.at(offset).cast(), _map: self.clone() })
    }

    /// `len` values from byte `offset` on; an error if they are not aligned there or do not fit.
    pub(crate) fn slice<T: Word>(&self, offset: usize, len: usize) -> io::Result<Shared<[T]>> {
        self.check(offset, size_of::<T>().saturating_mul(len), align_of::<T>())?;
        Ok(Shared { value: NonNull::slice_from_raw_parts(self.at(offset).cast(), len), _map: self.clone() })
    }

    fn check(&self, offset: usize, bytes: usize, align: usize) -> io::Result<()> {
        let fits = offset.checked_add(bytes).is_some_and(|end| end <= self.0.len());
        if fits && offset.is_multiple_of(align) { Ok(()) } else { Err(io::ErrorKind::InvalidInput.into()) }
    }

    /// Copies `bytes` to `offset`; false, and nothing copied, if they do not fit. The caller must own the bytes there,
    /// or others read a mixture of old and new.
    #[inline]
    pub(crate) fn write(&self, offset: usize, bytes: &[u8]) -> bool {
        let fits = offset.checked_add(bytes.len()).is_some_and(|end| end <= self.0.len());
        if fits {
            // SAFETY: `fits` keeps the target inside the mapping, which is writable and mapped while `self` lives.
            // `copy` allows that the source overlaps it (JavaScript may pass a view of the arena itself). No `&[u8]`
            // covers the target: the only ones into the map are leases (lease.rs), and a block that is leased is not
            // free to be written (table.rs, `left`). Tests: tests/threads.rs, tests/oracle.rs.
            unsafe { std::ptr::copy(bytes.as_ptr(), self.at(offset).as_ptr(), bytes.len()) }
        }
        fits
    }
}

impl<T: Word + ?Sized> Deref for Shared<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: `Map::check` found that the aligned value lies in the mapping, which `_map` keeps; `T: Word` makes
        // any content and any concurrent atomic access valid, and nothing accesses these words otherwise: the ranges
        // for data, counts and header do not overlap (layout.rs, side.rs). Test: tests/file.rs reads the words back
        // from the file.
        unsafe { self.value.as_ref() }
    }
}
