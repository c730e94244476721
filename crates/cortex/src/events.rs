//! What listeners want to hear of, in a bounded queue.

use crate::DropReason;
use neuronbus_spike::{NeuronId, layout::BROADCAST};
use std::collections::BTreeMap;

/// Something that happened inside the cortex.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Event {
    /// A spike was dropped; several alike, if more were dropped than can be told of one by one.
    Drop {
        /// Why.
        reason: DropReason,
        /// Who fired it; 0xFFFF where nobody can tell.
        source: u16,
        /// Who would have received it; 0xFFFF for a broadcast that met nobody, and where nobody can tell.
        target: u16,
        /// Its sequence number; of several, that of the first.
        sequence: u32,
        /// Spikes that this event stands for, 1 or more. Over all events this is what the books count, always.
        count: u64,
    },
    /// A synapse was pruned.
    Prune {
        /// The sending neuron.
        pre: NeuronId,
        /// The receiving neuron.
        post: NeuronId,
        /// Its weight at the end.
        weight: f32,
    },
}

/// What waits to be fetched, bounded: the first [`Events::CAPACITY`] drops one by one; after them as many again, in which
/// drops with the same reason, source and target are one; what is left over by its reason alone.
#[derive(Debug, Default)]
pub struct Events {
    /// In the order in which they happened.
    listed: Vec<Event>,
    /// Drops among them.
    drops: usize,
    /// By reason, source and target: the number of the first, and how many.
    merged: BTreeMap<(DropReason, u16, u16), (u32, u64)>,
    watching: bool,
    lost: u64,
}

impl Events {
    /// Most drops that wait one by one, and most pairs of neurons with drops beyond those. When so many pruned synapses
    /// wait, the next run of pruning is only counted.
    pub const CAPACITY: usize = 65_536;

    /// Whether anybody wants to hear of drops.
    pub(crate) fn watch(&mut self, on: bool) {
        self.watching = on;
    }

    /// A spike was dropped.
    pub(crate) fn drop(&mut self, reason: DropReason, source: u16, target: u16, sequence: u32) {
        if !self.watching {
            return;
        }
        if self.drops < Self::CAPACITY {
            self.drops += 1;
            self.listed.push(Event::Drop { reason, source, target, sequence, count: 1 });
            return;
        }
        let known = self.merged.len() < Self::CAPACITY || self.merged.contains_key(&(reason, source, target));
        let pair = if known { (source, target) } else { (BROADCAST, BROADCAST) };
        self.merged.entry((reason, pair.0, pair.1)).or_insert((sequence, 0)).1 += 1;
    }

    /// What one run of pruning removed. Drops crowd out none of it, nor does a run itself: it is as large as the table.
    pub(crate) fn prune(&mut self, pruned: Vec<Event>) {
        if self.listed.len() - self.drops < Self::CAPACITY {
            self.listed.extend(pruned);
        } else {
            self.lost += pruned.len() as u64;
        }
    }

    /// Pruned synapses that nobody was told of.
    pub(crate) fn lost(&self) -> u64 {
        self.lost
    }

    /// Events waiting.
    pub fn len(&self) -> usize {
        self.listed.len() + self.merged.len()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) fn take(&mut self) -> Vec<Event> {
        self.drops = 0;
        let merged = std::mem::take(&mut self.merged).into_iter();
        let merged = merged.map(|((reason, source, target), (sequence, count))| Event::Drop {
            reason,
            source,
            target,
            sequence,
            count,
        });
        let mut events = std::mem::take(&mut self.listed);
        events.extend(merged);
        events
    }
}
