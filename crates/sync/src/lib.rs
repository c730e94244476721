//! The one door to atomics, cells and blocking primitives (level 0).
//!
//! Every crate takes its atomics from here, never from `std`: under `--cfg loom` the same names are loom's, so the same
//! code is what the models check. `clippy.toml` bans the way around. Imports: `crossbeam-utils`, and `loom` under its cfg.

#![forbid(unsafe_code)]
// This crate is the home that `clippy.toml` sends everybody else to.
#![allow(clippy::disallowed_types)]

mod atomic_f32;

pub use atomic_f32::AtomicF32;
pub use crossbeam_utils::CachePadded;

#[cfg(not(loom))]
pub use std::{
    hint::spin_loop,
    sync::atomic::{AtomicBool, AtomicU16, AtomicU32, AtomicU64, AtomicUsize, Ordering, fence},
    sync::{Arc, Condvar, Mutex, MutexGuard},
    thread::yield_now,
};

#[cfg(loom)]
pub use loom::{
    hint::spin_loop,
    sync::atomic::{AtomicBool, AtomicU16, AtomicU32, AtomicU64, AtomicUsize, Ordering, fence},
    sync::{Arc, Condvar, Mutex, MutexGuard},
    thread::yield_now,
};
