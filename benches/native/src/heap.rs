//! The allocators that the arena is compared with, called as they are: take, copy, give back.

use crate::harness::fail;
use std::{
    alloc::{GlobalAlloc, Layout},
    hint::black_box,
    ptr::NonNull,
    slice,
};

/// Bytes from an allocator, given back when dropped.
pub struct Block<'a, A: GlobalAlloc> {
    heap: &'a A,
    start: NonNull<u8>,
    layout: Layout,
}

impl<'a, A: GlobalAlloc> Block<'a, A> {
    /// A copy of `bytes`, which are not none.
    #[inline]
    pub fn copy(heap: &'a A, bytes: &[u8]) -> Self {
        let layout = match Layout::from_size_align(bytes.len(), 8) {
            Ok(layout) if layout.size() > 0 => layout,
            _ => fail("heap", "no bytes to copy"),
        };
        // SAFETY: the size of the layout is not 0, it was just matched. Checked by tests/rows.rs (P12).
        let start = NonNull::new(unsafe { heap.alloc(layout) });
        let start = start.unwrap_or_else(|| fail("heap", "out of memory"));
        // SAFETY: `bytes` is a slice, and `start` has room for as many bytes, in memory that was just allocated and so
        // overlaps nothing. Checked by tests/rows.rs (P12).
        unsafe { start.as_ptr().copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) }
        Self { heap, start: black_box(start), layout }
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        // SAFETY: `start` is valid for `layout.size()` bytes until `drop`, and `copy` has written all of them. Checked by
        // tests/rows.rs (P12).
        unsafe { slice::from_raw_parts(self.start.as_ptr(), self.layout.size()) }
    }
}

impl<A: GlobalAlloc> Drop for Block<'_, A> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: `start` came from `alloc` of the same allocator with this layout, in `copy`, and is freed once, here.
        unsafe { self.heap.dealloc(self.start.as_ptr(), self.layout) }
    }
}
