//! The sending half of a neuron: its axon, and how far the cortex is with it.

use crate::{
    pool::{Chain, Pool},
    soma::Home,
    tap::Tap,
    ticket::Ticket,
};
use neuronbus_axon::AxonError;
use neuronbus_spike::{ArenaRef, NeuronId, Spike};
use neuronbus_synapse::SynapseIndex;

/// The axon of one neuron, in one cache line: the cortex publishes for the neuron, and takes.
///
/// The spikes stand in a chain of the pool. When somebody outside wants to read the axon, a [`Tap`] is set on it: a ring
/// that gets a copy of each spike from then on.
#[derive(Debug)]
#[repr(align(64))]
pub(crate) struct Sender {
    chain: Chain,
    /// Spikes put on the axon during the step `epoch`, which are not due in it.
    fresh: u32,
    epoch: u32,
    /// Spikes that are through, wrapping.
    pub(crate) done: u32,
    /// Spikes ever put on the axon.
    published: u64,
    /// Where the neuron lives.
    pub(crate) home: Home,
    /// The synapse that the last unicast took.
    pub(crate) last_route: Option<(NeuronId, SynapseIndex)>,
    /// Set while the spike at the head is a broadcast that has begun.
    pub(crate) broadcast: Option<Ticket>,
    tap: Option<Box<Tap>>,
}

impl Sender {
    pub(crate) fn new(home: Home) -> Self {
        Self {
            chain: Chain::default(),
            fresh: 0,
            epoch: 0,
            done: 0,
            published: 0,
            home,
            last_route: None,
            broadcast: None,
            tap: None,
        }
    }

    /// Puts a spike on the axon in the step `epoch`.
    pub(crate) fn push(&mut self, pool: &mut Pool, spike: &Spike, direct: bool, epoch: u32) {
        pool.push(&mut self.chain, spike, direct);
        if self.epoch != epoch {
            (self.epoch, self.fresh) = (epoch, 0);
        }
        self.fresh += 1;
        self.published += 1;
        if let Some(tap) = &mut self.tap {
            tap.publish(spike);
        }
    }

    /// The oldest spike on the axon, and whether it was fired with `direct`.
    pub(crate) fn front<'a>(&self, pool: &'a Pool) -> Option<(&'a Spike, bool)> {
        pool.front(&self.chain)
    }

    /// Takes the oldest spike off the axon.
    pub(crate) fn pop(&mut self, pool: &mut Pool) {
        pool.pop(&mut self.chain);
    }

    /// Spikes that were on the axon before the step `epoch` began.
    pub(crate) fn due(&self, epoch: u32) -> u32 {
        let fresh = if self.epoch == epoch { self.fresh } else { 0 };
        self.chain.len().saturating_sub(fresh)
    }

    /// Spikes on the axon.
    pub(crate) fn backlog(&self) -> u32 {
        self.chain.len()
    }

    /// Spikes ever put on the axon.
    pub(crate) fn published(&self) -> u64 {
        self.published
    }

    /// Spikes ever taken off it by the cortex.
    pub(crate) fn taken(&self) -> u64 {
        self.published - u64::from(self.chain.len())
    }

    /// Whether there is room for one more of `slots`: only a sender that ignores its credit finds none.
    pub(crate) fn has_room(&self, slots: usize) -> bool {
        ((self.published as u32).wrapping_sub(self.through()) as usize) < slots
    }

    /// Spikes of which nothing is owed any more, wrapping: the fewest that the cortex and every reliable reader outside
    /// are through with.
    pub(crate) fn through(&self) -> u32 {
        let Some(tap) = &self.tap else { return self.done };
        let ahead = self.done.wrapping_sub(tap.passed() as u32);
        // Done counts spikes in any order and may trail the readers; only a lead over them is held back.
        if ahead.cast_signed() > 0 { self.done.wrapping_sub(ahead) } else { self.done }
    }

    /// The ring for readers outside; made when the first one comes.
    pub(crate) fn tap(&mut self, slots: usize) -> Result<&mut Tap, AxonError> {
        let tap = match self.tap.take() {
            Some(tap) => tap,
            None => Box::new(Tap::new(slots, self.published)?),
        };
        Ok(self.tap.insert(tap))
    }

    /// The ring for readers outside, if there has been one.
    pub(crate) fn tapped(&mut self) -> Option<&mut Tap> {
        self.tap.as_deref_mut()
    }

    /// Whether the readers outside have passed more than the cortex has followed.
    pub(crate) fn is_passed_further(&self) -> bool {
        self.tap.as_ref().is_some_and(|tap| tap.has_moved())
    }

    /// Keeps a reference for the readers outside, if there are any that may still come by the spike just before `taken`.
    /// Gives it back if there are none.
    pub(crate) fn hold(&mut self, reference: ArenaRef) -> Option<ArenaRef> {
        let seq = self.taken().wrapping_sub(1);
        match &mut self.tap {
            Some(tap) if tap.passed() <= seq => {
                tap.hold(seq, reference);
                None
            }
            _ => Some(reference),
        }
    }

    /// Whether nothing of what was fired is under way any more.
    pub(crate) fn is_through(&self) -> bool {
        self.published as u32 == self.done && self.tap.as_ref().is_none_or(|tap| !tap.holds())
    }
}

const _: () = assert!(size_of::<Sender>() == 64);
