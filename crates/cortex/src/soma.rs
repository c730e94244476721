//! The receiving half of a neuron: life, membrane, gain, and what waits while it is refractory.

use crate::{port::PortId, ticket::Ticket};
use neuronbus_neuron::{Membrane, MembraneState};
use neuronbus_spike::{NeuronId, Spike};
use neuronbus_synapse::Gain;
use std::collections::VecDeque;

/// Where in its life an id is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Life {
    /// Never used, or free again.
    Vacant,
    /// A registered neuron.
    Live,
    /// Unregistered; spikes that it fired before are still under way.
    Leaving,
    /// Gone; spikes that were addressed to it are still under way, so the id must not be given again.
    Quarantined,
}

/// Who takes the deliveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Home {
    /// A native neuron, called here.
    Native,
    /// An environment.
    Port(PortId),
}

/// A spike in the waiting queue of a refractory neuron. It has passed the filters of its synapse.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Waiting {
    pub(crate) spike: Spike,
    pub(crate) source: NeuronId,
    pub(crate) direct: bool,
    /// Whether it owns a reference to its payload in the arena.
    pub(crate) holds: bool,
    pub(crate) ticket: Ticket,
}

/// The receiving half of one id.
#[derive(Debug)]
pub(crate) struct Soma {
    pub(crate) life: Life,
    pub(crate) home: Home,
    pub(crate) membrane: Membrane,
    pub(crate) state: MembraneState,
    pub(crate) gain: Gain,
    /// How often the membrane crossed its threshold, wrapping.
    pub(crate) crossed: u32,
    #[expect(
        clippy::box_collection,
        reason = "three words less in every neuron, for the few that ever make a spike wait"
    )]
    waiting: Option<Box<VecDeque<Waiting>>>,
}

impl Soma {
    pub(crate) fn vacant() -> Self {
        Self {
            life: Life::Vacant,
            home: Home::Native,
            membrane: Membrane::default(),
            state: MembraneState::new(&Membrane::default(), 0),
            gain: Gain::new(),
            crossed: 0,
            waiting: None,
        }
    }

    /// Spikes that wait.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.as_ref().map_or(0, |queue| queue.len())
    }

    /// The spike that has waited longest.
    pub(crate) fn first_waiting(&self) -> Option<Waiting> {
        self.waiting.as_ref()?.front().copied()
    }

    /// Puts a spike at the end of the waiting queue, which takes its memory with the first and keeps it.
    pub(crate) fn push_waiting(&mut self, waiting: Waiting) {
        self.waiting.get_or_insert_default().push_back(waiting);
    }

    /// Takes the spike that has waited longest.
    pub(crate) fn pop_waiting(&mut self) -> Option<Waiting> {
        self.waiting.as_mut()?.pop_front()
    }

    /// Whether what arrives in `tick` must wait: the neuron is refractory, or older spikes wait already.
    pub(crate) fn must_wait(&self, tick: u64) -> bool {
        self.state.is_refractory(tick) || self.waiting() > 0
    }
}
