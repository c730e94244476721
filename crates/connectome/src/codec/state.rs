//! What a pool has in one mode only, as version 2 holds it.

use super::bytes::Bytes;
use crate::{
    ConnectomeError, Mode,
    pool::{Body, Compat, Engine, Histories, Product, ProductParts},
    ring::DelayRing,
};
use alloc::{boxed::Box, vec::Vec};

pub(super) fn write_ring(engine: &Engine, out: &mut Vec<u8>) {
    match engine {
        // Every sum of the reference has 16 bits.
        Engine::Compat(compat) => write_slots(&compat.ring, |sum| (sum as i16).to_le_bytes(), out),
        Engine::Product(product) => write_slots(&product.on_its_way(), i32::to_le_bytes, out),
    }
}

fn write_slots<const N: usize>(ring: &DelayRing, bytes: fn(i32) -> [u8; N], out: &mut Vec<u8>) {
    // At most nine slots.
    out.push(ring.due() as u8);
    out.extend(ring.busy().iter().map(|busy| u8::from(*busy)));
    out.extend(ring.sums().flat_map(bytes));
}

pub(super) fn write_life(engine: &Engine, out: &mut Vec<u8>) {
    match engine {
        Engine::Compat(compat) => out.extend_from_slice(&compat.rates),
        Engine::Product(product) => {
            let (masks, last) = product.histories.parts();
            out.extend(product.fractions.iter().map(|fraction| fraction.cast_unsigned()));
            out.extend_from_slice(&product.counts);
            out.extend(masks.iter().flat_map(|mask| mask.to_le_bytes()));
            out.extend_from_slice(last);
            out.extend_from_slice(&product.settled.to_le_bytes());
        }
    }
}

pub(super) fn read_ring(file: &mut Bytes<'_>, body: &Body) -> Result<DelayRing, ConnectomeError> {
    let (neurons, delays) = (body.columns.len(), body.config.max_delay);
    match body.config.mode {
        Mode::Compat => read_slots(file, neurons, Compat::slots(delays), |sum| i16::from_le_bytes(sum).into()),
        Mode::Product => read_slots(file, neurons, Product::slots(delays), i32::from_le_bytes),
    }
}

fn read_slots<const N: usize>(
    file: &mut Bytes<'_>,
    neurons: usize,
    slots: usize,
    sum: fn([u8; N]) -> i32,
) -> Result<DelayRing, ConnectomeError> {
    let due = file.byte()?.into();
    let busy = file.take(slots)?;
    if busy.iter().any(|busy| *busy > 1) {
        return Err(file.wrong("a slot is other than busy or not"));
    }
    let busy = busy.iter().map(|busy| *busy == 1).collect();
    let sums = file.numbers(slots * neurons, sum)?;
    DelayRing::from_parts(neurons, due, busy, &sums)
        .ok_or_else(|| file.wrong("the slots of its ring do not fit together"))
}

pub(super) fn read_life(file: &mut Bytes<'_>, body: &Body, ring: DelayRing) -> Result<Engine, ConnectomeError> {
    let neurons = body.columns.len();
    match body.config.mode {
        Mode::Compat => Ok(Engine::Compat(Compat { ring, rates: file.take(neurons)?.to_vec() })),
        Mode::Product => {
            let parts = ProductParts {
                fractions: file.numbers(neurons, i8::from_le_bytes)?,
                counts: file.take(neurons)?.to_vec(),
                histories: Histories::from_parts(
                    file.numbers(neurons, u64::from_le_bytes)?,
                    file.take(neurons)?.to_vec(),
                ),
                ring,
                settled: u64::from_le_bytes(file.array()?),
            };
            if parts.settled > body.ticks {
                return Err(file.wrong("it is settled up to a tick that was not yet"));
            }
            Ok(Engine::Product(Box::new(Product::from_parts(body, parts))))
        }
    }
}
