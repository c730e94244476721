//! Tickets: what a delivery under way owes to its sender.

use neuronbus_spike::NeuronId;

/// Names who is to be credited when one delivery of a spike is through: the sender of a unicast, or a [`Tracker`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ticket(u32);

/// The deliveries of one broadcast: the sender gets its one credit back when the last is through.
#[derive(Debug, Clone, Copy)]
struct Tracker {
    sender: NeuronId,
    /// Deliveries under way, plus one while the broadcast is still being routed.
    open: u32,
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
}

impl Tickets {
    /// A ticket for a broadcast that is being routed; [`Self::close`] it when all its targets were met.
    pub(crate) fn broadcast(&mut self, sender: NeuronId) -> Ticket {
        let tracker = Tracker { sender, open: 1 };
        let at = match self.free.pop() {
            Some(at) => {
                self.trackers[at as usize] = tracker;
                at
            }
            None => {
                self.trackers.push(tracker);
                self.trackers.len() as u32 - 1
            }
        };
        Ticket(FIRST_TRACKER + at)
    }

    /// One more delivery is under way.
    pub(crate) fn open(&mut self, ticket: Ticket) {
        if let Some(tracker) = ticket.0.checked_sub(FIRST_TRACKER) {
            self.trackers[tracker as usize].open += 1;
        }
    }

    /// One is through; returns the sender to credit if it was the last.
    pub(crate) fn close(&mut self, ticket: Ticket) -> Option<NeuronId> {
        let Some(at) = ticket.0.checked_sub(FIRST_TRACKER) else {
            return NeuronId::new(ticket.0 as u16).ok();
        };
        let tracker = &mut self.trackers[at as usize];
        tracker.open -= 1;
        (tracker.open == 0).then(|| {
            self.free.push(at);
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
    }
}
