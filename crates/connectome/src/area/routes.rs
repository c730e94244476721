//! What the index and the mapping say together, laid out for the hot path: where the synapses of each row go, and what they give.

use super::{PropagationOptions, SynapseRecord, index::SynapseIndex, mapping::Mapping};
use alloc::vec::Vec;
use core::ops::Range;

/// The synapses of a row that end in one area are a *run*; they keep the order of building, and lie side by side in the
/// columns, so that a propagation copies runs and looks nothing up. Synapses to unmapped targets are in no run.
#[derive(Debug, Clone, Default)]
pub(super) struct Routes {
    /// Where each row begins, and where the last one ends.
    rows: Vec<RowStart>,
    /// Where each run begins, and where the last one ends.
    runs: Vec<RunStart>,
    /// Ids of neurons, or their cells if contributions are merged.
    pub(super) targets: Vec<u32>,
    pub(super) contributions: Vec<f32>,
}

/// Where a row begins.
#[derive(Debug, Clone, Copy)]
struct RowStart {
    /// Among the runs.
    run: u32,
    /// Among all synapses, those in no run included.
    synapse: u32,
}

/// Where a run begins.
#[derive(Debug, Clone, Copy)]
struct RunStart {
    /// The place of its area among the areas.
    area: u32,
    /// Among the columns.
    entry: u32,
}

/// The runs of a row.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Row {
    begin: u32,
    end: u32,
    /// How many synapses the row has, those in no run included.
    pub(super) synapses: u32,
}

/// Synapses of one row that end in one area.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Run {
    /// The place of the area among the areas.
    pub(super) area: u32,
    begin: u32,
    end: u32,
}

impl Routes {
    /// Of an index with at most 2^32 − 1 synapses: every position has 32 bits.
    pub(super) fn new(index: &SynapseIndex, mapping: &Mapping, options: PropagationOptions) -> Self {
        let (mut routes, mut synapse, mut row) = (Self::default(), 0, Vec::new());
        let entry = |record: &SynapseRecord| {
            let (cell, area) = mapping.find(record.target.0)?;
            Some((area, if options.merge { cell } else { record.target.0 }, record.contribution(options.scale)))
        };
        for records in index.rows() {
            routes.rows.push(RowStart { run: routes.runs.len() as u32, synapse });
            synapse += records.len() as u32;
            row.clear();
            row.extend(records.iter().filter_map(entry));
            // So that runs are few and long; stable: the order within a run is kept.
            row.sort_by_key(|(area, ..)| *area);
            row.chunk_by(|one, next| one.0 == next.0).for_each(|run| routes.push(run));
        }
        routes.rows.push(RowStart { run: routes.runs.len() as u32, synapse });
        routes.runs.push(RunStart { area: 0, entry: routes.targets.len() as u32 });
        routes
    }

    /// Adds a run, of area, target and contribution.
    fn push(&mut self, run: &[(u32, u32, f32)]) {
        let entry = self.targets.len() as u32;
        self.runs.extend(run.first().map(|(area, ..)| RunStart { area: *area, entry }));
        self.targets.extend(run.iter().map(|(_, target, _)| target));
        self.contributions.extend(run.iter().map(|(.., contribution)| contribution));
    }

    /// The row at a place.
    pub(super) fn row(&self, at: usize) -> Option<Row> {
        let [this, next] = self.rows.get(at..)?.first_chunk()?;
        Some(Row { begin: this.run, end: next.run, synapses: next.synapse - this.synapse })
    }

    /// The runs of a row, by ascending area.
    pub(super) fn runs(&self, row: Row) -> impl Iterator<Item = Run> {
        let starts = &self.runs[row.begin as usize..=row.end as usize];
        starts.windows(2).map(|pair| Run { area: pair[0].area, begin: pair[0].entry, end: pair[1].entry })
    }
}

impl Row {
    /// How many runs it has.
    pub(super) fn runs(self) -> usize {
        (self.end - self.begin) as usize
    }
}

impl Run {
    /// How many synapses it has: at least one.
    pub(super) fn len(self) -> u32 {
        self.end - self.begin
    }

    /// Where they lie in the columns.
    pub(super) fn entries(self) -> Range<usize> {
        self.begin as usize..self.end as usize
    }
}
