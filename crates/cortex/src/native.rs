//! Native neurons: their bodies and outboxes, and the arena as they see it.

use crate::id_set::IdSet;
use neuronbus_arena::{Arena, ArenaError};
use neuronbus_neuron::{Neuron, Outbox, PayloadError, PayloadStore};
use neuronbus_spike::{ArenaRef, NeuronId};

/// A neuron that the cortex calls.
pub(crate) struct NativeBody {
    pub(crate) neuron: Box<dyn Neuron>,
    pub(crate) outbox: Outbox,
    /// Crossings that its `tick` has heard of, wrapping.
    pub(crate) heard: u32,
    pub(crate) wants_tick: bool,
}

impl NativeBody {
    pub(crate) fn new(id: NeuronId, neuron: Box<dyn Neuron>, slots: usize) -> Self {
        let wants_tick = neuron.wants_tick();
        Self { neuron, outbox: Outbox::new(id, slots as u32), heard: 0, wants_tick }
    }
}

/// All native neurons by id. A body is boxed, so that it can be taken out while it is called.
#[derive(Default)]
pub(crate) struct Natives {
    bodies: Vec<Option<Box<NativeBody>>>,
    /// Neurons with something in their outbox.
    pub(crate) fired: IdSet,
    /// Neurons whose `tick` is called, in id order.
    pub(crate) ticking: Vec<NeuronId>,
    backlog: u64,
}

impl Natives {
    pub(crate) fn insert(&mut self, body: NativeBody) {
        let id = body.outbox.source();
        if body.wants_tick {
            let at = self.ticking.partition_point(|other| *other < id);
            self.ticking.insert(at, id);
        }
        let len = self.bodies.len().max(id.index() + 1);
        self.bodies.resize_with(len, || None);
        self.bodies[id.index()] = Some(Box::new(body));
    }

    pub(crate) fn remove(&mut self, id: NeuronId) {
        self.ticking.retain(|other| *other != id);
        self.fired.remove(id);
        drop(self.take(id));
    }

    /// Takes a body out to call it; [`Self::put`] it back.
    pub(crate) fn take(&mut self, id: NeuronId) -> Option<Box<NativeBody>> {
        let body = self.bodies.get_mut(id.index())?.take()?;
        self.backlog -= body.outbox.len() as u64;
        Some(body)
    }

    /// Puts a body back; what it fired meanwhile waits to be collected.
    pub(crate) fn put(&mut self, body: Box<NativeBody>) {
        let id = body.outbox.source();
        self.backlog += body.outbox.len() as u64;
        if body.outbox.is_empty() { self.fired.remove(id) } else { self.fired.insert(id) }
        self.bodies[id.index()] = Some(body);
    }

    /// Tells the `tick` of a neuron how often its membrane crossed; returns what it had heard before.
    pub(crate) fn heard(&mut self, id: NeuronId, crossed: u32) -> u32 {
        let body = self.bodies.get_mut(id.index()).and_then(Option::as_mut);
        body.map_or(crossed, |body| std::mem::replace(&mut body.heard, crossed))
    }

    /// Spikes in outboxes.
    pub(crate) fn backlog(&self) -> u64 {
        self.backlog
    }

    /// One spike of `id` is through. A neuron that has gone needs no credit.
    pub(crate) fn credit(&mut self, id: NeuronId) {
        if let Some(Some(body)) = self.bodies.get_mut(id.index()) {
            body.outbox.done(1);
        }
    }
}

/// The arena as a neuron may use it: what it writes is held by the spike that will carry it.
pub(crate) struct Store<'a>(pub(crate) &'a Arena);

impl PayloadStore for Store<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<ArenaRef, PayloadError> {
        let reference = self.0.write(bytes).map_err(|error| payload_error(&error, None))?;
        self.0.hold(reference).map_err(|error| payload_error(&error, Some(reference)))?;
        Ok(reference)
    }

    fn read(&self, reference: ArenaRef, view: &mut dyn FnMut(&[u8])) -> Result<(), PayloadError> {
        let lease = self.0.read(reference).map_err(|error| payload_error(&error, Some(reference)))?;
        view(&lease);
        Ok(())
    }
}

fn payload_error(error: &ArenaError, found: Option<ArenaRef>) -> PayloadError {
    match (error, found) {
        (ArenaError::OutOfSpace { requested, available }, _) => {
            PayloadError::OutOfSpace { requested: *requested as u64, available: *available as u64 }
        }
        (ArenaError::Closed, _) | (_, None) => PayloadError::Closed,
        (_, Some(found)) => PayloadError::Stale { found },
    }
}
