//! A set of neuron ids that is walked in id order at a cost of its members, not of its range.

use neuronbus_spike::NeuronId;

const BITS: usize = 64;
const WORDS: usize = NeuronId::COUNT.div_ceil(BITS);

/// A two-level bitmap over all ids (8 KiB).
#[derive(Debug)]
pub(crate) struct IdSet {
    /// Bit `w` says that `words[w]` is not zero.
    summary: [u64; WORDS.div_ceil(BITS)],
    words: Box<[u64]>,
}

impl Default for IdSet {
    fn default() -> Self {
        Self { summary: [0; WORDS.div_ceil(BITS)], words: vec![0; WORDS].into_boxed_slice() }
    }
}

impl IdSet {
    pub(crate) fn insert(&mut self, id: NeuronId) {
        let (word, bit) = (id.index() / BITS, id.index() % BITS);
        self.words[word] |= 1 << bit;
        self.summary[word / BITS] |= 1 << (word % BITS);
    }

    pub(crate) fn remove(&mut self, id: NeuronId) {
        let (word, bit) = (id.index() / BITS, id.index() % BITS);
        self.words[word] &= !(1 << bit);
        if self.words[word] == 0 {
            self.summary[word / BITS] &= !(1 << (word % BITS));
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.summary.iter().all(|word| *word == 0)
    }

    /// The members in id order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = NeuronId> + '_ {
        bits(&self.summary)
            .flat_map(|word| bits(&self.words[word..=word]).map(move |bit| word * BITS + bit))
            .filter_map(|raw| NeuronId::new(raw as u16).ok())
    }

    /// Moves the members into `out` in id order and leaves the set empty.
    pub(crate) fn drain_into(&mut self, out: &mut Vec<NeuronId>) {
        out.extend(self.iter());
        for id in &*out {
            self.remove(*id);
        }
    }
}

/// The positions of the ones in `words`, ascending.
fn bits(words: &[u64]) -> impl Iterator<Item = usize> + '_ {
    words.iter().enumerate().flat_map(|(at, word)| {
        let mut rest = *word;
        std::iter::from_fn(move || {
            let bit = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
            rest &= rest - 1;
            Some(at * BITS + bit)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn behaves_like_an_ordered_set(ops in prop::collection::vec((any::<bool>(), 0..0xFFFF_u16), 0..200)) {
            let (mut set, mut oracle) = (IdSet::default(), BTreeSet::new());
            for (add, raw) in ops {
                let id = NeuronId::new(raw).unwrap();
                if add { set.insert(id); oracle.insert(id); } else { set.remove(id); oracle.remove(&id); }
                prop_assert_eq!(set.iter().any(|member| member == id), add);
            }
            prop_assert_eq!(set.iter().collect::<Vec<_>>(), oracle.iter().copied().collect::<Vec<_>>());
            prop_assert_eq!(set.is_empty(), oracle.is_empty());
            let mut drained = Vec::new();
            set.drain_into(&mut drained);
            prop_assert_eq!(drained.len(), oracle.len());
            prop_assert!(set.is_empty());
        }
    }
}
