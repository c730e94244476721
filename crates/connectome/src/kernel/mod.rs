//! One source for every set of vector instructions.
//!
//! A [`Work`] is plain Rust that inlines wholly. A [`Kernel`] is a function for which the compiler may use one set of
//! instructions more, and into which the work is inlined: it is vectorised once for each set, by the compiler and not by
//! hand. Rust contracts no multiplication and addition into one rounding, so all sets give the same bits.
//!
//! Every ARM of 64 bits has NEON: there the portable kernel is the one for NEON.

#[cfg(all(feature = "std", target_arch = "x86_64"))]
#[allow(unsafe_code, reason = "calls what was compiled for instructions that were found")]
mod avx2;
#[cfg(all(feature = "std", target_arch = "x86_64"))]
#[allow(unsafe_code, reason = "calls what was compiled for instructions that were found")]
mod avx512;
mod portable;

use alloc::vec::Vec;
use portable::Portable;

/// What a kernel runs. Everything that `run` calls has to be inlined, or it is not vectorised with it.
pub(crate) trait Work {
    /// What comes of it.
    type Output;

    /// Does it.
    fn run(self) -> Self::Output;
}

/// A set of instructions. There is a value of it only where the machine has them.
trait Kernel: Sized {
    /// What the set is called.
    const NAME: &'static str;

    /// The kernel, if this machine has the instructions.
    fn detect() -> Option<Self>;

    /// Does the work with them.
    fn run<W: Work>(self, work: W) -> W::Output;
}

/// A set of vector instructions that this machine has. The results are the same with each, to the bit (FE-16).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InstructionSet(Set);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Set {
    Portable(Portable),
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    Avx2(avx2::Avx2),
    #[cfg(all(feature = "std", target_arch = "x86_64"))]
    Avx512(avx512::Avx512),
}

/// Runs `$run` with the kernel of a set.
macro_rules! with_kernel {
    ($set:expr, $kernel:ident => $run:expr) => {
        match $set {
            Set::Portable($kernel) => $run,
            #[cfg(all(feature = "std", target_arch = "x86_64"))]
            Set::Avx2($kernel) => $run,
            #[cfg(all(feature = "std", target_arch = "x86_64"))]
            Set::Avx512($kernel) => $run,
        }
    };
}

impl InstructionSet {
    /// All that this machine has, the best one last. Without the feature `std` it is the one of the target.
    pub fn all() -> Vec<Self> {
        let sets = [
            Portable::detect().map(Set::Portable),
            #[cfg(all(feature = "std", target_arch = "x86_64"))]
            avx2::Avx2::detect().map(Set::Avx2),
            #[cfg(all(feature = "std", target_arch = "x86_64"))]
            avx512::Avx512::detect().map(Set::Avx512),
        ];
        sets.into_iter().flatten().map(Self).collect()
    }

    /// The best one.
    pub fn best() -> Self {
        Self::all().pop().unwrap_or(Self(Set::Portable(Portable)))
    }

    /// What it is called.
    pub fn name(self) -> &'static str {
        with_kernel!(self.0, kernel => name(&kernel))
    }

    /// Does the work with it.
    pub(crate) fn run<W: Work>(self, work: W) -> W::Output {
        with_kernel!(self.0, kernel => kernel.run(work))
    }
}

fn name<K: Kernel>(_: &K) -> &'static str {
    K::NAME
}
