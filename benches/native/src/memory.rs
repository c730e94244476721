//! What a thread holds on the heap: the system's allocator, with a count beside it that costs an addition.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

#[global_allocator]
static HEAP: Counting = Counting;

thread_local! {
    /// Bytes that this thread has taken and not given back; it wraps, for it may give back what another took. Plain and without a
    /// destructor, so that an allocator may use it.
    static HELD: Cell<usize> = const { Cell::new(0) };
}

/// What is built, and the bytes that are on the heap because of it. Only for what this thread builds, alone.
pub fn weigh<T>(build: impl FnOnce() -> T) -> (T, usize) {
    let before = HELD.get();
    let made = build();
    (made, HELD.get().wrapping_sub(before))
}

/// The system's allocator; every thread counts for itself.
struct Counting;

impl Counting {
    #[inline]
    fn taken(bytes: usize) {
        HELD.set(HELD.get().wrapping_add(bytes));
    }

    #[inline]
    fn given_back(bytes: usize) {
        HELD.set(HELD.get().wrapping_sub(bytes));
    }
}

// SAFETY: every verb is the system's with the same arguments. The count allocates nothing and cannot panic. Checked by
// tests/memory.rs.
unsafe impl GlobalAlloc for Counting {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        Self::taken(layout.size());
        // SAFETY: the caller keeps the contract of this method, which is that of the system's.
        unsafe { System.alloc(layout) }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        Self::taken(layout.size());
        // SAFETY: as in `alloc`.
        unsafe { System.alloc_zeroed(layout) }
    }

    #[inline]
    unsafe fn realloc(&self, start: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        Self::given_back(layout.size());
        Self::taken(size);
        // SAFETY: as in `alloc`; `start` came from the system's allocator, as all that this one gives.
        unsafe { System.realloc(start, layout, size) }
    }

    #[inline]
    unsafe fn dealloc(&self, start: *mut u8, layout: Layout) {
        Self::given_back(layout.size());
        // SAFETY: as in `realloc`.
        unsafe { System.dealloc(start, layout) }
    }
}
