//! Who is there, found by what they can do and where they live (NB-41, NB-45).

use crate::{
    AgentCard, Region,
    region::{SEPARATOR, is_below},
};
use neuronbus_spike::NeuronId;
use std::{
    borrow::Borrow,
    collections::{BTreeMap, BTreeSet},
    ops::Bound,
};

type Index<K> = BTreeMap<K, BTreeSet<NeuronId>>;

/// The cards of the registered neurons. Every answer is in id order.
#[derive(Debug, Default)]
pub struct Directory {
    /// By id. One piece of memory: a map would put nodes between the neurons, which are allocated as they register, and
    /// the cortex walks those faster the closer they stand (docs/benchmarks.md, P8c).
    cards: Vec<Option<AgentCard>>,
    len: usize,
    capabilities: Index<String>,
    regions: Index<Region>,
}

impl Directory {
    /// Nobody is there.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many neurons are there.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nobody is there.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Enters `id`; returns the card it had before.
    pub fn insert(&mut self, id: NeuronId, card: AgentCard) -> Option<AgentCard> {
        let before = self.remove(id);
        for capability in card.capabilities() {
            self.capabilities.entry(capability.clone()).or_default().insert(id);
        }
        for region in card.regions() {
            self.regions.entry(region.clone()).or_default().insert(id);
        }
        let len = self.cards.len().max(id.index() + 1);
        self.cards.resize_with(len, || None);
        self.cards[id.index()] = Some(card);
        self.len += 1;
        before
    }

    /// Strikes `id` out; returns its card.
    pub fn remove(&mut self, id: NeuronId) -> Option<AgentCard> {
        let card = self.cards.get_mut(id.index())?.take()?;
        self.len -= 1;
        card.capabilities().iter().for_each(|capability| strike(&mut self.capabilities, capability.as_str(), id));
        card.regions().iter().for_each(|region| strike(&mut self.regions, region.as_str(), id));
        Some(card)
    }

    /// The card of `id`.
    pub fn get(&self, id: NeuronId) -> Option<&AgentCard> {
        self.cards.get(id.index())?.as_ref()
    }

    /// Everybody.
    pub fn iter(&self) -> impl Iterator<Item = (NeuronId, &AgentCard)> {
        let cards = self.cards.iter().enumerate();
        cards.filter_map(|(at, card)| Some((NeuronId::new(at as u16).ok()?, card.as_ref()?)))
    }

    /// Those that offer exactly this capability.
    pub fn by_capability(&self, capability: &str) -> impl Iterator<Item = NeuronId> {
        self.capabilities.get(capability).into_iter().flatten().copied()
    }

    /// Those that live in the region at `path` or below it. Costs what it finds, not what is there.
    pub fn by_region(&self, path: &str) -> BTreeSet<NeuronId> {
        let here = self.regions.get(path);
        // Paths below `a` begin with `a/`, and those stand together in the order of strings; `a` itself stands apart.
        let first_below = format!("{path}{SEPARATOR}");
        let below = self
            .regions
            .range::<str, _>((Bound::Included(first_below.as_str()), Bound::Unbounded))
            .take_while(|(region, _)| is_below(path, region.as_str()))
            .map(|(_, ids)| ids);
        here.into_iter().chain(below).flatten().copied().collect()
    }

    /// Those that offer `capability` and live in `region` or below it; what is not given does not narrow.
    pub fn discover(&self, capability: Option<&str>, region: Option<&str>) -> Vec<NeuronId> {
        match (capability, region) {
            (None, None) => self.iter().map(|(id, _)| id).collect(),
            (Some(capability), None) => self.by_capability(capability).collect(),
            (None, Some(path)) => self.by_region(path).into_iter().collect(),
            (Some(capability), Some(path)) => {
                let there = self.by_region(path);
                self.by_capability(capability).filter(|id| there.contains(id)).collect()
            }
        }
    }
}

fn strike<K: Ord + Borrow<str>>(index: &mut Index<K>, key: &str, id: NeuronId) {
    if let Some(ids) = index.get_mut(key) {
        ids.remove(&id);
        if ids.is_empty() {
            index.remove(key);
        }
    }
}
