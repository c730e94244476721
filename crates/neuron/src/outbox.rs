//! The sender's side: stamps what a neuron fires, and the credit that bounds it.

use crate::{BusSide, FireError, PayloadError};
use neuronbus_spike::{
    NeuronId, Spike, SpikeBuilder, SpikeError, SpikeKind, Target,
    layout::{INLINE_BYTES, MODULATORY_BYTES},
};

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

/// The outbox of one neuron. It stamps source, sequence and time, and holds credit for `slots` spikes that are not yet
/// done; a spike is done when it is through at all its targets. Nothing stays here: a spike goes onto the axon at once.
#[derive(Debug)]
pub struct Outbox {
    source: NeuronId,
    slots: u32,
    sequence: u32,
    in_flight: u32,
    closed: bool,
    fired: u64,
    refused: u64,
}

impl Outbox {
    /// The outbox of `source`, with credit for `slots` spikes.
    pub fn new(source: NeuronId, slots: u32) -> Self {
        Self { source, slots, sequence: 0, in_flight: 0, closed: false, fired: 0, refused: 0 }
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

    /// Stamps a spike and puts it on the axon of `side`. A payload over 46 bytes goes to the store of `side`.
    ///
    /// # Errors
    /// [`FireError`]; nothing was put, no sequence number used, nothing written to the store.
    pub fn fire(
        &mut self,
        target: Target,
        payload: &[u8],
        options: FireOptions,
        now_ns: u64,
        side: &mut dyn BusSide,
    ) -> Result<(), FireError> {
        let fired = self.spike(target, payload, options, now_ns, side).map(|spike| {
            side.put(&spike, options.direct);
            self.sequence = self.sequence.wrapping_add(1);
            self.in_flight += 1;
            self.fired += 1;
        });
        fired.inspect_err(|error| self.refused += u64::from(error.is_refusal()))
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
