//! Static synapses, compiled: a partition for each task.

use super::{
    bounds::{Bounds, Share},
    deliver::{Busy, Slots},
    partition::Partition,
    record::{Edge, Place},
};
use alloc::{vec, vec::Vec};
use core::ops::DerefMut;

/// The synapses of all sources. A *record* is counted through all partitions.
#[derive(Debug, Clone)]
pub(super) struct StaticRows {
    bounds: Bounds,
    partitions: Vec<Partition>,
    /// How many sources there are.
    sources: usize,
}

impl StaticRows {
    /// Of what `order` shows.
    pub(super) fn new(order: &Order<'_>) -> Self {
        let mut partitions = vec![Partition::default(); order.bounds.len()];
        order.each(|_, place, edge| partitions[place.partition()].push(edge.source as usize, place, edge.weight));
        for partition in &mut partitions {
            partition.end(order.sources);
        }
        Self { bounds: order.bounds.clone(), partitions, sources: order.sources }
    }

    /// How many synapses there are.
    pub(super) fn len(&self) -> usize {
        self.partitions.iter().map(Partition::len).sum()
    }

    /// The first record of each partition.
    pub(super) fn begins(&self) -> impl Iterator<Item = usize> {
        self.partitions.iter().scan(0, |begin, partition| {
            *begin += partition.len();
            Some(*begin - partition.len())
        })
    }

    /// The records of a source; none if it is younger than the rows.
    pub(super) fn row(&self, source: u32) -> impl Iterator<Item = usize> {
        let rows = self.begins().zip(&self.partitions);
        rows.flat_map(move |(begin, partition)| partition.row(source).map(move |at| begin + at))
    }

    /// The order that these rows have, of synapses below `ids`.
    pub(super) fn order<'a>(&'a self, ids: u32, edge: &'a dyn Fn(u32) -> Option<Edge>) -> Order<'a> {
        Order { sources: self.sources, bounds: &self.bounds, ids, edge }
    }

    /// Changes the weight of a record.
    pub(super) fn set_weight(&mut self, mut at: usize, weight: u16) {
        for partition in &mut self.partitions {
            match at.checked_sub(partition.len()) {
                None => return partition.set_weight(at, weight),
                Some(behind) => at = behind,
            }
        }
    }

    /// How many shares there are.
    pub(super) fn tasks(&self) -> usize {
        self.partitions.len()
    }

    /// So many neurons, shared out.
    pub(super) fn shares(&self, neurons: usize) -> impl Iterator<Item = Share> {
        self.bounds.shares(neurons)
    }

    /// As [`Partition::deliver`], of a share.
    pub(super) fn deliver<R: DerefMut<Target = [i32]>>(
        &self,
        sources: &[u32],
        share: &Share,
        slots: Slots,
        sums: &mut [R],
        busy: &mut Busy,
    ) {
        self.partitions[share.partition].deliver(sources, slots, sums, busy);
    }
}

/// Synapses by source, then by place, then by id: the order in which each partition holds its own.
pub(super) struct Order<'a> {
    /// How many sources there are.
    pub(super) sources: usize,
    pub(super) bounds: &'a Bounds,
    /// Ids there are.
    pub(super) ids: u32,
    /// The synapse with an id, if it is to be in a row.
    pub(super) edge: &'a dyn Fn(u32) -> Option<Edge>,
}

impl Order<'_> {
    /// Calls `visit` with each id, its place in its row, and the synapse.
    pub(super) fn each(&self, mut visit: impl FnMut(u32, Place, Edge)) {
        let (starts, ids) = self.by_source();
        let mut row = Vec::new();
        for range in starts.windows(2) {
            row.clear();
            row.extend(ids[range[0] as usize..range[1] as usize].iter().filter_map(|id| {
                let edge = (self.edge)(*id)?;
                Some((Place::new(&edge, self.bounds), *id, edge))
            }));
            row.sort_unstable_by_key(|(place, id, _)| (*place, *id));
            for (place, id, edge) in &row {
                visit(*id, *place, *edge);
            }
        }
    }

    /// The ids of each source, ascending, and where those of each begin: by counting, in linear time.
    fn by_source(&self) -> (Vec<u32>, Vec<u32>) {
        counted(self.sources, self.ids, |id| (self.edge)(id).map(|edge| edge.source))
    }
}

/// The ids below `ids` by their key, ascending within each; keys are below `keys`. First where those of each key begin, and
/// at the end how many there are, then the ids. Ids without a key are left out.
pub(super) fn counted(keys: usize, ids: u32, key: impl Fn(u32) -> Option<u32>) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0_u32; keys + 1];
    (0..ids).filter_map(&key).for_each(|key| starts[key as usize + 1] += 1);
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    let mut next = starts.clone();
    let mut sorted = vec![0; starts[keys] as usize];
    for (id, key) in (0..ids).filter_map(|id| Some((id, key(id)?))) {
        let place = &mut next[key as usize];
        sorted[*place as usize] = id;
        *place += 1;
    }
    (starts, sorted)
}
