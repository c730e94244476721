//! How a neuron takes what arrives, leaks and fires.
#![deny(clippy::float_arithmetic)]

use super::{Product, fixed};
use crate::pool::{Body, Columns, compat::decayed, signal::UNIT};
use core::ops::Range;

/// The least and the greatest state of a membrane, in 256ths.
const STATES: (i32, i32) = (i16::MIN as i32 * 256, i16::MAX as i32 * 256);

impl Product {
    /// A block of neurons takes what arrives; who fires is noted.
    pub(super) fn integrate(&mut self, body: &mut Body, block: Range<usize>, input: &[i16]) {
        for at in block {
            let trace = &mut body.columns.trace[at];
            *trace = decayed(*trace, body.config.trace_decay);
            let refractory = &mut body.columns.refractory[at];
            if *refractory > 0 {
                // It takes nothing, and stays where it was reset to.
                *refractory -= 1;
                continue;
            }
            let current = i64::from(input.get(at).copied().unwrap_or(0));
            let arrived = i64::from(self.ring.arrivals().at(at)) * i64::from(UNIT);
            self.take(body, at, current + arrived);
        }
    }

    /// One neuron that is not refractory takes a current, saturated here and nowhere else.
    fn take(&mut self, body: &mut Body, at: usize, current: i64) {
        let (columns, config) = (&mut body.columns, &body.config);
        // Twice what takes a membrane from one end to the other.
        let current = current.clamp(-(1 << 17), 1 << 17) as i32;
        let rest = i32::from(config.rest) * 256;
        // Within half a step of rest it is at rest: what a block that rests leaves out would change nothing.
        let before = columns.membrane[at];
        let state = if before == config.rest { rest } else { fixed::join(before, self.fractions[at]) };
        let state = (leaked(state, rest, columns.leak[at]) + current * 256).clamp(STATES.0, STATES.1);
        let (membrane, fraction) = fixed::split(state);
        if membrane >= columns.threshold[at] {
            (columns.membrane[at], self.fractions[at]) = (config.reset, 0);
            columns.refractory[at] = config.refractory;
            columns.trace[at] = columns.trace[at].saturating_add(config.stdp_positive);
            body.fired[at] = 1;
            // A neuron's number has 16 bits.
            self.spiking.push(at as u16);
        } else {
            (columns.membrane[at], self.fractions[at]) = (membrane, fraction);
        }
    }
}

/// A state a tick nearer to rest (NP-5), rounded to nearest. The 16-bit multiplier of a leak is a power of two: a shift does it.
fn leaked(state: i32, rest: i32, leak: u8) -> i32 {
    let shift = 8 - leak.min(7);
    state + ((rest - state + (1 << (shift - 1))) >> shift)
}

/// Whether a tick without input changes nothing in a block. Each column is folded whole, so that the compiler makes vectors of it.
pub(super) fn rests(columns: &Columns, fractions: &[i8], block: Range<usize>, rest: i16) -> bool {
    let moved = columns.membrane[block.clone()].iter().fold(0, |moved, membrane| moved | (membrane ^ rest));
    // A tick would clear them; who writes to a membrane next finds none.
    let fraction = fractions[block.clone()].iter().fold(0, |any, fraction| any | fraction);
    let least = columns.threshold[block.clone()].iter().fold(i16::MAX, |least, threshold| least.min(*threshold));
    let waiting = columns.refractory[block.clone()].iter().fold(0, |waiting, ticks| waiting | ticks);
    let traced = columns.trace[block].iter().fold(0, |traced, trace| traced | trace);
    moved == 0 && fraction == 0 && least > rest && waiting == 0 && traced == 0
}
