//! Collect: outboxes → axons. And back: what environments and outside readers have given up.

use crate::{Cortex, DropReason, Port, Record, soma::Home, ticket::Ticket};
use neuronbus_spike::{ArenaRef, NeuronId, Spike, layout::BROADCAST};

impl<P: Port> Cortex<P> {
    /// Moves what was fired onto the axons and brings credit up to date, without a tick. An environment calls it when its
    /// outbox is full or a sender has no credit.
    pub fn settle(&mut self) {
        self.collect();
        self.give_back();
        self.reap_leaving();
        for inbox in &mut self.inboxes {
            inbox.port.set_settled(inbox.settled);
        }
    }

    pub(super) fn collect(&mut self) {
        for at in 0..self.inboxes.len() {
            // Not more than there is now: the other side may write as fast as this one reads.
            for _ in 0..self.inboxes[at].port.backlog() {
                let Some(record) = self.inboxes[at].port.front() else { break };
                if !self.accept(at, record) {
                    break;
                }
                self.inboxes[at].port.pop();
                self.progress.moved = true;
            }
        }
    }

    /// Takes one record of a port's outbox. False: its sender has no room, so the record must stay.
    fn accept(&mut self, port: usize, record: Record) -> bool {
        let reason = match &record.spike {
            Err(_) => DropReason::Malformed,
            Ok(_) if self.closed => DropReason::Closed,
            Ok(spike) => match spike.source().filter(|id| self.lives_at(*id, port)) {
                Some(source) if !self.senders[source.index()].has_room(self.config.axon_slots) => return false,
                Some(source) => {
                    self.push(source, spike, record.direct);
                    return true;
                }
                None => DropReason::Unknown,
            },
        };
        self.refuse_record(port, reason, record.spike.ok().as_ref());
        true
    }

    /// Puts a spike on the axon of its source. It is due in the next step.
    pub(super) fn push(&mut self, source: NeuronId, spike: &Spike, direct: bool) {
        self.senders[source.index()].push(&mut self.pool, spike, direct, self.progress.epoch);
        self.count_push(source);
    }

    /// One more spike is on the axon of `source`.
    pub(super) fn count_push(&mut self, source: NeuronId) {
        self.books.on_axons += 1;
        self.active.insert(source);
        self.pass();
    }

    /// Whether `id` is a neuron of this port with an axon (live, or leaving with spikes under way).
    fn lives_at(&self, id: NeuronId, port: usize) -> bool {
        self.has_axon(id) && matches!(self.senders[id.index()].home, Home::Port(home) if home.index() == port)
    }

    /// A record that never gets onto an axon: dropped, and through.
    fn refuse_record(&mut self, port: usize, reason: DropReason, spike: Option<&Spike>) {
        self.count_drop(reason, spike, spike.map_or(BROADCAST, |spike| spike.target().raw()));
        self.inboxes[port].settled += 1;
        if let Some(reference) = spike.and_then(Spike::arena_ref) {
            self.give_reference(reference);
        }
    }

    /// Credits and references of the deliveries that environments have released, and of axons that outside readers have
    /// passed.
    pub(super) fn give_back(&mut self) {
        for at in 0..self.inboxes.len() {
            self.give_back_of(at);
        }
        self.follow_readers();
    }

    /// Deliveries in a row are mostly of one sender, which is credited for all of them at once.
    fn give_back_of(&mut self, port: usize) {
        let released = self.inboxes[port].port.released();
        let (mut sender, mut spikes) = (None, 0);
        while let Some((ticket, reference)) = self.inboxes[port].next_returned(released) {
            self.books.delivered += 1;
            self.progress.moved = true;
            let next = self.tickets.close(ticket);
            if next != sender {
                self.credit(sender, spikes);
                (sender, spikes) = (next, 0);
            }
            spikes += 1;
            if let Some(reference) = reference {
                self.give_reference(reference);
            }
        }
        self.credit(sender, spikes);
    }

    /// One delivery or drop of a spike is through; its sender gets its credit back with the last.
    #[inline]
    pub(super) fn close_ticket(&mut self, ticket: Ticket) {
        let sender = self.tickets.close(ticket);
        self.credit(sender, 1);
    }

    /// Gives a sender the credit of spikes that are through.
    fn credit(&mut self, sender: Option<NeuronId>, spikes: u32) {
        let Some(id) = sender else { return };
        let sender = &mut self.senders[id.index()];
        sender.done = sender.done.wrapping_add(spikes);
        if let Home::Port(port) = sender.home {
            self.inboxes[port.index()].settled += u64::from(spikes);
            self.publish_credit(id);
        }
    }

    /// Gives up a reference that the bus held for a spike.
    pub(super) fn give_reference(&mut self, reference: ArenaRef) {
        // A closed arena has given everything back already, and a reference that was forged in foreign memory owns nothing.
        drop(self.arena.drop_held(reference));
    }
}
