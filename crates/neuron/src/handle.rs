//! What a neuron can do inside a callback (NB-40).

use crate::{AgentCard, BusSide, FireError, FireOptions, Outbox, PayloadError, PayloadStore};
use neuronbus_axon::{AxonError, Reader};
use neuronbus_spike::{NeuronId, Payload, Spike, Target};

/// The hand of a neuron, lent to it for one callback. What it fires is seen in the next tick at the earliest.
pub struct Handle<'a> {
    card: &'a AgentCard,
    outbox: &'a mut Outbox,
    side: &'a mut dyn BusSide,
    now_ns: u64,
}

impl<'a> Handle<'a> {
    /// A hand that fires into `outbox` at `now_ns`.
    pub fn new(card: &'a AgentCard, outbox: &'a mut Outbox, side: &'a mut dyn BusSide, now_ns: u64) -> Self {
        Self { card, outbox, side, now_ns }
    }

    /// Who it is.
    pub fn id(&self) -> NeuronId {
        self.outbox.source()
    }

    /// What it said about itself.
    pub fn card(&self) -> &AgentCard {
        self.card
    }

    /// The bus's time, ns: the same during one callback.
    pub fn now_ns(&self) -> u64 {
        self.now_ns
    }

    /// The number that its next spike gets: 0, 1, 2, …, wrapping.
    pub fn sequence(&self) -> u32 {
        self.outbox.sequence()
    }

    /// How many spikes it can fire before it meets back-pressure.
    pub fn credit(&self) -> u32 {
        self.outbox.credit()
    }

    /// Fires at `target`; the bytes are copied before it returns. Over 46 bytes go to the arena.
    ///
    /// # Errors
    /// [`FireError::BackPressure`] without credit, [`FireError::Payload`] without room, [`FireError::Spike`] for a
    /// modulatory spike of other than 3 bytes. The payload is still the caller's.
    pub fn fire(&mut self, target: impl Into<Target>, payload: &[u8], options: FireOptions) -> Result<(), FireError> {
        self.outbox.fire(target.into(), payload, options, self.now_ns, self.side)
    }

    /// Fires an excitatory spike at one neuron.
    ///
    /// # Errors
    /// As [`Self::fire`].
    pub fn fire_to(&mut self, target: NeuronId, payload: &[u8]) -> Result<(), FireError> {
        self.fire(target, payload, FireOptions::default())
    }

    /// Fires an excitatory spike along every outgoing synapse.
    ///
    /// # Errors
    /// As [`Self::fire`].
    pub fn broadcast(&mut self, payload: &[u8]) -> Result<(), FireError> {
        self.fire(Target::Broadcast, payload, FireOptions::default())
    }

    /// Shows what `spike` carries, wherever it lies, without a copy.
    ///
    /// # Errors
    /// [`PayloadError`] of a payload in the arena.
    pub fn payload<R>(&self, spike: &Spike, view: impl FnOnce(&[u8]) -> R) -> Result<R, PayloadError> {
        let found = match spike.payload() {
            Payload::Inline(bytes) => return Ok(view(bytes)),
            Payload::Arena(found) => found,
        };
        let (mut view, mut seen) = (Some(view), None);
        self.side.read(found, &mut |bytes| seen = view.take().map(|view| view(bytes)).or_else(|| seen.take()))?;
        seen.ok_or(PayloadError::Stale { found })
    }

    /// A copy of what `spike` carries.
    ///
    /// # Errors
    /// As [`Self::payload`].
    pub fn payload_vec(&self, spike: &Spike) -> Result<Vec<u8>, PayloadError> {
        self.payload(spike, <[u8]>::to_vec)
    }

    /// The arena, as far as a neuron may use it. What it writes there is its own to release.
    pub fn arena(&mut self) -> &mut dyn PayloadStore {
        self.side
    }

    /// A reliable reader of what this neuron fires from now on, for any thread: as a reader that the bus gives between two
    /// ticks, it holds the neuron back until it has read.
    ///
    /// # Errors
    /// [`AxonError`]: no gate free, no memory for the ring.
    pub fn reader(&mut self) -> Result<Reader, AxonError> {
        self.side.reader()
    }
}
