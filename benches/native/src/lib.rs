//! The rows of `speed.md` that are Rust: what this project offers beside the crates that do the same job.
//!
//! [`harness`] measures, and knows no row. [`pipe`] makes every ring and channel look alike, [`pool`] every pool, [`burst`] every
//! engine that propagates. [`rows`] has one file for each row. [`message`] is what pipes carry, and how it is verified; [`memory`]
//! tells what is on the heap. The binary `rows` prints one JSON object for each row; the criterion benches share the contenders.

// The lint sees through re-exports: `neuronbus_sync`'s atomics are std's unless loom is on. This crate names only the former.
#![allow(clippy::disallowed_types)]

pub mod burst;
pub mod harness;
#[allow(unsafe_code)]
mod heap;
#[allow(unsafe_code)]
pub mod memory;
pub mod message;
pub mod pipe;
pub mod pool;
pub mod rows;
