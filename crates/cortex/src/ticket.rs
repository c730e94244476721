//! Tickets: what a delivery under way owes to its sender.

use neuronbus_spike::NeuronId;
use neuronbus_synapse::Fanout;

/// Names who is to be credited when one delivery of a spike is through: the sender of a unicast, or a [`Tracker`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ticket(u32);

/// The deliveries of one broadcast: the sender gets its one credit back when the last is through.
#[derive(Debug, Clone, Copy)]
struct Tracker {
    sender: NeuronId,
    /// Deliveries under way, plus one while the broadcast is still being routed.
    open: u32,
    /// Where its walk over the synapses stands, while it pauses.
    walk: Fanout,
}

/// All broadcasts under way. Trackers are reused, so that a warm loop allocates nothing.
#[derive(Debug, Default)]
pub(crate) struct Tickets {
    trackers: Vec<Tracker>,
    free: Vec<u32>,
}

/// Tickets below this are the raw ids of senders; above, trackers.
const FIRST_TRACKER: u32 = 1 << 16;

impl Ticket {
    pub(crate) fn unicast(sender: NeuronId) -> Self {
        Self(u32::from(sender.raw()))
    }

    fn tracker(self) -> Option<usize> {
        self.0.checked_sub(FIRST_TRACKER).map(|at| at as usize)
    }
}

impl Tickets {
    /// A ticket for a broadcast that is being routed; [`Self::close`] it when all its targets were met.
    pub(crate) fn broadcast(&mut self, sender: NeuronId) -> Ticket {
        let tracker = Tracker { sender, open: 1, walk: Fanout::new(sender) };
        let at = if let Some(at) = self.free.pop() {
            self.trackers[at as usize] = tracker;
            at
        } else {
            self.trackers.push(tracker);
            self.trackers.len() as u32 - 1
        };
        Ticket(FIRST_TRACKER + at)
    }

    /// Where the walk of a broadcast stands; `None` for a unicast.
    pub(crate) fn walk(&mut self, ticket: Ticket) -> Option<&mut Fanout> {
        self.trackers.get_mut(ticket.tracker()?).map(|tracker| &mut tracker.walk)
    }

    /// One more delivery is under way.
    pub(crate) fn open(&mut self, ticket: Ticket) {
        if let Some(tracker) = ticket.tracker() {
            self.trackers[tracker].open += 1;
        }
    }

    /// One is through; returns the sender to credit if it was the last.
    #[inline]
    pub(crate) fn close(&mut self, ticket: Ticket) -> Option<NeuronId> {
        let Some(at) = ticket.tracker() else {
            return NeuronId::new(ticket.0 as u16).ok();
        };
        let tracker = &mut self.trackers[at];
        tracker.open -= 1;
        (tracker.open == 0).then(|| {
            self.free.push(at as u32);
            tracker.sender
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broadcast_is_credited_once_when_its_last_delivery_is_through() {
        let sender = NeuronId::new(7).unwrap();
        let mut tickets = Tickets::default();
        let ticket = tickets.broadcast(sender);
        tickets.open(ticket);
        tickets.open(ticket);
        assert_eq!(tickets.close(ticket), None);
        assert_eq!(tickets.close(ticket), None);
        assert_eq!(tickets.close(ticket), Some(sender));
        assert_eq!(tickets.broadcast(sender), ticket, "trackers are reused");
    }

    #[test]
    fn a_unicast_credits_its_sender() {
        let sender = NeuronId::new(0xFFFE).unwrap();
        let mut tickets = Tickets::default();
        let ticket = Ticket::unicast(sender);
        tickets.open(ticket);
        assert_eq!(tickets.close(ticket), Some(sender));
        assert!(tickets.walk(ticket).is_none());
    }
}
