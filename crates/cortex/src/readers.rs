//! Readers outside: whoever wants to see what a neuron fires, as it stands on its axon (NB-40).

use crate::{Cortex, CortexError, Port, soma::Home};
use neuronbus_axon::{LossyReader, Reader, Region};
use neuronbus_spike::NeuronId;

impl<P: Port> Cortex<P> {
    /// A reliable reader of what a neuron fires, from now on. While it lives, the neuron's spikes are through only when
    /// it, and each of its clones, has passed them too: one that does not read holds the neuron back, and keeps payloads
    /// in the arena. When the neuron has left or the bus is closed it gives what is left, then ends.
    ///
    /// # Errors
    /// [`CortexError::UnknownNeuron`], no gate free, no memory for the ring, [`CortexError::Closed`].
    pub fn reader(&mut self, id: NeuronId) -> Result<Reader, CortexError> {
        let reader = self.tap(id)?.axon().reader()?;
        self.watched.insert(id);
        Ok(reader)
    }

    /// A lossy reader of what a neuron fires, from now on: it holds nobody back. A payload in the arena may be gone when
    /// it comes by; reading that is a typed error.
    ///
    /// # Errors
    /// As [`Self::reader`].
    pub fn lossy_reader(&mut self, id: NeuronId) -> Result<LossyReader, CortexError> {
        Ok(self.tap(id)?.axon().lossy_reader())
    }

    /// The memory of the ring that shows what a neuron fires, for a reader outside Rust.
    ///
    /// # Errors
    /// As [`Self::reader`].
    pub fn axon_region(&mut self, id: NeuronId) -> Result<Region, CortexError> {
        Ok(self.tap(id)?.axon().region().clone())
    }

    /// Opens a gate for a reliable reader outside Rust, who moves it; it counts as a [`Self::reader`] does.
    ///
    /// # Errors
    /// As [`Self::reader`].
    pub fn claim_gate(&mut self, id: NeuronId) -> Result<usize, CortexError> {
        let gate = self.tap(id)?.claim_gate()?;
        self.watched.insert(id);
        Ok(gate)
    }

    /// Closes a gate that [`Self::claim_gate`] opened; any other number is ignored.
    ///
    /// # Errors
    /// [`CortexError::UnknownNeuron`] if the neuron has gone (its gates went with it).
    pub fn release_gate(&mut self, id: NeuronId, gate: usize) -> Result<(), CortexError> {
        if !self.has_axon(id) {
            return Err(CortexError::UnknownNeuron { id: id.raw() });
        }
        if let Some(tap) = self.senders[id.index()].tapped() {
            tap.release_gate(gate);
        }
        self.follow_readers();
        Ok(())
    }

    fn tap(&mut self, id: NeuronId) -> Result<&mut crate::tap::Tap, CortexError> {
        self.open()?;
        self.live(id)?;
        Ok(self.senders[id.index()].tap(self.config.axon_slots)?)
    }

    /// Gives back what readers outside have passed: references, and the credit of their neurons.
    pub(crate) fn follow_readers(&mut self) {
        if self.watched.is_empty() {
            return;
        }
        let mut watched = std::mem::take(&mut self.progress.following);
        watched.extend(self.watched.iter());
        for id in watched.drain(..) {
            self.follow_readers_of(id);
        }
        self.progress.following = watched;
    }

    /// Whether a reader outside has passed anything that was not followed yet.
    pub(crate) fn readers_moved(&self) -> bool {
        self.watched.iter().any(|id| self.senders[id.index()].is_passed_further())
    }

    fn follow_readers_of(&mut self, id: NeuronId) {
        let Some(tap) = self.senders[id.index()].tapped() else { return };
        self.progress.moved |= tap.has_moved();
        let passed = tap.follow();
        while let Some(reference) = tap.next_held(passed) {
            // As in `give_reference`.
            drop(self.arena.drop_held(reference));
        }
        if !tap.is_watched() {
            self.watched.remove(id);
        }
        self.publish_credit(id);
    }

    /// Tells the environment of a neuron how many of its spikes are through. A native neuron looks when it is called.
    pub(crate) fn publish_credit(&mut self, id: NeuronId) {
        let sender = &self.senders[id.index()];
        if let Home::Port(port) = sender.home {
            let through = sender.through();
            self.inboxes[port.index()].port.set_done(id, through);
        }
    }
}
