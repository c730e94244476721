//! The rows of `speed.md` that are Rust: what this project offers beside the crates that do the same job.
//!
//! [`harness`] measures, and knows no row. [`pipe`] makes every ring and channel look alike. [`rows`] has one file for each
//! row. [`message`] is what they carry, and how it is verified. The binary `rows` prints one JSON object for each row; the
//! criterion benches share the contenders.

// The lint sees through re-exports: `neuronbus_sync`'s atomics are std's unless loom is on. This crate names only the former.
#![allow(clippy::disallowed_types)]

pub mod harness;
#[allow(unsafe_code)]
mod heap;
pub mod message;
pub mod pipe;
pub mod rows;
