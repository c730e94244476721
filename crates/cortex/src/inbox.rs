//! A port with the receipts of what stands in its inbox.

use crate::{Port, ticket::Ticket};
use neuronbus_spike::{ArenaRef, NeuronId, Spike};
use std::collections::VecDeque;

/// What is owed when one delivery comes back: a credit, and maybe an arena reference. Kept on this side, because the
/// memory of the inbox belongs to the environment.
#[derive(Debug, Clone, Copy)]
struct Receipt {
    ticket: Ticket,
    owns_reference: bool,
}

/// A port, and the deliveries it has not given back, oldest first.
#[derive(Debug)]
pub(crate) struct Inbox<P> {
    pub(crate) port: P,
    receipts: VecDeque<Receipt>,
    references: VecDeque<ArenaRef>,
    handed_out: u64,
    /// Outbox records that are done.
    pub(crate) settled: u64,
    /// Deliveries since the last publish.
    unseen: u32,
}

/// Deliveries after which they are shown, also within a step: a long step then keeps both sides busy (docs/benchmarks.md,
/// P5).
const SHOWN_EVERY: u32 = 1_024;

impl<P: Port> Inbox<P> {
    pub(crate) fn new(port: P) -> Self {
        Self { port, receipts: VecDeque::new(), references: VecDeque::new(), handed_out: 0, settled: 0, unseen: 0 }
    }

    /// Deliveries ever.
    pub(crate) fn handed_out(&self) -> u64 {
        self.handed_out
    }

    /// Deliveries that were not given back.
    pub(crate) fn under_way(&self) -> u64 {
        self.receipts.len() as u64
    }

    /// Deliveries given back so far.
    pub(crate) fn returned(&self) -> u64 {
        self.handed_out - self.under_way()
    }

    /// Writes a delivery; false without room. The receipt takes over `held`, one reference to the payload in the arena.
    pub(crate) fn deliver(
        &mut self,
        recipient: NeuronId,
        spike: &Spike,
        ticket: Ticket,
        held: Option<ArenaRef>,
    ) -> bool {
        if !self.port.deliver(recipient, spike) {
            return false;
        }
        self.references.extend(held);
        self.receipts.push_back(Receipt { ticket, owns_reference: held.is_some() });
        self.handed_out += 1;
        self.unseen += 1;
        if self.unseen == SHOWN_EVERY {
            self.publish();
        }
        true
    }

    /// Makes the deliveries so far visible.
    pub(crate) fn publish(&mut self) {
        if std::mem::take(&mut self.unseen) > 0 {
            self.port.publish();
        }
    }

    /// The next delivery that the environment gave back: its ticket and the reference it owned.
    pub(crate) fn next_returned(&mut self, released: u64) -> Option<(Ticket, Option<ArenaRef>)> {
        if self.returned() >= released {
            return None;
        }
        let receipt = self.receipts.pop_front()?;
        let reference = if receipt.owns_reference { self.references.pop_front() } else { None };
        Some((receipt.ticket, reference))
    }
}
