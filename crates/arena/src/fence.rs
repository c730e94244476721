//! A fence between one frequent and one rare side, paid for by the rare side alone.
//!
//! The frequent side only keeps the compiler from reordering ([`light`]). The rare side makes the operating system
//! interrupt every running thread of every process that takes part, each of which so passes a full fence ([`heavy`]):
//! `membarrier` on Linux. Where there is none, [`prepare`] says so, and both sides must use atomic swaps.

// A compiler fence is no atomic, and loom has none: the models take the path of swaps.
use std::sync::atomic::{Ordering, compiler_fence};

/// The frequent side: what is written before is not moved behind what is read after, by the compiler.
#[inline]
pub(crate) fn light() {
    compiler_fence(Ordering::SeqCst);
}

/// Tells the system that threads of this process will rely on [`heavy`]; false if it has no such thing.
pub(crate) fn prepare() -> bool {
    #[cfg(all(target_os = "linux", not(miri)))]
    return rustix::thread::membarrier(rustix::thread::MembarrierCommand::RegisterGlobalExpedited).is_ok();
    #[cfg(not(all(target_os = "linux", not(miri))))]
    false
}

/// The rare side: every other thread has passed a full fence when this returns true.
pub(crate) fn heavy() -> bool {
    #[cfg(all(target_os = "linux", not(miri)))]
    return rustix::thread::membarrier(rustix::thread::MembarrierCommand::GlobalExpedited).is_ok();
    #[cfg(not(all(target_os = "linux", not(miri))))]
    false
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use neuronbus_sync::{AtomicU64, CachePadded, spin_loop, yield_now};
    use std::thread;

    const ROUNDS: u64 = 10_000;

    /// The words of the litmus test, each on a line of its own.
    #[derive(Default)]
    struct Words {
        round: CachePadded<AtomicU64>,
        done: CachePadded<AtomicU64>,
        frequent: CachePadded<AtomicU64>,
        rare: CachePadded<AtomicU64>,
        seen: CachePadded<AtomicU64>,
    }

    fn wait_for(word: &AtomicU64, round: u64) {
        let mut turns = 0u32;
        while word.load(Ordering::Acquire) != round {
            turns += 1;
            if turns.is_multiple_of(1_000) { yield_now() } else { spin_loop() }
        }
    }

    /// Store buffering: each side writes its word, passes its fence, and reads the other's. One of them must see the other.
    #[test]
    #[cfg_attr(miri, ignore = "Miri has no membarrier")]
    fn one_of_the_two_sides_sees_the_other() {
        if !prepare() {
            return;
        }
        let words = Words::default();
        thread::scope(|scope| {
            scope.spawn(|| {
                for round in 1..=ROUNDS {
                    wait_for(&words.round, round);
                    words.frequent.store(round, Ordering::Relaxed);
                    light();
                    words.seen.store(words.rare.load(Ordering::Relaxed), Ordering::Relaxed);
                    words.done.store(round, Ordering::Release);
                }
            });
            let missed = (1..=ROUNDS).filter(|&round| {
                words.round.store(round, Ordering::Release);
                (0..round % 100).for_each(|_| spin_loop());
                words.rare.store(round, Ordering::Relaxed);
                heavy();
                let frequent = words.frequent.load(Ordering::Relaxed);
                wait_for(&words.done, round);
                let rare = words.seen.load(Ordering::Relaxed);
                frequent != round && rare != round
            });
            assert_eq!(missed.count(), 0, "rounds in which neither side saw the other");
        });
    }
}
