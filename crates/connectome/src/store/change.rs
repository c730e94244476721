//! Synapses come, change and go: in place, or by way of the overlay (FE-22, defect 6).

use super::{MAX_SYNAPSES, SynapseStore, deliver::MAX_INCOMING, places::Standing};
use crate::{ConnectomeError, SynapseColumns, error::in_range};
use alloc::vec::Vec;
use core::ops::Range;

/// Where a synapse begins and ends, and whether it excites.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wiring {
    pub(crate) source: u32,
    pub(crate) target: u32,
    /// 0 excites, everything else inhibits.
    pub(crate) kind: u8,
}

impl SynapseStore {
    /// Adds synapses between neurons that exist; those that are not valid get an id and do not count. Their ids.
    pub(crate) fn add(&mut self, columns: &SynapseColumns<'_>) -> Result<Range<u32>, ConnectomeError> {
        columns.check()?;
        let begin = self.list.ids();
        in_range("synapses", begin as usize + columns.sources.len(), 0, MAX_SYNAPSES)?;
        self.enter(columns)?;
        self.list.extend(columns);
        let ids = begin..self.list.ids();
        for id in ids.clone() {
            self.settle(id);
        }
        Ok(ids)
    }

    /// Counts new synapses at their targets, all of them or none.
    fn enter(&mut self, columns: &SynapseColumns<'_>) -> Result<(), ConnectomeError> {
        let valid = |at: usize| columns.valid.is_none_or(|valid| valid[at] != 0);
        let targets = columns.targets.iter().enumerate().filter(|(at, _)| valid(*at)).map(|(_, target)| *target);
        targets.clone().for_each(|target| self.incoming[target as usize] += 1);
        let full = self.full(targets.clone());
        if full.is_err() {
            targets.for_each(|target| self.incoming[target as usize] -= 1);
        } else {
            self.living += targets.count();
        }
        full
    }

    /// Refuses if one of the targets has more synapses than its sum has room for.
    fn full(&self, mut targets: impl Iterator<Item = u32>) -> Result<(), ConnectomeError> {
        match targets.find(|target| self.incoming[*target as usize] > MAX_INCOMING) {
            None => Ok(()),
            Some(target) => Err(ConnectomeError::TargetFull { target, max: MAX_INCOMING }),
        }
    }

    /// Puts a synapse that is new, or has moved, among the young.
    fn settle(&mut self, id: u32) {
        let Some(edge) = self.list.edge(id) else { return };
        let at = self.overlay.push(id, edge);
        if let Some(places) = &mut self.places {
            places.set_young(id, at);
        }
        if let Some(reverse) = &mut self.reverse {
            reverse.push(edge.target, id);
        }
    }

    /// Ends a synapse; whether there was one. Its record gives nothing from now on, and goes with the next compile.
    pub(crate) fn remove(&mut self, id: u32) -> bool {
        if !self.list.is_alive(id) {
            return false;
        }
        self.leave(id);
        self.incoming[self.list.targets[id as usize] as usize] -= 1;
        self.list.alive[id as usize] = 0;
        self.living -= 1;
        true
    }

    /// Changes weight and conductance of a synapse that exists, in place.
    pub(crate) fn set_weight(&mut self, id: u32, weight: u8, conductance: u8) {
        self.locate();
        self.list.weights[id as usize] = weight;
        self.list.conductances[id as usize] = conductance;
        self.write(id, u16::from(weight) * u16::from(conductance));
    }

    /// Gives synapses that exist other ends and other types, or refuses all of it. Under the same id, they are young again.
    pub(crate) fn rewire(&mut self, moves: &[(u32, Wiring)]) -> Result<(), ConnectomeError> {
        // Before the list changes: the places are those of the synapses as they were compiled.
        self.locate();
        let before: Vec<_> = moves.iter().map(|(id, wiring)| (*id, self.swap(*id, *wiring))).collect();
        let full = self.full(moves.iter().map(|(id, _)| self.list.targets[*id as usize]));
        if full.is_err() {
            for (id, wiring) in before.into_iter().rev() {
                self.swap(id, wiring);
            }
            return full;
        }
        for (id, wiring) in before {
            if self.wiring(id) != wiring {
                self.leave(id);
                self.settle(id);
            }
        }
        Ok(())
    }

    /// The ends and the type of a synapse.
    pub(crate) fn wiring(&self, id: u32) -> Wiring {
        let at = id as usize;
        Wiring { source: self.list.sources[at], target: self.list.targets[at], kind: self.list.types[at] }
    }

    /// Writes them to the list; what stood there.
    fn swap(&mut self, id: u32, wiring: Wiring) -> Wiring {
        let (at, before) = (id as usize, self.wiring(id));
        self.incoming[before.target as usize] -= 1;
        self.incoming[wiring.target as usize] += 1;
        (self.list.sources[at], self.list.targets[at], self.list.types[at]) =
            (wiring.source, wiring.target, wiring.kind);
        before
    }

    /// Leaves a record behind that gives nothing.
    fn leave(&mut self, id: u32) {
        self.locate();
        self.write(id, 0);
        self.gone += 1;
    }

    fn write(&mut self, id: u32, weight: u16) {
        match self.places.as_ref().and_then(|places| places.of(id)) {
            Some(Standing::Record(at)) => self.rows.set_weight(at, weight),
            Some(Standing::Young(at)) => self.overlay.set_weight(at, weight),
            None => {}
        }
    }
}
