//! Cell models: what a neuron makes of what arrives. A model is an implementation of [`Cell`] in a file or a folder of its own.

mod column;
mod lif;
mod lif_int;

pub(crate) use column::BlockColumn;
pub(crate) use lif::{Lif, MAX_BLOCKED, is_potential, is_share};
pub(crate) use lif_int::{Common, LifInt, lanes};

/// Neurons of a block: one bit each in a word of who fired.
pub(crate) const BLOCK: usize = 64;

/// Neurons of one model, a range of blocks of them: state in columns, and how it goes on.
pub(crate) trait Cell {
    /// What arrives at a neuron in a step.
    type Input;

    /// The next step of a block, given what arrives at each of its neurons. Who fires: bit n is its neuron n.
    ///
    /// It has to inline wholly: it is vectorised where the kernel calls it.
    fn step(&mut self, block: usize, input: &[Self::Input; BLOCK]) -> u64;
}
