//! Version 2, little endian: everything, so that a pool that was read goes on as if nothing had happened (NP-24, defect 4).
//!
//! `POOL`, version 2 (u16), flags 0 (u16); then four sections in this order, and nothing after them. A section is a tag of four
//! bytes, the length of its content (u64), the CRC-32 of tag, length and content, and the content.
//!
//! | tag | content |
//! |---|---|
//! | `HEAD` | mode u8 (0 product, 1 compat), seed u64, neurons u32 |
//! | `BODY` | as version 1 from the name on |
//! | `RING` | the slot that is due u8, for each slot whether something was sent into it u8, all sums (i32; compat: i16, Q8.8) |
//! | `LIFE` | product: fractions i8, counts u8, histories u64 and u8, then the settled tick u64; compat: rates u8 |

use super::{
    body,
    bytes::Bytes,
    preface,
    section::{inside, section},
    state,
};
use crate::{ConnectomeError, Mode, NeuronPool, pool::MAX_NEURONS};
use alloc::vec::Vec;

pub(super) const VERSION: u16 = 2;
const HEAD: [u8; 4] = *b"HEAD";
const BODY: [u8; 4] = *b"BODY";
const RING: [u8; 4] = *b"RING";
const LIFE: [u8; 4] = *b"LIFE";

/// The file of a pool, with all that it needs to go on bit for bit.
pub fn write(pool: &NeuronPool) -> Vec<u8> {
    let (body, engine) = pool.parts();
    let mut out = preface(VERSION);
    section(&mut out, HEAD, |out| {
        out.push(u8::from(body.config.mode == Mode::Compat));
        out.extend_from_slice(&body.config.seed.to_le_bytes());
        out.extend_from_slice(&body::count(body));
    });
    section(&mut out, BODY, |out| body::write(pool.name(), body, out));
    section(&mut out, RING, |out| state::write_ring(engine, out));
    section(&mut out, LIFE, |out| state::write_life(engine, out));
    out
}

/// From behind the preface on.
pub(super) fn read(file: &mut Bytes<'_>) -> Result<NeuronPool, ConnectomeError> {
    let (mode, seed, neurons) = inside(file, HEAD, read_head)?;
    let (name, body) = inside(file, BODY, |file| body::read(file, neurons, (mode, seed)))?;
    let ring = inside(file, RING, |file| state::read_ring(file, &body))?;
    let engine = inside(file, LIFE, |file| state::read_life(file, &body, ring))?;
    file.end()?;
    Ok(NeuronPool::from_parts(name, body, engine))
}

fn read_head(file: &mut Bytes<'_>) -> Result<(Mode, u64, usize), ConnectomeError> {
    let mode = match file.byte()? {
        0 => Mode::Product,
        1 => Mode::Compat,
        _ => return Err(file.wrong("its mode is one that nobody knows")),
    };
    let (seed, neurons) = (u64::from_le_bytes(file.array()?), file.count()?);
    if (1..=MAX_NEURONS).contains(&neurons) {
        Ok((mode, seed, neurons))
    } else {
        Err(file.wrong("neurons are not 1 to 65,536"))
    }
}
