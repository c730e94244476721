//! The spikes on all axons: one pool, and a chain through it for each axon.
//!
//! A place that is given back is the next to be taken, so what a tick moves stays in the cache, and a neuron without
//! spikes owns no memory. The pool grows to the most spikes that ever stood on axons at once, and keeps that.

use neuronbus_spike::Spike;

/// No place.
const NONE: u32 = u32::MAX >> 1;
/// Bit of a link: the spike at this place was fired with `direct`.
const DIRECT: u32 = 1 << 31;

/// The places, and which of them are free.
#[derive(Debug)]
pub(crate) struct Pool {
    spikes: Vec<Spike>,
    /// The place of the next spike of the same chain, or of the next free place.
    links: Vec<u32>,
    free: u32,
}

/// The spikes of one axon, oldest first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chain {
    head: u32,
    tail: u32,
    len: u32,
}

impl Default for Pool {
    fn default() -> Self {
        Self { spikes: Vec::new(), links: Vec::new(), free: NONE }
    }
}

impl Default for Chain {
    fn default() -> Self {
        Self { head: NONE, tail: NONE, len: 0 }
    }
}

impl Chain {
    pub(crate) fn len(&self) -> u32 {
        self.len
    }
}

impl Pool {
    /// Puts a spike at the end of a chain.
    #[inline]
    pub(crate) fn push(&mut self, chain: &mut Chain, spike: &Spike, direct: bool) {
        let at = self.place(spike);
        self.links[at as usize] = NONE | if direct { DIRECT } else { 0 };
        if chain.len == 0 {
            chain.head = at;
        } else {
            let last = &mut self.links[chain.tail as usize];
            *last = *last & DIRECT | at;
        }
        chain.tail = at;
        chain.len += 1;
    }

    /// The oldest spike of a chain, and whether it was fired with `direct`.
    #[inline]
    pub(crate) fn front(&self, chain: &Chain) -> Option<(&Spike, bool)> {
        let at = chain.head as usize;
        (chain.len > 0).then(|| (&self.spikes[at], self.links[at] & DIRECT != 0))
    }

    /// Takes the oldest spike off a chain.
    #[inline]
    pub(crate) fn pop(&mut self, chain: &mut Chain) {
        if chain.len == 0 {
            return;
        }
        let at = chain.head;
        chain.head = self.links[at as usize] & !DIRECT;
        chain.len -= 1;
        self.links[at as usize] = self.free;
        self.free = at;
    }

    #[inline]
    fn place(&mut self, spike: &Spike) -> u32 {
        let at = self.free;
        if at == NONE {
            self.spikes.push(*spike);
            self.links.push(NONE);
            return self.spikes.len() as u32 - 1;
        }
        self.free = self.links[at as usize] & !DIRECT;
        self.spikes[at as usize] = *spike;
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use neuronbus_spike::SpikeBuilder;
    use proptest::prelude::*;
    use std::collections::VecDeque;

    proptest! {
        #[test]
        fn chains_behave_like_queues(ops in prop::collection::vec((0..4_usize, any::<bool>(), any::<bool>()), 0..300)) {
            let mut pool = Pool::default();
            let mut chains = [Chain::default(); 4];
            let mut oracle: [VecDeque<(u32, bool)>; 4] = Default::default();
            for (number, (at, push, direct)) in ops.into_iter().enumerate() {
                if push {
                    pool.push(&mut chains[at], &SpikeBuilder::new().sequence(number as u32).build().unwrap(), direct);
                    oracle[at].push_back((number as u32, direct));
                } else {
                    pool.pop(&mut chains[at]);
                    oracle[at].pop_front();
                }
                for (chain, queue) in chains.iter().zip(&oracle) {
                    let front = pool.front(chain).map(|(spike, direct)| (spike.sequence(), direct));
                    prop_assert_eq!(front, queue.front().copied());
                    prop_assert_eq!(chain.len() as usize, queue.len());
                }
            }
        }
    }
}
