//! Leaky integrate-and-fire in f32 (FE-21): the refractory count blocks, then the potential leaks toward rest, takes its
//! input, and fires at the threshold.
//!
//! A neuron that is blocked leaks and takes nothing. Each neuron leaks and counts in each step, whatever arrives and however
//! many others there are (defect 1).

mod rare;
mod step;

use super::BlockColumn;
use alloc::vec::Vec;
pub(crate) use step::LifShare;

/// Potentials stay within ± this: far from where f32 ends, so that no difference of two is infinite.
const MAX_POTENTIAL: f32 = 1e37;
/// Most steps for which a neuron is blocked: its refractory steps, and those of a snooze.
pub(crate) const MAX_BLOCKED: u32 = 2 * u16::MAX as u32;

/// Whether a neuron can have this potential.
pub(crate) fn is_potential(number: f32) -> bool {
    number.abs() <= MAX_POTENTIAL
}

/// Whether it is a share, or a probability.
pub(crate) fn is_share(number: f32) -> bool {
    (0.0..=1.0).contains(&number)
}

/// What a neuron is like.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parameters {
    pub(crate) threshold: BlockColumn<f32>,
    /// The share of the gap to rest that goes in a step. 1 for those that begin each step at rest.
    pub(crate) leak: BlockColumn<f32>,
    pub(crate) rest: BlockColumn<f32>,
    pub(crate) reset: BlockColumn<f32>,
    /// Steps for which it is blocked after it fired.
    pub(crate) refractory: BlockColumn<u32>,
    /// The probability to fire at the threshold.
    pub(crate) excitability: BlockColumn<f32>,
    /// Firings in a row until it snoozes; 0 for no limit.
    pub(crate) limit: BlockColumn<u16>,
    /// Steps more for which it is blocked then.
    pub(crate) snooze: BlockColumn<u16>,
    /// Which neurons of each block have an excitability below 1 or a limit: a second look when they reach the threshold.
    pub(crate) rare: Vec<u64>,
}

/// What changes.
#[derive(Debug, Clone, Default)]
pub(crate) struct State {
    pub(crate) potential: BlockColumn<f32>,
    /// Steps for which it is still blocked.
    pub(crate) blocked: BlockColumn<u32>,
    /// Firings in a row so far, for those with a limit.
    pub(crate) streak: BlockColumn<u16>,
    /// The step in which it has to fire so that the row goes on.
    pub(crate) next: BlockColumn<u64>,
}

/// Neurons of this model.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lif {
    pub(crate) parameters: Parameters,
    pub(crate) state: State,
}

impl Lif {
    /// Makes room for more blocks, of neurons that never fire.
    pub(crate) fn grow(&mut self, blocks: usize) {
        let Parameters { threshold, leak, rest, reset, refractory, excitability, limit, snooze, rare } =
            &mut self.parameters;
        threshold.grow(blocks, f32::INFINITY);
        leak.grow(blocks, 1.0);
        rest.grow(blocks, 0.0);
        reset.grow(blocks, 0.0);
        refractory.grow(blocks, 0);
        excitability.grow(blocks, 1.0);
        limit.grow(blocks, 0);
        snooze.grow(blocks, 0);
        rare.resize(blocks, 0);
        let State { potential, blocked, streak, next } = &mut self.state;
        potential.grow(blocks, 0.0);
        blocked.grow(blocks, 0);
        streak.grow(blocks, 0);
        next.grow(blocks, 0);
    }

    /// After a change of parameters: whether a second look is needed, and no streak where no limit is.
    pub(crate) fn settle(&mut self, id: u32) {
        let Parameters { excitability, limit, rare, .. } = &mut self.parameters;
        let (word, bit) = (&mut rare[id as usize / 64], 1 << (id % 64));
        *word = if excitability.get(id) < 1.0 || limit.get(id) > 0 { *word | bit } else { *word & !bit };
        if self.state.streak.get(id) >= limit.get(id) {
            self.forget(id);
        }
    }

    /// Ends the firings in a row.
    fn forget(&mut self, id: u32) {
        self.state.streak.set(id, 0);
        self.state.next.set(id, 0);
    }

    /// A neuron that never fires again.
    pub(crate) fn bury(&mut self, id: u32) {
        self.parameters.threshold.set(id, f32::INFINITY);
        self.parameters.leak.set(id, 1.0);
        self.parameters.rest.set(id, 0.0);
        self.parameters.rare[id as usize / 64] &= !(1 << (id % 64));
        self.state.potential.set(id, 0.0);
        self.state.blocked.set(id, 0);
        self.forget(id);
    }
}
