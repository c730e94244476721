//! A quantity of all neurons, in blocks of 64: the kernels have no remainders.

use super::BLOCK;
use alloc::vec::Vec;

/// One entry for each neuron, and so many behind the last that blocks are whole.
#[derive(Debug, Clone, Default)]
pub(crate) struct BlockColumn<T> {
    pub(crate) blocks: Vec<[T; BLOCK]>,
}

impl<T: Copy> BlockColumn<T> {
    /// Makes room for more blocks.
    pub(crate) fn grow(&mut self, blocks: usize, fill: T) {
        self.blocks.resize(blocks, [fill; BLOCK]);
    }

    pub(crate) fn get(&self, id: u32) -> T {
        self.blocks.as_flattened()[id as usize]
    }

    pub(crate) fn set(&mut self, id: u32, value: T) {
        self.blocks.as_flattened_mut()[id as usize] = value;
    }

    /// Writes a value to each of these neurons, if there are any.
    pub(crate) fn write<V: Copy + Into<T>>(&mut self, ids: &[u32], values: Option<&[V]>) {
        for (id, value) in ids.iter().zip(values.unwrap_or_default()) {
            self.set(*id, (*value).into());
        }
    }
}
