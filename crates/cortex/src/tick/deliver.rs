//! Deliver: learn, integrate, hand over; or drop, counted.

use crate::{
    Cortex, DropReason, Event, Port,
    native::{NativeBody, Store},
    soma::Home,
    ticket::Ticket,
    wiring::Host,
};
use neuronbus_neuron::{Handle, Neuron};
use neuronbus_spike::{NeuronId, Spike, layout::BROADCAST};
use neuronbus_synapse::SynapseIndex;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What became of a spike at one target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Met {
    /// Delivered, dropped, or waiting for a refractory neuron.
    Through,
    /// It must stay where it is.
    Blocked {
        /// Because the inbox of an environment is full; else because a waiting queue is.
        inbox: bool,
    },
}

impl<P: Port> Cortex<P> {
    /// Hands a spike to a neuron that takes spikes now.
    pub(super) fn deliver(
        &mut self,
        target: NeuronId,
        synapse: Option<SynapseIndex>,
        spike: &Spike,
        ticket: Ticket,
    ) -> Met {
        match self.somas[target.index()].home {
            Home::Port(port) => {
                if !self.inboxes[port.0].deliver(target, spike, ticket) {
                    return Met::Blocked { inbox: true };
                }
                self.hold_reference(spike);
                self.integrate(target, synapse, spike);
            }
            Home::Native => {
                self.integrate(target, synapse, spike);
                self.call_native(target, |body, handle| body.on_spike(spike, handle));
                self.books.delivered += 1;
                self.close_ticket(ticket);
            }
        }
        Met::Through
    }

    /// Counts a spike as dropped at one target.
    pub(crate) fn drop_spike(&mut self, reason: DropReason, spike: Option<&Spike>, ticket: Ticket) -> Met {
        self.count_drop(reason, spike);
        self.close_ticket(ticket);
        Met::Through
    }

    pub(super) fn count_drop(&mut self, reason: DropReason, spike: Option<&Spike>) {
        self.books.dropped[reason as usize] += 1;
        self.events.drop(Event::Drop {
            reason,
            source: spike.map_or(BROADCAST, Spike::source_raw),
            target: spike.map_or(BROADCAST, |spike| spike.target().raw()),
            sequence: spike.map_or(0, Spike::sequence),
        });
    }

    /// Whether the filters of a synapse let a spike through.
    pub(super) fn passes(&mut self, synapse: SynapseIndex, spike: &Spike) -> bool {
        let Some(synapse) = self.table.at(synapse) else { return false };
        let mut host = Host { arena: &self.arena, predicates: &mut self.predicates };
        synapse.filters().is_empty() || synapse.filters().passes(spike, &mut host)
    }

    /// One more holder of the payload in the arena.
    pub(super) fn hold_reference(&mut self, spike: &Spike) {
        if let Some(reference) = spike.arena_ref() {
            // A reference that is stale or forged (only foreign memory can hold one) owns nothing; its reader finds out.
            drop(self.arena.add_ref(reference).and_then(|_| self.arena.hold(reference)));
        }
    }

    /// Calls a native neuron; a panic of it is counted and stops nobody.
    pub(crate) fn call_native(&mut self, id: NeuronId, call: impl FnOnce(&mut dyn Neuron, &mut Handle<'_>)) {
        let Some(mut body) = self.natives.take(id) else { return };
        let before = body.outbox.fired();
        let Some(card) = self.directory.get(id) else { return };
        let NativeBody { neuron, outbox, .. } = &mut *body;
        let mut store = Store(&self.arena);
        let mut handle = Handle::new(card, outbox, &mut store, self.progress.now_ns);
        if catch_unwind(AssertUnwindSafe(|| call(neuron.as_mut(), &mut handle))).is_err() {
            self.books.handler_errors += 1;
        }
        self.books.native_fired += body.outbox.fired() - before;
        self.natives.put(body);
    }

    /// Moves what native neurons fired onto their axons.
    pub(super) fn collect_natives(&mut self) {
        if self.natives.fired.is_empty() {
            return;
        }
        let mut fired = std::mem::take(&mut self.progress.ending);
        self.natives.fired.drain_into(&mut fired);
        for id in fired.drain(..) {
            let Some(mut body) = self.natives.take(id) else { continue };
            while let Some(outgoing) = body.outbox.peek().copied() {
                if !self.push(id, &outgoing.spike, outgoing.direct) {
                    break;
                }
                body.outbox.pop();
                self.progress.moved = true;
            }
            self.natives.put(body);
        }
        self.progress.ending = fired;
    }
}
