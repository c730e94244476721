//! The synapses that end in one partition, compiled: rows of groups of records, which one task reads from end to end.

use super::{
    deliver::{Busy, Slots},
    record::{Group, Place, Record},
};
use alloc::vec::Vec;
use core::ops::{DerefMut, Range};

/// Sources that are looked up before anything is added.
const AHEAD: usize = 64;

/// The synapses of all sources to one partition, as `record` draws them.
#[derive(Debug, Clone, Default)]
pub(super) struct Partition {
    /// Where the groups of each source begin, and where the last ones end.
    rows: Vec<u32>,
    /// All groups, and one more that ends the last.
    groups: Vec<Group>,
    records: Vec<Record>,
}

impl Partition {
    /// Adds a synapse, of the row that the last one was in or of a later one.
    pub(super) fn push(&mut self, row: usize, place: Place, weight: u16) {
        self.begin_rows(row);
        // There are fewer than 2^31 records.
        let group = place.begin_group(self.records.len() as u32);
        if self.groups[self.rows[row] as usize..].last().is_none_or(|last| !last.is_like(group)) {
            self.groups.push(group);
        }
        self.records.push(place.record(weight));
    }

    /// Ends the last row, of so many.
    pub(super) fn end(&mut self, rows: usize) {
        self.begin_rows(rows);
        self.groups.push(Group { begin: self.records.len() as u32, part: 0, delay: 0, channel: 0 });
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

    /// Changes the weight of a record.
    pub(super) fn set_weight(&mut self, at: usize, weight: u16) {
        self.records[at].weight = weight;
    }

    /// Adds what the synapses of these sources give; `sums` has the slice of this partition of each slot and channel. Marks the
    /// slots that got something. Rows of one record are looked up first and added then: in a large network no addition has to
    /// wait for the memory of the one before.
    pub(super) fn deliver<R: DerefMut<Target = [i32]>>(
        &self,
        sources: &[u32],
        slots: Slots,
        sums: &mut [R],
        busy: &mut Busy,
    ) {
        let mut ahead = [(0, 0, 0); AHEAD];
        for sources in sources.chunks(AHEAD) {
            let mut count = 0;
            for source in sources {
                let Some((group, record)) = self.single(*source) else {
                    self.deliver_row(*source, slots, sums, busy);
                    continue;
                };
                let slot = slots.ahead(group.delay);
                busy.mark(slot);
                ahead[count] = (group.row(slot), group.first() + usize::from(record.target), i32::from(record.weight));
                count += 1;
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
    fn deliver_row<R: DerefMut<Target = [i32]>>(&self, source: u32, slots: Slots, sums: &mut [R], busy: &mut Busy) {
        for pair in self.groups_of(source).unwrap_or_default().windows(2) {
            let (group, end) = (pair[0], pair[1].begin);
            let slot = slots.ahead(group.delay);
            busy.mark(slot);
            let row = &mut sums[group.row(slot)][group.first()..];
            for record in &self.records[group.begin as usize..end as usize] {
                row[usize::from(record.target)] += i32::from(record.weight);
            }
        }
    }
}
