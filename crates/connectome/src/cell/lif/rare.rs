//! What few neurons have: a probability to fire, and a limit to firings in a row. Looked at only when one reaches its
//! threshold.

use super::LifShare;
use crate::{
    bits::ones,
    cell::BLOCK,
    random::{Use, draw},
};

/// Numbers that a draw can give.
const DRAWS: f64 = 4_294_967_296.0;

impl LifShare<'_> {
    /// Who of those at their threshold fires. Who does not keeps the potential that it was `raised` to.
    pub(super) fn second_look(&mut self, block: usize, fired: u64, raised: &[f32; BLOCK]) -> u64 {
        let mut kept = fired;
        for lane in ones(fired & self.parameters.rare[self.first + block]) {
            if self.is_excited(block, lane) {
                self.count(block, lane);
            } else {
                kept &= !(1 << lane);
                self.potential[block][lane] = raised[lane];
                // It was not blocked, or it had not reached its threshold.
                self.blocked[block][lane] = 0;
            }
        }
        kept
    }

    fn is_excited(&self, block: usize, lane: usize) -> bool {
        let at = self.first + block;
        let excitability = self.parameters.excitability.blocks[at][lane];
        // There are fewer than 2^31 neurons.
        let id = (at * BLOCK + lane) as u32;
        excitability >= 1.0
            || f64::from(draw(self.seed, Use::Excitability, id, self.now)) < f64::from(excitability) * DRAWS
    }

    /// Counts firings in a row: those in steps in which it is blocked neither count nor break it.
    fn count(&mut self, block: usize, lane: usize) {
        let Self { parameters, first, now, .. } = *self;
        let [limit, snooze] = [&parameters.limit, &parameters.snooze].map(|column| column.blocks[first + block][lane]);
        if limit == 0 {
            return;
        }
        let (streak, next) = (&mut self.streak[block][lane], &mut self.next[block][lane]);
        // Below the limit, and so below the end of its type.
        *streak = if *next == now { *streak + 1 } else { 1 };
        *next = now + 1 + u64::from(self.blocked[block][lane]);
        if *streak >= limit {
            (*streak, *next) = (0, 0);
            self.blocked[block][lane] += u32::from(snooze);
        }
    }
}
