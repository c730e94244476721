//! Ids: given lowest first, and given again only when nothing addressed to the old owner is under way.

use neuronbus_spike::NeuronId;
use std::{cmp::Reverse, collections::BinaryHeap};

/// What must pass before a quarantined id is free.
#[derive(Debug)]
struct Quarantine {
    id: NeuronId,
    /// Axons and how many of their spikes must have been taken.
    axons: Vec<(NeuronId, u64)>,
    /// Per port, how many deliveries must have been released.
    ports: Vec<u64>,
}

/// The ids of one cortex.
#[derive(Debug)]
pub(crate) struct Ids {
    max: usize,
    /// Ids below this have been given at least once.
    fresh: usize,
    free: BinaryHeap<Reverse<NeuronId>>,
    quarantined: Vec<Quarantine>,
}

impl Ids {
    pub(crate) fn new(max: usize) -> Self {
        Self { max, fresh: 0, free: BinaryHeap::new(), quarantined: Vec::new() }
    }

    /// The lowest free id.
    pub(crate) fn take(&mut self) -> Option<NeuronId> {
        if let Some(Reverse(id)) = self.free.pop() {
            return Some(id);
        }
        let id = NeuronId::new(self.fresh as u16).ok().filter(|_| self.fresh < self.max)?;
        self.fresh += 1;
        Some(id)
    }

    /// Keeps `id` until the axons and ports have passed these marks.
    pub(crate) fn quarantine(&mut self, id: NeuronId, axons: Vec<(NeuronId, u64)>, ports: Vec<u64>) {
        self.quarantined.push(Quarantine { id, axons, ports });
    }

    /// The axon of `sender` has gone, and with it all that was on it.
    pub(crate) fn axon_gone(&mut self, sender: NeuronId) {
        for held in &mut self.quarantined {
            held.axons.retain(|(other, _)| *other != sender);
        }
    }

    /// Whether any id is in quarantine.
    pub(crate) fn any_quarantined(&self) -> bool {
        !self.quarantined.is_empty()
    }

    /// Frees the ids whose marks have passed and returns them. `taken` gives how many spikes of an axon were taken,
    /// `released` how many deliveries each port has released.
    pub(crate) fn free_passed(&mut self, taken: impl Fn(NeuronId) -> u64, released: &[u64]) -> Vec<NeuronId> {
        let mut freed = Vec::new();
        self.quarantined.retain_mut(|held| {
            held.axons.retain(|(sender, upto)| taken(*sender) < *upto);
            let ports_passed = held.ports.iter().zip(released).all(|(upto, released)| released >= upto);
            let free = held.axons.is_empty() && ports_passed;
            if free {
                freed.push(held.id);
            }
            !free
        });
        self.free.extend(freed.iter().map(|id| Reverse(*id)));
        freed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(raw: u16) -> NeuronId {
        NeuronId::new(raw).unwrap()
    }

    #[test]
    fn nb_3_ids_end_without_wrapping() {
        let mut ids = Ids::new(2);
        assert_eq!((ids.take(), ids.take(), ids.take()), (Some(id(0)), Some(id(1)), None));
        ids.quarantine(id(0), vec![], vec![]);
        assert_eq!(ids.free_passed(|_| 0, &[]), vec![id(0)]);
        assert_eq!((ids.take(), ids.take()), (Some(id(0)), None));
    }

    #[test]
    fn an_id_is_free_when_all_marks_have_passed() {
        let mut ids = Ids::new(4);
        let first = ids.take().unwrap();
        ids.quarantine(first, vec![(id(2), 10)], vec![5]);
        assert!(ids.free_passed(|_| 9, &[5]).is_empty());
        assert!(ids.free_passed(|_| 10, &[4]).is_empty());
        assert_eq!(ids.take(), Some(id(1)), "a quarantined id is not given");
        assert_eq!(ids.free_passed(|_| 0, &[5]), vec![first]);
        assert_eq!(ids.take(), Some(first));
    }

    #[test]
    fn an_axon_that_is_gone_holds_no_id_back() {
        let mut ids = Ids::new(4);
        let first = ids.take().unwrap();
        ids.quarantine(first, vec![(id(2), 10), (id(3), 1)], vec![]);
        ids.axon_gone(id(2));
        assert_eq!(ids.free_passed(|_| 1, &[]), vec![first], "whoever has id 2 now counts from 0 again");
    }
}
