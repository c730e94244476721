//! The one place that turns mapped memory into Rust values: atomic words, and bytes copied in.

use memmap2::{MmapOptions, MmapRaw};
use neuronbus_sync::{Arc, AtomicU32, AtomicU64};
#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::{__m256i, _mm256_loadu_si256, _mm256_store_si256};
use std::{
    fs::File,
    io,
    ops::Deref,
    ptr::{self, NonNull},
};

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
            // SAFETY: `fits` keeps the target inside the mapping, which is writable and mapped while `self` lives. No
            // `&[u8]` covers the target: the only ones into the map are leases (lease.rs), and a block that is leased
            // is not free to be written (table.rs, `left`). Tests: tests/threads.rs, tests/oracle.rs.
            unsafe { copy(bytes.as_ptr(), self.at(offset).as_ptr(), bytes.len()) }
        }
        fits
    }
}

/// From this many bytes on [`copy_by_lanes`] is faster than the copy of the system (docs/benchmarks.md, P12b).
#[cfg(target_arch = "x86_64")]
const LANES_FROM: usize = 512;

/// Copies `len` bytes. The ranges may overlap: JavaScript may pass a view of the arena itself.
///
/// # Safety
/// As for [`ptr::copy`]: `from` is valid for reads of `len` bytes, `to` for writes.
#[inline]
unsafe fn copy(from: *const u8, to: *mut u8, len: usize) {
    #[cfg(target_arch = "x86_64")]
    {
        let apart = from.addr().abs_diff(to.addr()) >= len;
        let aligned = to.addr().is_multiple_of(align_of::<__m256i>());
        if len >= LANES_FROM && apart && aligned && is_x86_feature_detected!("avx") {
            // SAFETY: the processor has AVX, `to` is aligned and the ranges are apart, as was just seen; the rest the
            // caller vouches for. Test: `copies_are_exact`.
            return unsafe { copy_by_lanes(from, to, len) };
        }
    }
    // SAFETY: the caller vouches for it. Test: `copies_are_exact`.
    unsafe { ptr::copy(from, to, len) }
}

/// Copies `len` bytes, 32 to an aligned store. The data of an arena begin in the middle of a cache line (NB-23), where
/// wider stores touch two lines each.
///
/// # Safety
/// The processor has AVX; `from` is valid for reads of `len` bytes, `to` for writes and aligned to 32; they do not
/// overlap.
// The casts: unaligned loads take any address, and the caller has aligned the stores.
#[allow(clippy::cast_ptr_alignment)]
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx")]
unsafe fn copy_by_lanes(from: *const u8, to: *mut u8, len: usize) {
    const STEP: usize = 4 * size_of::<__m256i>();
    let mut done = 0;
    while len - done >= STEP {
        // SAFETY: `done + STEP` is not above `len`; loads need no alignment, and `done` is a multiple of 32, which keeps
        // the stores aligned. Test: `copies_are_exact`.
        unsafe {
            let from = from.add(done).cast::<__m256i>();
            let to = to.add(done).cast::<__m256i>();
            // All loads before the stores, or each store waits for its load.
            let first = _mm256_loadu_si256(from);
            let second = _mm256_loadu_si256(from.add(1));
            let third = _mm256_loadu_si256(from.add(2));
            let fourth = _mm256_loadu_si256(from.add(3));
            _mm256_store_si256(to, first);
            _mm256_store_si256(to.add(1), second);
            _mm256_store_si256(to.add(2), third);
            _mm256_store_si256(to.add(3), fourth);
        }
        done += STEP;
    }
    // SAFETY: `done` is not above `len`, and the ranges do not overlap. Test: `copies_are_exact`.
    unsafe { ptr::copy_nonoverlapping(from.add(done), to.add(done), len - done) }
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

#[cfg(test)]
mod tests {
    use super::copy;
    use std::ptr::NonNull;

    /// Every copy of `len` bytes within one allocation, against what `copy_within` does.
    fn check(from: usize, to: usize, len: usize) {
        let room = from.max(to) + len + 64;
        // Aligned to 32, so that `to` says what is aligned.
        let mut words = vec![[0u128; 2]; room.div_ceil(32)];
        let start = NonNull::from(words.as_mut_slice()).cast::<u8>();
        let mut expected: Vec<u8> = (0..room).map(|at| (at * 31 % 251) as u8).collect();
        for (at, byte) in expected.iter().enumerate() {
            // SAFETY: `at` is below `room`, which the words cover.
            unsafe { start.add(at).write(*byte) }
        }
        // SAFETY: `from + len` and `to + len` are below `room`.
        unsafe { copy(start.as_ptr().add(from), start.as_ptr().add(to), len) }
        expected.copy_within(from..from + len, to);
        // SAFETY: all of `room` was written above.
        let found: Vec<u8> = (0..room).map(|at| unsafe { start.add(at).read() }).collect();
        assert_eq!(found, expected, "{len} bytes from {from} to {to}");
    }

    #[test]
    fn copies_are_exact() {
        let lens: &[usize] = if cfg!(miri) {
            &[1, 511, 640, 777]
        } else {
            &[0, 1, 63, 64, 511, 512, 513, 639, 640, 641, 1024, 4096, 5555]
        };
        for &len in lens {
            for shift in [0, 1, 16, 31] {
                let after = (len + shift).next_multiple_of(32);
                // Apart, to an aligned place and to another; then overlapping by all but 32 bytes, both ways.
                for (from, to) in [(shift, after), (shift, after + 1), (after, 0), (32 + shift, 32), (shift, 32)] {
                    check(from, to, len);
                }
            }
        }
    }
}
