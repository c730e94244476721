//! Memory across the bridge: the one file of this crate with unsafe code.
//!
//! JavaScript's memory is pinned by a strong reference and seen as a [`Region`] of atomics; native memory is shown to
//! JavaScript as an external `ArrayBuffer` whose finalizer lets go of it. The columns of a pool lie in memory of the second kind.

use napi::{
    Env,
    bindgen_prelude::{ArrayBuffer, Result, Uint8Array},
};
use neuronbus::{
    Arena, BusError,
    axon::{AxonError, Region},
};
use std::{
    ops::{Deref, DerefMut},
    ptr::NonNull,
    sync::Arc,
};

/// A strong reference to a `Uint8Array` over a `SharedArrayBuffer`. Nobody looks at the bytes through it.
struct Pinned(#[allow(dead_code)] Uint8Array);

// SAFETY: the value is only kept and dropped, never read; napi-rs routes a drop on another thread to the thread of the
// environment that owns the reference. Checked by __test__/teardown/worker.test.ts
// (workers terminated under traffic).
unsafe impl Send for Pinned {}
// SAFETY: a shared reference gives access to nothing.
unsafe impl Sync for Pinned {}

/// Pins the memory of a bridge.
///
/// # Errors
/// [`AxonError::Misaligned`] unless it starts at a multiple of 64; [`AxonError::OutOfRegion`] for empty memory.
pub fn pin(memory: Uint8Array) -> std::result::Result<Region, BusError> {
    let bytes = memory.len();
    let start = NonNull::new(memory.as_ptr().cast_mut());
    let start = start.ok_or(AxonError::OutOfRegion { offset: 0, bytes: 1, available: 0 })?;
    // SAFETY: V8 does not move the backing store of a SharedArrayBuffer and keeps it as long as a reference to a view of
    // it lives, which `Pinned` holds. Everybody else is JavaScript, whose races on shared memory are defined, or the
    // cortex, which goes through the region. Checked by __test__/teardown/garbage.test.ts.
    Ok(unsafe { Region::foreign(start, bytes, Arc::new(Pinned(memory))) }?)
}

/// How far the start of `memory` is from the next multiple of 64, in bytes.
pub fn misalignment(memory: &Uint8Array) -> usize {
    memory.as_ptr().align_offset(64)
}

/// Shows the data of an arena. The memory stays mapped until JavaScript has let go of the buffer.
pub fn arena_buffer<'env>(env: &'env Env, arena: &Arena) -> Result<ArrayBuffer<'env>> {
    let (start, bytes) = arena.base();
    // SAFETY: `start` is valid for `bytes` bytes while the map lives, and the finalizer owns a handle to the map.
    // Checked by __test__/contract/views.test.ts (views are detached) and garbage.test.ts.
    unsafe { ArrayBuffer::from_external(env, start.as_ptr(), bytes, arena.map(), |_, map| drop(map)) }
}

/// Shows a ring. The memory stays until JavaScript has let go of the buffer.
pub fn region_buffer(env: &Env, region: Region) -> Result<ArrayBuffer<'_>> {
    let (start, bytes) = (region.as_ptr(), region.len());
    // SAFETY: `start` is valid for `bytes` bytes while a handle to the region lives, and the finalizer owns one. Checked
    // by __test__/readers.test.ts (a reader outlives its bus).
    unsafe { ArrayBuffer::from_external(env, start, bytes, region, |_, region| drop(region)) }
}

/// Entries that a pool and JavaScript both see. They stay as long as one of the two holds them.
pub struct Entries<T>(NonNull<[T]>);

// SAFETY: entries are plain data that no thread owns. Who may look at them, and when, is the matter of `Shown`.
unsafe impl<T: Send> Send for Entries<T> {}
// SAFETY: as above; a shared reference to `Entries` gives no access by itself.
unsafe impl<T: Sync> Sync for Entries<T> {}

impl<T> Drop for Entries<T> {
    fn drop(&mut self) {
        // SAFETY: `Shown::new` took the pointer from a box, and nobody else gives it back. Checked by
        // __test__/teardown/pool-views.test.ts (views outlive their pool).
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}

/// The side of a pool: the only one that writes and reads in Rust.
pub struct Shown<T>(Arc<Entries<T>>);

impl<T: Copy> Shown<T> {
    /// Entries with these values, and the handle that keeps them for JavaScript.
    pub fn new(entries: &[T]) -> (Self, Arc<Entries<T>>) {
        let block = Arc::new(Entries(NonNull::from(Box::leak(Box::<[T]>::from(entries)))));
        (Self(Arc::clone(&block)), block)
    }
}

impl<T> Deref for Shown<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        // SAFETY: the entries live as long as the handle. There is one `Shown` for them, so that Rust's own rules keep its borrows
        // apart; JavaScript's views belong to the thread that is inside a call of the pool while a borrow lives, and cannot go to
        // another one (ts/pool/views.ts marks their buffers as untransferable). Any bytes are a value of every T that is shown:
        // integers, and synapses made of them. Checked by __test__/contract/pool.test.ts (views).
        unsafe { self.0.0.as_ref() }
    }
}

impl<T> DerefMut for Shown<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        let mut entries = self.0.0;
        // SAFETY: as for `deref`; the exclusive borrow of the one `Shown` makes this one exclusive.
        unsafe { entries.as_mut() }
    }
}

/// Shows entries as bytes. The memory stays until JavaScript has let go of the buffer.
pub fn entries_buffer<T: 'static>(env: &Env, entries: Arc<Entries<T>>) -> Result<ArrayBuffer<'_>> {
    let (start, bytes) = (entries.0.cast::<u8>().as_ptr(), entries.0.len() * size_of::<T>());
    // SAFETY: `start` is valid for `bytes` bytes while a handle lives, and the finalizer owns one. Checked by
    // __test__/teardown/pool-views.test.ts (views outlive their pool).
    unsafe { ArrayBuffer::from_external(env, start, bytes, entries, |_, entries| drop(entries)) }
}
