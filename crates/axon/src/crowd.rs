//! How many threads that wait on rings want a core now, over the whole process. With more of them than cores, spinning takes
//! the core from the thread that is waited for: four pairs on two cores did 27–116 M spikes/s so, and 140 and more when
//! they went to sleep at once.
//!
//! A thread counts from its first wait to its end, except while it sleeps in a lot; whoever wakes it counts it again, since
//! it wants a core from then on. Threads that wait for other things count too: it is a guess, and costs time when wrong,
//! never correctness. Models know no crowd.

#[cfg(not(loom))]
mod count {
    use neuronbus_sync::{AtomicUsize, Ordering};
    use std::{sync::LazyLock, thread};

    /// Relaxed everywhere: a count that steers a guess, and orders nothing.
    static AWAKE: AtomicUsize = AtomicUsize::new(0);
    static CORES: LazyLock<usize> = LazyLock::new(|| thread::available_parallelism().map_or(1, usize::from));

    thread_local! {
        static MEMBER: Member = Member::join();
    }

    struct Member;

    impl Member {
        fn join() -> Self {
            wakes();
            Self
        }
    }

    impl Drop for Member {
        fn drop(&mut self) {
            sleeps();
        }
    }

    pub(crate) fn join() {
        // Fails only while the thread ends, when it counts no more.
        let _ = MEMBER.try_with(|_| ());
    }

    pub(crate) fn sleeps() {
        AWAKE.fetch_sub(1, Ordering::Relaxed);
    }

    pub(crate) fn wakes() {
        AWAKE.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn is_crowded() -> bool {
        AWAKE.load(Ordering::Relaxed) > *CORES
    }
}

#[cfg(loom)]
mod count {
    pub(crate) fn join() {}
    pub(crate) fn sleeps() {}
    pub(crate) fn wakes() {}
    pub(crate) fn is_crowded() -> bool {
        false
    }
}

pub(crate) use count::{is_crowded, join, sleeps, wakes};
