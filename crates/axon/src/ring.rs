//! The memory of a ring: the one file of this crate with unsafe code.
//!
//! A [`Region`] is zeroed words that somebody keeps alive, its own allocation or foreign memory (a `SharedArrayBuffer`, a
//! map). Everything is reached through atomics: no reader and no writer can cause a data race, whatever the cursors say.

use crate::{AxonError, layout::SLOT_WORDS};
use neuronbus_spike::layout::SPIKE_WORDS;
#[cfg(any(miri, not(target_arch = "x86_64")))]
use neuronbus_sync::Ordering;
use neuronbus_sync::{Arc, AtomicU16, AtomicU32, AtomicU64};
use std::{
    alloc::{Layout, alloc_zeroed, dealloc},
    any::Any,
    fmt,
    ptr::NonNull,
    slice,
};
#[cfg(all(target_arch = "x86_64", not(miri)))]
use std::{
    arch::{asm, x86_64::__m128i},
    mem::transmute,
};

/// Bytes that a region starts at a multiple of, at least: a slot is one cache line.
const FOREIGN_ALIGN: usize = 64;
/// The same for memory of our own: the pair of lines that the hardware fetches.
const OWNED_ALIGN: usize = 128;

/// Shared memory of `u64` words, addressed by bytes. A clone is another handle to the same memory.
#[derive(Clone)]
pub struct Region {
    start: NonNull<u8>,
    bytes: usize,
    owner: Arc<dyn Any + Send + Sync>,
}

// SAFETY: `start` is only ever turned into references to atomics, which any thread may use; the memory lives as long as
// `owner`, which is itself Send and Sync. Checked by tests/nb_13.rs and tests/nb_14.rs (threads share a region).
unsafe impl Send for Region {}
// SAFETY: as for Send.
unsafe impl Sync for Region {}

impl Region {
    /// Zeroed memory of its own, 128-byte aligned. Pages that are never touched cost nothing.
    ///
    /// # Errors
    /// [`AxonError::OutOfMemory`].
    pub fn zeroed(bytes: usize) -> Result<Self, AxonError> {
        let owner = Allocation::zeroed(bytes).ok_or(AxonError::OutOfMemory { bytes })?;
        Ok(Self { start: owner.start, bytes, owner: Arc::new(owner) })
    }

    /// Memory that `owner` keeps alive and that others, in other languages or processes, may change at any time.
    ///
    /// # Errors
    /// [`AxonError::Misaligned`] unless `start` is a multiple of 64.
    ///
    /// # Safety
    /// `start` must be valid for reads and writes of `bytes` bytes for as long as `owner` lives, and everybody in this
    /// process must access them by atomic operations only.
    pub unsafe fn foreign(
        start: NonNull<u8>,
        bytes: usize,
        owner: Arc<dyn Any + Send + Sync>,
    ) -> Result<Self, AxonError> {
        let address = start.addr().get();
        if !address.is_multiple_of(FOREIGN_ALIGN) {
            return Err(AxonError::Misaligned { address, align: FOREIGN_ALIGN });
        }
        Ok(Self { start, bytes, owner })
    }

    /// The part of `bytes` bytes from `offset` on, a multiple of 64. It keeps the whole alive.
    ///
    /// # Errors
    /// [`AxonError::OutOfRegion`], [`AxonError::Misaligned`].
    pub fn slice(&self, offset: usize, bytes: usize) -> Result<Self, AxonError> {
        let start = self.part(offset, bytes, FOREIGN_ALIGN)?;
        Ok(Self { start, bytes, owner: Arc::clone(&self.owner) })
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.bytes
    }

    /// Whether it has no bytes.
    pub fn is_empty(&self) -> bool {
        self.bytes == 0
    }

    /// The first byte, for whoever shows the memory to another language. Valid while a handle to the region lives.
    pub fn as_ptr(&self) -> *mut u8 {
        self.start.as_ptr()
    }

    /// All whole words.
    #[inline]
    pub fn words(&self) -> &[AtomicU64] {
        // SAFETY: `start` is aligned to 64 and valid for `bytes` bytes while `self.owner` lives, which outlives the
        // borrow of `self` (both constructors require it); AtomicU64 has the layout of u64, any bits are a value, and
        // shared references to atomics allow every access. Checked by tests/region.rs.
        unsafe { slice::from_raw_parts(self.start.as_ptr().cast(), self.bytes / size_of::<AtomicU64>()) }
    }

    /// A column of `len` u16 from `offset` bytes on, a multiple of 2.
    ///
    /// One place must be used with one width only: mixed widths are not ordered with each other.
    ///
    /// # Errors
    /// [`AxonError::OutOfRegion`], [`AxonError::Misaligned`].
    pub fn u16s(&self, offset: usize, len: usize) -> Result<&[AtomicU16], AxonError> {
        let start = self.column::<AtomicU16>(offset, len)?;
        // SAFETY: `column` checked alignment and bounds; the rest as in `words`. Checked by tests/region.rs.
        Ok(unsafe { slice::from_raw_parts(start.as_ptr(), len) })
    }

    /// A column of `len` u32 from `offset` bytes on, a multiple of 4. One width to a place, see [`Self::u16s`].
    ///
    /// # Errors
    /// [`AxonError::OutOfRegion`], [`AxonError::Misaligned`].
    pub fn u32s(&self, offset: usize, len: usize) -> Result<&[AtomicU32], AxonError> {
        let start = self.column::<AtomicU32>(offset, len)?;
        // SAFETY: `column` checked alignment and bounds; the rest as in `words`. Checked by tests/region.rs.
        Ok(unsafe { slice::from_raw_parts(start.as_ptr(), len) })
    }

    /// A column of `len` u64 from `offset` bytes on, a multiple of 8. One width to a place, see [`Self::u16s`].
    ///
    /// # Errors
    /// [`AxonError::OutOfRegion`], [`AxonError::Misaligned`].
    pub fn u64s(&self, offset: usize, len: usize) -> Result<&[AtomicU64], AxonError> {
        let start = self.column::<AtomicU64>(offset, len)?;
        // SAFETY: `column` checked alignment and bounds; the rest as in `words`. Checked by tests/region.rs.
        Ok(unsafe { slice::from_raw_parts(start.as_ptr(), len) })
    }

    fn column<T>(&self, offset: usize, len: usize) -> Result<NonNull<T>, AxonError> {
        self.part(offset, len.saturating_mul(size_of::<T>()), align_of::<T>()).map(NonNull::cast)
    }

    /// Where the part starts, if it lies inside and is aligned.
    fn part(&self, offset: usize, bytes: usize, align: usize) -> Result<NonNull<u8>, AxonError> {
        if offset.checked_add(bytes).is_none_or(|end| end > self.bytes) {
            return Err(AxonError::OutOfRegion { offset, bytes, available: self.bytes });
        }
        // SAFETY: `offset <= self.bytes`, so the result lies in, or one past the end of, the region that `start` is valid
        // for. Checked by tests/region.rs.
        let start = unsafe { self.start.add(offset) };
        let address = start.addr().get();
        if address.is_multiple_of(align) { Ok(start) } else { Err(AxonError::Misaligned { address, align }) }
    }
}

/// Copies the words of a slot, each of them whole and as if by a Relaxed load: see the callers for what orders them.
#[cfg(any(miri, not(target_arch = "x86_64")))]
#[inline]
pub(crate) fn load(slot: &[AtomicU64; SLOT_WORDS]) -> [u64; SPIKE_WORDS] {
    let mut words = [0; SPIKE_WORDS];
    for (word, cell) in words.iter_mut().zip(slot) {
        // Relaxed: as said above.
        *word = cell.load(Ordering::Relaxed);
    }
    words
}

/// Copies the words of a slot, each of them whole and as if by a Relaxed load: see the callers for what orders them.
///
/// Two words by each load, for which Rust has no atomic: a round trip took 155 ns with eight loads and takes 107 so
/// (docs/benchmarks.md).
#[cfg(all(target_arch = "x86_64", not(miri)))]
#[inline]
pub(crate) fn load(slot: &[AtomicU64; SLOT_WORDS]) -> [u64; SPIKE_WORDS] {
    let (a, b, c, d): (__m128i, __m128i, __m128i, __m128i);
    // SAFETY: reads the 64 bytes that `slot` borrows, and nothing else. No x86-64 processor tears an aligned word inside a
    // wider load, so this is what some order of eight Relaxed loads gives, and no data race. Every x86-64 has SSE2, and
    // any bits are words. Checked by tests/nb_13.rs and tests/nb_18.rs (no torn spike in a lapped ring), tests/region.rs.
    unsafe {
        asm!(
            "movups {a}, xmmword ptr [{slot}]",
            "movups {b}, xmmword ptr [{slot} + 16]",
            "movups {c}, xmmword ptr [{slot} + 32]",
            "movups {d}, xmmword ptr [{slot} + 48]",
            slot = in(reg) slot.as_ptr(),
            a = out(xmm_reg) a,
            b = out(xmm_reg) b,
            c = out(xmm_reg) c,
            d = out(xmm_reg) d,
            options(nostack, preserves_flags, readonly),
        );
        transmute::<[__m128i; SPIKE_WORDS / 2], [u64; SPIKE_WORDS]>([a, b, c, d])
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Region").field("start", &self.start).field("bytes", &self.bytes).finish_non_exhaustive()
    }
}

/// A block of zeros from the allocator.
///
/// Asked for without alignment, and aligned by hand: the allocator hands out fresh pages of zeros for that (`calloc`), but
/// writes every page itself where an alignment is asked for.
struct Allocation {
    block: NonNull<u8>,
    layout: Layout,
    start: NonNull<u8>,
}

// SAFETY: the block belongs to this value alone, and `alloc`/`dealloc` work from any thread.
unsafe impl Send for Allocation {}
// SAFETY: a shared reference gives access to nothing but addresses.
unsafe impl Sync for Allocation {}

impl Allocation {
    fn zeroed(bytes: usize) -> Option<Self> {
        let layout = Layout::from_size_align(bytes.checked_add(OWNED_ALIGN)?, align_of::<u64>()).ok()?;
        // SAFETY: the size is not 0, it holds the OWNED_ALIGN bytes of slack. Checked by tests/region.rs.
        let block = NonNull::new(unsafe { alloc_zeroed(layout) })?;
        // SAFETY: the offset is below OWNED_ALIGN, the slack that `layout` has. Checked by tests/region.rs.
        let start = unsafe { block.add(block.align_offset(OWNED_ALIGN)) };
        Some(Self { block, layout, start })
    }
}

impl Drop for Allocation {
    fn drop(&mut self) {
        // SAFETY: `block` came from `alloc_zeroed` with this layout, in `zeroed`, and is freed once, here.
        unsafe { dealloc(self.block.as_ptr(), self.layout) }
    }
}
