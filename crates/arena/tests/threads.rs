//! Many threads: payloads stay intact, and everything that was handed out comes back.

// `clippy.toml` resolves the names of `neuronbus_sync` to the types of std that it bans.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_for_each, clippy::disallowed_types)]

use neuronbus_arena::{Arena, ArenaError, ArenaRef, Lease};
use neuronbus_sync::{AtomicBool, Ordering};
use std::{sync::mpsc, thread};

const THREADS: u64 = if cfg!(miri) { 3 } else { 8 };
/// The longest payload of the stress.
const LONGEST: u64 = if cfg!(miri) { 2_000 } else { 40_000 };
const MIB: u64 = 1 << 20;

/// What Miri does fewer times still: rounds that look at whole lanes.
const SLOW: u64 = if cfg!(miri) { 10 } else { 1 };
/// Arenas of the stress.
const CAPACITIES: &[u64] = if cfg!(miri) { &[MIB / 4] } else { &[MIB / 4, 4 * MIB] };
/// More than there are lanes.
const CROWD: u64 = if cfg!(miri) { 34 } else { 100 };

/// `count`, or few enough of it for Miri, which interprets.
const fn scaled(count: u64) -> u64 {
    if cfg!(miri) { count / 1_000 } else { count }
}

/// A small generator, so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }
}

/// A payload that tells by itself whether it is intact.
fn payload(seed: u64, len: u64) -> Vec<u8> {
    (0..len).map(|at| (seed.wrapping_mul(0x9E37_79B9) >> 3).wrapping_add(at) as u8).collect()
}

fn is_intact(bytes: &[u8]) -> bool {
    bytes.windows(2).all(|pair| pair[1] == pair[0].wrapping_add(1))
}

#[test]
fn nb_24_eight_threads_write_a_thousand_payloads_each() {
    let each = scaled(1_000).max(10);
    let arena = Arena::anonymous(8 * MIB).unwrap();
    let all: Vec<(u64, u64, ArenaRef)> = thread::scope(|scope| {
        let writers: Vec<_> = (0..THREADS)
            .map(|id| {
                let arena = &arena;
                scope.spawn(move || {
                    let mut dice = Dice(id + 1);
                    let write = |at: u64| (id * 1_000 + at, dice.roll(700) + 1);
                    let named: Vec<_> = (0..each).map(write).collect();
                    named
                        .into_iter()
                        .map(|(seed, len)| (seed, len, arena.write(&payload(seed, len)).unwrap()))
                        .collect()
                })
            })
            .collect();
        writers.into_iter().flat_map(|writer| -> Vec<_> { writer.join().unwrap() }).collect()
    });
    assert_eq!(all.len() as u64, THREADS * each);
    for &(seed, len, at) in &all {
        assert_eq!(&*arena.read(at).unwrap(), payload(seed, len));
    }
    let mut places: Vec<_> = all.iter().map(|(_, _, at)| (at.offset, at.offset + u64::from(at.len))).collect();
    places.sort_unstable();
    assert!(places.windows(2).all(|pair| pair[0].1 <= pair[1].0), "two payloads overlap");
    all.into_iter().for_each(|(_, _, at)| assert!(arena.release(at).unwrap()));
    assert_eq!((arena.used(), arena.spans_taken()), (0, 0));
}

/// One thread of the stress: keeps a few payloads, passes some on, takes some over, checks all.
fn churn(arena: &Arena, seed: u64, out: &mpsc::SyncSender<Lease>, into: &mpsc::Receiver<Lease>) -> u64 {
    let (mut dice, mut mine, mut refused) = (Dice(seed + 1), Vec::<ArenaRef>::new(), 0);
    for step in 0..scaled(20_000).div_ceil(SLOW) {
        let len = if dice.roll(50) == 0 { dice.roll(LONGEST) + 1 } else { dice.roll(600) + 1 };
        match arena.write(&payload(step, len)) {
            Ok(at) => mine.push(at),
            Err(ArenaError::OutOfSpace { .. }) => refused += 1,
            Err(other) => panic!("{other}"),
        }
        if mine.len() > 20 || (dice.roll(2) == 0 && !mine.is_empty()) {
            let at = mine.swap_remove(dice.roll(mine.len() as u64) as usize);
            let lease = arena.read(at).unwrap();
            assert!(is_intact(&lease));
            assert!(!arena.release(at).unwrap());
            drop(out.try_send(lease));
        }
        into.try_iter().take(2).for_each(|lease| assert!(is_intact(&lease)));
    }
    mine.into_iter().for_each(|at| assert!(arena.release(at).unwrap()));
    refused
}

#[test]
fn everything_comes_back_after_a_stress_by_many_threads() {
    for &capacity in CAPACITIES {
        let arena = Arena::anonymous(capacity).unwrap();
        let (outs, intos): (Vec<_>, Vec<_>) = (0..THREADS).map(|_| mpsc::sync_channel(16)).unzip();
        thread::scope(|scope| {
            for (id, into) in intos.into_iter().enumerate() {
                let (arena, out) = (&arena, outs[(id + 1) % outs.len()].clone());
                scope.spawn(move || churn(arena, id as u64, &out, &into));
            }
        });
        drop(outs);
        assert_eq!((arena.used(), arena.spans_taken()), (0, 0), "capacity {capacity}");
        let most = arena.write(&vec![1; (capacity * 9 / 10) as usize]).unwrap();
        assert!(arena.release(most).unwrap());
    }
}

#[test]
fn more_threads_than_lanes_share_one() {
    let arena = Arena::anonymous(4 * MIB).unwrap();
    let go = AtomicBool::new(false);
    thread::scope(|scope| {
        for id in 0..CROWD {
            let (arena, go) = (&arena, &go);
            scope.spawn(move || {
                while !go.load(Ordering::Acquire) {
                    thread::yield_now();
                }
                for round in 0..scaled(200).max(2) {
                    let at = arena.write(&payload(id, 40 + round)).unwrap();
                    assert!(is_intact(&arena.read(at).unwrap()));
                    assert!(arena.release(at).unwrap());
                }
            });
        }
        go.store(true, Ordering::Release);
    });
    assert_eq!((arena.used(), arena.spans_taken()), (0, 0));
}

#[test]
fn racing_releases_of_one_reference_succeed_exactly_once() {
    let arena = Arena::anonymous(MIB).unwrap();
    for _ in 0..scaled(2_000).max(20) {
        let at = arena.write(b"once").unwrap();
        let last: usize = thread::scope(|scope| {
            let racers = [(); 2].map(|()| scope.spawn(|| arena.release(at).is_ok_and(|last| last)));
            racers.into_iter().map(|racer| usize::from(racer.join().unwrap())).sum()
        });
        assert_eq!(last, 1);
    }
    assert_eq!((arena.used(), arena.spans_taken()), (0, 0));
}

#[test]
fn racing_leases_never_see_another_payload() {
    let arena = Arena::anonymous(MIB).unwrap();
    let (send, receive) = mpsc::sync_channel::<ArenaRef>(64);
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            for round in 0..scaled(100_000) {
                let at = arena.write(&round.to_le_bytes().repeat(4)).unwrap();
                let _ = send.try_send(at);
                assert!(arena.release(at).is_ok());
            }
            done.store(true, Ordering::Release);
        });
        while !done.load(Ordering::Acquire) {
            for at in receive.try_iter() {
                // Most are stale by now; one that is not must hold still and hold one round only.
                if let Ok(lease) = arena.read(at) {
                    assert!(lease.chunks(8).all(|chunk| chunk == &lease[..8]));
                    assert_eq!(lease.reference(), at);
                }
            }
        }
    });
    assert_eq!((arena.used(), arena.spans_taken()), (0, 0));
}

/// The lanes' owners use plain loads and stores, the thief a heavy fence. A stress, not a proof: loom models the swaps, and the litmus test in
/// fence.rs the fence.
#[test]
fn what_threads_have_at_hand_can_be_taken_at_any_time() {
    let arena = Arena::anonymous(MIB).unwrap();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let writers: Vec<_> = (0..3u64)
            .map(|id| {
                let arena = &arena;
                scope.spawn(move || {
                    for round in 0..scaled(150_000).div_ceil(SLOW) {
                        let (one, two) = (id << 32 | round, !(id << 32 | round));
                        let pair = [one, two].map(|word| arena.write(&word.to_le_bytes()).unwrap());
                        assert_eq!(&*arena.read(pair[0]).unwrap(), &one.to_le_bytes());
                        assert_eq!(&*arena.read(pair[1]).unwrap(), &two.to_le_bytes());
                        for at in pair {
                            assert!(arena.release(at).unwrap());
                        }
                    }
                })
            })
            .collect();
        scope.spawn(|| {
            while !done.load(Ordering::Acquire) {
                arena.spans_taken();
            }
        });
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        done.store(true, Ordering::Release);
    });
    assert_eq!((arena.used(), arena.spans_taken()), (0, 0));
}
