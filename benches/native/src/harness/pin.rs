//! Threads to cores. Where the platform cannot pin, threads stay where the system puts them.

use std::{sync::LazyLock, thread};

/// How many cores this process may use.
pub fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// What a thread on core `index` of those allowed runs first, or nothing if there are not so many.
pub fn pin(index: usize) -> impl Fn() + Send + Copy {
    move || pin_this_thread(index)
}

/// Keeps the calling thread, and those that it starts, on core `index` of those allowed at the start of the process.
pub fn pin_this_thread(index: usize) {
    if let Some(cpu) = ALLOWED.get(index) {
        keep_on(*cpu);
    }
}

/// Numbers of the cores that were allowed when somebody first asked.
static ALLOWED: LazyLock<Vec<usize>> = LazyLock::new(allowed);

#[cfg(target_os = "linux")]
fn allowed() -> Vec<usize> {
    use rustix::thread::{CpuSet, sched_getaffinity};
    let set = sched_getaffinity(None).unwrap_or_else(|_| CpuSet::new());
    (0..CpuSet::MAX_CPU).filter(|cpu| set.is_set(*cpu)).collect()
}

#[cfg(target_os = "linux")]
fn keep_on(cpu: usize) {
    use rustix::thread::{CpuSet, sched_setaffinity};
    let mut set = CpuSet::new();
    set.set(cpu);
    // A thread that cannot be pinned is a slower one, not a wrong one.
    let _ = sched_setaffinity(None, &set);
}

#[cfg(not(target_os = "linux"))]
fn allowed() -> Vec<usize> {
    Vec::new()
}

#[cfg(not(target_os = "linux"))]
fn keep_on(_cpu: usize) {}
