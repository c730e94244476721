//! Ids in ascending order, and where each of them stands.

use alloc::{vec, vec::Vec};

/// Buckets for each id, at most: with ids of every size, few share one; with dense ids, none does.
const BUCKETS_PER_ID: usize = 4;

/// Distinct ids in ascending order. A bucket for each stretch of numbers tells between which places its ids stand, so that one
/// is found at once where ids are dense, and by halving where they crowd. No hashing: nothing here depends on a seed (defect 2).
#[derive(Debug, Clone, Default)]
pub(super) struct Directory {
    ids: Vec<u32>,
    least: u32,
    /// A bucket spans 2^shift numbers.
    shift: u32,
    /// Where the ids of each bucket begin, and at the end how many there are: buckets + 1 entries, none without ids.
    starts: Vec<u32>,
}

impl Directory {
    /// Of ids that ascend and are distinct, at most 2^32 − 1 of them.
    pub(super) fn new(ids: Vec<u32>) -> Self {
        let (Some(least), Some(most)) = (ids.first().copied(), ids.last().copied()) else { return Self::default() };
        let (span, room) = (most - least, ids.len().saturating_mul(BUCKETS_PER_ID));
        // Four buckets have always room, and 30 leaves no more.
        let shift = (0..30).find(|shift| ((span >> shift) as usize) < room).unwrap_or(30);
        let mut starts = vec![0_u32; (span >> shift) as usize + 2];
        for id in &ids {
            starts[((id - least) >> shift) as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        Self { ids, least, shift, starts }
    }

    /// Where `id` stands.
    pub(super) fn position(&self, id: u32) -> Option<usize> {
        let bucket = (id.checked_sub(self.least)? >> self.shift) as usize;
        let &[begin, end] = self.starts.get(bucket..)?.first_chunk()?;
        let (begin, end) = (begin as usize, end as usize);
        if self.shift == 0 {
            // A bucket of one number: if it holds an id, it is this one.
            return (begin < end).then_some(begin);
        }
        Some(begin + self.ids[begin..end].binary_search(&id).ok()?)
    }

    /// The ids, in ascending order.
    pub(super) fn ids(&self) -> &[u32] {
        &self.ids
    }
}
