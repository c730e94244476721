//! What a pool has in one mode only, as version 2 holds it.

use super::bytes::Bytes;
use crate::{
    ConnectomeError, Mode,
    pool::{Body, Compat, Engine, Histories, Product, ProductParts},
    ring::{DelayRing, Sum},
};
use alloc::vec::Vec;

/// A ring of either mode.
pub(super) enum Ring {
    Compat(DelayRing<i16>),
    Product(DelayRing<i32>),
}

pub(super) fn write_ring(engine: &Engine, out: &mut Vec<u8>) {
    match engine {
        Engine::Compat(compat) => write_slots(&compat.ring, i16::to_le_bytes, out),
        Engine::Product(product) => write_slots(&product.ring, i32::to_le_bytes, out),
    }
}

fn write_slots<S: Sum, const N: usize>(ring: &DelayRing<S>, bytes: fn(S) -> [u8; N], out: &mut Vec<u8>) {
    let (due, busy, sums) = ring.parts();
    // At most nine slots.
    out.push(due as u8);
    out.extend(busy.iter().map(|busy| u8::from(*busy)));
    out.extend(sums.iter().flat_map(|sum| bytes(*sum)));
}

pub(super) fn write_life(engine: &Engine, out: &mut Vec<u8>) {
    match engine {
        Engine::Compat(compat) => out.extend_from_slice(&compat.rates),
        Engine::Product(product) => {
            let (masks, last) = product.histories.parts();
            out.extend(product.fractions.iter().map(|fraction| fraction.cast_unsigned()));
            out.extend_from_slice(&product.counts);
            out.extend(masks.iter().flat_map(|mask| mask.to_le_bytes()));
            out.extend(last.iter().flat_map(|last| last.to_le_bytes()));
            out.extend_from_slice(&product.settled.to_le_bytes());
        }
    }
}

pub(super) fn read_ring(file: &mut Bytes<'_>, body: &Body) -> Result<Ring, ConnectomeError> {
    let neurons = body.columns.len();
    let delays = body.config.max_delay;
    Ok(match body.config.mode {
        Mode::Compat => Ring::Compat(read_slots(file, neurons, Compat::slots(delays), i16::from_le_bytes)?),
        Mode::Product => Ring::Product(read_slots(file, neurons, Product::slots(delays), i32::from_le_bytes)?),
    })
}

fn read_slots<S: Sum, const N: usize>(
    file: &mut Bytes<'_>,
    neurons: usize,
    slots: usize,
    sum: fn([u8; N]) -> S,
) -> Result<DelayRing<S>, ConnectomeError> {
    let due = file.byte()?.into();
    let busy = file.take(slots)?;
    if busy.iter().any(|busy| *busy > 1) {
        return Err(file.wrong("a slot is other than busy or not"));
    }
    let busy = busy.iter().map(|busy| *busy == 1).collect();
    let sums = file.numbers(slots * neurons, sum)?;
    DelayRing::from_parts(neurons, due, busy, sums)
        .ok_or_else(|| file.wrong("the slots of its ring do not fit together"))
}

pub(super) fn read_life(file: &mut Bytes<'_>, body: &Body, ring: Ring) -> Result<Engine, ConnectomeError> {
    let neurons = body.columns.len();
    match ring {
        Ring::Compat(ring) => Ok(Engine::Compat(Compat { ring, rates: file.take(neurons)?.to_vec() })),
        Ring::Product(ring) => {
            let parts = ProductParts {
                fractions: file.numbers(neurons, i8::from_le_bytes)?,
                counts: file.take(neurons)?.to_vec(),
                histories: Histories::from_parts(
                    file.numbers(neurons, u64::from_le_bytes)?,
                    file.numbers(neurons, u32::from_le_bytes)?,
                ),
                ring,
                settled: u64::from_le_bytes(file.array()?),
            };
            if parts.settled > body.ticks {
                return Err(file.wrong("it is settled up to a tick that was not yet"));
            }
            Ok(Engine::Product(Product::from_parts(body, parts)))
        }
    }
}
