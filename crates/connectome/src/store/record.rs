//! The bytes of static synapses, and where each stands.
//!
//! ```text
//! rows     ┌ u32 ┬ u32 ┬ … ┐            rows[s] and rows[s + 1]: the groups of source s, in each partition
//!          └──┬──┴─────┴───┘
//! groups   ┌──▼──┬─────┬───┬───┬ … ┐    8 bytes: where its records begin u32 · part u16 · delay u8 · channel u8
//!          │begin│part │del│chn│   │    a group ends where the next one begins
//!          └──┬──┴─────┴───┴───┴───┘
//! records  ┌──▼───┬──────┬ … ┐          4 bytes: target u16, counted from the first neuron of the part · weight u16
//!          └──────┴──────┴───┘
//! ```
//!
//! A *partition* is what one task delivers: the synapses that end in a range of neurons. It owns a slice of every row of sums, and
//! needs no other. A *part* is a range of 65,536 of its neurons, so that a target has 16 bits. Inside a row the groups ascend by
//! part, delay and channel, the records of a group by target.

use super::bounds::Bounds;

/// Bits of a target: a part has as many neurons as they can tell apart.
const PART_BITS: u32 = 16;

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

impl Group {
    /// Whether another one has the same part, delay and channel.
    pub(super) fn is_like(self, other: Self) -> bool {
        Self { begin: 0, ..self } == Self { begin: 0, ..other }
    }

    /// The row of sums of its channel in a slot.
    #[inline]
    pub(super) fn row(self, slot: usize) -> usize {
        slot * CHANNELS + usize::from(self.channel)
    }

    /// The first neuron of its part, counted from that of the partition.
    #[inline]
    pub(super) fn first(self) -> usize {
        usize::from(self.part) << PART_BITS
    }
}

/// Where a synapse stands: partition, part, delay, channel and target, the first of them in the highest bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place(u64);

impl Place {
    pub(super) fn new(edge: &Edge, bounds: &Bounds) -> Self {
        let (partition, target) = bounds.place(edge.target);
        let (part, target) = (target >> PART_BITS, target as u16);
        let group = (partition as u64) << 32 | u64::from(part) << 16 | u64::from(edge.delay) << 8 | edge.channel as u64;
        Self(group << PART_BITS | u64::from(target))
    }

    /// The partition.
    pub(super) fn partition(self) -> usize {
        (self.0 >> 48) as usize
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
