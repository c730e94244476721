//! All neurons and synapses of an engine, out of it and into another (FE-22).

use super::{
    BurstEngine, BurstOptions, MAX_NEURONS,
    columns::{NeuronPatch, NeuronTable},
};
use crate::{ConnectomeError, SynapseColumns, SynapseTable, area::as_many, error::in_range, store::MAX_SYNAPSES};
use alloc::{string::ToString, vec, vec::Vec};

/// All neurons and synapses of an engine, with their ids; without what changes from burst to burst.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Connectome {
    /// The neurons, by ascending id.
    pub neurons: NeuronTable,
    /// The synapses, by ascending id.
    pub synapses: SynapseTable,
}

impl BurstEngine {
    /// All neurons and synapses there are.
    pub fn export(&self) -> Connectome {
        Connectome { neurons: self.neurons.table(), synapses: self.store.table() }
    }

    /// An engine with these neurons, at rest, and these synapses, under the same ids. An id that is left out costs the
    /// memory of one that is not, and is never given to another.
    ///
    /// # Errors
    /// As [`Self::new`], [`Self::add_neurons`] and [`Self::add_synapses`]; [`ConnectomeError::Number`] for ids that do not
    /// ascend, or are so high that nearly all are left out: above 1,048,576 and sixteen times as many as there are.
    pub fn import(options: BurstOptions, connectome: &Connectome) -> Result<Self, ConnectomeError> {
        let Connectome { neurons, synapses } = connectome;
        let after = |ids: &[u32]| ids.last().map_or(0, |last| *last as usize + 1);
        let (neuron_ids, synapse_ids) = (after(&neurons.ids), after(&synapses.ids));
        in_range("ids of neurons", neuron_ids, 0, room(neurons.ids.len()))?;
        in_range("ids of synapses", synapse_ids, 0, room(synapses.ids.len()))?;
        Self::with(options, (neurons, neuron_ids), (synapses, synapse_ids))
    }

    /// One with these neurons and synapses, each of so many ids.
    pub(super) fn with(
        options: BurstOptions,
        (neurons, neuron_ids): (&NeuronTable, usize),
        (synapses, synapse_ids): (&SynapseTable, usize),
    ) -> Result<Self, ConnectomeError> {
        let mut engine = Self::new(options)?;
        let patch = NeuronPatch::from(neurons.columns());
        patch.check("ids", neurons.ids.len())?;
        ascending(&neurons.ids)?;
        in_range("neurons", neuron_ids, 0, MAX_NEURONS)?;
        engine.grow(neuron_ids);
        engine.neurons.begin(&neurons.ids, &patch);
        synapses.columns().check()?;
        as_many("sources", synapses.sources.len(), "ids", synapses.ids.len())?;
        ascending(&synapses.ids)?;
        in_range("synapses", synapse_ids, 0, MAX_SYNAPSES)?;
        engine.add_synapses(&Sparse::new(synapses, synapse_ids).columns())?;
        Ok(engine)
    }
}

/// Most ids for so many entries: one high id must not ask for memory for all below it.
fn room(entries: usize) -> usize {
    entries.saturating_mul(16).max(1 << 20)
}

/// The columns of a table, with entries that do not count for the ids that it leaves out.
struct Sparse {
    all: SynapseTable,
    valid: Vec<u8>,
}

impl Sparse {
    fn new(table: &SynapseTable, ids: usize) -> Self {
        let all = SynapseTable {
            ids: Vec::new(),
            sources: spread(&table.ids, &table.sources, ids),
            targets: spread(&table.ids, &table.targets, ids),
            weights: spread(&table.ids, &table.weights, ids),
            conductances: spread(&table.ids, &table.conductances, ids),
            types: spread(&table.ids, &table.types, ids),
        };
        Self { all, valid: spread(&table.ids, &vec![1; table.ids.len()], ids) }
    }

    fn columns(&self) -> SynapseColumns<'_> {
        SynapseColumns { valid: Some(&self.valid), ..self.all.columns() }
    }
}

/// Entries at their ids, and zeros elsewhere.
fn spread<T: Copy + Default>(ids: &[u32], entries: &[T], len: usize) -> Vec<T> {
    let mut column = vec![T::default(); len];
    ids.iter().zip(entries).for_each(|(id, entry)| column[*id as usize] = *entry);
    column
}

fn ascending(ids: &[u32]) -> Result<(), ConnectomeError> {
    match ids.windows(2).position(|pair| pair[0] >= pair[1]) {
        None => Ok(()),
        Some(at) => {
            let (index, value) = (at + 1, ids[at + 1].to_string());
            Err(ConnectomeError::Number { column: "ids", index, value, allowed: "more than the one before" })
        }
    }
}
