//! Models of what must hold under every interleaving. Run: `RUSTFLAGS="--cfg loom" cargo test -p neuronbus-arena
//! --release --test loom`. Seeded faults that they catch: `mutants.txt`.
#![cfg(loom)]
#![allow(clippy::unwrap_used, clippy::disallowed_types, missing_docs)]

use loom::thread;
use neuronbus_arena::model::{Bitmap, DEPOT_WORDS, Depot, Geometry, LANE_WORDS, Lane, Left, Spans, Table, point};
use neuronbus_sync::{Arc, AtomicU32, AtomicU64, Ordering};

/// Blocks of 32 bytes: two in a span of 64.
const CLASS: usize = 3;

fn words(len: usize) -> Vec<AtomicU64> {
    (0..len).map(|_| AtomicU64::new(0)).collect()
}

/// What the owner of a thing does to it. Whoever owns it next must see all of it: finding it in the middle is to own it
/// twice, or not to be told what the last owner did.
fn work_on(thing: &AtomicU64) {
    check(thing);
    // Relaxed, here and in `check`: what hands the thing on must order this too.
    thing.store(1, Ordering::Relaxed);
    thing.store(0, Ordering::Relaxed);
}

fn check(thing: &AtomicU64) {
    assert_eq!(thing.load(Ordering::Relaxed), 0, "somebody is at it");
}

struct Pool {
    geometry: Geometry,
    words: [Vec<AtomicU64>; 4],
}

impl Pool {
    fn new(capacity: u64) -> Self {
        let geometry = Geometry::new(capacity);
        Self { geometry, words: [words(1), words(8), words(geometry.spans()), words(geometry.spans())] }
    }

    fn spans(&self) -> Spans<'_> {
        let [pool, room, states, blocks] = &self.words;
        Spans { geometry: &self.geometry, pool, room, states, blocks }
    }

    fn is_empty(&self) -> bool {
        [0, 2, 3].into_iter().all(|at| self.words[at].iter().all(|word| word.load(Ordering::Acquire) == 0))
    }
}

#[test]
fn a_block_has_one_owner_and_the_last_one_returns_the_span() {
    loom::model(|| {
        let pool = Arc::new(Pool::new(64));
        let owners = Arc::new(words(2));
        let run = {
            let (pool, owners) = (Arc::clone(&pool), Arc::clone(&owners));
            move || {
                let mut own = None;
                // The span may be on its way to or from the pool.
                let Some(offset) = pool.spans().take(CLASS, &mut own) else { return };
                work_on(&owners[(offset / 32) as usize]);
                pool.spans().give(CLASS, offset);
            }
        };
        let other = thread::spawn(run.clone());
        run();
        other.join().unwrap();
        assert!(pool.is_empty());
        assert!(pool.spans().take(CLASS, &mut None).is_some());
    });
}

#[test]
fn room_made_in_a_full_span_is_found_again() {
    loom::model(|| {
        let pool = Arc::new(Pool::new(64));
        let (first, second) =
            (pool.spans().take(CLASS, &mut None).unwrap(), pool.spans().take(CLASS, &mut None).unwrap());
        let giver = {
            let pool = Arc::clone(&pool);
            thread::spawn(move || pool.spans().give(CLASS, first))
        };
        let early = pool.spans().take(CLASS, &mut None);
        giver.join().unwrap();
        let offset = early.or_else(|| pool.spans().take(CLASS, &mut None)).unwrap();
        pool.spans().give(CLASS, offset);
        pool.spans().give(CLASS, second);
        assert!(pool.is_empty());
    });
}

#[test]
fn a_span_goes_back_with_what_all_did_to_it() {
    loom::model(|| {
        let pool = Arc::new(Pool::new(64));
        let works = Arc::new(words(2));
        let blocks = [0, 1].map(|_| pool.spans().take(CLASS, &mut None).unwrap());
        let give = {
            let (pool, works) = (Arc::clone(&pool), Arc::clone(&works));
            move |block: usize| {
                work_on(&works[block]);
                pool.spans().give(CLASS, blocks[block]);
            }
        };
        let other = thread::spawn({
            let give = give.clone();
            move || give(0)
        });
        give(1);
        // Both blocks as one run: the span was in the pool.
        if pool.spans().take_run(64).is_some() {
            works.iter().for_each(check);
        }
        other.join().unwrap();
    });
}

#[test]
fn runs_that_overlap_go_to_one() {
    loom::model(|| {
        let (set, works) = (Arc::new(words(1)), Arc::new(words(3)));
        let claim = {
            let (set, works) = (Arc::clone(&set), Arc::clone(&works));
            move || {
                let bits = Bitmap::new(&set, 3);
                let start = bits.claim_run(2);
                if let Some(start) = start {
                    works[start..start + 2].iter().for_each(work_on);
                    bits.clear_run(start, 2);
                }
                start.is_some()
            }
        };
        let other = thread::spawn(claim.clone());
        let (here, there) = (claim(), other.join().unwrap());
        assert!(here || there);
        assert_eq!(set[0].load(Ordering::Acquire), 0);
    });
}

struct Slots {
    counts: Vec<AtomicU32>,
    records: Vec<[AtomicU64; 2]>,
    data: AtomicU64,
    /// What the holder of a reference and the holder of a lease do meanwhile.
    works: [AtomicU64; 2],
}

impl Slots {
    fn new() -> Self {
        let word = || AtomicU64::new(0);
        Self { counts: vec![AtomicU32::new(0)], records: vec![[word(), word()]], data: word(), works: [word(), word()] }
    }

    fn table(&self) -> Table<'_> {
        Table::new(&self.counts, &self.records, 64)
    }
}

#[test]
fn a_lease_sees_its_own_payload_or_none() {
    loom::model(|| {
        let slots = Arc::new(Slots::new());
        point(&slots.table(), 0, 0, 8);
        // Relaxed, here and below: the count word must order the data.
        slots.data.store(1, Ordering::Relaxed);
        let at = slots.table().publish(0, 8, 8);
        let reader = {
            let slots = Arc::clone(&slots);
            thread::spawn(move || {
                let table = slots.table();
                if table.lease(at).is_err() {
                    return false;
                }
                if table.is_named(at) {
                    assert_eq!(slots.data.load(Ordering::Relaxed), 1);
                }
                work_on(&slots.works[1]);
                let last = table.unlease(0) == Left::None;
                if last {
                    check(&slots.works[0]);
                }
                last
            })
        };
        work_on(&slots.works[0]);
        let last_here = slots.table().release(at).unwrap() == Left::None;
        if last_here {
            check(&slots.works[1]);
            slots.data.store(2, Ordering::Relaxed);
            let next = slots.table().publish(0, 8, 8);
            assert_eq!(next.generation(), 1);
            assert!(slots.table().check(at).is_err());
        }
        assert!(last_here != reader.join().unwrap(), "exactly one was the last");
    });
}

#[test]
fn a_reference_is_released_exactly_once() {
    loom::model(|| {
        let slots = Arc::new(Slots::new());
        point(&slots.table(), 0, 0, 0);
        let at = slots.table().publish(0, 0, 8);
        let release = {
            let slots = Arc::clone(&slots);
            move || usize::from(slots.table().release(at).is_ok_and(|left| left == Left::None))
        };
        let other = thread::spawn(release.clone());
        let here = release();
        assert_eq!(here + other.join().unwrap(), 1);
    });
}

#[test]
fn reset_and_lease_exclude_each_other() {
    loom::model(|| {
        let slots = Arc::new(Slots::new());
        point(&slots.table(), 0, 0, 0);
        slots.data.store(1, Ordering::Relaxed);
        let at = slots.table().publish(0, 0, 8);
        let reader = {
            let slots = Arc::clone(&slots);
            thread::spawn(move || {
                if slots.table().lease(at).is_ok() {
                    assert_eq!(slots.data.load(Ordering::Relaxed), 1);
                    work_on(&slots.works[1]);
                    assert_eq!(slots.table().unlease(0), Left::Some);
                }
            })
        };
        if slots.table().revoke(0) {
            check(&slots.works[1]);
            slots.data.store(2, Ordering::Relaxed);
        }
        reader.join().unwrap();
    });
}

#[test]
fn what_is_at_hand_goes_to_the_owner_or_to_a_thief() {
    loom::model(|| {
        let lane = || std::array::from_fn::<_, LANE_WORDS, _>(|_| AtomicU64::new(0));
        let lanes = Arc::new([lane(), lane()]);
        // A thief is about: owner and thieves swap. The plain path needs a heavy fence, which loom cannot model (see
        // lane.rs).
        let thieves = Arc::new(AtomicU64::new(1));
        assert!(Lane::new(&lanes, 0).push(CLASS, 7, 2));
        let work = Arc::new(AtomicU64::new(0));
        let thief = {
            let (lanes, work) = (Arc::clone(&lanes), Arc::clone(&work));
            thread::spawn(move || {
                let stolen: Vec<_> = Lane::new(&lanes, 0).steal().collect();
                if stolen.contains(&8) {
                    check(&work);
                }
                stolen
            })
        };
        let owner = Lane::new(&lanes, 0);
        let first = owner.pop(CLASS, &thieves);
        work_on(&work);
        assert!(owner.push(CLASS, 8, 2));
        let split: Vec<_> = owner.split(CLASS, &thieves).collect();
        let last = owner.pop(CLASS, &thieves);
        let stolen = thief.join().unwrap();
        let mut all: Vec<_> = first.into_iter().chain(split).chain(last).chain(stolen).collect();
        all.sort_unstable();
        assert_eq!(all, [7, 8]);
    });
}

#[test]
fn a_batch_goes_to_one_taker_and_no_slot_is_lost() {
    loom::model(|| {
        let words = Arc::new(std::array::from_fn::<_, DEPOT_WORDS, _>(|_| AtomicU64::new(0)));
        let data = Arc::new(AtomicU64::new(0));
        let take = {
            let (words, data) = (Arc::clone(&words), Arc::clone(&data));
            move || {
                let mut all = Vec::new();
                if Depot::new(&words).take(CLASS, |slot| all.push(slot)) {
                    // Relaxed: what hands the batch on must order this too.
                    assert_eq!(data.load(Ordering::Relaxed), 1);
                }
                all
            }
        };
        let taker = thread::spawn(take.clone());
        data.store(1, Ordering::Relaxed);
        let mut all = Vec::new();
        Depot::new(&words).put(CLASS, [7, 8, 9].into_iter(), |slot| all.push(slot));
        all.extend(take());
        all.extend(taker.join().unwrap());
        all.extend(take());
        all.sort_unstable();
        assert_eq!(all, [7, 8, 9]);
    });
}
