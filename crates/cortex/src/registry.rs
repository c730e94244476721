//! Neurons come and go: `register`, `unregister`, and the slow end of a neuron that leaves.

use crate::{
    Cortex, CortexError, DropReason, Port, PortId,
    native::NativeBody,
    sender::Sender,
    soma::{Home, Life, Soma},
};
use neuronbus_axon::Region;
use neuronbus_neuron::{AgentCard, Membrane, MembraneState, Neuron};
use neuronbus_spike::NeuronId;
use neuronbus_synapse::Gain;

/// Where a neuron lives.
pub enum Body {
    /// Here: the cortex calls it.
    Native(Box<dyn Neuron>),
    /// In an environment.
    Port(PortId),
}

/// What a neuron is registered with.
pub struct Registration {
    /// How it presents itself.
    pub card: AgentCard,
    /// Its integrate-and-fire constants.
    pub membrane: Membrane,
    /// Where it lives.
    pub body: Body,
}

impl<P: Port> Cortex<P> {
    /// Adds a neuron and gives it the lowest free id, from 0 (NB-42).
    ///
    /// # Errors
    /// [`CortexError::TooManyNeurons`] when all ids are in use (or still owed to spikes under way), a bad membrane, no
    /// memory for the axon, [`CortexError::Closed`].
    pub fn register(&mut self, registration: Registration) -> Result<NeuronId, CortexError> {
        self.open()?;
        registration.membrane.validate()?;
        let max = self.config.max_neurons;
        let id = self.ids.take().ok_or(CortexError::TooManyNeurons { max })?;
        let sender = Sender::new(self.config.axon_slots).inspect_err(|_| self.ids.give(id))?;
        self.grow_to(id);
        self.senders[id.index()] = Some(Box::new(sender));
        self.done[id.index()] = 0;
        self.settle_into(id, registration.membrane, &registration.body);
        if let Body::Native(neuron) = registration.body {
            self.natives.insert(NativeBody::new(id, neuron, self.config.axon_slots));
        }
        self.directory.insert(id, registration.card);
        Ok(id)
    }

    /// Removes a neuron. Spikes that it fired are still delivered; spikes for it are dropped as `left`.
    ///
    /// # Errors
    /// [`CortexError::UnknownNeuron`], [`CortexError::Closed`].
    pub fn unregister(&mut self, id: NeuronId) -> Result<AgentCard, CortexError> {
        self.open()?;
        self.live(id)?;
        self.settle();
        let card = self.directory.remove(id).ok_or(CortexError::UnknownNeuron { id: id.raw() })?;
        self.natives.remove(id);
        self.somas[id.index()].life = Life::Leaving;
        self.drop_waiting(id, DropReason::Left);
        self.table.remove_incoming(id);
        self.leaving.insert(id);
        self.reap_leaving();
        Ok(card)
    }

    /// The memory of a neuron's axon, for a reader outside.
    ///
    /// # Errors
    /// [`CortexError::UnknownNeuron`].
    pub fn axon_region(&self, id: NeuronId) -> Result<Region, CortexError> {
        Ok(self.sender(id)?.axon().region().clone())
    }

    /// Opens a gate on a neuron's axon for a reliable reader outside, who moves it. From now on the neuron's spikes are
    /// through only when that reader has passed them too.
    ///
    /// # Errors
    /// [`CortexError::UnknownNeuron`], no gate free.
    pub fn claim_gate(&mut self, id: NeuronId) -> Result<usize, CortexError> {
        self.open()?;
        let gate = self.sender(id)?.axon().claim_gate()?;
        if let Some(sender) = &mut self.senders[id.index()] {
            sender.readers += 1;
        }
        self.watched.insert(id);
        Ok(gate)
    }

    /// Closes a gate that [`Self::claim_gate`] opened.
    ///
    /// # Errors
    /// [`CortexError::UnknownNeuron`] if the neuron has gone (its gates went with it).
    pub fn release_gate(&mut self, id: NeuronId, gate: usize) -> Result<(), CortexError> {
        let slot = self.senders.get_mut(id.index()).and_then(Option::as_mut);
        let sender = slot.ok_or(CortexError::UnknownNeuron { id: id.raw() })?;
        sender.axon().release_gate(gate);
        sender.readers = sender.readers.saturating_sub(1);
        Ok(())
    }

    fn sender(&self, id: NeuronId) -> Result<&Sender, CortexError> {
        let slot = self.senders.get(id.index()).and_then(Option::as_ref);
        slot.map(|sender| &**sender).ok_or(CortexError::UnknownNeuron { id: id.raw() })
    }

    fn grow_to(&mut self, id: NeuronId) {
        let len = self.somas.len().max(id.index() + 1);
        self.somas.resize_with(len, Soma::vacant);
        self.senders.resize_with(len, || None);
        self.done.resize(len, 0);
    }

    fn settle_into(&mut self, id: NeuronId, membrane: Membrane, body: &Body) {
        let home = match body {
            Body::Native(_) => Home::Native,
            Body::Port(port) => Home::Port(*port),
        };
        let soma = &mut self.somas[id.index()];
        soma.life = Life::Live;
        soma.home = home;
        soma.state = MembraneState::new(&membrane, self.progress.tick);
        soma.membrane = membrane;
        soma.gain = Gain::new();
        soma.crossed = 0;
        if let Home::Port(port) = home {
            let port = &mut self.inboxes[port.0].port;
            port.set_done(id, 0);
            port.set_crossed(id, 0);
        }
    }

    /// Ends the neurons that left and whose last spike is through.
    pub(crate) fn reap_leaving(&mut self) {
        if self.leaving.is_empty() {
            return;
        }
        let over = |cortex: &Self, id: NeuronId| match &cortex.senders[id.index()] {
            Some(sender) => sender.published() as u32 == cortex.done[id.index()] && sender.held.is_empty(),
            None => true,
        };
        let ended: Vec<NeuronId> = self.leaving.iter().filter(|id| over(self, *id)).collect();
        for id in ended {
            self.leaving.remove(id);
            self.watched.remove(id);
            self.table.remove_outgoing(id);
            if let Some(sender) = self.senders[id.index()].take() {
                sender.axon().close();
            }
            self.somas[id.index()].life = Life::Quarantined;
            let axons = self.active.iter().filter_map(|other| Some((other, self.sender(other).ok()?.published())));
            let axons = axons.collect();
            let ports = self.inboxes.iter().map(super::inbox::Inbox::handed_out).collect();
            self.ids.quarantine(id, axons, ports);
        }
    }

    /// Frees the ids to which nothing is addressed any more. Called at the end of a tick.
    pub(crate) fn end_quarantine(&mut self) {
        if !self.ids.any_quarantined() {
            return;
        }
        let released: Vec<u64> = self.inboxes.iter().map(super::inbox::Inbox::returned).collect();
        let senders = &self.senders;
        let taken = |id: NeuronId| senders.get(id.index())?.as_ref().map(|sender| sender.taken());
        for id in self.ids.free_passed(taken, &released) {
            self.somas[id.index()].life = Life::Vacant;
        }
    }
}
