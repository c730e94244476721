//! The neurons of an engine: those of the model, and what the model does not need to know.

use super::columns::{NeuronPatch, NeuronTable};
use crate::cell::{BLOCK, BlockColumn, Lif};
use alloc::vec::Vec;

/// Ids are dense from 0 and never used again.
#[derive(Debug, Clone, Default)]
pub(super) struct Neurons {
    pub(super) lif: Lif,
    pub(super) areas: BlockColumn<u32>,
    /// As they were given: in the model, those that begin each burst at rest lose everything.
    pub(super) leaks: BlockColumn<f32>,
    pub(super) accumulate: BlockColumn<u8>,
    /// 1 for those that there are.
    pub(super) alive: BlockColumn<u8>,
    /// Ids there are.
    len: usize,
    living: usize,
}

impl Neurons {
    /// Ids there are.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Neurons there are.
    pub(super) fn living(&self) -> usize {
        self.living
    }

    /// Blocks of them, the last one perhaps not full.
    pub(super) fn blocks(&self) -> usize {
        self.alive.blocks.len()
    }

    /// Whether there is a neuron with this id.
    pub(super) fn is_alive(&self, id: u32) -> bool {
        (id as usize) < self.len && self.alive.get(id) == 1
    }

    /// Adds ids of neurons that are not there yet.
    pub(super) fn grow(&mut self, neurons: usize) {
        self.len += neurons;
        let blocks = self.len.div_ceil(BLOCK);
        self.lif.grow(blocks);
        self.areas.grow(blocks, 0);
        self.leaks.grow(blocks, 0.0);
        self.accumulate.grow(blocks, 0);
        self.alive.grow(blocks, 0);
    }

    /// Makes neurons of ids that have none, at rest.
    pub(super) fn begin(&mut self, ids: &[u32], patch: &NeuronPatch<'_>) {
        self.living += ids.len();
        self.alive.write(ids, Some(&alloc::vec![1_u8; ids.len()]));
        self.update(ids, patch);
        self.lif.state.potential.write(ids, patch.rests);
    }

    /// Changes neurons that there are; the patch has been checked.
    pub(super) fn update(&mut self, ids: &[u32], patch: &NeuronPatch<'_>) {
        let parameters = &mut self.lif.parameters;
        self.areas.write(ids, patch.areas);
        parameters.threshold.write(ids, patch.thresholds);
        self.leaks.write(ids, patch.leaks);
        parameters.rest.write(ids, patch.rests);
        parameters.reset.write(ids, patch.resets);
        parameters.refractory.write(ids, patch.refractory);
        parameters.excitability.write(ids, patch.excitabilities);
        parameters.limit.write(ids, patch.consecutive_limits);
        parameters.snooze.write(ids, patch.snoozes);
        self.accumulate.write(ids, patch.accumulate);
        for id in ids {
            let leak = if self.accumulate.get(*id) == 0 { 1.0 } else { self.leaks.get(*id) };
            self.lif.parameters.leak.set(*id, leak);
            self.lif.settle(*id);
        }
    }

    /// Ends a neuron; whether there was one.
    pub(super) fn remove(&mut self, id: u32) -> bool {
        let was = self.is_alive(id);
        if was {
            self.alive.set(id, 0);
            self.living -= 1;
            self.lif.bury(id);
        }
        was
    }

    /// The ids of all neurons there are.
    pub(super) fn ids(&self) -> Vec<u32> {
        // At most 2^31.
        (0..self.len as u32).filter(|id| self.is_alive(*id)).collect()
    }

    /// All neurons there are.
    pub(super) fn table(&self) -> NeuronTable {
        let (ids, parameters) = (self.ids(), &self.lif.parameters);
        NeuronTable {
            areas: column(&ids, &self.areas),
            thresholds: column(&ids, &parameters.threshold),
            leaks: column(&ids, &self.leaks),
            rests: column(&ids, &parameters.rest),
            resets: column(&ids, &parameters.reset),
            // It was given with 16 bits.
            refractory: ids.iter().map(|id| parameters.refractory.get(*id) as u16).collect(),
            excitabilities: column(&ids, &parameters.excitability),
            consecutive_limits: column(&ids, &parameters.limit),
            snoozes: column(&ids, &parameters.snooze),
            accumulate: column(&ids, &self.accumulate),
            ids,
        }
    }
}

/// The entries of these neurons.
pub(super) fn column<T: Copy>(ids: &[u32], column: &BlockColumn<T>) -> Vec<T> {
    ids.iter().map(|id| column.get(*id)).collect()
}
