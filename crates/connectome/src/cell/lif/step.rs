//! One step of a block: without branches over its 64 lanes, so that it is vectorised.

use super::{Lif, MAX_POTENTIAL, Parameters};
use crate::{
    bits::word,
    cell::{BLOCK, Cell},
};

/// A range of blocks: its own state, and the parameters of all.
#[derive(Debug)]
pub(crate) struct LifShare<'a> {
    pub(super) parameters: &'a Parameters,
    /// The block of the model that is the first of this share.
    pub(super) first: usize,
    pub(super) potential: &'a mut [[f32; BLOCK]],
    pub(super) blocked: &'a mut [[u32; BLOCK]],
    pub(super) streak: &'a mut [[u16; BLOCK]],
    pub(super) next: &'a mut [[u64; BLOCK]],
    pub(super) seed: u64,
    /// The number of this step.
    pub(super) now: u64,
}

impl Lif {
    /// The neurons in shares of so many blocks, for step `now`.
    pub(crate) fn shares(&mut self, blocks: usize, seed: u64, now: u64) -> impl Iterator<Item = LifShare<'_>> {
        let Self { parameters, state } = self;
        let states = state.potential.blocks.chunks_mut(blocks).zip(state.blocked.blocks.chunks_mut(blocks));
        let rows = state.streak.blocks.chunks_mut(blocks).zip(state.next.blocks.chunks_mut(blocks));
        let parameters = &*parameters;
        states.zip(rows).enumerate().map(move |(at, ((potential, blocked), (streak, next)))| LifShare {
            parameters,
            first: at * blocks,
            potential,
            blocked,
            streak,
            next,
            seed,
            now,
        })
    }
}

impl Cell for LifShare<'_> {
    type Input = f32;

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "it is vectorised where it is inlined")]
    fn step(&mut self, block: usize, input: &[f32; BLOCK]) -> u64 {
        let at = self.first + block;
        let Parameters { threshold, leak, rest, reset: after, refractory, rare, .. } = self.parameters;
        let (threshold, leak, rest) = (&threshold.blocks[at], &leak.blocks[at], &rest.blocks[at]);
        let (after, refractory) = (&after.blocks[at], &refractory.blocks[at]);
        // All results go to arrays of its own first: the compiler need not ask whether one column lies over another.
        let (potential, blocked) = (self.potential[block], self.blocked[block]);
        let (mut raised, mut reaches) = ([0.0; BLOCK], [0_u32; BLOCK]);
        for lane in 0..BLOCK {
            let gap = rest[lane] - potential[lane];
            let leaked = if leak[lane] < 1.0 { potential[lane] + gap * leak[lane] } else { rest[lane] };
            let taken = bounded(leaked + input[lane]);
            raised[lane] = if blocked[lane] > 0 { leaked } else { taken };
            // Not `&&`: a branch is not vectorised.
            reaches[lane] = mask(blocked[lane] == 0) & mask(raised[lane] >= threshold[lane]);
        }
        let (mut next, mut left) = (raised, blocked);
        for lane in 0..BLOCK {
            // By bits: of two arrays, the compiler would look up each lane by its address.
            let fires = reaches[lane];
            next[lane] = f32::from_bits(after[lane].to_bits() & fires | raised[lane].to_bits() & !fires);
            left[lane] = refractory[lane] & fires | blocked[lane].saturating_sub(1) & !fires;
        }
        (self.potential[block], self.blocked[block]) = (next, left);
        let fired = word(&reaches);
        // Most blocks have nobody that needs it.
        if fired & rare[at] == 0 { fired } else { self.second_look(block, fired, &raised) }
    }
}

/// Kept within ± [`MAX_POTENTIAL`].
#[inline(always)]
#[allow(clippy::inline_always, reason = "it is vectorised where it is inlined")]
fn bounded(potential: f32) -> f32 {
    // Not `clamp`: it has a case for NaN, which no sum here is.
    let low = if potential < -MAX_POTENTIAL { -MAX_POTENTIAL } else { potential };
    if low > MAX_POTENTIAL { MAX_POTENTIAL } else { low }
}

/// All bits, or none.
#[inline(always)]
#[allow(clippy::inline_always, reason = "it is vectorised where it is inlined")]
fn mask(is: bool) -> u32 {
    u32::from(is).wrapping_neg()
}
