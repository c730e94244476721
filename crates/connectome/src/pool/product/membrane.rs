//! How neurons take what arrives, leak and fire: block by block, where they do not rest.
#![deny(clippy::float_arithmetic)]

use super::Product;
use crate::{
    bits::ones,
    cell::{BLOCK, Cell, Common, LifInt, lanes},
    kernel::Work,
    pool::{Body, signal::UNIT},
    ring::Arrivals,
};

/// Neurons that are looked at together: where all of them rest and nothing arrives, a tick passes them by.
const GROUP: usize = 4 * BLOCK;
/// Twice what takes a membrane from one end to the other, Q8.8: no current counts for more.
const MOST: i32 = 1 << 17;
/// A sum of weights that is more than [`MOST`] with any input.
const MOST_ARRIVED: i32 = 1 << 12;

/// One step of all neurons.
struct Sweep<'a> {
    cells: LifInt<'a>,
    arrivals: Arrivals<'a>,
    /// A current for each neuron, or none at all.
    input: &'a [i16],
    /// Whether nothing arrives anywhere.
    silent: bool,
    /// Who fires, a word for each block.
    fired: &'a mut [u64],
}

impl Sweep<'_> {
    /// What the neurons of a block take, saturated here and nowhere else.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "it is vectorised where it is inlined")]
    fn currents(&self, block: usize) -> [i32; BLOCK] {
        let mut currents = self.arrivals.block(block);
        let input = if self.input.is_empty() { [0; BLOCK] } else { lanes(self.input, block) };
        for lane in 0..BLOCK {
            let arrived = currents[lane].clamp(-MOST_ARRIVED, MOST_ARRIVED) * i32::from(UNIT);
            currents[lane] = (arrived + i32::from(input[lane])).clamp(-MOST, MOST);
        }
        currents
    }
}

impl Work for Sweep<'_> {
    type Output = ();

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "it is vectorised where it is inlined")]
    fn run(mut self) {
        let neurons = self.cells.membrane.len();
        for begin in (0..neurons).step_by(GROUP) {
            let end = neurons.min(begin + GROUP);
            let rests = self.silent && self.cells.rests(begin..end);
            for block in begin / BLOCK..end.div_ceil(BLOCK) {
                self.fired[block] = if rests { 0 } else { self.cells.step(block, &self.currents(block)) };
            }
        }
    }
}

impl Product {
    /// All neurons take what arrives; who fires is noted.
    pub(super) fn integrate(&mut self, body: &mut Body, input: &[i16]) {
        let (columns, config) = (body.columns.as_mut(), &body.config);
        let common = Common {
            rest: config.rest,
            reset: config.reset,
            refractory: config.refractory,
            decay: config.trace_decay,
            mark: config.stdp_positive,
        };
        let cells = LifInt {
            common,
            membrane: columns.membrane,
            fraction: &mut self.fractions,
            threshold: columns.threshold,
            leak: columns.leak,
            refractory: columns.refractory,
            trace: columns.trace,
        };
        let silent = input.is_empty() && !self.ring.is_due();
        let arrivals = self.ring.arrivals();
        self.kernel.run(Sweep { cells, arrivals, input, silent, fired: &mut self.fires });
        for (block, word) in self.fires.iter_mut().enumerate() {
            for lane in ones(core::mem::take(word)) {
                let at = block * BLOCK + lane;
                body.fired[at] = 1;
                // A neuron's number has 16 bits.
                self.spiking.push(at as u16);
            }
        }
    }
}
