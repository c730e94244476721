//! Route: spike × synapses → deliveries. Unicast and broadcast meet their targets by one rule.

use super::deliver::Met;
use crate::{
    Cortex, DropReason, Port,
    sender::{Broadcast, Sender},
    soma::{Life, Waiting},
    ticket::Ticket,
};
use neuronbus_spike::{NeuronId, Spike, Target};
use neuronbus_synapse::Fanout;
use std::cmp::Reverse;

impl<P: Port> Cortex<P> {
    /// Routes what the axons held when the tick began, in id order. True: an inbox was full.
    pub(super) fn route_axons(&mut self) -> bool {
        let mut paused = false;
        let mut turns = std::mem::take(&mut self.progress.turns);
        turns.retain(|(id, until)| {
            let Some(mut sender) = self.senders[id.index()].take() else { return false };
            let over = self.route_axon(*id, &mut sender, *until, &mut paused);
            if sender.backlog() == 0 {
                self.active.remove(*id);
            }
            self.senders[id.index()] = Some(sender);
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

    /// Routes the spikes of one axon up to `until`; false if one must stay at its head.
    fn route_axon(&mut self, id: NeuronId, sender: &mut Sender, until: u64, paused: &mut bool) -> bool {
        sender.refresh();
        let due = until.saturating_sub(sender.taken()) as usize;
        let mut taken = 0;
        while taken < due {
            let Some((spike, direct)) = sender.peek(taken) else { break };
            let met = match spike {
                Ok(spike) => self.route_spike(id, sender, &spike, direct),
                Err(_) => self.drop_spike(DropReason::Malformed, None, Ticket::unicast(id)),
            };
            if let Met::Blocked { inbox } = met {
                *paused |= inbox;
                break;
            }
            taken += 1;
            self.leave_axon(id, sender, taken, spike.ok());
        }
        sender.take(taken);
        taken == due
    }

    /// A spike is off its axon: so is its reference, unless a reader outside may still come by.
    pub(crate) fn leave_axon(&mut self, id: NeuronId, sender: &mut Sender, taken: usize, spike: Option<Spike>) {
        self.books.on_axons -= 1;
        self.progress.moved = true;
        let Some(reference) = spike.as_ref().and_then(Spike::arena_ref) else { return };
        if self.watched.contains(id) {
            sender.held.push_back(((sender.taken() + taken as u64).saturating_sub(1), reference));
        } else {
            self.give_reference(reference);
        }
    }

    fn route_spike(&mut self, source: NeuronId, sender: &mut Sender, spike: &Spike, direct: bool) -> Met {
        match spike.target() {
            Target::Neuron(target) => self.meet(source, target, spike, direct, Ticket::unicast(source)),
            Target::Broadcast => self.route_broadcast(source, sender, spike),
        }
    }

    /// Meets every target of a broadcast once; goes on where it stood when one of them blocked it.
    fn route_broadcast(&mut self, source: NeuronId, sender: &mut Sender, spike: &Spike) -> Met {
        let mut broadcast = sender.broadcast.take().unwrap_or_else(|| Broadcast {
            ticket: self.tickets.broadcast(source),
            walk: Fanout::new(source),
            met: false,
        });
        let mut next = broadcast.walk;
        while let Some((post, _)) = self.table.next(&mut next) {
            self.tickets.open(broadcast.ticket);
            if let Met::Blocked { inbox } = self.meet(source, post, spike, false, broadcast.ticket) {
                self.close_ticket(broadcast.ticket);
                return self.pause_broadcast(sender, broadcast, inbox);
            }
            // `fire` counted one; each further target is one more.
            self.books.fanned_out += u64::from(broadcast.met);
            broadcast.met = true;
            broadcast.walk = next;
        }
        if !broadcast.met {
            return self.drop_spike(DropReason::NoSynapse, Some(spike), broadcast.ticket);
        }
        self.close_ticket(broadcast.ticket);
        Met::Through
    }

    /// The targets not yet met stand on the axon as one spike in flight, so that one is counted as fired.
    fn pause_broadcast(&mut self, sender: &mut Sender, mut broadcast: Broadcast, inbox: bool) -> Met {
        self.books.fanned_out += u64::from(broadcast.met);
        broadcast.met = false;
        sender.broadcast = Some(broadcast);
        Met::Blocked { inbox }
    }

    /// One spike meets one target: looked up, filtered, made to wait, or delivered.
    fn meet(&mut self, source: NeuronId, target: NeuronId, spike: &Spike, direct: bool, ticket: Ticket) -> Met {
        let reason = match self.somas.get(target.index()).map_or(Life::Vacant, |soma| soma.life) {
            Life::Live => None,
            Life::Vacant => Some(DropReason::Unknown),
            Life::Leaving | Life::Quarantined => Some(DropReason::Left),
        };
        if let Some(reason) = reason {
            return self.drop_spike(reason, Some(spike), ticket);
        }
        let synapse = self.table.index(source, target);
        if synapse.is_none() && !direct {
            return self.drop_spike(DropReason::NotConnected, Some(spike), ticket);
        }
        if synapse.is_some_and(|synapse| !self.passes(synapse, spike)) {
            return self.drop_spike(DropReason::Filtered, Some(spike), ticket);
        }
        if self.somas[target.index()].must_wait(self.progress.current()) {
            return self.wait(target, Waiting { spike: *spike, source, direct, ticket });
        }
        self.deliver(target, synapse, spike, ticket)
    }

    /// Puts a spike into the waiting queue of a refractory neuron.
    fn wait(&mut self, target: NeuronId, waiting: Waiting) -> Met {
        let current = self.progress.current();
        let soma = &mut self.somas[target.index()];
        if soma.waiting.len() >= self.config.defer_slots {
            return Met::Blocked { inbox: false };
        }
        if soma.waiting.is_empty() {
            self.progress.wakes.push(Reverse((soma.state.ready_tick().max(current), target)));
        }
        soma.waiting.push_back(waiting);
        self.books.deferred += 1;
        self.hold_reference(&waiting.spike);
        Met::Through
    }

    /// Delivers the waiting queue of one neuron, oldest first; false if its inbox is full.
    fn route_waiting(&mut self, id: NeuronId) -> bool {
        while let Some(waiting) = self.somas[id.index()].waiting.front().copied() {
            let synapse = self.table.index(waiting.source, id);
            let met = if synapse.is_none() && !waiting.direct {
                self.drop_spike(DropReason::NotConnected, Some(&waiting.spike), waiting.ticket)
            } else {
                self.deliver(id, synapse, &waiting.spike, waiting.ticket)
            };
            if let Met::Blocked { .. } = met {
                self.wake_next_tick(id);
                return false;
            }
            self.unwait(id);
        }
        true
    }

    fn wake_next_tick(&mut self, id: NeuronId) {
        self.progress.wakes.push(Reverse((self.progress.current() + 1, id)));
    }

    /// The oldest waiting spike of `id` waits no more; the delivery has taken a reference of its own.
    fn unwait(&mut self, id: NeuronId) {
        let Some(waiting) = self.somas[id.index()].waiting.pop_front() else { return };
        self.books.deferred -= 1;
        self.progress.moved = true;
        if let Some(reference) = waiting.spike.arena_ref() {
            self.give_reference(reference);
        }
    }

    /// Drops everything that waits for `id`.
    pub(crate) fn drop_waiting(&mut self, id: NeuronId, reason: DropReason) {
        while let Some(waiting) = self.somas[id.index()].waiting.front().copied() {
            self.drop_spike(reason, Some(&waiting.spike), waiting.ticket);
            self.unwait(id);
        }
    }
}
