//! Areas: who gets what when neurons fire, by area (spec/burst.md).
//!
//! ```text
//! columns ──▶ index ──┐
//!                     ├──▶ routes ──▶ scatter ──▶ merge, if asked ──▶ result
//! mapping ────────────┘                  ▲ fired
//! ```

mod columns;
mod directory;
mod ids;
mod index;
mod mapping;
mod merge;
mod propagation;
mod record;
mod routes;
mod scatter;
mod stats;

use crate::{
    ConnectomeError,
    error::in_range,
    threads::{Crew, MAX_THREADS},
};
use columns::MAX_SYNAPSES;
pub use columns::SynapseColumns;
pub(crate) use columns::as_many;
pub use ids::{AreaId, AreaIds, CellId, CellIds, Conductance, Weight};
use index::SynapseIndex;
use mapping::Mapping;
use merge::Merge;
pub use propagation::Propagation;
pub use record::{Scale, SynapseRecord};
use routes::Routes;
use scatter::Scatter;
pub use stats::PropagationStats;

/// How an engine counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PropagationOptions {
    /// In what a contribution is counted; default: shares of 255.
    pub scale: Scale,
    /// Whether a target has one entry with the sum of what it gets, instead of one for each synapse (FE-10); default: no.
    pub merge: bool,
}

/// Turns who fired into what each area gets.
///
/// ```
/// use neuronbus_connectome::{AreaId, AreaIds, CellId, CellIds, Propagation, SynapseColumns, SynapticPropagationEngine};
///
/// let mut engine = SynapticPropagationEngine::default();
/// engine.build_index(SynapseColumns {
///     sources: &[1, 2],
///     targets: &[10, 11],
///     weights: &[255, 51],
///     conductances: &[255, 255],
///     types: &[0, 1],
///     valid: None,
/// })?;
/// engine.set_neuron_mapping(CellIds(&[10, 11]), AreaIds(&[1, 1]))?;
/// let mut result = Propagation::new();
/// engine.propagate(CellIds(&[1, 2]), &mut result)?;
/// assert!(result.area(AreaId(1)).eq([(CellId(10), 1.0), (CellId(11), -0.2)]));
/// # Ok::<(), neuronbus_connectome::ConnectomeError>(())
/// ```
///
/// A neuron is not an area (FE-2):
/// ```compile_fail,E0308
/// use neuronbus_connectome::{AreaIds, CellIds, SynapticPropagationEngine};
///
/// SynapticPropagationEngine::default().set_neuron_mapping(AreaIds(&[1]), CellIds(&[10]));
/// ```
#[derive(Debug, Clone, Default)]
pub struct SynapticPropagationEngine {
    options: PropagationOptions,
    index: SynapseIndex,
    mapping: Mapping,
    routes: Routes,
    scatter: Scatter,
    merge: Merge,
    stats: PropagationStats,
    crew: Crew,
}

impl SynapticPropagationEngine {
    /// One without synapses, and without areas.
    pub fn new(options: PropagationOptions) -> Self {
        Self { options, ..Self::default() }
    }

    /// Propagates with so many threads, 1 to 64, where there is enough to do: 1 until it is told. Each number gives the same bits;
    /// areas are shared out, so that one area alone is one thread's (FE-16). Without the feature `threads` one does it all.
    ///
    /// # Errors
    /// [`ConnectomeError::OutOfRange`] for another number.
    pub fn set_threads(&mut self, threads: usize) -> Result<(), ConnectomeError> {
        self.crew = Crew::new(in_range("threads", threads, 1, MAX_THREADS)?);
        Ok(())
    }

    /// Copies the synapses that count, in place of all that it had (FE-4, FE-5).
    ///
    /// # Errors
    /// [`ConnectomeError::Length`] for a column that is not as long as `sources`, [`ConnectomeError::OutOfRange`] for more
    /// than 2^32 − 1 synapses. The index stays as it was.
    pub fn build_index(&mut self, columns: SynapseColumns<'_>) -> Result<(), ConnectomeError> {
        self.index = SynapseIndex::build(&columns)?;
        self.route();
        Ok(())
    }

    /// Says which neuron lies in which area, in place of all that it knew; of a neuron that is named twice, the last area
    /// counts (FE-6).
    ///
    /// # Errors
    /// [`ConnectomeError::Length`] for columns of different lengths, [`ConnectomeError::OutOfRange`] for more than 2^32 − 1
    /// entries. The mapping stays as it was.
    pub fn set_neuron_mapping(&mut self, neurons: CellIds<'_>, areas: AreaIds<'_>) -> Result<(), ConnectomeError> {
        self.mapping = Mapping::build(neurons, areas)?;
        self.merge = Merge::new(if self.options.merge { self.mapping.neurons().len() } else { 0 });
        self.route();
        Ok(())
    }

    /// Once for each index and each mapping, so that a propagation looks up only who fired.
    fn route(&mut self) {
        self.routes = Routes::new(&self.index, &self.mapping, self.options);
    }

    /// Writes into `out` what each area gets when these neurons fire (FE-7). Who stands in `fired` twice fires twice; who has
    /// no synapse is skipped and counted; synapses to unmapped targets are counted and left out (FE-6). Takes time by the
    /// synapses of who fired and by the number of areas; once it is warm it
    /// allocates nothing on one thread (FE-14).
    ///
    /// # Errors
    /// [`ConnectomeError::OutOfRange`] for more than 2^32 − 1 firings, or synapses of who fired. `out` and the statistics stay
    /// as they were.
    pub fn propagate(&mut self, fired: CellIds<'_>, out: &mut Propagation) -> Result<(), ConnectomeError> {
        in_range("firings of a propagation", fired.0.len(), 0, MAX_SYNAPSES)?;
        let (known, synapses) = self.scatter.find(fired.0, &self.index, &self.routes);
        in_range("synapses of a propagation", synapses, 0, MAX_SYNAPSES as u64)?;
        self.scatter.write(&self.routes, self.mapping.areas(), out, &mut self.crew);
        self.stats.propagations += 1;
        self.stats.synapses += synapses;
        self.stats.unmapped += synapses - out.len() as u64;
        self.stats.unknown += fired.0.len() as u64 - known;
        if self.options.merge {
            self.merge.apply(self.mapping.neurons(), out);
        }
        Ok(())
    }

    /// What it has done so far (FE-11).
    pub fn stats(&self) -> PropagationStats {
        self.stats
    }

    /// Counts from zero again (FE-11).
    pub fn reset_stats(&mut self) {
        self.stats = PropagationStats::default();
    }

    /// The synapses of the index by ascending source, those of one source in the order of building (FE-1).
    pub fn records(&self) -> &[SynapseRecord] {
        self.index.records()
    }
}
