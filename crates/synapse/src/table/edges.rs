//! One side of one neuron: its synapses, in the order of the ids at their other ends.

use super::SynapseIndex;
use neuronbus_spike::NeuronId;

/// Synapses sorted by the id at their other end.
#[derive(Debug, Default)]
pub(super) struct Edges(Vec<(NeuronId, SynapseIndex)>);

impl Edges {
    pub(super) fn iter(&self) -> impl Iterator<Item = (NeuronId, SynapseIndex)> {
        self.0.iter().copied()
    }

    pub(super) fn find(&self, other: NeuronId) -> Option<SynapseIndex> {
        self.search(other).ok().map(|at| self.0[at].1)
    }

    /// Puts a synapse in; one to the same neuron is replaced.
    pub(super) fn insert(&mut self, other: NeuronId, index: SynapseIndex) {
        match self.search(other) {
            Ok(at) => self.0[at].1 = index,
            Err(at) => self.0.insert(at, (other, index)),
        }
    }

    pub(super) fn remove(&mut self, other: NeuronId) {
        if let Ok(at) = self.search(other) {
            self.0.remove(at);
        }
    }

    /// The first synapse at `from` or later, and its place. `hint` is where it probably is: right, it spares the search.
    pub(super) fn first_from(&self, from: u16, hint: usize) -> Option<(usize, (NeuronId, SynapseIndex))> {
        let at_or_after = |place: usize| self.0.get(place).is_none_or(|(other, _)| other.raw() >= from);
        let before = |place: usize| place == 0 || self.0.get(place - 1).is_some_and(|(other, _)| other.raw() < from);
        let place = if at_or_after(hint) && before(hint) {
            hint
        } else {
            self.0.partition_point(|(other, _)| other.raw() < from)
        };
        self.0.get(place).map(|edge| (place, *edge))
    }

    fn search(&self, other: NeuronId) -> Result<usize, usize> {
        self.0.binary_search_by_key(&other, |(id, _)| *id)
    }
}

/// A walk over the outgoing side of one neuron that can stop at any post and go on later, though the table may have
/// changed meanwhile. It gives each post at most once, in id order; an undisturbed step costs no search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fanout {
    pre: NeuronId,
    from_post: u16,
    hint: usize,
}

impl Fanout {
    /// A walk from the first post of `pre`.
    pub fn new(pre: NeuronId) -> Self {
        Self::from(pre, 0)
    }

    /// A walk from the first post of `pre` that is `from_post` or later.
    pub fn from(pre: NeuronId, from_post: u16) -> Self {
        Self { pre, from_post, hint: 0 }
    }

    /// Whose synapses it walks over.
    pub fn pre(&self) -> NeuronId {
        self.pre
    }

    /// No post before this one is given again.
    pub fn from_post(&self) -> u16 {
        self.from_post
    }

    pub(super) fn step(&mut self, edges: &Edges) -> Option<(NeuronId, SynapseIndex)> {
        let (place, edge) = edges.first_from(self.from_post, self.hint)?;
        // Ids end at 65,534, so this does not wrap.
        self.from_post = edge.0.raw() + 1;
        self.hint = place + 1;
        Some(edge)
    }
}
