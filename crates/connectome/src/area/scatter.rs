//! One propagation: find the rows of who fired, gather their runs by area, copy them to where they go (FE-7, FE-14).
//!
//! What goes where is settled by counting before anything is copied, and no contribution is computed here. So the areas of a
//! propagation are shared out to any number of threads, and the bits stay the same (FE-16).

use super::{
    Propagation,
    index::SynapseIndex,
    routes::{Routes, Row, Run},
};
use crate::threads::Crew;
use alloc::vec::Vec;

/// The least number of entries for which threads are woken: below, one is through before the others are awake.
const LEAST_ENTRIES: usize = 65_536;
/// Entries of a run from which on it is worth it that each task walks all of them.
const LONG: usize = 4;
/// Firings that are looked up together.
const CHUNK: usize = 4_096;

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
        let Self { rows, .. } = self;
        let (mut known, mut synapses) = (0, 0);
        // Room is asked for once, not row by row, and not for all of who is unknown.
        for fired in fired.chunks(CHUNK) {
            rows.resize(known + fired.len(), Row::default());
            let mut free = rows[known..].iter_mut();
            for row in fired.iter().filter_map(|source| routes.row(index.row_of(*source)?)) {
                synapses += u64::from(row.synapses);
                if let Some(place) = free.next() {
                    *place = row;
                }
            }
            known += fired.len() - free.len();
        }
        rows.truncate(known);
        (known as u64, synapses)
    }

    /// Gives every entry of these rows (at most 2^32 − 1) its place in `out`. `areas` are all areas there are, ascending.
    pub(super) fn write(&mut self, routes: &Routes, areas: &[u32], out: &mut Propagation, crew: &mut Crew) {
        self.gather(routes, areas.len());
        let entries = self.lay_out(areas, out);
        out.targets.resize(entries, 0);
        out.contributions.resize(entries, 0.0);
        self.copy(routes, out, crew);
    }

    fn gather(&mut self, routes: &Routes, areas: usize) {
        let Self { rows, runs, places } = self;
        places.clear();
        places.resize(areas, 0);
        runs.resize(rows.iter().map(|row| row.runs()).sum(), Run::default());
        let mut free = runs.iter_mut();
        for row in rows {
            for run in routes.runs(*row) {
                places[run.area as usize] += run.len();
                if let Some(place) = free.next() {
                    *place = run;
                }
            }
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

    fn copy(&mut self, routes: &Routes, out: &mut Propagation, crew: &mut Crew) {
        let Self { runs, places, .. } = self;
        let (runs, Propagation { targets, contributions, .. }) = (&*runs, out);
        // Each task walks all runs: it pays only where they are long.
        let load = if runs.len() * LONG <= targets.len() { targets.len() } else { 0 };
        let tasks = crew.tasks(load, LEAST_ENTRIES);
        let mut whole = Stretch { area: 0, places, entry: 0, targets, contributions };
        if tasks == 1 {
            return whole.copy(routes, runs);
        }
        let mut stretches = Vec::new();
        for left in (2..=tasks).rev() {
            let (first, rest) = whole.split(left);
            stretches.push(first);
            whole = rest;
        }
        stretches.push(whole);
        crew.each(stretches, |stretch| stretch.copy(routes, runs));
    }
}

/// Areas side by side, and where their entries go: what one task writes, and nobody else.
struct Stretch<'a> {
    /// Its first area.
    area: u32,
    /// For each of its areas where the next entry goes.
    places: &'a mut [u32],
    /// Its first entry.
    entry: u32,
    targets: &'a mut [u32],
    contributions: &'a mut [f32],
}

impl Stretch<'_> {
    /// Its first areas with about this share of the entries, and the others.
    fn split(self, share: usize) -> (Self, Self) {
        let Self { area, places, entry, targets, contributions } = self;
        // Within the entries, which are fewer than 2^32.
        let wanted = entry + (targets.len() / share) as u32;
        let areas = places.partition_point(|place| *place < wanted);
        let end = places.get(areas).map_or(targets.len(), |place| (*place - entry) as usize);
        let (places, other_places) = places.split_at_mut(areas);
        let (targets, other_targets) = targets.split_at_mut(end);
        let (contributions, other_contributions) = contributions.split_at_mut(end);
        let others = Self {
            area: area + areas as u32,
            places: other_places,
            entry: entry + end as u32,
            targets: other_targets,
            contributions: other_contributions,
        };
        (Self { area, places, entry, targets, contributions }, others)
    }

    /// Copies those of the runs that go to its areas.
    fn copy(self, routes: &Routes, runs: &[Run]) {
        for run in runs {
            // An area before the first wraps to one far behind the last.
            let Some(place) = self.places.get_mut(run.area.wrapping_sub(self.area) as usize) else { continue };
            let begin = (*place - self.entry) as usize;
            *place += run.len();
            let to = begin..(*place - self.entry) as usize;
            copy(&routes.targets[run.entries()], &mut self.targets[to.clone()]);
            copy(&routes.contributions[run.entries()], &mut self.contributions[to]);
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
