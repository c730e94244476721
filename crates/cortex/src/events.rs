//! What listeners want to hear of, in a bounded queue.

use crate::DropReason;
use neuronbus_spike::NeuronId;
use std::collections::VecDeque;

/// Something that happened inside the cortex.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Event {
    /// A spike was dropped.
    Drop {
        /// Why.
        reason: DropReason,
        /// Who fired it.
        source: u16,
        /// Who would have received it; 0xFFFF for a broadcast that met nobody, and where nobody can tell.
        target: u16,
        /// Its sequence number.
        sequence: u32,
    },
    /// A synapse was pruned.
    Prune {
        /// The sending neuron.
        pre: NeuronId,
        /// The receiving neuron.
        post: NeuronId,
        /// Its weight at the end.
        weight: f32,
    },
}

/// The queue; when it is full, new events are counted and lost (the drops themselves are counted elsewhere, always).
#[derive(Debug)]
pub struct Events {
    queue: VecDeque<Event>,
    watching: bool,
    lost: u64,
}

impl Events {
    /// Most events that wait to be fetched.
    pub const CAPACITY: usize = 65_536;

    pub(crate) fn new() -> Self {
        Self { queue: VecDeque::new(), watching: false, lost: 0 }
    }

    /// Whether anybody wants to hear of drops.
    pub(crate) fn watch(&mut self, on: bool) {
        self.watching = on;
    }

    pub(crate) fn drop(&mut self, event: Event) {
        if self.watching {
            self.push(event);
        }
    }

    pub(crate) fn push(&mut self, event: Event) {
        if self.queue.len() < Self::CAPACITY { self.queue.push_back(event) } else { self.lost += 1 }
    }

    pub(crate) fn lost(&self) -> u64 {
        self.lost
    }

    /// Events waiting.
    pub fn len(&self) -> usize {
        self.queue.len()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    pub(crate) fn take(&mut self) -> Vec<Event> {
        self.queue.drain(..).collect()
    }
}
