//! All synapses of a bus (NB-36): a slab of them, both ends in id order, and a way to find one by its pair.

mod edges;
mod lookup;
mod slab;

use crate::{Synapse, SynapseBuilder, SynapseError};
use edges::Edges;
use lookup::Lookup;
use neuronbus_spike::NeuronId;
use slab::Slab;

pub use edges::Fanout;
pub use lookup::{DENSE_NEURONS, TableKind};
pub use slab::SynapseIndex;

/// The synapses between neurons 0 to N − 1.
///
/// Every order that can be seen from outside is id order, so that runs repeat. Two kinds of lookup stand behind it
/// ([`TableKind`]); nothing but the time a lookup takes depends on which.
#[derive(Debug)]
pub struct SynapseTable {
    slab: Slab,
    /// By pre: its synapses in the order of their posts.
    outgoing: Vec<Edges>,
    /// By post: its synapses in the order of their pres.
    incoming: Vec<Edges>,
    lookup: Lookup,
}

impl SynapseTable {
    /// An empty table for ids 0 to `neurons − 1`. An unconnected neuron costs 48 bytes (a dense table: and 4 bytes per
    /// pair, of which the system gives out only the pages that are written).
    ///
    /// # Errors
    /// [`SynapseError::TableSize`] for no neurons, for more than there are ids, or a dense table of more than
    /// [`DENSE_NEURONS`].
    pub fn new(neurons: usize, kind: TableKind) -> Result<Self, SynapseError> {
        let lookup = Lookup::new(neurons, kind)?;
        let side = || (0..neurons).map(|_| Edges::default()).collect();
        Ok(Self { slab: Slab::default(), outgoing: side(), incoming: side(), lookup })
    }

    /// How many neurons the table is for.
    pub fn neurons(&self) -> usize {
        self.outgoing.len()
    }

    /// The lookup in use: dense or sparse.
    pub fn kind(&self) -> TableKind {
        self.lookup.kind()
    }

    /// How many synapses there are.
    pub fn len(&self) -> usize {
        self.slab.len()
    }

    /// Whether there is no synapse.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Makes the synapse from `pre` to `post`, or, if there is one, updates what `parts` gives and keeps the rest.
    ///
    /// # Errors
    /// [`SynapseError::UnknownNeuron`] for an id that the table is not for; else as [`Synapse::update`]. Nothing changes.
    pub fn connect(
        &mut self,
        pre: NeuronId,
        post: NeuronId,
        parts: SynapseBuilder,
        now_ns: u64,
    ) -> Result<&mut Synapse, SynapseError> {
        self.check(pre)?;
        self.check(post)?;
        let Some(index) = self.index(pre, post) else {
            let synapse = parts.build(pre, post, now_ns)?;
            return Ok(self.add(synapse));
        };
        match self.slab.cell(index) {
            Some(synapse) => {
                synapse.update(parts, now_ns)?;
                Ok(synapse)
            }
            vacant @ None => Ok(vacant.insert(parts.build(pre, post, now_ns)?)),
        }
    }

    /// Where the synapse from `pre` to `post` is.
    pub fn index(&self, pre: NeuronId, post: NeuronId) -> Option<SynapseIndex> {
        self.lookup.find(&self.outgoing, pre, post)
    }

    /// The synapse from `pre` to `post`.
    pub fn get(&self, pre: NeuronId, post: NeuronId) -> Option<&Synapse> {
        self.at(self.index(pre, post)?)
    }

    /// The synapse from `pre` to `post`, to change.
    pub fn get_mut(&mut self, pre: NeuronId, post: NeuronId) -> Option<&mut Synapse> {
        self.at_mut(self.index(pre, post)?)
    }

    /// The synapse at `index`.
    pub fn at(&self, index: SynapseIndex) -> Option<&Synapse> {
        self.slab.get(index)
    }

    /// The synapse at `index`, to change.
    pub fn at_mut(&mut self, index: SynapseIndex) -> Option<&mut Synapse> {
        self.slab.get_mut(index)
    }

    /// The synapses of `pre` in the order of their posts.
    pub fn outgoing(&self, pre: NeuronId) -> impl Iterator<Item = (NeuronId, SynapseIndex)> {
        side(&self.outgoing, pre)
    }

    /// The synapses of `post` in the order of their pres.
    pub fn incoming(&self, post: NeuronId) -> impl Iterator<Item = (NeuronId, SynapseIndex)> {
        side(&self.incoming, post)
    }

    /// The first synapse of `pre` whose post is `from_post` or later. Between two calls the table may change.
    pub fn next_outgoing(&self, pre: NeuronId, from_post: u16) -> Option<(NeuronId, SynapseIndex)> {
        self.outgoing.get(pre.index())?.first_from(from_post, 0).map(|(_, edge)| edge)
    }

    /// The next synapse of a walk over the outgoing side of one neuron. Between two calls the table may change: the walk
    /// goes on behind the last post it gave.
    pub fn next(&self, walk: &mut Fanout) -> Option<(NeuronId, SynapseIndex)> {
        walk.step(self.outgoing.get(walk.pre().index())?)
    }

    /// Every synapse, by pre, then by post.
    pub fn iter(&self) -> impl Iterator<Item = &Synapse> {
        self.outgoing.iter().flat_map(Edges::iter).filter_map(|(_, index)| self.slab.get(index))
    }

    /// Takes the synapse from `pre` to `post` away.
    pub fn disconnect(&mut self, pre: NeuronId, post: NeuronId) -> Option<Synapse> {
        let index = self.index(pre, post)?;
        self.lookup.remove(pre, post);
        self.outgoing[pre.index()].remove(post);
        self.incoming[post.index()].remove(pre);
        self.slab.remove(index)
    }

    /// Takes every synapse from `pre` away, one to itself included; returns how many there were.
    pub fn remove_outgoing(&mut self, pre: NeuronId) -> usize {
        let posts: Vec<_> = self.outgoing(pre).map(|(post, _)| post).collect();
        posts.iter().rev().filter(|post| self.disconnect(pre, **post).is_some()).count()
    }

    /// Takes every synapse to `post` away, one from itself included; returns how many there were.
    pub fn remove_incoming(&mut self, post: NeuronId) -> usize {
        let pres: Vec<_> = self.incoming(post).map(|(pre, _)| pre).collect();
        pres.iter().rev().filter(|pre| self.disconnect(**pre, post).is_some()).count()
    }

    /// Takes away every synapse whose weight is now `below` or less (NB-34); returns their ends and
    /// last weights, by pre, then by post.
    pub fn prune(&mut self, below: f32, now_ns: u64) -> Vec<(NeuronId, NeuronId, f32)> {
        let weighed = self.iter().map(|synapse| (synapse.pre(), synapse.post(), synapse.weight_at(now_ns)));
        let weak: Vec<_> = weighed.filter(|(_, _, weight)| *weight <= below).collect();
        // Backwards, so that each removal moves only what stays behind it.
        for &(pre, post, _) in weak.iter().rev() {
            self.disconnect(pre, post);
        }
        weak
    }

    /// The membrane of `post` crossed its threshold: its incoming synapses learn, in the order of their pres. Costs what
    /// `post` has of them, whatever the size of the table.
    pub fn on_post_fired(&mut self, post: NeuronId, now_ns: u64, gain: f32) {
        for (_, index) in side(&self.incoming, post) {
            if let Some(synapse) = self.slab.get_mut(index) {
                synapse.on_post(now_ns, gain);
            }
        }
    }

    fn add(&mut self, synapse: Synapse) -> &mut Synapse {
        let (pre, post) = (synapse.pre(), synapse.post());
        let (index, synapse) = self.slab.insert(synapse);
        self.lookup.insert(pre, post, index);
        self.outgoing[pre.index()].insert(post, index);
        self.incoming[post.index()].insert(pre, index);
        synapse
    }

    fn check(&self, id: NeuronId) -> Result<(), SynapseError> {
        let neurons = self.neurons();
        if id.index() < neurons { Ok(()) } else { Err(SynapseError::UnknownNeuron { id, neurons }) }
    }
}

fn side(edges: &[Edges], id: NeuronId) -> impl Iterator<Item = (NeuronId, SynapseIndex)> {
    edges.get(id.index()).into_iter().flat_map(Edges::iter)
}
