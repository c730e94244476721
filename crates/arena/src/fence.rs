//! A fence between one frequent and one rare side, paid for by the rare side alone.
//!
//! The frequent side only keeps the compiler from reordering ([`light`]). The rare side makes the operating system interrupt
//! every running thread of every process that takes part, each of which so passes a full fence ([`heavy`]): `membarrier` on Linux. Where there is none,
//! [`prepare`] says so, and both sides must use atomic swaps.

// A compiler fence is no atomic, and loom has none: the models take the path of swaps.
use std::sync::atomic::{Ordering, compiler_fence};

/// The frequent side: what is written before is not moved behind what is read after, by the compiler.
#[inline]
pub(crate) fn light() {
    compiler_fence(Ordering::SeqCst);
}

/// Tells the system that threads of this process will rely on [`heavy`]; false if it has no such thing.
pub(crate) fn prepare() -> bool {
    #[cfg(target_os = "linux")]
    return rustix::thread::membarrier(rustix::thread::MembarrierCommand::RegisterGlobalExpedited).is_ok();
    #[cfg(not(target_os = "linux"))]
    false
}

/// The rare side: every other thread has passed a full fence when this returns true.
pub(crate) fn heavy() -> bool {
    #[cfg(target_os = "linux")]
    return rustix::thread::membarrier(rustix::thread::MembarrierCommand::GlobalExpedited).is_ok();
    #[cfg(not(target_os = "linux"))]
    false
}
