//! One entry for each target (FE-10).

use super::Propagation;
use alloc::{vec, vec::Vec};

/// Where each cell was last entered. What a former propagation left there does no harm: an entry is only believed if the cell
/// stands there, so nothing needs to be cleared.
#[derive(Debug, Clone, Default)]
pub(super) struct Merge {
    seen: Vec<u32>,
}

impl Merge {
    /// For so many cells.
    pub(super) fn new(cells: usize) -> Self {
        Self { seen: vec![0; cells] }
    }

    /// Adds up what each cell gets, in the order of its entries; a cell stands where its first one stood. `out` has cells for
    /// targets, and gets the ids of their `neurons`.
    pub(super) fn apply(&mut self, neurons: &[u32], out: &mut Propagation) {
        let Propagation { offsets, targets, contributions, .. } = out;
        let (mut read, mut written) = (0, 0);
        for offset in offsets.iter_mut().skip(1) {
            for at in read..*offset as usize {
                written = self.enter(at, written, targets, contributions);
            }
            read = *offset as usize;
            // No more than what was read.
            *offset = written as u32;
        }
        targets.truncate(written);
        contributions.truncate(written);
        for target in targets {
            *target = neurons[*target as usize];
        }
    }

    /// Adds entry `at` to that of its cell among the `written` ones, or moves it behind them; how many are written then.
    fn enter(&mut self, at: usize, written: usize, targets: &mut [u32], contributions: &mut [f32]) -> usize {
        let (cell, contribution) = (targets[at], contributions[at]);
        let place = self.seen[cell as usize] as usize;
        if place < written && targets[place] == cell {
            contributions[place] += contribution;
            return written;
        }
        // A place has 32 bits, as every offset has.
        self.seen[cell as usize] = written as u32;
        targets[written] = cell;
        contributions[written] = contribution;
        written + 1
    }
}
