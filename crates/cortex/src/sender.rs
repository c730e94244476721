//! The sending half of a neuron: its axon, and how far the cortex is with it.

use crate::ticket::Ticket;
use neuronbus_axon::{Axon, AxonError, PublishError, Publisher, Reader};
use neuronbus_spike::{ArenaRef, Spike, SpikeError};
use neuronbus_synapse::Fanout;
use std::collections::VecDeque;

/// A broadcast that is being routed, maybe over several ticks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Broadcast {
    pub(crate) ticket: Ticket,
    /// Where its walk over the synapses stands.
    pub(crate) walk: Fanout,
    /// Whether any target was met: the first is the spike that `fire` counted.
    pub(crate) met: bool,
}

/// The axon of one neuron with both its ends: the cortex publishes for the neuron, and reads.
#[derive(Debug)]
pub(crate) struct Sender {
    axon: Axon,
    publisher: Publisher,
    reader: Reader,
    direct: DirectFlags,
    /// Set while the spike at the head is a broadcast that has begun.
    pub(crate) broadcast: Option<Broadcast>,
    /// Readers outside.
    pub(crate) readers: u32,
    /// Arena references that the axon owns although the cortex has taken their spikes: readers outside have not passed.
    pub(crate) held: VecDeque<(u64, ArenaRef)>,
}

impl Sender {
    pub(crate) fn new(slots: usize) -> Result<Self, AxonError> {
        let (publisher, axon) = Axon::new(slots)?;
        let reader = axon.reader()?;
        Ok(Self { axon, publisher, reader, direct: DirectFlags::default(), broadcast: None, readers: 0, held: VecDeque::new() })
    }

    pub(crate) fn axon(&self) -> &Axon {
        &self.axon
    }

    /// Puts a spike on the axon. The credit of the sender bounds what is on it, so only a sender that ignores its credit
    /// finds no room.
    pub(crate) fn push(&mut self, spike: &Spike, direct: bool) -> Result<(), PublishError> {
        let seq = self.publisher.published();
        self.publisher.try_publish(spike)?;
        self.direct.set(seq, self.axon.slots(), direct);
        Ok(())
    }

    /// Spikes ever put on the axon.
    pub(crate) fn published(&self) -> u64 {
        self.publisher.published()
    }

    /// Spikes ever taken off it by the cortex.
    pub(crate) fn taken(&self) -> u64 {
        self.reader.read_pos()
    }

    /// Spikes on the axon that the cortex has not taken.
    pub(crate) fn backlog(&self) -> u64 {
        self.published() - self.taken()
    }

    /// The `index`-th spike that was not taken, and whether it was fired with `direct`.
    pub(crate) fn peek(&mut self, index: usize) -> Option<(Result<Spike, SpikeError>, bool)> {
        let words = self.reader.words(index)?;
        let direct = self.direct.get(self.taken() + index as u64, self.axon.slots());
        Some((Spike::from_words(words), direct))
    }

    /// Looks for what was published since the last look.
    pub(crate) fn refresh(&mut self) {
        self.reader.available();
    }

    /// Takes the oldest `count` spikes off the axon.
    pub(crate) fn take(&mut self, count: usize) {
        self.reader.release(count);
    }

    /// The next reference that the axon owns and nobody will read any more: those of sequences below `passed`.
    pub(crate) fn next_held(&mut self, passed: u64) -> Option<ArenaRef> {
        self.held.pop_front_if(|(seq, _)| *seq < passed).map(|(_, reference)| reference)
    }

    /// The sequences that the cortex and every reader outside have passed.
    pub(crate) fn passed(&self) -> u64 {
        self.axon.gates_min(None).min(self.taken())
    }
}

/// One bit per slot of an axon; takes no memory until a spike is fired with `direct`.
#[derive(Debug, Default)]
struct DirectFlags(Box<[u64]>);

impl DirectFlags {
    fn set(&mut self, seq: u64, slots: usize, direct: bool) {
        if self.0.is_empty() {
            if !direct {
                return;
            }
            self.0 = vec![0; slots.div_ceil(64)].into_boxed_slice();
        }
        let at = seq as usize & (slots - 1);
        let mask = 1 << (at % 64);
        if direct { self.0[at / 64] |= mask } else { self.0[at / 64] &= !mask }
    }

    fn get(&self, seq: u64, slots: usize) -> bool {
        let at = seq as usize & (slots - 1);
        self.0.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn direct_flags_follow_the_slots_around_the_ring() {
        let mut flags = DirectFlags::default();
        flags.set(3, 4, false);
        assert!(flags.0.is_empty(), "no memory before the first direct spike");
        flags.set(5, 4, true);
        assert!(flags.get(5, 4) && !flags.get(4, 4));
        flags.set(9, 4, false);
        assert!(!flags.get(9, 4));
    }
}
