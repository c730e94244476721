//! Neurons come and go: `register`, `unregister`, and the slow end of a neuron that leaves.

use crate::{
    Cortex, CortexError, DropReason, Port, PortId,
    native::NativeBody,
    sender::Sender,
    soma::{Home, Life, Soma},
};
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
    /// [`CortexError::TooManyNeurons`] when all ids are in use (or still owed to spikes under way), a bad membrane, a port
    /// of another cortex, [`CortexError::Closed`].
    pub fn register(&mut self, registration: Registration) -> Result<NeuronId, CortexError> {
        self.open()?;
        let Registration { card, membrane, body } = registration;
        membrane.validate()?;
        let home = self.home(&body)?;
        let max = self.config.max_neurons;
        let id = self.ids.take().ok_or(CortexError::TooManyNeurons { max })?;
        self.settle_into(id, membrane, home);
        if let Body::Native(neuron) = body {
            self.natives.insert(NativeBody::new(id, neuron, self.config.axon_slots));
        }
        self.directory.insert(id, card);
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
        self.somas[id.index()].life = Life::Leaving;
        self.drop_waiting(id, DropReason::Left);
        self.table.remove_incoming(id);
        self.leaving.insert(id);
        self.reap_leaving();
        self.stir();
        // Last, because a neuron's own end may panic.
        drop(self.natives.remove(id));
        Ok(card)
    }

    fn home(&self, body: &Body) -> Result<Home, CortexError> {
        match body {
            Body::Native(_) => Ok(Home::Native),
            Body::Port(port) if port.index() < self.inboxes.len() => Ok(Home::Port(*port)),
            Body::Port(port) => {
                let allowed = format!("one of the {} ports of this bus", self.inboxes.len());
                Err(CortexError::out_of_range("port", &port.index(), allowed))
            }
        }
    }

    fn settle_into(&mut self, id: NeuronId, membrane: Membrane, home: Home) {
        let len = self.somas.len().max(id.index() + 1);
        self.somas.resize_with(len, Soma::vacant);
        self.senders.resize_with(len, || Sender::new(Home::Native));
        self.senders[id.index()] = Sender::new(home);
        let soma = &mut self.somas[id.index()];
        soma.life = Life::Live;
        soma.home = home;
        soma.state = MembraneState::new(&membrane, self.progress.tick);
        soma.membrane = membrane;
        soma.gain = Gain::new();
        soma.crossed = 0;
        if let Home::Port(port) = home {
            let port = &mut self.inboxes[port.index()].port;
            port.set_done(id, 0);
            port.set_crossed(id, 0);
        }
    }

    /// Whether this id has an axon: its neuron is registered, or has left spikes under way.
    pub(crate) fn has_axon(&self, id: NeuronId) -> bool {
        self.somas.get(id.index()).is_some_and(|soma| matches!(soma.life, Life::Live | Life::Leaving))
    }

    /// Ends the neurons that left and whose last spike is through.
    pub(crate) fn reap_leaving(&mut self) {
        if self.leaving.is_empty() {
            return;
        }
        let over = |id: &NeuronId| self.senders[id.index()].is_through();
        let ended: Vec<NeuronId> = self.leaving.iter().filter(over).collect();
        for id in ended {
            self.leaving.remove(id);
            self.watched.remove(id);
            self.table.remove_outgoing(id);
            if let Some(tap) = self.senders[id.index()].tapped() {
                tap.axon().close();
            }
            self.senders[id.index()] = Sender::new(Home::Native);
            self.ids.axon_gone(id);
            self.somas[id.index()].life = Life::Quarantined;
            let axons = self.active.iter().map(|other| (other, self.senders[other.index()].published())).collect();
            let ports = self.inboxes.iter().map(super::inbox::Inbox::handed_out).collect();
            self.ids.quarantine(id, axons, ports);
        }
    }

    /// Frees the ids to which nothing is addressed any more; true if there were any. Called at the end of a tick.
    pub(crate) fn end_quarantine(&mut self) {
        if !self.ids.any_quarantined() {
            return;
        }
        let released: Vec<u64> = self.inboxes.iter().map(super::inbox::Inbox::returned).collect();
        let senders = &self.senders;
        for id in self.ids.free_passed(|id| senders[id.index()].taken(), &released) {
            self.somas[id.index()].life = Life::Vacant;
        }
    }
}
