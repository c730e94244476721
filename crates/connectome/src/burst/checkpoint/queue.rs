//! What is on its way, and who fired, as a checkpoint holds it.

use super::put;
use crate::{ConnectomeError, burst::BurstEngine, codec::bytes::Bytes, store::MAX_SUM};
use alloc::vec::Vec;

pub(super) fn write_queue(engine: &BurstEngine, out: &mut Vec<u8>) {
    let due = engine.sums.due();
    out.push(u8::from(due.is_some()));
    if let Some((excitatory, inhibitory)) = due {
        put(out, &excitatory[..engine.neurons.len()], i32::to_le_bytes);
        put(out, &inhibitory[..engine.neurons.len()], i32::to_le_bytes);
    }
    let (ids, potentials): (Vec<u32>, Vec<f32>) = engine.injections.sums().unzip();
    put_ids(out, &ids);
    put(out, &potentials, f32::to_le_bytes);
}

pub(super) fn read_queue(file: &mut Bytes<'_>, engine: &mut BurstEngine) -> Result<(), ConnectomeError> {
    let neurons = engine.neurons.len();
    match file.byte()? {
        0 => {}
        1 => {
            let [excitatory, inhibitory] = [read_sums(file, neurons)?, read_sums(file, neurons)?];
            engine.sums.set_due(&excitatory, &inhibitory);
        }
        _ => return Err(file.wrong("its queue is other than busy or not")),
    }
    let count = file.count()?;
    let ids = file.numbers(count, u32::from_le_bytes)?;
    let potentials = file.numbers(count, f32::from_le_bytes)?;
    if ids.iter().any(|id| *id as usize >= neurons) || !potentials.iter().copied().all(f32::is_finite) {
        return Err(file.wrong("it injects what cannot be"));
    }
    ids.into_iter().zip(potentials).for_each(|(id, potential)| engine.injections.add(id, potential));
    Ok(())
}

fn read_sums(file: &mut Bytes<'_>, neurons: usize) -> Result<Vec<i32>, ConnectomeError> {
    let sums = file.numbers(neurons, i32::from_le_bytes)?;
    if sums.iter().all(|sum| (0..=MAX_SUM).contains(sum)) {
        Ok(sums)
    } else {
        Err(file.wrong("a sum is more than what can arrive"))
    }
}

pub(super) fn write_ledger(engine: &BurstEngine, out: &mut Vec<u8>) {
    put_ids(out, &engine.before.ids);
    // At most 65,536.
    out.extend_from_slice(&(engine.ledger.len() as u32).to_le_bytes());
    (0..engine.ledger.len()).rev().filter_map(|back| engine.ledger.get(back)).for_each(|fired| put_ids(out, fired));
}

pub(super) fn read_ledger(file: &mut Bytes<'_>, engine: &mut BurstEngine) -> Result<(), ConnectomeError> {
    let neurons = engine.neurons.len();
    engine.before.ids = read_fired(file, neurons)?;
    engine.before.mark();
    let bursts = file.count()?;
    if bursts > engine.options.ledger || bursts as u64 > engine.bursts {
        return Err(file.wrong("its ledger is longer than it can be"));
    }
    for _ in 0..bursts {
        engine.ledger.push(&read_fired(file, neurons)?);
    }
    let last = engine.ledger.get(0);
    if last.is_none_or(|last| last == engine.before.ids) {
        Ok(())
    } else {
        Err(file.wrong("its ledger ends with another burst than the last"))
    }
}

fn read_fired(file: &mut Bytes<'_>, neurons: usize) -> Result<Vec<u32>, ConnectomeError> {
    let count = file.count()?;
    let ids = file.numbers(count, u32::from_le_bytes)?;
    let sound = ids.is_sorted_by(|one, next| one < next) && ids.last().is_none_or(|id| (*id as usize) < neurons);
    if sound { Ok(ids) } else { Err(file.wrong("who fired is not an ascending list of neurons")) }
}

fn put_ids(out: &mut Vec<u8>, ids: &[u32]) {
    // There are fewer than 2^31 neurons.
    out.extend_from_slice(&(ids.len() as u32).to_le_bytes());
    put(out, ids, u32::to_le_bytes);
}
