//! The pool of `neuronbus_connectome`, product mode.

use super::Population;
use crate::harness::fail;
use neuronbus::connectome::NeuronPool;

impl Population for NeuronPool {
    const NAME: &'static str = "pool";

    fn like(model: &NeuronPool) -> Self {
        model.clone()
    }

    #[inline]
    fn tick(&mut self, input: &[i16]) -> usize {
        NeuronPool::tick(self, input).unwrap_or_else(|error| fail("tick", error))
    }

    fn ticks(&self) -> u64 {
        NeuronPool::ticks(self)
    }

    fn rests(&self) -> bool {
        self.columns().membrane.iter().all(|membrane| *membrane == self.config().rest)
    }
}

/// The same on two threads.
pub struct TwoThreads(NeuronPool);

impl Population for TwoThreads {
    const NAME: &'static str = "pool, 2 threads";

    fn like(model: &NeuronPool) -> Self {
        let mut pool = model.clone();
        pool.set_threads(2).unwrap_or_else(|error| fail("threads", error));
        Self(pool)
    }

    #[inline]
    fn tick(&mut self, input: &[i16]) -> usize {
        Population::tick(&mut self.0, input)
    }

    fn ticks(&self) -> u64 {
        self.0.ticks()
    }

    fn rests(&self) -> bool {
        self.0.rests()
    }
}
