//! How neurons are shared out among tasks: in ranges at which about as many synapses end.

use alloc::{vec, vec::Vec};
use core::ops::Range;

/// A partition begins at a multiple of this: no two have sums in one line of a cache.
const STEP: usize = 64;

/// The first neuron of each partition, ascending from 0. The last one goes on to the last neuron, however many are added.
#[derive(Debug, Clone)]
pub(super) struct Bounds(Vec<u32>);

/// What one task delivers: the synapses that end in a partition.
#[derive(Debug, Clone)]
pub(crate) struct Share {
    pub(super) partition: usize,
    pub(crate) neurons: Range<usize>,
}

/// One partition.
impl Default for Bounds {
    fn default() -> Self {
        Self(vec![0])
    }
}

impl Bounds {
    /// Of at most so many partitions (at least one), by how many synapses end at each neuron.
    pub(super) fn new(incoming: &[u32], most: usize) -> Self {
        let count = |neurons: &[u32]| neurons.iter().map(|count| u64::from(*count)).sum::<u64>();
        let (synapses, most) = (count(incoming).max(1), most as u64);
        let (mut bounds, mut partition, mut before) = (Self::default(), 0, 0);
        for (begin, neurons) in (0..).step_by(STEP).zip(incoming.chunks(STEP)) {
            let next = (before * most / synapses).min(most - 1);
            if next > partition {
                partition = next;
                bounds.0.push(begin);
            }
            before += count(neurons);
        }
        bounds
    }

    /// How many partitions there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The partition of a neuron, and the neuron's place there.
    pub(super) fn place(&self, neuron: u32) -> (usize, u32) {
        // The first one begins at 0.
        let partition = self.0.partition_point(|begin| *begin <= neuron) - 1;
        (partition, neuron - self.0[partition])
    }

    /// All of so many neurons.
    pub(super) fn shares(&self, neurons: usize) -> impl Iterator<Item = Share> {
        let ends = self.0.iter().skip(1).map(|end| *end as usize).chain([neurons]);
        let ranges = self.0.iter().zip(ends).map(|(begin, end)| *begin as usize..end);
        ranges.enumerate().map(|(partition, neurons)| Share { partition, neurons })
    }
}
