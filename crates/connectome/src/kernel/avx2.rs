//! AVX2: eight lanes of 32 bits.

use super::{Kernel, Work};

/// Proof that this machine has AVX2: only `detect` makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Avx2(());

impl Kernel for Avx2 {
    const NAME: &'static str = "avx2";

    fn detect() -> Option<Self> {
        std::is_x86_feature_detected!("avx2").then_some(Self(()))
    }

    fn run<W: Work>(self, work: W) -> W::Output {
        // SAFETY: the machine has AVX2, because `self` exists and only `detect` makes one, after it has asked the processor
        // (test `fe_16_each_instruction_set_gives_the_bits_of_the_portable_one`).
        unsafe { run(work) }
    }
}

#[target_feature(enable = "avx2")]
fn run<W: Work>(work: W) -> W::Output {
    work.run()
}
