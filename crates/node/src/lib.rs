//! The addon (level 5): convert, call, convert.
//!
//! TypeScript sees a class of cold verbs, `bus::Bus`, a `pool`, the engine of `propagation`, that of `burst`s, and the offsets of the shared memory
//! (`layouts`). The law of this bridge is `docs/boundary.md`: no logic here, no hand-written unsafe outside `pin.rs`, every panic an error.
//! Imports: `neuronbus`, `napi`.

#![deny(clippy::all)]
// The macro of napi-rs wants owned arguments and class methods by value.
#![allow(clippy::needless_pass_by_value, clippy::unnecessary_wraps, clippy::must_use_candidate)]

mod arena;
mod burst;
mod bus;
mod columns;
mod convert;
mod drive;
mod error;
mod layouts;
mod leases;
#[allow(unsafe_code)]
mod pin;
mod pool;
mod propagation;
mod records;
mod wiring;
