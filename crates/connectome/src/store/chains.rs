//! Chains of entries, one for each key: what comes later is found by its key without a new index.

use alloc::vec::Vec;

/// The end of a chain.
const END: u32 = u32::MAX;

/// Numbers 0, 1, 2, … in the order in which they are pushed, each in the chain of its key.
#[derive(Debug, Clone, Default)]
pub(super) struct Chains {
    /// The last entry of each key.
    heads: Vec<u32>,
    /// The entry before, of the same key.
    nexts: Vec<u32>,
}

impl Chains {
    /// Adds the next entry to the chain of a key.
    pub(super) fn push(&mut self, key: u32) {
        let key = key as usize;
        if self.heads.len() <= key {
            self.heads.resize(key + 1, END);
        }
        // There are fewer than 2^31 synapses, and a chain entry for each of their changes: a compile comes long before.
        let entry = self.nexts.len() as u32;
        self.nexts.push(core::mem::replace(&mut self.heads[key], entry));
    }

    /// The entries of a key, the last one first.
    pub(super) fn of(&self, key: u32) -> impl Iterator<Item = usize> {
        let follow = |entry: u32| (entry != END).then_some(entry);
        let first = self.heads.get(key as usize).copied().and_then(follow);
        core::iter::successors(first, move |entry| follow(self.nexts[*entry as usize])).map(|entry| entry as usize)
    }

    /// Takes all of them out.
    pub(super) fn clear(&mut self) {
        self.heads.fill(END);
        self.nexts.clear();
    }
}
