//! One propagation: find the rows of who fired, gather their runs by area, copy them to where they go (FE-7, FE-14).
//!
//! What goes where is settled by counting before anything is copied, and no contribution is computed here. So the runs of a
//! propagation can be shared out to any number of threads, and the bits stay the same (FE-16).

use super::{
    Propagation,
    index::SynapseIndex,
    routes::{Routes, Row, Run},
};
use alloc::vec::Vec;

/// What a propagation needs beside its result; kept from one to the next, so that a warm one allocates nothing.
#[derive(Debug, Clone, Default)]
pub(super) struct Scatter {
    /// The rows of who fired, in the order of firing.
    rows: Vec<Row>,
    /// Their runs, in the order of rows.
    runs: Vec<Run>,
    /// For each area how many entries it gets, and then where its next one goes.
    places: Vec<u32>,
}

impl Scatter {
    /// Finds the rows of who fired (at most 2^32 − 1 of them); how many rows there are, and how many synapses.
    pub(super) fn find(&mut self, fired: &[u32], index: &SynapseIndex, routes: &Routes) -> (u64, u64) {
        self.rows.clear();
        self.rows.extend(fired.iter().filter_map(|source| routes.row(index.row_of(*source)?)));
        (self.rows.len() as u64, self.rows.iter().map(|row| u64::from(row.synapses)).sum())
    }

    /// Gives every entry of these rows (at most 2^32 − 1) its place in `out`. `areas` are all areas there are, ascending.
    pub(super) fn write(&mut self, routes: &Routes, areas: &[u32], out: &mut Propagation) {
        self.gather(routes, areas.len());
        let entries = self.lay_out(areas, out);
        out.targets.resize(entries, 0);
        out.contributions.resize(entries, 0.0);
        self.copy(routes, out);
    }

    fn gather(&mut self, routes: &Routes, areas: usize) {
        let Self { rows, runs, places } = self;
        runs.clear();
        places.clear();
        places.resize(areas, 0);
        for run in rows.iter().flat_map(|row| routes.runs(*row)) {
            places[run.area as usize] += run.len();
            runs.push(run);
        }
    }

    /// Turns counts into places, area after area; returns the end of the last one.
    fn lay_out(&mut self, areas: &[u32], out: &mut Propagation) -> usize {
        let mut end = 0;
        out.areas.clear();
        out.offsets.clear();
        out.offsets.push(end);
        for (place, area) in self.places.iter_mut().zip(areas) {
            let count = core::mem::replace(place, end);
            end += count;
            if count > 0 {
                out.areas.push(*area);
                out.offsets.push(end);
            }
        }
        end as usize
    }

    fn copy(&mut self, routes: &Routes, out: &mut Propagation) {
        for run in &self.runs {
            let place = &mut self.places[run.area as usize];
            let begin = *place as usize;
            *place += run.len();
            let to = begin..*place as usize;
            copy(&routes.targets[run.entries()], &mut out.targets[to.clone()]);
            copy(&routes.contributions[run.entries()], &mut out.contributions[to]);
        }
    }
}

/// Copies a run. Where most rows are one synapse, the call that copies a slice takes a third of all time; hence the branch.
#[inline]
fn copy<T: Copy>(from: &[T], to: &mut [T]) {
    match (from, &mut *to) {
        ([one], [place]) => *place = *one,
        _ => to.copy_from_slice(from),
    }
}
