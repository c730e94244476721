//! Version 1, little endian (spec/pool.md): what the reference writes.
//!
//! | bytes | what |
//! |---|---|
//! | 4 | `POOL` |
//! | 2, 2 | version 1; flags, 0 |
//! | 4, 4 | neurons; CRC-32 of all that follows |
//! | 2 + length | name |
//! | 4, 4, 4, 8 | neurons, excitatory, inhibitory; tick |
//! | 14 | config |
//! | 9 × neurons | membrane and threshold i16; leak, refractory, flags, trace, fired |
//! | 4, 4 × (neurons + 1) | neurons; where each row begins |
//! | 4, 8 × synapses | synapses; each of them |
//!
//! What is on its way between neurons and how often they fired is not in it: a pool that was read goes on as if it had been
//! quiet. Nor are mode and seed.

use super::{body, bytes::Bytes, preface};
use crate::{ConnectomeError, Mode, NeuronPool, pool::MAX_NEURONS};
use alloc::vec::Vec;

pub(super) const VERSION: u16 = 1;
/// Where the checksum stands, and where what it covers begins.
const CHECKSUM: usize = 12;
const BODY: usize = 16;

/// The file of version 1 of a pool, for others to read: it leaves out what is on its way.
pub fn write_v1(pool: &NeuronPool) -> Vec<u8> {
    // Eligibilities as they are now: nothing in the file says how old they are.
    let mut pool = pool.clone();
    pool.settle();
    let (body, _) = pool.parts();
    let mut out = preface(VERSION);
    out.extend_from_slice(&body::count(body));
    out.extend_from_slice(&[0; 4]);
    body::write(pool.name(), body, &mut out);
    let checksum = crc32fast::hash(&out[BODY..]);
    out[CHECKSUM..BODY].copy_from_slice(&checksum.to_le_bytes());
    out
}

/// From behind the preface on.
pub(super) fn read(file: &mut Bytes<'_>, mode: Mode) -> Result<NeuronPool, ConnectomeError> {
    let neurons = file.count()?;
    let checksum = u32::from_le_bytes(file.array()?);
    if checksum != crc32fast::hash(file.rest()) {
        return Err(file.wrong("the checksum is another"));
    }
    if !(1..=MAX_NEURONS).contains(&neurons) {
        return Err(file.wrong("neurons are not 1 to 65,536"));
    }
    let (name, body) = body::read(file, neurons, (mode, 0))?;
    file.end()?;
    Ok(NeuronPool::quiet(name, body))
}
