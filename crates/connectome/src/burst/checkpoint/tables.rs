//! Neurons and synapses, as a checkpoint holds them.

use super::{Head, put};
use crate::{
    ConnectomeError, NeuronTable, SynapseTable,
    burst::neurons::{Neurons, column},
    cell::{Lif, MAX_BLOCKED, is_potential},
    codec::bytes::Bytes,
    store::SynapseList,
};
use alloc::vec::Vec;

/// What changes from burst to burst, of the neurons that there are.
pub(super) struct States {
    potential: Vec<f32>,
    blocked: Vec<u32>,
    streak: Vec<u16>,
    next: Vec<u64>,
}

impl States {
    /// Gives it to the neurons with these ids.
    pub(super) fn give(&self, ids: &[u32], lif: &mut Lif) {
        lif.state.potential.write(ids, Some(&self.potential));
        lif.state.blocked.write(ids, Some(&self.blocked));
        lif.state.streak.write(ids, Some(&self.streak));
        lif.state.next.write(ids, Some(&self.next));
    }

    /// Whether neurons can be like this. A streak ends at its limit, and there is none without one.
    fn is_sound(&self, limits: &[u16]) -> bool {
        let ended = |(streak, limit): (&u16, &u16)| *streak >= (*limit).max(1);
        self.potential.iter().all(|potential| is_potential(*potential))
            && self.blocked.iter().all(|blocked| *blocked <= MAX_BLOCKED)
            && !self.streak.iter().zip(limits).any(ended)
    }
}

pub(super) fn write_neurons(neurons: &Neurons, out: &mut Vec<u8>) {
    let table = neurons.table();
    out.extend_from_slice(&neurons.alive.blocks.as_flattened()[..neurons.len()]);
    put(out, &table.areas, u32::to_le_bytes);
    put(out, &table.thresholds, f32::to_le_bytes);
    put(out, &table.leaks, f32::to_le_bytes);
    put(out, &table.rests, f32::to_le_bytes);
    put(out, &table.resets, f32::to_le_bytes);
    put(out, &table.refractory, u16::to_le_bytes);
    put(out, &table.excitabilities, f32::to_le_bytes);
    put(out, &table.consecutive_limits, u16::to_le_bytes);
    put(out, &table.snoozes, u16::to_le_bytes);
    out.extend_from_slice(&table.accumulate);
    let state = &neurons.lif.state;
    put(out, &column(&table.ids, &state.potential), f32::to_le_bytes);
    put(out, &column(&table.ids, &state.blocked), u32::to_le_bytes);
    put(out, &column(&table.ids, &state.streak), u16::to_le_bytes);
    put(out, &column(&table.ids, &state.next), u64::to_le_bytes);
}

pub(super) fn read_neurons(file: &mut Bytes<'_>, head: &Head) -> Result<(NeuronTable, States), ConnectomeError> {
    let ids = read_ids(file, head.neuron_ids)?;
    let living = ids.len();
    // In the order of the file.
    let table = NeuronTable {
        ids,
        areas: file.numbers(living, u32::from_le_bytes)?,
        thresholds: file.numbers(living, f32::from_le_bytes)?,
        leaks: file.numbers(living, f32::from_le_bytes)?,
        rests: file.numbers(living, f32::from_le_bytes)?,
        resets: file.numbers(living, f32::from_le_bytes)?,
        refractory: file.numbers(living, u16::from_le_bytes)?,
        excitabilities: file.numbers(living, f32::from_le_bytes)?,
        consecutive_limits: file.numbers(living, u16::from_le_bytes)?,
        snoozes: file.numbers(living, u16::from_le_bytes)?,
        accumulate: file.take(living)?.to_vec(),
    };
    let states = States {
        potential: file.numbers(living, f32::from_le_bytes)?,
        blocked: file.numbers(living, u32::from_le_bytes)?,
        streak: file.numbers(living, u16::from_le_bytes)?,
        next: file.numbers(living, u64::from_le_bytes)?,
    };
    let sound = states.is_sound(&table.consecutive_limits);
    if sound { Ok((table, states)) } else { Err(file.wrong("a neuron is in a state that none can be in")) }
}

pub(super) fn write_synapses(list: &SynapseList, table: &SynapseTable, out: &mut Vec<u8>) {
    out.extend_from_slice(&list.alive);
    put(out, &table.sources, u32::to_le_bytes);
    put(out, &table.targets, u32::to_le_bytes);
    for bytes in [&table.weights, &table.conductances, &table.types] {
        out.extend_from_slice(bytes);
    }
}

pub(super) fn read_synapses(file: &mut Bytes<'_>, ids: usize) -> Result<SynapseTable, ConnectomeError> {
    let ids = read_ids(file, ids)?;
    let living = ids.len();
    Ok(SynapseTable {
        ids,
        sources: file.numbers(living, u32::from_le_bytes)?,
        targets: file.numbers(living, u32::from_le_bytes)?,
        weights: file.take(living)?.to_vec(),
        conductances: file.take(living)?.to_vec(),
        types: file.take(living)?.to_vec(),
    })
}

/// The ids that are alive: a byte for each.
fn read_ids(file: &mut Bytes<'_>, ids: usize) -> Result<Vec<u32>, ConnectomeError> {
    let alive = file.take(ids)?;
    if alive.iter().any(|alive| *alive > 1) {
        return Err(file.wrong("something is other than there or not"));
    }
    // There are at most 2^31 ids.
    Ok((0..ids as u32).filter(|id| alive[*id as usize] == 1).collect())
}
