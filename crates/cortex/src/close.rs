//! The end of a cortex: what is still under way is counted as `closed`.

use crate::{Cortex, DropReason, Port, ticket::Ticket};
use neuronbus_spike::NeuronId;

impl<P: Port> Cortex<P> {
    /// Drops what is in outboxes, on axons and in waiting queues as `closed`, closes the axons, and refuses from now on
    /// everything but reading the books. What stands in an inbox is its environment's to count. Idempotent.
    pub fn close(&mut self) {
        if self.closed {
            return;
        }
        self.settle();
        for raw in 0..self.somas.len() {
            if let Ok(id) = NeuronId::new(raw as u16) {
                self.drop_waiting(id, DropReason::Closed);
                self.close_axon(id);
            }
        }
        self.settle();
        self.closed = true;
    }

    fn close_axon(&mut self, id: NeuronId) {
        let Some(mut sender) = self.senders[id.index()].take() else { return };
        sender.refresh();
        while let Some((spike, _)) = sender.peek(0) {
            let ticket = sender.broadcast.take().map_or(Ticket::unicast(id), |broadcast| broadcast.ticket);
            self.drop_spike(DropReason::Closed, spike.as_ref().ok(), ticket);
            sender.take(1);
            self.leave_axon(id, &mut sender, 0, spike.ok());
        }
        self.active.remove(id);
        sender.axon().close();
        self.senders[id.index()] = Some(sender);
    }
}
