//! Route: spike × synapses → deliveries. Unicast and broadcast meet their targets by one rule.

use super::deliver::Met;
use crate::{
    Cortex, DropReason, Port,
    soma::{Life, Waiting},
    ticket::Ticket,
};
use neuronbus_spike::{NeuronId, Spike, Target, layout::BROADCAST};
use neuronbus_synapse::SynapseIndex;
use std::cmp::Reverse;

impl<P: Port> Cortex<P> {
    /// Routes what the axons held when the tick began, in id order. True: an inbox was full.
    pub(super) fn route_axons(&mut self) -> bool {
        let mut paused = false;
        let mut turns = std::mem::take(&mut self.progress.turns);
        turns.retain(|id| {
            let over = self.route_axon(*id, &mut paused);
            if self.senders[id.index()].backlog() == 0 {
                self.active.remove(*id);
            }
            !over
        });
        self.progress.turns = turns;
        paused
    }

    /// Opens the waiting queues whose time has come, in id order. True: an inbox was full.
    pub(super) fn route_woken(&mut self) -> bool {
        let mut paused = false;
        let mut woken = std::mem::take(&mut self.progress.woken);
        woken.retain(|id| {
            let over = self.route_waiting(*id);
            paused |= !over;
            !over
        });
        self.progress.woken = woken;
        paused
    }

    /// Routes what is due of one axon; false if a spike must stay at its head.
    fn route_axon(&mut self, id: NeuronId, paused: &mut bool) -> bool {
        for _ in 0..self.senders[id.index()].due(self.progress.epoch) {
            let Some((&spike, direct)) = self.senders[id.index()].front(&self.pool) else { break };
            let met = match spike.target() {
                Target::Neuron(target) => self.route_unicast(id, target, &spike, direct),
                Target::Broadcast => self.route_broadcast(id, &spike),
            };
            if let Met::Blocked { inbox } = met {
                *paused |= inbox;
                return false;
            }
            self.leave_axon(id, &spike);
        }
        true
    }

    /// The oldest spike is off its axon: so is its reference, unless a reader outside may still come by.
    pub(crate) fn leave_axon(&mut self, id: NeuronId, spike: &Spike) {
        self.senders[id.index()].pop(&mut self.pool);
        self.books.on_axons -= 1;
        self.pass();
        let owed = spike.arena_ref().and_then(|reference| self.senders[id.index()].hold(reference));
        if let Some(reference) = owed {
            self.give_reference(reference);
        }
    }

    fn route_unicast(&mut self, source: NeuronId, target: NeuronId, spike: &Spike, direct: bool) -> Met {
        let ticket = Ticket::unicast(source);
        let reason = match self.somas.get(target.index()).map_or(Life::Vacant, |soma| soma.life) {
            Life::Vacant => DropReason::Unknown,
            Life::Leaving | Life::Quarantined => DropReason::Left,
            Life::Live => match self.synapse_between(source, target) {
                None if !direct => DropReason::NotConnected,
                synapse => return self.meet(source, target, synapse, spike, direct, ticket),
            },
        };
        self.drop_spike(reason, Some(spike), target.raw(), ticket)
    }

    /// Where the synapse of a unicast is: where the last one was, if it goes the same way.
    #[inline]
    fn synapse_between(&mut self, source: NeuronId, target: NeuronId) -> Option<SynapseIndex> {
        if let Some((last, index)) = self.senders[source.index()].last_route
            && last == target
            && self.table.at(index).is_some_and(|synapse| synapse.pre() == source && synapse.post() == target)
        {
            return Some(index);
        }
        let index = self.table.index(source, target)?;
        self.senders[source.index()].last_route = Some((target, index));
        Some(index)
    }

    /// Meets every target of a broadcast once; goes on where it stood when one of them blocked it.
    fn route_broadcast(&mut self, source: NeuronId, spike: &Spike) -> Met {
        let resumed = self.senders[source.index()].broadcast.take();
        let ticket = resumed.unwrap_or_else(|| self.tickets.broadcast(source));
        let mut met = false;
        while let Some((post, synapse, walk)) = self.next_target(ticket) {
            self.tickets.open(ticket);
            if let blocked @ Met::Blocked { .. } = self.meet(source, post, Some(synapse), spike, false, ticket) {
                self.close_ticket(ticket);
                // What is left of it stands on the axon as one spike in flight, so that one is counted as fired.
                self.books.fanned_out += u64::from(met);
                self.senders[source.index()].broadcast = Some(ticket);
                return blocked;
            }
            // `fire`, or the pause before, counted one; each further target is one more.
            self.books.fanned_out += u64::from(met);
            met = true;
            if let Some(place) = self.tickets.walk(ticket) {
                *place = walk;
            }
        }
        match (met, resumed) {
            (true, _) => self.close_ticket(ticket),
            (false, None) => return self.drop_spike(DropReason::NoSynapse, Some(spike), BROADCAST, ticket),
            // The target that blocked it has lost its synapse meanwhile.
            (false, Some(_)) => return self.drop_spike(DropReason::NotConnected, Some(spike), BROADCAST, ticket),
        }
        Met::Through
    }

    /// The next target of a broadcast, its synapse, and where its walk stands after that.
    fn next_target(&mut self, ticket: Ticket) -> Option<(NeuronId, SynapseIndex, neuronbus_synapse::Fanout)> {
        let mut walk = *self.tickets.walk(ticket)?;
        let (post, synapse) = self.table.next(&mut walk)?;
        Some((post, synapse, walk))
    }

    /// One spike meets one live target: filtered, made to wait, or delivered.
    fn meet(
        &mut self,
        source: NeuronId,
        target: NeuronId,
        synapse: Option<SynapseIndex>,
        spike: &Spike,
        direct: bool,
        ticket: Ticket,
    ) -> Met {
        if synapse.is_some_and(|synapse| !self.passes(synapse, spike)) {
            return self.drop_spike(DropReason::Filtered, Some(spike), target.raw(), ticket);
        }
        if self.somas[target.index()].must_wait(self.progress.current()) {
            return self.wait(target, Waiting { spike: *spike, source, direct, holds: false, ticket });
        }
        self.deliver(target, synapse, spike, ticket)
    }

    /// Puts a spike into the waiting queue of a refractory neuron.
    fn wait(&mut self, target: NeuronId, waiting: Waiting) -> Met {
        if self.somas[target.index()].waiting() >= self.config.defer_slots {
            return Met::Blocked { inbox: false };
        }
        let holds = self.hold_reference(&waiting.spike).is_some();
        let current = self.progress.current();
        let soma = &mut self.somas[target.index()];
        if soma.waiting() == 0 {
            self.progress.wakes.push(Reverse((soma.state.ready_tick().max(current), target)));
        }
        soma.push_waiting(Waiting { holds, ..waiting });
        self.books.deferred += 1;
        Met::Through
    }

    /// Delivers the waiting queue of one neuron, oldest first; false if its inbox is full.
    fn route_waiting(&mut self, id: NeuronId) -> bool {
        while let Some(waiting) = self.somas[id.index()].first_waiting() {
            let synapse = self.table.index(waiting.source, id);
            let met = if synapse.is_none() && !waiting.direct {
                self.drop_spike(DropReason::NotConnected, Some(&waiting.spike), id.raw(), waiting.ticket)
            } else {
                self.deliver(id, synapse, &waiting.spike, waiting.ticket)
            };
            if let Met::Blocked { .. } = met {
                return false;
            }
            self.unwait(id);
        }
        true
    }

    /// The oldest waiting spike of `id` waits no more; the delivery has taken a reference of its own.
    fn unwait(&mut self, id: NeuronId) {
        let Some(waiting) = self.somas[id.index()].pop_waiting() else { return };
        self.books.deferred -= 1;
        self.progress.moved = true;
        if let Some(reference) = waiting.spike.arena_ref().filter(|_| waiting.holds) {
            self.give_reference(reference);
        }
    }

    /// Drops everything that waits for `id`.
    pub(crate) fn drop_waiting(&mut self, id: NeuronId, reason: DropReason) {
        while let Some(waiting) = self.somas[id.index()].first_waiting() {
            self.drop_spike(reason, Some(&waiting.spike), id.raw(), waiting.ticket);
            self.unwait(id);
        }
    }
}
