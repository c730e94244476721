//! Memory across the bridge: the one file of this crate with unsafe code.
//!
//! JavaScript's memory is pinned by a strong reference and seen as a [`Region`] of atomics; native memory is shown to
//! JavaScript as an external `ArrayBuffer` whose finalizer lets go of it.

use napi::{
    Env,
    bindgen_prelude::{ArrayBuffer, Result, Uint8Array},
};
use neuronbus::{
    Arena, BusError,
    axon::{AxonError, Region},
};
use std::{ptr::NonNull, sync::Arc};

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
