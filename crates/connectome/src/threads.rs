//! The threads of an engine (FE-16): tasks that share nothing, so that the bits are the same for any number of them.

use alloc::vec::Vec;

/// Most threads of an engine.
pub(crate) const MAX_THREADS: usize = 64;

/// So many threads; made when there is first enough to do.
#[derive(Debug)]
pub(crate) struct Crew {
    threads: usize,
    #[cfg(feature = "threads")]
    pool: Pool,
}

#[cfg(feature = "threads")]
#[derive(Debug)]
enum Pool {
    Untried,
    Made(rayon::ThreadPool),
    /// The system gave no threads: one does it all, and the bits are the same.
    Refused,
}

/// One thread.
impl Default for Crew {
    fn default() -> Self {
        Self::new(1)
    }
}

impl Crew {
    /// Of one to [`MAX_THREADS`] threads.
    pub(crate) fn new(threads: usize) -> Self {
        Self {
            threads,
            #[cfg(feature = "threads")]
            pool: Pool::Untried,
        }
    }

    /// In how many tasks to cut a `load`: one where it is below the `least` that is worth waking threads for.
    pub(crate) fn tasks(&self, load: usize, least: usize) -> usize {
        if load < least { 1 } else { self.threads }
    }

    /// Runs each task, in any order and at the same time; the last one here, and so one alone wakes nobody.
    #[cfg(feature = "threads")]
    pub(crate) fn each<T: Send>(&mut self, mut tasks: Vec<T>, run: impl Fn(T) + Sync) {
        let (Some(last), run) = (tasks.pop(), &run) else { return };
        match if tasks.is_empty() { None } else { self.pool() } {
            None => tasks.into_iter().chain([last]).for_each(run),
            Some(pool) => pool.in_place_scope(|scope| {
                for task in tasks {
                    scope.spawn(move |_| run(task));
                }
                run(last);
            }),
        }
    }

    /// Runs each task, one after the other.
    #[cfg(not(feature = "threads"))]
    #[allow(clippy::unused_self, reason = "with threads it is used")]
    pub(crate) fn each<T>(&mut self, tasks: Vec<T>, run: impl Fn(T)) {
        tasks.into_iter().for_each(run);
    }

    #[cfg(feature = "threads")]
    fn pool(&mut self) -> Option<&rayon::ThreadPool> {
        if matches!(self.pool, Pool::Untried) {
            // The thread that calls is one of them.
            let made = rayon::ThreadPoolBuilder::new().num_threads(self.threads - 1).build();
            self.pool = made.map_or(Pool::Refused, Pool::Made);
        }
        match &self.pool {
            Pool::Made(pool) => Some(pool),
            Pool::Untried | Pool::Refused => None,
        }
    }
}

/// Of as many threads, which are its own.
impl Clone for Crew {
    fn clone(&self) -> Self {
        Self::new(self.threads)
    }
}

/// Two crews of as many threads do the same.
impl PartialEq for Crew {
    fn eq(&self, other: &Self) -> bool {
        self.threads == other.threads
    }
}

impl Eq for Crew {}
