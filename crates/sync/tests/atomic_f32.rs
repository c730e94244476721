//! NB-29: adds are never lost, and no observer sees a value outside the clamp.
#![cfg(not(loom))]
#![allow(clippy::unwrap_used)]
// Clippy resolves the names of the facade to those of std behind it.
#![allow(clippy::disallowed_types)]

use neuronbus_sync::{Arc, AtomicBool, AtomicF32, Ordering};
use std::thread;

const THREADS: usize = 8;
const ADDS: usize = 100_000;

#[test]
fn nb_29_eight_threads_add_exactly() {
    let sum = Arc::new(AtomicF32::new(0.0));
    let workers: Vec<_> = (0..THREADS)
        .map(|_| {
            let sum = Arc::clone(&sum);
            thread::spawn(move || {
                for _ in 0..ADDS {
                    sum.fetch_add(1.0);
                }
            })
        })
        .collect();
    for worker in workers {
        worker.join().unwrap();
    }
    assert!((sum.load() - (THREADS * ADDS) as f32).abs() < f32::EPSILON, "{}", sum.load());
}

#[test]
fn nb_29_the_clamp_is_inside_the_compare_and_swap() {
    let weight = Arc::new(AtomicF32::new(0.5));
    let done = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = [0.3_f32, -0.3, 0.7, -0.7]
        .into_iter()
        .map(|delta| {
            let weight = Arc::clone(&weight);
            thread::spawn(move || {
                for _ in 0..ADDS {
                    weight.fetch_add_clamped(delta, 0.001, 1.0);
                }
            })
        })
        .collect();
    let observer = {
        let (weight, done) = (Arc::clone(&weight), Arc::clone(&done));
        thread::spawn(move || {
            while !done.load(Ordering::Acquire) {
                let seen = weight.load();
                assert!((0.001..=1.0).contains(&seen), "saw {seen}");
            }
        })
    };
    for writer in writers {
        writer.join().unwrap();
    }
    done.store(true, Ordering::Release);
    observer.join().unwrap();
}

#[test]
fn store_and_add_return_what_was_there_before() {
    let value = AtomicF32::new(0.25);
    value.store(0.75);
    assert!((value.fetch_add(0.5) - 0.75).abs() < f32::EPSILON);
    assert!((value.fetch_add_clamped(5.0, 0.0, 1.0) - 1.25).abs() < f32::EPSILON);
    assert!((value.load() - 1.0).abs() < f32::EPSILON);
}
