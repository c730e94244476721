//! Synapses come and go, by hand and by pruning; predicates get their names.

use crate::{Cortex, CortexError, Event, Port};
use neuronbus_arena::Arena;
use neuronbus_spike::{ArenaRef, NeuronId, Spike};
use neuronbus_synapse::{FilterHost, Synapse, SynapseBuilder};
use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
};

/// What `connect` is given: see [`SynapseBuilder`].
pub type Connection = SynapseBuilder;

/// A predicate on spikes.
pub type Predicate = Box<dyn FnMut(&Spike) -> bool + Send>;

/// The predicates of custom filters by name. One without a function is asked where the receiver lives.
#[derive(Default)]
pub(crate) struct Predicates(BTreeMap<String, Option<Predicate>>);

impl<P: Port> Cortex<P> {
    /// Connects two neurons, or updates what `connection` gives of the synapse they have.
    ///
    /// # Errors
    /// [`CortexError::UnknownNeuron`], [`neuronbus_synapse::SynapseError::UnknownFilter`], a weight or option out of range,
    /// [`CortexError::Closed`].
    pub fn connect(&mut self, pre: NeuronId, post: NeuronId, connection: Connection) -> Result<(), CortexError> {
        self.open()?;
        self.live(pre)?;
        self.live(post)?;
        if let Some(filters) = connection.given_filters() {
            filters.check_names(|name| self.predicates.0.contains_key(name))?;
        }
        let now_ns = self.clock.now_ns();
        self.table.connect(pre, post, connection, now_ns)?;
        self.stir();
        Ok(())
    }

    /// Removes a synapse; false if there was none.
    ///
    /// # Errors
    /// [`CortexError::Closed`].
    pub fn disconnect(&mut self, pre: NeuronId, post: NeuronId) -> Result<bool, CortexError> {
        self.open()?;
        self.stir();
        Ok(self.table.disconnect(pre, post).is_some())
    }

    /// The synapse between two neurons.
    pub fn synapse(&self, pre: NeuronId, post: NeuronId) -> Option<&Synapse> {
        self.table.get(pre, post)
    }

    /// The weight of a synapse now, with what has faded.
    pub fn weight(&self, pre: NeuronId, post: NeuronId) -> Option<f32> {
        Some(self.table.get(pre, post)?.weight_at(self.clock.now_ns()))
    }

    /// All synapses in (pre, post) order.
    pub fn synapses(&self) -> impl Iterator<Item = &Synapse> {
        self.table.iter()
    }

    /// Removes synapses with a weight up to `prune_below`; returns and queues nothing but what it removed.
    ///
    /// # Errors
    /// [`CortexError::Closed`].
    pub fn prune(&mut self) -> Result<Vec<Event>, CortexError> {
        self.open()?;
        let now_ns = self.clock.now_ns();
        self.stir();
        let pruned = self.table.prune(self.config.prune_below, now_ns);
        Ok(pruned.into_iter().map(|(pre, post, weight)| Event::Prune { pre, post, weight }).collect())
    }

    /// Gives a custom filter its predicate, asked while routing; a name given again replaces it (NB-30).
    pub fn register_filter(&mut self, name: &str, predicate: Predicate) {
        self.predicates.0.insert(name.to_owned(), Some(predicate));
    }

    /// Makes a name known whose predicate is asked where the receiver lives: it lets everything through here.
    pub fn register_outside_filter(&mut self, name: &str) {
        self.predicates.0.insert(name.to_owned(), None);
    }
}

/// What filters may ask while the router holds everything else.
pub(crate) struct Host<'a> {
    pub(crate) arena: &'a Arena,
    pub(crate) predicates: &'a mut Predicates,
    /// Predicates that panicked.
    pub(crate) panics: &'a mut u64,
}

impl FilterHost for Host<'_> {
    fn arena_starts_with(&mut self, payload: ArenaRef, prefix: &[u8]) -> bool {
        self.arena.read(payload).is_ok_and(|lease| lease.starts_with(prefix))
    }

    fn custom(&mut self, name: &str, spike: &Spike) -> bool {
        match self.predicates.0.get_mut(name) {
            // One that panics has not let the spike through.
            Some(Some(predicate)) => catch_unwind(AssertUnwindSafe(|| predicate(spike))).unwrap_or_else(|_| {
                *self.panics += 1;
                false
            }),
            Some(None) => true,
            None => false,
        }
    }
}
