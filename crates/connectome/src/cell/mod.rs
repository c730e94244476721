//! Cell models: what a neuron makes of what arrives. A model is an implementation of [`Cell`] in a folder of its own.

mod column;
mod lif;

pub(crate) use column::BlockColumn;
pub(crate) use lif::{Lif, MAX_BLOCKED, is_potential, is_share};

/// Neurons of a block: one bit each in a word of who fired.
pub(crate) const BLOCK: usize = 64;

/// Neurons of one model, a range of blocks of them: state in columns, and how it goes on.
pub(crate) trait Cell {
    /// The next step of a block, given what arrives at each of its neurons. Who fires: bit n is its neuron n.
    ///
    /// It has to inline wholly: it is vectorised where the kernel calls it.
    fn step(&mut self, block: usize, input: &[f32; BLOCK]) -> u64;
}
