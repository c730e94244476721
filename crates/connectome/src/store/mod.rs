//! Static synapses: four bytes each in compiled rows, with what changed since beside them (spec/network.md, 1 to 3).
//!
//! ```text
//! add ────▶ list ─┬─▶ overlay ──▶ compile ──▶ rows ──▶ deliver ──▶ sums
//! update ──▶      └─▶ weights in place             └── places, reverse: when asked for
//! ```
//!
//! The [`SynapseList`] is what there is; rows are made from it. What is added later waits in an [`Overlay`], and the rows
//! are made anew only when it exceeds a share of them: adding costs a constant time in the mean (defect 6).

mod bounds;
mod chains;
mod change;
mod deliver;
mod list;
mod overlay;
mod partition;
mod places;
mod record;
mod reverse;
mod rows;
mod table;
#[cfg(test)]
mod tests;

use alloc::vec::Vec;
use bounds::Bounds;
pub(crate) use bounds::Share;
pub(crate) use change::Wiring;
use core::ops::DerefMut;
pub(crate) use deliver::{Busy, DelaySums, MAX_SUM, Slots};
pub(crate) use list::SynapseList;
use overlay::Overlay;
use places::{Places, Standing};
use reverse::Reverse;
use rows::{Order, StaticRows};
pub use table::SynapseTable;

/// Most ids: places among the young have 31 bits, and one of them means nowhere.
pub(crate) const MAX_SYNAPSES: usize = (1 << 31) - 1;
/// Rows are made anew when more than this share of them is young or gone,
const STALE_SHARE: usize = 8;
/// and never for fewer.
const STALE_LEAST: usize = 1_024;

/// The synapses of an engine.
#[derive(Debug, Clone)]
pub(crate) struct SynapseStore {
    list: SynapseList,
    rows: StaticRows,
    /// Ids below this are in the rows, if they counted then.
    compiled: u32,
    overlay: Overlay,
    /// How many synapses end at each neuron.
    incoming: Vec<u32>,
    places: Option<Places>,
    reverse: Option<Reverse>,
    living: usize,
    /// How many records are left behind by what is removed or moved.
    gone: usize,
    compiles: u64,
}

impl Default for SynapseStore {
    fn default() -> Self {
        let list = SynapseList::default();
        let rows = StaticRows::new(&Order { sources: 0, bounds: &Bounds::default(), ids: 0, edge: &|_| None });
        Self {
            list,
            rows,
            compiled: 0,
            overlay: Overlay::default(),
            incoming: Vec::new(),
            places: None,
            reverse: None,
            living: 0,
            gone: 0,
            compiles: 0,
        }
    }
}

impl SynapseStore {
    /// Makes room for synapses to so many neurons.
    pub(crate) fn grow(&mut self, neurons: usize) {
        self.incoming.resize(neurons, 0);
    }

    /// The synapses there are.
    pub(crate) fn list(&self) -> &SynapseList {
        &self.list
    }

    /// The synapses that count, with their ids.
    pub(crate) fn table(&self) -> SynapseTable {
        self.list.table()
    }

    /// How many there are, how many of them are in no row yet, and how often rows were made.
    pub(crate) fn counts(&self) -> (usize, usize, u64) {
        (self.living, self.overlay.len(), self.compiles)
    }

    /// Calls `visit` with the id of each synapse that begins at a neuron, in no order.
    pub(crate) fn outgoing(&mut self, source: u32, mut visit: impl FnMut(u32)) {
        self.locate();
        let Self { rows, overlay, places: Some(places), .. } = self else { return };
        let old = rows.row(source).map(|at| (Standing::Record(at), places.id_of(at)));
        let young = overlay.of(source).map(|(at, young)| (Standing::Young(at), young.id));
        // A record that was left behind is not where its synapse stands.
        let standing = old.chain(young).filter(|(at, id)| places.of(*id) == Some(*at) && self.list.is_alive(*id));
        standing.for_each(|(_, id)| visit(id));
    }

    /// Calls `visit` with the id of each synapse that ends at a neuron, in no order, with one perhaps twice.
    pub(crate) fn incoming(&mut self, target: u32, visit: impl FnMut(u32)) {
        let neurons = self.incoming.len();
        let reverse = self.reverse.get_or_insert_with(|| Reverse::new(&self.list, neurons));
        reverse.of(target, &self.list).for_each(visit);
    }

    /// Makes the places, if nothing has asked for them since the rows were made.
    fn locate(&mut self) {
        if self.places.is_none() {
            let edge = |id| self.list.edge(id);
            let order = self.rows.order(self.compiled, &edge);
            self.places = Some(Places::new(&order, &self.rows, &self.list, &self.overlay));
        }
    }

    /// Makes the rows anew, for so many threads, if too much of them is young or gone.
    pub(crate) fn refresh(&mut self, threads: usize) {
        if self.overlay.len() + self.gone > STALE_LEAST.max(self.rows.len() / STALE_SHARE) {
            self.compile(threads);
        }
    }

    fn compile(&mut self, threads: usize) {
        let neurons = self.incoming.len();
        self.compiled = self.list.ids();
        let edge = |id| self.list.edge(id);
        let bounds = Bounds::new(&self.incoming, threads);
        self.rows = StaticRows::new(&Order { sources: neurons, bounds: &bounds, ids: self.compiled, edge: &edge });
        self.overlay.clear();
        (self.places, self.reverse, self.gone) = (None, None, 0);
        self.compiles += 1;
    }

    /// About how many synapses so many sources have: what a delivery costs. To look each up would cost as much where rows are
    /// short.
    pub(crate) fn load(&self, sources: usize) -> usize {
        // Fewer than 2^31 each.
        (sources as u64 * self.living as u64 / self.incoming.len().max(1) as u64) as usize
    }

    /// In how many shares it delivers.
    pub(crate) fn tasks(&self) -> usize {
        self.rows.tasks()
    }

    /// All neurons, shared out with about as many synapses each.
    pub(crate) fn shares(&self) -> impl Iterator<Item = Share> {
        self.rows.shares(self.incoming.len())
    }

    /// Adds what the synapses of who fired give to the neurons of a share; `sums` has its slice of each slot and channel.
    /// Which slots got something.
    pub(crate) fn deliver<R: DerefMut<Target = [i32]>>(
        &self,
        fired: &[u32],
        share: &Share,
        slots: Slots,
        sums: &mut [R],
    ) -> Busy {
        let mut busy = Busy::default();
        self.rows.deliver(fired, share, slots, sums, &mut busy);
        if self.overlay.len() > 0 {
            for source in fired {
                self.overlay.deliver(*source, share, slots, sums, &mut busy);
            }
        }
        busy
    }
}
