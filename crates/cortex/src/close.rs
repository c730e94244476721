//! The end of a cortex: what is still under way is counted as `closed`.

use crate::{Cortex, DropReason, Port, ticket::Ticket};
use neuronbus_spike::NeuronId;

impl<P: Port> Cortex<P> {
    /// Refuses what native neurons fire from now on, while what is under way still gets through: the bus is being closed.
    pub fn refuse_fire(&mut self) {
        self.natives.bodies.iter_mut().flatten().for_each(|body| body.outbox.close());
    }

    /// Drops what is in outboxes, on axons and in waiting queues as `closed`, closes the axons, and refuses from now on
    /// everything but reading the books. What stands in an inbox is its environment's to count. Idempotent.
    pub fn close(&mut self) {
        if self.closed {
            return;
        }
        self.settle();
        self.closed = true;
        let ids = (0..self.somas.len()).filter_map(|raw| NeuronId::new(raw as u16).ok());
        for id in ids.filter(|id| self.somas[id.index()].waiting() > 0 || self.has_axon(*id)).collect::<Vec<_>>() {
            self.drop_waiting(id, DropReason::Closed);
            self.close_axon(id);
        }
        // What an outbox brings from now on is dropped where it is found.
        self.settle();
        self.notify();
    }

    fn close_axon(&mut self, id: NeuronId) {
        while let Some((&spike, _)) = self.senders[id.index()].front(&self.pool) {
            let begun = self.senders[id.index()].broadcast.take();
            let ticket = begun.unwrap_or(Ticket::unicast(id));
            self.drop_spike(DropReason::Closed, Some(&spike), spike.target().raw(), ticket);
            self.leave_axon(id, &spike);
        }
        self.active.remove(id);
        let Some(tap) = self.senders[id.index()].tapped() else { return };
        tap.axon().close();
        // The arena closes with the bus: nobody can read them any more.
        while let Some(reference) = tap.next_held(u64::MAX) {
            drop(self.arena.drop_held(reference));
        }
    }
}
