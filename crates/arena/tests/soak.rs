//! Mixed and shifting sizes never wear an arena out. 1 M cycles by default, 10 M with `NEURONBUS_SOAK=1`.

#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_for_each)]

use neuronbus_arena::{Arena, ArenaRef};
use std::collections::VecDeque;

const CAPACITY: u64 = 1 << 20;

fn cycles() -> u64 {
    if cfg!(miri) {
        return 300;
    }
    if std::env::var("NEURONBUS_SOAK").is_ok_and(|value| value == "1") { 10_000_000 } else { 1_000_000 }
}

/// The sizes shift: each phase prefers another scale, so that memory of one size must serve the next.
fn len(cycle: u64) -> usize {
    let dice = cycle.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
    let scale = 1 << (4 + cycle / 10_000 % 11);
    if dice.is_multiple_of(64) { 1 + dice as usize % 60_000 } else { 1 + dice as usize % scale }
}

#[test]
fn defect_3_an_arena_of_one_mib_never_runs_out() {
    let arena = Arena::anonymous(CAPACITY).unwrap();
    let bytes = vec![0xA5; 64 << 10];
    let (mut alive, mut alive_bytes) = (VecDeque::<ArenaRef>::new(), 0);
    for cycle in 0..cycles() {
        let len = len(cycle);
        while alive_bytes + len > CAPACITY as usize / 4 || alive.len() > 500 {
            let oldest = alive.pop_front().unwrap();
            alive_bytes -= oldest.len as usize;
            assert!(arena.release(oldest).unwrap());
        }
        let at = arena.write(&bytes[..len]).unwrap_or_else(|error| panic!("cycle {cycle}, {len} bytes: {error}"));
        alive.push_back(at);
        alive_bytes += len;
    }
    alive.into_iter().for_each(|at| assert!(arena.release(at).unwrap()));
    assert_eq!((arena.used(), arena.spans_taken()), (0, 0));
    assert!(arena.write(&vec![0; CAPACITY as usize * 9 / 10]).is_ok());
}
