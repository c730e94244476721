//! The sender's side: what a neuron has fired, until its axon takes it, and the credit that bounds it.

use crate::{BusSide, FireError, PayloadError};
use neuronbus_spike::{NeuronId, Spike, SpikeBuilder, SpikeError, SpikeKind, Target, layout::INLINE_BYTES};
use std::collections::VecDeque;

/// Bytes of a modulatory payload: dopamine, cortisol, acetylcholine.
const MODULATORY_BYTES: usize = 3;

/// How to fire. The default: excitatory, priority 0, along synapses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FireOptions {
    /// What the spike does.
    pub kind: SpikeKind,
    /// 0 to 255; filters compare it.
    pub priority: u8,
    /// Needs no synapse.
    pub direct: bool,
}

/// A spike on its way to the axon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outgoing {
    /// The spike, stamped.
    pub spike: Spike,
    /// Needs no synapse.
    pub direct: bool,
}

/// The outbox of one neuron. It stamps source, sequence and time, and holds credit for `slots` spikes that are not yet
/// done; a spike is done when it is through at all its targets, not when it leaves the outbox.
#[derive(Debug)]
pub struct Outbox {
    source: NeuronId,
    slots: u32,
    queue: VecDeque<Outgoing>,
    sequence: u32,
    in_flight: u32,
    closed: bool,
    fired: u64,
    refused: u64,
}

impl Outbox {
    /// An empty outbox of `source` with credit for `slots` spikes. Takes memory as it is used, and keeps it.
    pub fn new(source: NeuronId, slots: u32) -> Self {
        let queue = VecDeque::new();
        Self { source, slots, queue, sequence: 0, in_flight: 0, closed: false, fired: 0, refused: 0 }
    }

    /// Whose it is.
    pub fn source(&self) -> NeuronId {
        self.source
    }

    /// The number of the next spike: 0, 1, 2, …, wrapping; a spike that is not taken uses none.
    pub fn sequence(&self) -> u32 {
        self.sequence
    }

    /// How many spikes it takes now.
    pub fn credit(&self) -> u32 {
        self.slots.saturating_sub(self.in_flight)
    }

    /// Spikes taken that are not yet done.
    pub fn in_flight(&self) -> u32 {
        self.in_flight
    }

    /// Spikes taken so far.
    pub fn fired(&self) -> u64 {
        self.fired
    }

    /// Attempts refused so far, for want of credit or room ([`FireError::is_refusal`]).
    pub fn refused(&self) -> u64 {
        self.refused
    }

    /// Stamps a spike and takes it. A payload over 46 bytes goes to the store of `side`.
    ///
    /// # Errors
    /// [`FireError`]; nothing was taken, no sequence number used, nothing written to the store.
    pub fn fire(
        &mut self,
        target: Target,
        payload: &[u8],
        options: FireOptions,
        now_ns: u64,
        side: &mut dyn BusSide,
    ) -> Result<(), FireError> {
        let fired = self.spike(target, payload, options, now_ns, side).map(|spike| {
            self.queue.push_back(Outgoing { spike, direct: options.direct });
            self.sequence = self.sequence.wrapping_add(1);
            self.in_flight += 1;
            self.fired += 1;
        });
        fired.inspect_err(|error| self.refused += u64::from(error.is_refusal()))
    }

    /// The oldest spike that has not left, without taking it.
    pub fn peek(&self) -> Option<&Outgoing> {
        self.queue.front()
    }

    /// Takes the oldest spike that has not left. Its credit stays used until [`Self::done`].
    pub fn pop(&mut self) -> Option<Outgoing> {
        self.queue.pop_front()
    }

    /// Exchanges the memory in which spikes stand until they leave, so that one queue serves many outboxes, one at a
    /// time. What stands in `queue` is what has not left from now on.
    pub fn swap_queue(&mut self, queue: &mut VecDeque<Outgoing>) {
        std::mem::swap(&mut self.queue, queue);
    }

    /// Spikes that have not left.
    pub fn len(&self) -> usize {
        self.queue.len()
    }

    /// Whether all spikes have left.
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Gives the credit of `spikes` back: they are delivered or dropped at all their targets.
    pub fn done(&mut self, spikes: u32) {
        self.in_flight = self.in_flight.saturating_sub(spikes);
    }

    /// Takes nothing from now on: [`FireError::Closed`].
    pub fn close(&mut self) {
        self.closed = true;
    }

    /// What can be refused at once is refused before anything is written to the store.
    fn spike(
        &self,
        target: Target,
        payload: &[u8],
        options: FireOptions,
        now_ns: u64,
        side: &mut dyn BusSide,
    ) -> Result<Spike, FireError> {
        if self.closed {
            return Err(FireError::Closed);
        }
        if options.kind == SpikeKind::Modulatory && payload.len() != MODULATORY_BYTES {
            return Err(SpikeError::ModulatoryLength { len: payload.len() }.into());
        }
        if self.credit() == 0 {
            return Err(FireError::BackPressure { slots: self.slots });
        }
        let spike = SpikeBuilder::new()
            .timestamp_ns(now_ns)
            .sequence(self.sequence)
            .source(self.source)
            .target(target)
            .kind(options.kind)
            .priority(options.priority);
        Ok(carry(spike, payload, side)?.build()?)
    }
}

fn carry(spike: SpikeBuilder, payload: &[u8], side: &mut dyn BusSide) -> Result<SpikeBuilder, PayloadError> {
    if payload.len() <= INLINE_BYTES { Ok(spike.payload(payload)) } else { Ok(spike.arena_ref(side.store(payload)?)) }
}
