//! The spikes of a tick go on their way.
#![deny(clippy::float_arithmetic)]

use super::Product;
use crate::{Rows, pool::Body, ring::DelayRing};

/// Synapses of who fires in a tick from which on it is worth waking threads.
const WORTH_THREADS: usize = 16_384;

/// Neurons that fire, and a ring that nobody else sends into meanwhile.
struct Share<'a> {
    sources: &'a [u16],
    ring: &'a mut DelayRing,
}

impl Share<'_> {
    fn send(self, rows: &Rows) {
        self.ring.send_rows(self.sources.iter().map(|source| rows.row((*source).into())));
    }
}

impl Product {
    /// Sends what those who fired give to their targets, and notes that they did. Each thread sends into a ring of its own; sums are
    /// exact, so it does not matter which took what.
    pub(super) fn fire(&mut self, body: &mut Body) {
        let Self { histories, counts, spiking, crew, ring, others, .. } = self;
        let rows = &body.rows;
        let tasks = crew.tasks(spiking.len() * rows.len() / rows.neurons().max(1), WORTH_THREADS);
        others.resize_with((tasks - 1).max(others.len()), || ring.alike());
        let chunks = spiking.chunks(spiking.len().div_ceil(tasks).max(1));
        let rings = core::iter::once(ring).chain(others);
        let shares = chunks.zip(rings).map(|(sources, ring)| Share { sources, ring }).collect();
        crew.each(shares, |share: Share<'_>| share.send(rows));
        for source in spiking.iter().copied().map(usize::from) {
            // The low eight bits are what a history knows.
            histories.record(source, body.ticks as u8);
            counts[source] = counts[source].saturating_add(1);
        }
    }
}
