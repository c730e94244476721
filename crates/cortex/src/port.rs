//! An environment where neurons live that the cortex cannot call: a JavaScript event loop, for one.

use neuronbus_spike::{NeuronId, Spike, SpikeError};

/// Which port, in the order of their arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PortId(pub(crate) u16);

impl PortId {
    pub(crate) fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// One record of a port's outbox.
#[derive(Debug, Clone, Copy)]
pub struct Record {
    /// The spike, or why these 64 bytes are none.
    pub spike: Result<Spike, SpikeError>,
    /// Fired with `direct`: needs no synapse.
    pub direct: bool,
}

/// What the cortex tells a port at the end of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notice {
    /// Ticks finished.
    pub tick: u64,
    /// Whether anything moved since the last notice.
    pub moved: bool,
    /// Spikes dropped so far.
    pub dropped: u64,
    /// Spikes in flight outside the inboxes.
    pub in_flight: u64,
    /// Events that wait to be fetched.
    pub events: usize,
}

/// How the loop that drives a cortex sleeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sleep {
    /// It runs: the clock of the port is fresh.
    Awake,
    /// Until somebody touches it.
    UntilTouched,
    /// Until its next tick is due, or for ever: it is driven by hand.
    OnSchedule,
}

/// The two rings and the columns between the cortex and an environment.
///
/// The other side is not trusted: records are copied and checked before use, and counters only ever bound what is read.
pub trait Port: Send {
    /// The oldest record of the outbox, copied.
    fn front(&mut self) -> Option<Record>;
    /// Gives the oldest record back.
    fn pop(&mut self);
    /// Records in the outbox now.
    fn backlog(&self) -> usize;
    /// Records ever put into the outbox.
    fn fired(&self) -> u64;

    /// Writes a delivery; false, and no change, without room. Visible after [`Self::publish`].
    fn deliver(&mut self, recipient: NeuronId, spike: &Spike) -> bool;
    /// Makes all deliveries visible at once.
    fn publish(&mut self);
    /// Deliveries that the environment has given back, ever; never more than were published.
    fn released(&mut self) -> u64;

    /// How many spikes of `sender` are through, wrapping.
    fn set_done(&mut self, sender: NeuronId, done: u32);
    /// How often the membrane of `neuron` crossed its threshold, wrapping.
    fn set_crossed(&mut self, neuron: NeuronId, crossed: u32);
    /// The time, for stamps.
    fn set_clock(&mut self, now_ns: u64);
    /// How many outbox records are done.
    fn set_settled(&mut self, settled: u64);
    /// How the loop that drives the cortex sleeps from now on.
    fn set_sleep(&mut self, sleep: Sleep);
    /// The end of a step; a port that can wake its environment decides here.
    fn notify(&mut self, notice: Notice);
}

/// For a cortex whose neurons are all native: there is no value of it.
#[derive(Debug)]
pub enum NoPort {}

impl Port for NoPort {
    fn front(&mut self) -> Option<Record> {
        match *self {}
    }
    fn pop(&mut self) {
        match *self {}
    }
    fn backlog(&self) -> usize {
        match *self {}
    }
    fn fired(&self) -> u64 {
        match *self {}
    }
    fn deliver(&mut self, _: NeuronId, _: &Spike) -> bool {
        match *self {}
    }
    fn publish(&mut self) {
        match *self {}
    }
    fn released(&mut self) -> u64 {
        match *self {}
    }
    fn set_done(&mut self, _: NeuronId, _: u32) {
        match *self {}
    }
    fn set_crossed(&mut self, _: NeuronId, _: u32) {
        match *self {}
    }
    fn set_clock(&mut self, _: u64) {
        match *self {}
    }
    fn set_settled(&mut self, _: u64) {
        match *self {}
    }
    fn set_sleep(&mut self, _: Sleep) {
        match *self {}
    }
    fn notify(&mut self, _: Notice) {
        match *self {}
    }
}
