//! The cortex itself: what it owns, and the small verbs.

use crate::{
    CortexConfig, CortexError, Counters, DropReason, Event, Port, PortId,
    events::Events,
    id_set::IdSet,
    ids::Ids,
    inbox::Inbox,
    native::Natives,
    pool::Pool,
    sender::Sender,
    soma::{Life, Soma},
    tick::Progress,
    ticket::Tickets,
    wiring::Predicates,
};
use neuronbus_arena::Arena;
use neuronbus_neuron::{AgentCard, Directory, Handle};
use neuronbus_spike::{Clock, NeuronId};
use neuronbus_synapse::SynapseTable;
use std::sync::Arc;

/// All neurons of a bus, their axons and synapses, and the loop over them.
///
/// `P` is the kind of its ports; [`crate::NoPort`] where all neurons are native.
pub struct Cortex<P> {
    pub(crate) config: CortexConfig,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) arena: Arena,
    pub(crate) ids: Ids,
    pub(crate) somas: Vec<Soma>,
    pub(crate) senders: Vec<Sender>,
    /// The spikes on all axons.
    pub(crate) pool: Pool,
    pub(crate) natives: Natives,
    pub(crate) inboxes: Vec<Inbox<P>>,
    pub(crate) directory: Directory,
    pub(crate) table: SynapseTable,
    pub(crate) predicates: Predicates,
    pub(crate) tickets: Tickets,
    /// Neurons with spikes on their axons.
    pub(crate) active: IdSet,
    /// Neurons with a reliable reader outside on their axon.
    pub(crate) watched: IdSet,
    /// Unregistered neurons with spikes under way.
    pub(crate) leaving: IdSet,
    pub(crate) progress: Progress,
    pub(crate) events: Events,
    pub(crate) books: Books,
    pub(crate) closed: bool,
}

/// The running sums behind [`Counters`].
#[derive(Debug, Default)]
pub(crate) struct Books {
    /// Fired by native neurons, and refused to them.
    pub(crate) native_fired: u64,
    pub(crate) native_refused: u64,
    /// Targets that broadcasts met beyond their first.
    pub(crate) fanned_out: u64,
    pub(crate) delivered: u64,
    pub(crate) dropped: [u64; DropReason::ALL.len()],
    /// On axons and not taken.
    pub(crate) on_axons: u64,
    pub(crate) deferred: u64,
    pub(crate) handler_errors: u64,
}

impl<P: Port> Cortex<P> {
    /// A cortex without neurons.
    ///
    /// # Errors
    /// [`CortexError::OutOfRange`] for a bad configuration.
    pub fn new(config: CortexConfig, clock: Arc<dyn Clock>, arena: Arena) -> Result<Self, CortexError> {
        config.validate()?;
        Ok(Self {
            ids: Ids::new(config.max_neurons),
            somas: Vec::new(),
            senders: Vec::new(),
            pool: Pool::default(),
            natives: Natives::default(),
            inboxes: Vec::new(),
            directory: Directory::new(),
            table: SynapseTable::new(config.max_neurons, config.table)?,
            predicates: Predicates::default(),
            tickets: Tickets::default(),
            active: IdSet::default(),
            watched: IdSet::default(),
            leaving: IdSet::default(),
            progress: Progress::new(clock.now_ns()),
            events: Events::default(),
            books: Books::default(),
            closed: false,
            config,
            clock,
            arena,
        })
    }

    /// Connects an environment; its neurons register with [`crate::Body::Port`].
    pub fn add_port(&mut self, port: P) -> PortId {
        self.inboxes.push(Inbox::new(port));
        PortId(self.inboxes.len() as u16 - 1)
    }

    /// The arena of the bus.
    pub fn arena(&self) -> &Arena {
        &self.arena
    }

    /// The configuration.
    pub fn config(&self) -> &CortexConfig {
        &self.config
    }

    /// Ticks finished.
    pub fn ticks(&self) -> u64 {
        self.progress.tick
    }

    /// The card of a registered neuron.
    pub fn card(&self, id: NeuronId) -> Option<&AgentCard> {
        self.directory.get(id)
    }

    /// Neurons registered now.
    pub fn neurons(&self) -> usize {
        self.directory.len()
    }

    /// Neurons with this capability, in this region or below; `None` asks for any. In id order.
    pub fn discover(&self, capability: Option<&str>, region: Option<&str>) -> Vec<NeuronId> {
        self.directory.discover(capability, region)
    }

    /// The potential of a neuron after the last tick.
    ///
    /// # Errors
    /// [`CortexError::UnknownNeuron`].
    pub fn potential(&self, id: NeuronId) -> Result<f32, CortexError> {
        let soma = self.live(id)?;
        Ok(soma.state.potential_at(&soma.membrane, self.progress.tick))
    }

    /// How often the membrane of a neuron has crossed its threshold, wrapping.
    ///
    /// # Errors
    /// [`CortexError::UnknownNeuron`].
    pub fn crossed(&self, id: NeuronId) -> Result<u32, CortexError> {
        Ok(self.live(id)?.crossed)
    }

    /// Lends the hand of a native neuron: what `call` fires is what the neuron fires (NB-46). A panic of `call` goes
    /// through, with everything here in order.
    ///
    /// # Errors
    /// [`CortexError::UnknownNeuron`] for one that is not native here, [`CortexError::Closed`].
    pub fn lend<R>(&mut self, id: NeuronId, call: impl FnOnce(&mut Handle<'_>) -> R) -> Result<R, CortexError> {
        self.open()?;
        self.live(id)?;
        self.follow_readers();
        self.progress.look_at(&*self.clock);
        let called = self.call_native(id, |_, handle| call(handle));
        match called.ok_or(CortexError::UnknownNeuron { id: id.raw() })? {
            Ok(result) => Ok(result),
            // Not the neuron's panic, but the caller's: it goes on where it came from.
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }

    /// Whether [`Self::close`] has been called.
    pub fn is_closed(&self) -> bool {
        self.closed
    }

    /// Turns the queueing of drop events on or off.
    pub fn watch_drops(&mut self, on: bool) {
        self.events.watch(on);
    }

    /// Takes the events that wait.
    pub fn take_events(&mut self) -> Vec<Event> {
        self.events.take()
    }

    /// The books as they stand.
    pub fn counters(&self) -> Counters {
        let ports = |sum: fn(&Inbox<P>) -> u64| self.inboxes.iter().map(sum).sum::<u64>();
        let in_inboxes = ports(Inbox::under_way);
        Counters {
            fired: ports(|inbox| inbox.port.fired())
                + self.books.native_fired
                + self.books.native_refused
                + self.books.fanned_out,
            refused: self.books.native_refused,
            delivered: self.books.delivered,
            deferred: self.books.deferred,
            in_flight: self.in_flight_here() + in_inboxes,
            in_inboxes,
            handed_out: ports(Inbox::handed_out),
            dropped: self.books.dropped,
            handler_errors: self.books.handler_errors,
            ticks: self.progress.tick,
            events_lost: self.events.lost(),
        }
    }

    /// Spikes in flight outside the inboxes: in outboxes, on axons, in waiting queues.
    pub(crate) fn in_flight_here(&self) -> u64 {
        let in_outboxes: usize = self.inboxes.iter().map(|inbox| inbox.port.backlog()).sum();
        in_outboxes as u64 + self.books.on_axons + self.books.deferred
    }

    pub(crate) fn live(&self, id: NeuronId) -> Result<&Soma, CortexError> {
        match self.somas.get(id.index()) {
            Some(soma) if soma.life == Life::Live => Ok(soma),
            _ => Err(CortexError::UnknownNeuron { id: id.raw() }),
        }
    }

    pub(crate) fn open(&self) -> Result<(), CortexError> {
        if self.closed { Err(CortexError::Closed) } else { Ok(()) }
    }
}
