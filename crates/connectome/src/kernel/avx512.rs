//! AVX-512 with its instructions for bytes, words, and vectors of all lengths: sixteen lanes of 32 bits.

use super::{Kernel, Work};

/// Proof that this machine has AVX-512 F, BW, DQ and VL: only `detect` makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Avx512(());

impl Kernel for Avx512 {
    const NAME: &'static str = "avx512";

    fn detect() -> Option<Self> {
        let found = std::is_x86_feature_detected!("avx512f")
            && std::is_x86_feature_detected!("avx512bw")
            && std::is_x86_feature_detected!("avx512dq")
            && std::is_x86_feature_detected!("avx512vl");
        found.then_some(Self(()))
    }

    fn run<W: Work>(self, work: W) -> W::Output {
        // SAFETY: the machine has these four, because `self` exists and only `detect` makes one, after it has asked the
        // processor (test `fe_16_each_instruction_set_gives_the_bits_of_the_portable_one`).
        unsafe { run(work) }
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
fn run<W: Work>(work: W) -> W::Output {
    work.run()
}
