//! Native neurons: their bodies and outboxes, and the bus as they see it.

use crate::{id_set::IdSet, pool::Pool, sender::Sender};
use neuronbus_arena::{Arena, ArenaError};
use neuronbus_axon::{AxonError, Reader};
use neuronbus_neuron::{BusSide, Neuron, Outbox, PayloadError, PayloadStore};
use neuronbus_spike::{ArenaRef, NeuronId, Spike};

/// A neuron that the cortex calls.
pub(crate) struct NativeBody {
    pub(crate) neuron: Box<dyn Neuron>,
    pub(crate) outbox: Outbox,
    /// Spikes whose credit the outbox has got back, wrapping.
    pub(crate) credited: u32,
    /// Crossings that its `tick` has heard of, wrapping.
    heard: u32,
    wants_tick: bool,
}

impl NativeBody {
    pub(crate) fn new(id: NeuronId, neuron: Box<dyn Neuron>, slots: usize) -> Self {
        let wants_tick = neuron.wants_tick();
        let outbox = Outbox::new(id, slots as u32);
        Self { neuron, outbox, credited: 0, heard: 0, wants_tick }
    }
}

/// All native neurons by id.
#[derive(Default)]
pub(crate) struct Natives {
    pub(crate) bodies: Vec<Option<NativeBody>>,
    /// Neurons whose `tick` is called, in id order.
    pub(crate) ticking: Vec<NeuronId>,
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
        self.bodies[id.index()] = Some(body);
    }

    /// Takes a neuron out for good. It is the caller's to drop: the neuron's own end may do anything.
    pub(crate) fn remove(&mut self, id: NeuronId) -> Option<NativeBody> {
        let body = self.bodies.get_mut(id.index())?.take()?;
        self.ticking.retain(|other| *other != id);
        Some(body)
    }

    pub(crate) fn get_mut(&mut self, id: NeuronId) -> Option<&mut NativeBody> {
        self.bodies.get_mut(id.index())?.as_mut()
    }

    /// Tells the `tick` of a neuron how often its membrane crossed; returns what it had heard before.
    pub(crate) fn heard(&mut self, id: NeuronId, crossed: u32) -> u32 {
        self.get_mut(id).map_or(crossed, |body| std::mem::replace(&mut body.heard, crossed))
    }
}

/// The bus as a native neuron sees it through its handle, while it is called.
pub(crate) struct Side<'a> {
    pub(crate) id: NeuronId,
    pub(crate) arena: &'a Arena,
    pub(crate) sender: &'a mut Sender,
    pub(crate) pool: &'a mut Pool,
    pub(crate) watched: &'a mut IdSet,
    pub(crate) slots: usize,
    pub(crate) epoch: u32,
    /// Spikes put on the axon that the books have not heard of.
    pub(crate) put: u32,
}

impl PayloadStore for Side<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<ArenaRef, PayloadError> {
        self.arena.write(bytes).map_err(|error| payload_error(&error, bytes, None))
    }

    fn read(&self, reference: ArenaRef, view: &mut dyn FnMut(&[u8])) -> Result<(), PayloadError> {
        let lease = self.arena.read(reference).map_err(|error| payload_error(&error, &[], Some(reference)))?;
        view(&lease);
        Ok(())
    }

    fn release(&mut self, reference: ArenaRef) -> Result<bool, PayloadError> {
        self.arena.release(reference).map_err(|error| payload_error(&error, &[], Some(reference)))
    }
}

impl BusSide for Side<'_> {
    fn store(&mut self, bytes: &[u8]) -> Result<ArenaRef, PayloadError> {
        let reference = self.write(bytes)?;
        self.arena.hold(reference).map_err(|error| payload_error(&error, bytes, Some(reference)))?;
        Ok(reference)
    }

    fn put(&mut self, spike: &Spike, direct: bool) {
        self.sender.push(self.pool, spike, direct, self.epoch);
        self.put += 1;
    }

    fn reader(&mut self) -> Result<Reader, AxonError> {
        let reader = self.sender.tap(self.slots)?.axon().reader()?;
        self.watched.insert(self.id);
        Ok(reader)
    }
}

fn payload_error(error: &ArenaError, bytes: &[u8], found: Option<ArenaRef>) -> PayloadError {
    match (error, found) {
        (ArenaError::OutOfSpace { requested, available }, _) => {
            PayloadError::OutOfSpace { requested: *requested, available: *available }
        }
        // No slot is no room, too, whatever bytes are free.
        (ArenaError::OutOfSlots, _) => PayloadError::OutOfSpace { requested: bytes.len() as u64, available: 0 },
        (ArenaError::Closed, _) | (_, None) => PayloadError::Closed,
        (_, Some(found)) => PayloadError::Stale { found },
    }
}
