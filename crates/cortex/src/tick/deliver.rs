//! Deliver: learn, integrate, hand over; or drop, counted.

use crate::{
    Cortex, DropReason, Port,
    native::{NativeBody, Side},
    soma::Home,
    ticket::Ticket,
    wiring::Host,
};
use neuronbus_neuron::{Handle, Neuron};
use neuronbus_spike::{ArenaRef, NeuronId, Spike, layout::BROADCAST};
use neuronbus_synapse::SynapseIndex;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    thread,
};

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
                let held = self.hold_reference(spike);
                if !self.inboxes[port.index()].deliver(target, spike, ticket, held) {
                    if let Some(reference) = held {
                        self.give_reference(reference);
                    }
                    return Met::Blocked { inbox: true };
                }
                self.integrate(target, synapse, spike);
            }
            Home::Native => {
                self.integrate(target, synapse, spike);
                self.hand_over(target, spike, ticket);
            }
        }
        Met::Through
    }

    /// Calls a native neuron with a spike, which is through with that.
    // By itself: the frame of the call would cost each delivery to a port, too.
    #[inline(never)]
    fn hand_over(&mut self, target: NeuronId, spike: &Spike, ticket: Ticket) {
        self.call_and_count(target, |body, handle| body.on_spike(spike, handle));
        self.books.delivered += 1;
        self.close_ticket(ticket);
    }

    /// Counts a spike as dropped at one target.
    pub(crate) fn drop_spike(&mut self, reason: DropReason, spike: Option<&Spike>, target: u16, ticket: Ticket) -> Met {
        self.count_drop(reason, spike, target);
        self.close_ticket(ticket);
        Met::Through
    }

    pub(super) fn count_drop(&mut self, reason: DropReason, spike: Option<&Spike>, target: u16) {
        self.books.dropped[reason as usize] += 1;
        self.progress.moved = true;
        let (source, sequence) = (spike.map_or(BROADCAST, Spike::source_raw), spike.map_or(0, Spike::sequence));
        self.events.drop(reason, source, target, sequence);
    }

    /// Whether the filters of a synapse let a spike through.
    pub(super) fn passes(&mut self, synapse: SynapseIndex, spike: &Spike) -> bool {
        let Some(synapse) = self.table.at(synapse) else { return false };
        if synapse.filters().is_empty() {
            return true;
        }
        let panics = &mut self.books.handler_errors;
        let mut host = Host { arena: &self.arena, predicates: &mut self.predicates, panics };
        synapse.filters().passes(spike, &mut host)
    }

    /// One more holder of the payload in the arena; returns the reference that is then owed back.
    pub(super) fn hold_reference(&mut self, spike: &Spike) -> Option<ArenaRef> {
        // A reference that is stale or forged (only foreign memory can hold one) owns nothing; its reader finds out.
        spike.arena_ref().filter(|at| self.arena.add_ref(*at).and_then(|_| self.arena.hold(*at)).is_ok())
    }

    /// Calls a native neuron; a panic of it is counted and stops nobody.
    #[inline]
    pub(super) fn call_and_count(&mut self, id: NeuronId, call: impl FnOnce(&mut dyn Neuron, &mut Handle<'_>)) {
        if let Some(Err(_)) = self.call_native(id, call) {
            self.books.handler_errors += 1;
        }
    }

    /// Lends a native neuron its hand. A panic is what it ends with; what it fired before that is fired.
    pub(crate) fn call_native<R>(
        &mut self,
        id: NeuronId,
        call: impl FnOnce(&mut dyn Neuron, &mut Handle<'_>) -> R,
    ) -> Option<thread::Result<R>> {
        let card = self.directory.get(id)?;
        let NativeBody { neuron, outbox, credited, .. } = self.natives.bodies.get_mut(id.index())?.as_mut()?;
        // The credit of what is through by now: nobody else looks at it.
        let sender = &mut self.senders[id.index()];
        let through = sender.through();
        outbox.done(through.wrapping_sub(std::mem::replace(credited, through)));
        let (fired, refused) = (outbox.fired(), outbox.refused());
        let (arena, pool, watched) = (&self.arena, &mut self.pool, &mut self.watched);
        let (slots, epoch) = (self.config.axon_slots, self.progress.epoch);
        let mut side = Side { id, arena, sender, pool, watched, slots, epoch, put: 0 };
        let mut handle = Handle::new(card, outbox, &mut side, self.progress.now_ns);
        let result = catch_unwind(AssertUnwindSafe(|| call(neuron.as_mut(), &mut handle)));
        let put = side.put;
        self.books.native_fired += outbox.fired() - fired;
        self.books.native_refused += outbox.refused() - refused;
        (0..put).for_each(|_| self.count_push(id));
        Some(result)
    }
}
