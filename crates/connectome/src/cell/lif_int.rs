//! Leaky integrate-and-fire in integers (NP-2 to NP-5): potentials in Q8.8 with eight more bits of fraction beside them.
#![deny(clippy::float_arithmetic)]

use super::{BLOCK, Cell};
use crate::{bits::word, fixed};

/// The least and the greatest state of a membrane, in 256ths.
const STATES: (i32, i32) = (i16::MIN as i32 * 256, i16::MAX as i32 * 256);

/// What all neurons of a pool have in common.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Common {
    pub(crate) rest: i16,
    pub(crate) reset: i16,
    /// Steps for which a neuron is blocked after it fired.
    pub(crate) refractory: u8,
    /// What a step leaves of a trace, of 256.
    pub(crate) decay: u8,
    /// What a spike adds to it.
    pub(crate) mark: i8,
}

/// Neurons of this model: columns of one length, which need not be one of whole blocks.
#[derive(Debug)]
pub(crate) struct LifInt<'a> {
    pub(crate) common: Common,
    pub(crate) membrane: &'a mut [i16],
    /// What a membrane has beyond its column, in 256ths.
    pub(crate) fraction: &'a mut [i8],
    pub(crate) threshold: &'a [i16],
    pub(crate) leak: &'a [u8],
    pub(crate) refractory: &'a mut [u8],
    pub(crate) trace: &'a mut [i8],
}

impl LifInt<'_> {
    /// Whether a step without input changes nothing in these neurons. Each column is folded whole, so that the compiler makes
    /// vectors of it.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "it is vectorised where it is inlined")]
    pub(crate) fn rests(&self, neurons: core::ops::Range<usize>) -> bool {
        let rest = self.common.rest;
        let moved = self.membrane[neurons.clone()].iter().fold(0, |moved, membrane| moved | (membrane ^ rest));
        // A step would clear them; who writes to a membrane next finds none.
        let fraction = self.fraction[neurons.clone()].iter().fold(0, |any, fraction| any | fraction);
        let least = self.threshold[neurons.clone()].iter().fold(i16::MAX, |least, threshold| least.min(*threshold));
        let waiting = self.refractory[neurons.clone()].iter().fold(0, |waiting, steps| waiting | steps);
        let traced = self.trace[neurons].iter().fold(0, |traced, trace| traced | trace);
        moved == 0 && fraction == 0 && least > rest && waiting == 0 && traced == 0
    }
}

impl Cell for LifInt<'_> {
    /// A current, Q8.8, within ± 2^17: twice what takes a membrane from one end to the other.
    type Input = i32;

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "it is vectorised where it is inlined")]
    fn step(&mut self, block: usize, input: &[i32; BLOCK]) -> u64 {
        let Common { rest, reset, refractory: pause, decay, mark } = self.common;
        let (membrane, fraction) = (lanes(self.membrane, block), lanes(self.fraction, block));
        let (threshold, leak) = (lanes(self.threshold, block), lanes(self.leak, block));
        let (refractory, trace) = (lanes(self.refractory, block), lanes(self.trace, block));
        let (mut membranes, mut fractions) = (membrane, fraction);
        let (mut pauses, mut traces, mut spikes) = (refractory, trace, [0_u32; BLOCK]);
        for lane in 0..BLOCK {
            let (shown, remainder) = fixed::split(taken(membrane[lane], fraction[lane], rest, leak[lane], input[lane]));
            let free = refractory[lane] == 0;
            let fires = if free { shown >= threshold[lane] } else { false };
            let (next, beyond) = if fires { (reset, 0) } else { (shown, remainder) };
            membranes[lane] = if free { next } else { membrane[lane] };
            fractions[lane] = if free { beyond } else { fraction[lane] };
            pauses[lane] = if fires { pause } else { refractory[lane].saturating_sub(1) };
            let faded = (i16::from(trace[lane]) * i16::from(decay) / 256) as i8;
            traces[lane] = if fires { faded.saturating_add(mark) } else { faded };
            spikes[lane] = u32::from(fires).wrapping_neg();
        }
        put(self.membrane, block, &membranes);
        put(self.fraction, block, &fractions);
        put(self.refractory, block, &pauses);
        put(self.trace, block, &traces);
        let left = self.membrane.len() - block * BLOCK;
        // Lanes behind the last neuron are nobody's.
        word(&spikes) & if left < BLOCK { (1 << left) - 1 } else { u64::MAX }
    }
}

/// The state of a membrane that leaks and takes a current.
#[inline(always)]
#[allow(clippy::inline_always, reason = "it is vectorised where it is inlined")]
fn taken(membrane: i16, fraction: i8, rest: i16, leak: u8, current: i32) -> i32 {
    let home = i32::from(rest) * 256;
    // Within half a step of rest it is at rest: what resting neurons leave out would change nothing.
    let state = if membrane == rest { home } else { fixed::join(membrane, fraction) };
    // Rounded to nearest. The 16-bit multiplier of a leak is a power of two: a shift does it.
    let shift = 8 - leak.min(7);
    let leaked = state + ((home - state + (1 << (shift - 1))) >> shift);
    (leaked + current * 256).clamp(STATES.0, STATES.1)
}

/// The entries of a block; zeros behind the last.
#[inline(always)]
#[allow(clippy::inline_always, reason = "it is vectorised where it is inlined")]
pub(crate) fn lanes<T: Copy + Default>(column: &[T], block: usize) -> [T; BLOCK] {
    let rest = &column[block * BLOCK..];
    rest.first_chunk().copied().unwrap_or_else(|| {
        let mut lanes = [T::default(); BLOCK];
        lanes[..rest.len()].copy_from_slice(rest);
        lanes
    })
}

/// Writes the entries of a block.
#[inline(always)]
#[allow(clippy::inline_always, reason = "it is vectorised where it is inlined")]
fn put<T: Copy>(column: &mut [T], block: usize, lanes: &[T; BLOCK]) {
    let rest = &mut column[block * BLOCK..];
    match rest.first_chunk_mut() {
        Some(chunk) => *chunk = *lanes,
        None => rest.copy_from_slice(&lanes[..rest.len()]),
    }
}
