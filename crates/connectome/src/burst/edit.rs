//! Neurons and synapses come, change and go between two bursts (FE-22).

use super::{
    BurstEngine, MAX_NEURONS,
    columns::{NeuronColumns, NeuronPatch, SynapsePatch},
};
use crate::{ConnectomeError, SynapseColumns, error::in_range, store::Wiring};
use alloc::vec::Vec;
use core::ops::Range;

impl BurstEngine {
    /// Adds neurons, at rest; their ids, dense from 0 and never used again.
    ///
    /// # Errors
    /// [`ConnectomeError::Length`] for columns of different lengths, [`ConnectomeError::Number`] for a number that no neuron
    /// can have, [`ConnectomeError::OutOfRange`] for more than 2^31 neurons. None is added.
    pub fn add_neurons(&mut self, columns: &NeuronColumns<'_>) -> Result<Range<u32>, ConnectomeError> {
        let (begin, added) = (self.neurons.len(), columns.areas.len());
        let patch = NeuronPatch::from(*columns);
        patch.check("areas", added)?;
        in_range("neurons", begin + added, 0, MAX_NEURONS)?;
        self.grow(added);
        // Both are at most 2^31.
        let ids = begin as u32..(begin + added) as u32;
        self.neurons.begin(&ids.clone().collect::<Vec<_>>(), &patch);
        Ok(ids)
    }

    /// Changes what neurons are like; their potentials stay. Of one that stands in `ids` twice, the last entry counts.
    ///
    /// # Errors
    /// [`ConnectomeError::Unknown`] for a neuron that there is not, [`ConnectomeError::Length`] for another number of
    /// entries than of ids, [`ConnectomeError::Number`] for a number that no neuron can have. Nothing is changed.
    pub fn update_neurons(&mut self, ids: &[u32], patch: &NeuronPatch<'_>) -> Result<(), ConnectomeError> {
        self.all_alive(ids)?;
        patch.check("ids", ids.len())?;
        self.neurons.update(ids, patch);
        Ok(())
    }

    /// Removes neurons, and the synapses that begin or end at them; how many neurons. What there is not is skipped.
    pub fn remove_neurons(&mut self, ids: &[u32]) -> usize {
        let mut synapses = Vec::new();
        let removed = ids.iter().filter(|id| {
            if self.neurons.is_alive(**id) {
                self.store.outgoing(**id, |id| synapses.push(id));
                self.store.incoming(**id, |id| synapses.push(id));
            }
            self.neurons.remove(**id)
        });
        let removed = removed.count();
        self.remove_synapses(&synapses);
        removed
    }

    /// Adds synapses between neurons that there are; their ids, dense from 0 and never used again. One that is not valid
    /// gets an id and does not count (FE-5). This compiles nothing (defect 6).
    ///
    /// # Errors
    /// [`ConnectomeError::Length`] for columns of different lengths, [`ConnectomeError::Unknown`] for a neuron that there is
    /// not, [`ConnectomeError::TargetFull`] for a neuron at which more than 33,025 synapses would end,
    /// [`ConnectomeError::OutOfRange`] for 2^31 synapses or more. None is added.
    pub fn add_synapses(&mut self, columns: &SynapseColumns<'_>) -> Result<Range<u32>, ConnectomeError> {
        columns.check()?;
        let valid = |at: usize| columns.valid.is_none_or(|valid| valid[at] != 0);
        for (at, ends) in columns.sources.iter().zip(columns.targets).enumerate() {
            if valid(at) {
                self.all_alive(&[*ends.0, *ends.1])?;
            }
        }
        self.store.add(columns)
    }

    /// Changes synapses, under the same ids. Of one that stands in `ids` twice, the last entry counts.
    ///
    /// # Errors
    /// [`ConnectomeError::Unknown`] for a synapse or a neuron that there is not, [`ConnectomeError::Length`] for another
    /// number of entries than of ids, [`ConnectomeError::TargetFull`] for a neuron at which more than 33,025 synapses would
    /// end. Nothing is changed.
    pub fn update_synapses(&mut self, ids: &[u32], patch: &SynapsePatch<'_>) -> Result<(), ConnectomeError> {
        patch.check(ids.len())?;
        if let Some(id) = ids.iter().find(|id| !self.store.list().is_alive(**id)) {
            return Err(ConnectomeError::Unknown { what: "synapse", id: *id });
        }
        self.all_alive(patch.sources.unwrap_or_default())?;
        self.all_alive(patch.targets.unwrap_or_default())?;
        if patch.sources.is_some() || patch.targets.is_some() || patch.types.is_some() {
            self.store.rewire(&self.moves(ids, patch))?;
        }
        if patch.weights.is_some() || patch.conductances.is_some() {
            self.reweigh(ids, patch);
        }
        Ok(())
    }

    fn moves(&self, ids: &[u32], patch: &SynapsePatch<'_>) -> Vec<(u32, Wiring)> {
        let wiring = |(at, id): (usize, &u32)| {
            let Wiring { source, target, kind } = self.store.wiring(*id);
            let source = patch.sources.map_or(source, |sources| sources[at]);
            let target = patch.targets.map_or(target, |targets| targets[at]);
            (*id, Wiring { source, target, kind: patch.types.map_or(kind, |types| types[at]) })
        };
        ids.iter().enumerate().map(wiring).collect()
    }

    fn reweigh(&mut self, ids: &[u32], patch: &SynapsePatch<'_>) {
        for (at, id) in ids.iter().enumerate() {
            let list = self.store.list();
            let weight = patch.weights.map_or(list.weights[*id as usize], |weights| weights[at]);
            let conductance = patch.conductances.map_or(list.conductances[*id as usize], |column| column[at]);
            self.store.set_weight(*id, weight, conductance);
        }
    }

    /// Removes synapses; how many. What there is not is skipped.
    pub fn remove_synapses(&mut self, ids: &[u32]) -> usize {
        ids.iter().filter(|id| self.store.remove(**id)).count()
    }
}
