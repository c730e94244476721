//! What arrives becomes potential, and who reaches the threshold fires (FE-21): block by block, in tasks that share nothing.

use super::{BurstEngine, injection::Injections};
use crate::{
    cell::{BLOCK, Cell},
    kernel::Work,
    store::DelaySums,
};
use alloc::vec::Vec;

/// The least number of neurons for which threads are woken: below, one is through before the others are awake.
const LEAST_NEURONS: usize = 65_536;
/// What makes a potential of a sum: one over the greatest weight times the greatest conductance.
const SCALE: f64 = 1.0 / 65_025.0;

type Sums<'a> = &'a mut [[i32; BLOCK]];

/// What arrives at a range of blocks. Who takes it leaves zeros.
struct Arrivals<'a> {
    /// Excitatory and inhibitory; none if no spike arrives.
    sums: Option<(Sums<'a>, Sums<'a>)>,
    /// None if nothing was injected.
    injected: Option<&'a mut [[f32; BLOCK]]>,
}

impl Arrivals<'_> {
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "it is vectorised where it is inlined")]
    fn take(&mut self, block: usize) -> [f32; BLOCK] {
        let mut input = [0.0; BLOCK];
        if let Some((excitatory, inhibitory)) = &mut self.sums {
            let (excitatory, inhibitory) = (&mut excitatory[block], &mut inhibitory[block]);
            for lane in 0..BLOCK {
                // No sum is negative or above 2^31: their difference has 32 bits.
                input[lane] = scaled(excitatory[lane] - inhibitory[lane]);
            }
            (*excitatory, *inhibitory) = ([0; BLOCK], [0; BLOCK]);
        }
        if let Some(injected) = &mut self.injected {
            let injected = &mut injected[block];
            for lane in 0..BLOCK {
                input[lane] += injected[lane];
            }
            *injected = [0.0; BLOCK];
        }
        input
    }
}

/// A sum divided by 65,025, as near as f32 can be, by a product, which takes a fraction of the time. The quotient is one part in
/// 2^41 or more away from the middle of two f32, and the product is off by less than one in 2^51: both end at the same f32.
#[inline(always)]
#[allow(clippy::inline_always, reason = "it is vectorised where it is inlined")]
fn scaled(sum: i32) -> f32 {
    (f64::from(sum) * SCALE) as f32
}

/// One step of a range of blocks.
struct Sweep<'a, C> {
    cells: C,
    arrivals: Arrivals<'a>,
    /// Who fires, a word for each block.
    fired: &'a mut [u64],
}

impl<C: Cell<Input = f32>> Work for Sweep<'_, C> {
    type Output = ();

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "it is vectorised where it is inlined")]
    fn run(mut self) {
        for block in 0..self.fired.len() {
            let input = self.arrivals.take(block);
            self.fired[block] = self.cells.step(block, &input);
        }
    }
}

impl BurstEngine {
    /// Writes who fires.
    pub(super) fn step(&mut self) {
        let Self { crew, kernel, .. } = self;
        let kernel = *kernel;
        let tasks = crew.tasks(self.neurons.len(), LEAST_NEURONS);
        // Not zero, which no chunk can have.
        let blocks = self.neurons.blocks().div_ceil(tasks).max(1);
        let arrivals = arrivals(&mut self.sums, &mut self.injections, blocks);
        let cells = self.neurons.lif.shares(blocks, self.options.seed, self.bursts);
        let fired = self.fired.mask.chunks_mut(blocks);
        let sweeps = cells.zip(arrivals).zip(fired).map(|((cells, arrivals), fired)| Sweep { cells, arrivals, fired });
        if tasks == 1 {
            sweeps.for_each(|sweep| kernel.run(sweep));
        } else {
            crew.each(sweeps.collect::<Vec<_>>(), |sweep| kernel.run(sweep));
        }
    }
}

/// What arrives, for each range of so many blocks.
fn arrivals<'a>(
    sums: &'a mut DelaySums,
    injections: &'a mut Injections,
    blocks: usize,
) -> impl Iterator<Item = Arrivals<'a>> {
    let mut injected = injections.is_due.then(|| injections.sums.blocks.chunks_mut(blocks));
    let mut sums = sums.take_due().map(|(excitatory, inhibitory)| {
        let [excitatory, inhibitory] = [excitatory, inhibitory].map(|sums| sums.as_chunks_mut().0.chunks_mut(blocks));
        excitatory.zip(inhibitory)
    });
    core::iter::repeat_with(move || Arrivals {
        sums: sums.as_mut().and_then(Iterator::next),
        injected: injected.as_mut().and_then(Iterator::next),
    })
}

#[cfg(test)]
mod tests {
    use super::scaled;

    #[test]
    fn fe_21_a_sum_is_scaled_as_a_division_does_it() {
        let quotient = |sum: i32| (f64::from(sum) / 65_025.0) as f32;
        let near_full = (-1_000..=1_000).flat_map(|times| [-1, 0, 1].map(|beside| times * 65_025 + beside));
        for sum in (i32::MIN..=i32::MAX).step_by(1_021).chain(near_full).chain(-70_000..=70_000).chain([i32::MAX]) {
            assert_eq!(scaled(sum).to_bits(), quotient(sum).to_bits(), "{sum}");
        }
    }
}
