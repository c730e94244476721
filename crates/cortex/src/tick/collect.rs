//! Collect: outboxes → axons. And back: what environments and outside readers have given up.

use crate::{Cortex, DropReason, Port, Record, sender::Sender, soma::Home, ticket::Ticket};
use neuronbus_spike::{ArenaRef, NeuronId, Spike};

impl<P: Port> Cortex<P> {
    /// Moves what was fired onto the axons and brings credit up to date, without a tick. An environment calls it when its
    /// outbox is full or a sender has no credit.
    pub fn settle(&mut self) {
        self.collect();
        self.give_back();
        self.reap_leaving();
        for inbox in &mut self.inboxes {
            inbox.port.set_settled(self.books.settled);
        }
    }

    pub(super) fn collect(&mut self) {
        for at in 0..self.inboxes.len() {
            while let Some(record) = self.inboxes[at].port.front() {
                if !self.accept(at, record) {
                    break;
                }
                self.inboxes[at].port.pop();
                self.progress.moved = true;
            }
        }
        self.collect_natives();
    }

    /// Takes one record of a port's outbox. False: its sender has no room, so the record must stay.
    fn accept(&mut self, port: usize, record: Record) -> bool {
        let Ok(spike) = record.spike else {
            self.refuse_record(DropReason::Malformed, None);
            return true;
        };
        let owner = spike.source().filter(|id| self.lives_at(*id, port));
        match owner {
            Some(source) => self.push(source, &spike, record.direct),
            None => {
                self.refuse_record(DropReason::Unknown, Some(&spike));
                true
            }
        }
    }

    /// Puts a spike on the axon of its source; false without room.
    pub(super) fn push(&mut self, source: NeuronId, spike: &Spike, direct: bool) -> bool {
        let Some(sender) = self.senders[source.index()].as_mut() else { return false };
        if sender.push(spike, direct).is_err() {
            return false;
        }
        self.books.on_axons += 1;
        self.active.insert(source);
        true
    }

    /// Whether `id` is a neuron of this port with an axon (live, or leaving with spikes under way).
    fn lives_at(&self, id: NeuronId, port: usize) -> bool {
        let here = |soma: &crate::soma::Soma| matches!(soma.home, Home::Port(home) if home.0 == port);
        self.somas.get(id.index()).is_some_and(here) && self.senders[id.index()].is_some()
    }

    /// A record that never gets onto an axon: dropped, and through.
    fn refuse_record(&mut self, reason: DropReason, spike: Option<&Spike>) {
        self.count_drop(reason, spike);
        self.books.settled += 1;
        if let Some(reference) = spike.and_then(Spike::arena_ref) {
            self.give_reference(reference);
        }
    }

    /// Credits and references of the deliveries that environments have released, and of axons that outside readers have
    /// passed.
    pub(super) fn give_back(&mut self) {
        for at in 0..self.inboxes.len() {
            let released = self.inboxes[at].port.released();
            while let Some((ticket, reference)) = self.inboxes[at].next_returned(released) {
                self.books.delivered += 1;
                self.progress.moved = true;
                self.close_ticket(ticket);
                if let Some(reference) = reference {
                    self.give_reference(reference);
                }
            }
        }
        self.follow_readers();
    }

    fn follow_readers(&mut self) {
        if self.watched.is_empty() {
            return;
        }
        let watched: Vec<NeuronId> = self.watched.iter().collect();
        for id in watched {
            let Some(sender) = self.senders[id.index()].as_mut() else { continue };
            let passed = sender.passed();
            let unread = sender.readers > 0;
            while let Some(reference) = sender.next_held(passed) {
                give(&self.arena, reference);
            }
            if !unread && sender.held.is_empty() {
                self.watched.remove(id);
            }
            self.publish_credit(id);
        }
    }

    /// One delivery or drop of a spike is through; its sender gets its credit back with the last.
    pub(super) fn close_ticket(&mut self, ticket: Ticket) {
        let Some(sender) = self.tickets.close(ticket) else { return };
        self.done[sender.index()] = self.done[sender.index()].wrapping_add(1);
        match self.somas[sender.index()].home {
            Home::Native => self.natives.credit(sender),
            Home::Port(_) => self.books.settled += 1,
        }
        if !self.watched.contains(sender) {
            self.publish_credit(sender);
        }
    }

    /// Tells the sender's environment how many of its spikes are through: the fewest that the cortex and every reader
    /// outside have passed.
    fn publish_credit(&mut self, sender: NeuronId) {
        let Home::Port(port) = self.somas[sender.index()].home else { return };
        let done = self.done[sender.index()];
        let unread = self.senders[sender.index()].as_ref().map_or(0, |sender| unread(sender, done));
        self.inboxes[port.0].port.set_done(sender, done.wrapping_sub(unread));
    }

    /// Gives up a reference that the bus held for a spike.
    pub(super) fn give_reference(&mut self, reference: ArenaRef) {
        give(&self.arena, reference);
    }
}

/// How many spikes the cortex is through with while a reader outside is not.
fn unread(sender: &Sender, done: u32) -> u32 {
    if sender.readers == 0 {
        return 0;
    }
    let passed = sender.passed() as u32;
    let ahead = done.wrapping_sub(passed);
    // Done counts spikes in any order and may trail the gates; only a lead over them is held back.
    if ahead as i32 > 0 { ahead } else { 0 }
}

fn give(arena: &neuronbus_arena::Arena, reference: ArenaRef) {
    // A closed arena has given everything back already, and a reference that was forged in foreign memory owns nothing.
    drop(arena.drop_held(reference));
}
