//! Which synapses end at a neuron: made when a rule or the end of a neuron first asks for it.

use super::{chains::Chains, list::SynapseList, rows::counted};
use alloc::vec::Vec;

/// Ids by target. A synapse that has moved or is gone may still stand where it was: who reads asks the list.
#[derive(Debug, Clone)]
pub(super) struct Reverse {
    /// Where the ids of each target begin, and where the last ones end.
    starts: Vec<u32>,
    ids: Vec<u32>,
    /// Those that came later.
    chains: Chains,
    young: Vec<u32>,
}

impl Reverse {
    /// Of all synapses there are.
    pub(super) fn new(list: &SynapseList, neurons: usize) -> Self {
        let (starts, ids) = counted(neurons, list.ids(), |id| list.edge(id).map(|edge| edge.target));
        Self { starts, ids, chains: Chains::default(), young: Vec::new() }
    }

    /// A synapse that ends at `target` from now on.
    pub(super) fn push(&mut self, target: u32, id: u32) {
        self.chains.push(target);
        self.young.push(id);
    }

    /// The ids of those that end at a neuron, in no order, one perhaps twice.
    pub(super) fn of<'a>(&'a self, target: u32, list: &'a SynapseList) -> impl Iterator<Item = u32> + 'a {
        let range = |pair: &[u32; 2]| pair[0] as usize..pair[1] as usize;
        let starts = self.starts.get(target as usize..).and_then(<[u32]>::first_chunk);
        let old = starts.map_or(&[][..], |pair| &self.ids[range(pair)]);
        let all = old.iter().copied().chain(self.chains.of(target).map(|at| self.young[at]));
        all.filter(move |id| list.edge(*id).is_some_and(|edge| edge.target == target))
    }
}
