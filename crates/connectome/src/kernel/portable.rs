//! What every machine of the target has.

use super::{Kernel, Work};

/// The instructions of the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Portable;

impl Kernel for Portable {
    const NAME: &'static str = "portable";

    fn detect() -> Option<Self> {
        Some(Self)
    }

    fn run<W: Work>(self, work: W) -> W::Output {
        work.run()
    }
}
