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
