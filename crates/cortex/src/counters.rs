//! The books: every spike ends in exactly one place (semantics.md, "Accounting").

/// Why a spike was dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum DropReason {
    /// Nobody has, or had, the target id.
    Unknown,
    /// Unicast without a synapse and without `direct`.
    NotConnected,
    /// Broadcast of a neuron without any synapse.
    NoSynapse,
    /// A filter of the synapse refused it.
    Filtered,
    /// The receiver was unregistered meanwhile.
    Left,
    /// The bus was closed before it could be delivered.
    Closed,
    /// A record that is no spike (only foreign memory can hold one).
    Malformed,
}

impl DropReason {
    /// All reasons, in the order of their numbers.
    pub const ALL: [Self; 7] =
        [Self::Unknown, Self::NotConnected, Self::NoSynapse, Self::Filtered, Self::Left, Self::Closed, Self::Malformed];

    /// The name that both languages show.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::NotConnected => "notConnected",
            Self::NoSynapse => "noSynapse",
            Self::Filtered => "filtered",
            Self::Left => "left",
            Self::Closed => "closed",
            Self::Malformed => "malformed",
        }
    }
}

/// The books at one moment. Unit: addressed spikes (a unicast is one, a broadcast one per target met).
///
/// `fired = delivered + refused + Σ dropped + in_flight` holds between any two calls; each side is counted on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counters {
    /// Fired by neurons, refused attempts included.
    pub fired: u64,
    /// Attempts of native neurons that found no credit or no room in the arena. An environment counts its own.
    pub refused: u64,
    /// Taken by native receivers, and handed to environments that have released them.
    pub delivered: u64,
    /// Standing in waiting queues now; part of `in_flight`.
    pub deferred: u64,
    /// Fired and neither delivered nor dropped: in outboxes, axons, waiting queues and inboxes.
    pub in_flight: u64,
    /// Part of `in_flight` that stands in the inboxes of environments.
    pub in_inboxes: u64,
    /// Handed to environments so far.
    pub handed_out: u64,
    /// Drops by [`DropReason`] number.
    pub dropped: [u64; DropReason::ALL.len()],
    /// Callbacks of native neurons and predicates of filters that panicked.
    pub handler_errors: u64,
    /// Ticks finished.
    pub ticks: u64,
    /// Pruned synapses that found the queue of events full. Drops are told of to the last, see [`crate::Event::Drop`].
    pub events_lost: u64,
}

impl Counters {
    /// Drops for one reason.
    pub fn dropped_for(&self, reason: DropReason) -> u64 {
        self.dropped[reason as usize]
    }

    /// Drops for all reasons.
    pub fn dropped_total(&self) -> u64 {
        self.dropped.iter().sum()
    }

    /// Whether the books balance.
    pub fn balanced(&self) -> bool {
        self.fired == self.delivered + self.refused + self.dropped_total() + self.in_flight
    }
}
