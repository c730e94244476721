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
/// What a sum is divided by: the greatest weight times the greatest conductance.
const FULL: f64 = 65_025.0;

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
                input[lane] = (f64::from(excitatory[lane] - inhibitory[lane]) / FULL) as f32;
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
