//! Static synapses, compiled: rows of groups of records.

use super::{
    deliver::{Busy, Slots},
    record::{CHANNELS, Edge, Group, Place, Record, Share},
};
use alloc::{vec, vec::Vec};
use core::ops::{DerefMut, Range};

/// Sources that are looked up before anything is added.
const AHEAD: usize = 64;

/// The synapses of all sources, as `record` draws them.
#[derive(Debug, Clone)]
pub(super) struct StaticRows {
    part_size: usize,
    /// Where the groups of each source begin, and where the last ones end.
    rows: Vec<u32>,
    /// All groups, and one more that ends the last.
    groups: Vec<Group>,
    records: Vec<Record>,
}

impl StaticRows {
    /// Of what `order` shows.
    pub(super) fn new(order: &Order<'_>) -> Self {
        let mut rows = Self { part_size: order.part_size, rows: vec![0], groups: Vec::new(), records: Vec::new() };
        let mut last = None;
        order.each(|_, place, edge| {
            let row = edge.source as usize;
            rows.begin_rows(row);
            if last.replace((row, place.group())) != Some((row, place.group())) {
                // There are fewer than 2^31 records.
                rows.groups.push(place.begin_group(rows.records.len() as u32));
            }
            rows.records.push(place.record(edge.weight));
        });
        rows.begin_rows(order.sources);
        rows.groups.push(Group { begin: rows.records.len() as u32, part: 0, delay: 0, channel: 0 });
        rows
    }

    /// Ends the rows before this one.
    fn begin_rows(&mut self, row: usize) {
        self.rows.resize((row + 1).max(self.rows.len()), self.groups.len() as u32);
    }

    /// How many synapses there are.
    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    /// Where the records of a source lie; nowhere if it is younger than the rows.
    pub(super) fn row(&self, source: u32) -> Range<usize> {
        let groups = self.groups_of(source).unwrap_or_default();
        groups.first().map_or(0, |group| group.begin as usize)..groups.last().map_or(0, |group| group.begin as usize)
    }

    /// The groups of a source, and the one behind them.
    #[inline]
    fn groups_of(&self, source: u32) -> Option<&[Group]> {
        let [begin, end] = self.rows.get(source as usize..)?.first_chunk()?;
        Some(&self.groups[*begin as usize..=*end as usize])
    }

    /// The order that these rows have, of synapses below `ids`.
    pub(super) fn order<'a>(&self, ids: u32, edge: &'a dyn Fn(u32) -> Option<Edge>) -> Order<'a> {
        Order { sources: self.rows.len() - 1, part_size: self.part_size, ids, edge }
    }

    /// Changes the weight of a record.
    pub(super) fn set_weight(&mut self, at: usize, weight: u16) {
        self.records[at].weight = weight;
    }

    /// The parts of so many neurons, shared out to so many tasks.
    pub(super) fn shares(&self, neurons: usize, tasks: usize) -> impl Iterator<Item = Share> {
        let parts = neurons.div_ceil(self.part_size);
        let bound = move |task: usize| parts * task / tasks;
        let neuron = move |part: usize| (part * self.part_size).min(neurons);
        (0..tasks).map(move |task| {
            let parts = bound(task)..bound(task + 1);
            Share { neurons: neuron(parts.start)..neuron(parts.end), parts }
        })
    }

    /// Adds what the synapses of these sources give to the neurons of a share; `sums` has its slice of each slot and channel.
    /// Marks the slots that got something. Rows of one record are looked up first and added then: in a large network no
    /// addition has to wait for the memory of the one before.
    pub(super) fn deliver<R: DerefMut<Target = [i32]>>(
        &self,
        sources: &[u32],
        share: &Share,
        slots: Slots,
        sums: &mut [R],
        busy: &mut Busy,
    ) {
        let mut ahead = [(0, 0, 0); AHEAD];
        for sources in sources.chunks(AHEAD) {
            let mut count = 0;
            for source in sources {
                let Some((group, record)) = self.single(*source) else {
                    self.deliver_row(*source, share, slots, sums, busy);
                    continue;
                };
                let part = usize::from(group.part);
                if share.parts.contains(&part) {
                    let slot = slots.ahead(group.delay);
                    busy.mark(slot);
                    let neuron = part * self.part_size + usize::from(record.target) - share.neurons.start;
                    ahead[count] = (slot * CHANNELS + usize::from(group.channel), neuron, i32::from(record.weight));
                    count += 1;
                }
            }
            for (row, neuron, weight) in &ahead[..count] {
                sums[*row][*neuron] += weight;
            }
        }
    }

    /// The one record of a source that has one.
    #[inline]
    fn single(&self, source: u32) -> Option<(Group, Record)> {
        let &[group, end] = self.groups_of(source)? else { return None };
        (end.begin - group.begin == 1).then(|| (group, self.records[group.begin as usize]))
    }

    /// The same for one source.
    #[inline]
    fn deliver_row<R: DerefMut<Target = [i32]>>(
        &self,
        source: u32,
        share: &Share,
        slots: Slots,
        sums: &mut [R],
        busy: &mut Busy,
    ) {
        for pair in self.groups_of(source).unwrap_or_default().windows(2) {
            let (group, end) = (pair[0], pair[1].begin);
            let part = usize::from(group.part);
            if !share.parts.contains(&part) {
                continue;
            }
            let slot = slots.ahead(group.delay);
            busy.mark(slot);
            let row =
                &mut sums[slot * CHANNELS + usize::from(group.channel)][part * self.part_size - share.neurons.start..];
            for record in &self.records[group.begin as usize..end as usize] {
                row[usize::from(record.target)] += i32::from(record.weight);
            }
        }
    }
}

/// Synapses in the order in which rows hold them: by source, then by place, then by id.
pub(super) struct Order<'a> {
    /// How many sources there are.
    pub(super) sources: usize,
    pub(super) part_size: usize,
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
                Some((Place::new(&edge, self.part_size), *id, edge))
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
