//! Rules from outside see what took part in a burst, and change its weights (FE-19, defect 3).

use super::ledger::Fired;
use crate::{Rule, Touched, store::SynapseStore};
use alloc::{boxed::Box, vec::Vec};

/// The rules, and what they are shown.
#[derive(Default)]
pub(super) struct Plasticity {
    pub(super) rules: Vec<Box<dyn Rule + Send>>,
    pub(super) partakers: Partakers,
}

/// The synapses that took part in a burst, in columns that are kept from burst to burst, so that a warm one allocates nothing.
#[derive(Default)]
pub(super) struct Partakers {
    ids: Vec<u32>,
    sources: Vec<u32>,
    targets: Vec<u32>,
    types: Vec<u8>,
    weights: Vec<u8>,
    pre: Vec<u8>,
    post: Vec<u8>,
}

impl Plasticity {
    /// Runs the rules, in the order of their coming. Without any it looks at nothing.
    pub(super) fn run(&mut self, burst: u64, store: &mut SynapseStore, before: &Fired, fired: &Fired) {
        let Self { rules, partakers } = self;
        if rules.is_empty() {
            return;
        }
        partakers.find(store, before, fired);
        for rule in rules {
            rule.update(&mut partakers.touched(burst));
        }
        partakers.write_back(store);
    }
}

impl Partakers {
    /// Those of the burst in which `fired` fires and the spikes of `before` arrive.
    pub(super) fn find(&mut self, store: &mut SynapseStore, before: &Fired, fired: &Fired) {
        let ids = &mut self.ids;
        ids.clear();
        before.ids.iter().for_each(|source| store.outgoing(*source, |id| ids.push(id)));
        fired.ids.iter().for_each(|target| store.incoming(*target, |id| ids.push(id)));
        ids.sort_unstable();
        ids.dedup();
        self.show(store, before, fired);
    }

    fn show(&mut self, store: &SynapseStore, before: &Fired, fired: &Fired) {
        let list = store.list();
        fill(&mut self.sources, &self.ids, |id| list.sources[id]);
        fill(&mut self.targets, &self.ids, |id| list.targets[id]);
        fill(&mut self.types, &self.ids, |id| list.types[id]);
        fill(&mut self.weights, &self.ids, |id| list.weights[id]);
        fill(&mut self.pre, &self.ids, |id| before.contains(list.sources[id]));
        fill(&mut self.post, &self.ids, |id| fired.contains(list.targets[id]));
    }

    /// As a rule sees them.
    pub(super) fn touched(&mut self, burst: u64) -> Touched<'_> {
        let Self { ids, sources, targets, types, weights, pre, post } = self;
        Touched { burst, ids, sources, targets, types, weights, pre, post }
    }

    /// Gives the synapses the weights that stand here.
    pub(super) fn write_back(&self, store: &mut SynapseStore) {
        for (id, weight) in self.ids.iter().zip(&self.weights) {
            let at = *id as usize;
            if store.list().weights[at] != *weight {
                store.set_weight(*id, *weight, store.list().conductances[at]);
            }
        }
    }
}

fn fill<T>(column: &mut Vec<T>, ids: &[u32], value: impl Fn(usize) -> T) {
    column.clear();
    column.extend(ids.iter().map(|id| value(*id as usize)));
}
