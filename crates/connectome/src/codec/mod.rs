//! The bytes of `.pool` files: version 2 holds everything, version 1 is the one of the reference (spec/pool.md).
//!
//! A file is believed in nothing: not its counts, not a target, not a delay, whatever its checksums say (NP-25).

mod body;
pub(crate) mod bytes;
pub(crate) mod section;
mod state;
mod v1;
mod v2;

use crate::{ConnectomeError, Mode, NeuronPool};
use alloc::vec::Vec;
use bytes::Bytes;
pub use v1::write_v1;
pub use v2::write;

const MAGIC: &[u8; 4] = b"POOL";

/// The pool of a file. Version 2 says by which rules it lives; version 1 does not, and so it lives by those of `mode`: in product
/// mode with seed 0, and with weights of the sign of their neuron.
///
/// # Errors
/// [`ConnectomeError::Corrupt`]; [`ConnectomeError::OutOfRange`] for a config that no pool can have.
pub fn read(bytes: &[u8], mode: Mode) -> Result<NeuronPool, ConnectomeError> {
    let mut file = Bytes::new(bytes);
    if file.array()? != *MAGIC {
        return Err(file.wrong("it does not begin with POOL"));
    }
    let version = u16::from_le_bytes(file.array()?);
    if !matches!(version, v1::VERSION | v2::VERSION) {
        return Err(file.wrong("its version is neither 1 nor 2"));
    }
    if file.array()? != [0; 2] {
        return Err(file.wrong("it has flags that nobody knows"));
    }
    if version == v1::VERSION { v1::read(&mut file, mode) } else { v2::read(&mut file) }
}

/// What every version begins with.
fn preface(version: u16) -> Vec<u8> {
    [&MAGIC[..], &version.to_le_bytes(), &[0; 2]].concat()
}
