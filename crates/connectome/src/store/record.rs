//! The bytes of a row of static synapses.
//!
//! ```text
//! rows     ┌ u32 ┬ u32 ┬ … ┐            rows[s] and rows[s + 1]: the groups of source s
//!          └──┬──┴─────┴───┘
//! groups   ┌──▼──┬─────┬───┬───┬ … ┐    8 bytes: where its records begin u32 · part u16 · delay u8 · channel u8
//!          │begin│part │del│chn│   │    a group ends where the next one begins
//!          └──┬──┴─────┴───┴───┴───┘
//! records  ┌──▼───┬──────┬ … ┐          4 bytes: target u16, counted from the first neuron of the part · weight u16
//!          └──────┴──────┴───┘
//! ```
//!
//! A *part* is a range of neurons, at most 65,536, so that a target has 16 bits. Inside a row the groups ascend by part,
//! delay and channel, the records of a group by target. A task that owns some parts owns a slice of every row of sums, and
//! needs no other.

use core::ops::Range;

/// Neurons of the largest part: a local target has 16 bits.
const MAX_PART: usize = 1 << 16;
/// Neurons of the smallest part, and what the size of a part is a multiple of.
const PART_STEP: usize = 64;

/// What a spike does at its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channel {
    Excitatory = 0,
    Inhibitory = 1,
}

/// Channels there are.
pub(crate) const CHANNELS: usize = 2;

/// One synapse, before it is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Edge {
    pub(crate) source: u32,
    pub(crate) target: u32,
    /// Its magnitude.
    pub(crate) weight: u16,
    /// Steps until it arrives: 1 to 255.
    pub(crate) delay: u8,
    pub(crate) channel: Channel,
}

/// One synapse of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(C)]
pub(super) struct Record {
    /// Counted from the first neuron of the part.
    pub(super) target: u16,
    /// Its magnitude; 0 once it is removed.
    pub(super) weight: u16,
}

/// Synapses of one row with the same part, delay and channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub(super) struct Group {
    /// Its first record.
    pub(super) begin: u32,
    pub(super) part: u16,
    pub(super) delay: u8,
    pub(super) channel: u8,
}

const _: () = assert!(size_of::<Record>() == 4 && size_of::<Group>() == 8);

/// How many neurons a part has, so that each of so many threads gets one.
pub(super) fn part_size(neurons: usize, threads: usize) -> usize {
    neurons.div_ceil(threads).next_multiple_of(PART_STEP).clamp(PART_STEP, MAX_PART)
}

/// Where a synapse stands in its row: part, delay, channel and local target, the first of them in the highest bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place(u64);

impl Place {
    pub(super) fn new(edge: &Edge, part_size: usize) -> Self {
        let target = edge.target as usize;
        let group = ((target / part_size) as u64) << 16 | u64::from(edge.delay) << 8 | edge.channel as u64;
        // Below 65,536: the largest part.
        Self(group << 16 | (target % part_size) as u64)
    }

    /// The same for two synapses of one group.
    pub(super) fn group(self) -> u64 {
        self.0 >> 16
    }

    /// The group at this place whose records begin at `begin`.
    pub(super) fn begin_group(self, begin: u32) -> Group {
        Group { begin, part: (self.0 >> 32) as u16, delay: (self.0 >> 24) as u8, channel: (self.0 >> 16) as u8 }
    }

    /// The record at this place.
    pub(super) fn record(self, weight: u16) -> Record {
        Record { target: self.0 as u16, weight }
    }
}

/// What one task delivers: the synapses that end in its parts.
#[derive(Debug, Clone)]
pub(crate) struct Share {
    pub(super) parts: Range<usize>,
    /// The neurons of these parts.
    pub(crate) neurons: Range<usize>,
}
