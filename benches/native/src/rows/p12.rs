//! P12: a payload goes into the arena and its bytes come back, against an allocator, a copy and a free.

use crate::{
    harness::{Aim, Bench, Contender, Sample, Unit, Verdict, cores, fail},
    heap::Block,
};
use mimalloc::MiMalloc;
use neuronbus_arena::Arena;
use std::{
    alloc::{GlobalAlloc, System},
    thread,
    time::Instant,
};

const SMALL: usize = 64;
const PAGE: usize = 4 << 10;
const LARGE: usize = 1 << 20;
/// Threads of the crowded rows.
const FOUR: usize = 4;
/// Bytes of the arena: the default of a bus.
const CAPACITY: u64 = 64 << 20;
/// Payloads that each thread keeps before it gives the oldest back, as a ring of spikes under way does.
const KEPT: usize = 4;

pub(super) fn small() -> Bench {
    bench("P12a", "arena write + release of 64 B", SMALL, 1)
}

pub(super) fn page() -> Bench {
    bench("P12b", "arena write + release of 4 KiB", PAGE, 1)
}

pub(super) fn large() -> Bench {
    bench("P12c", "arena write + release of 1 MiB", LARGE, 1)
}

pub(super) fn small_by_four() -> Bench {
    bench("P12d", "arena write + release of 64 B by 4 threads", SMALL, FOUR)
}

pub(super) fn page_by_four() -> Bench {
    bench("P12e", "arena write + release of 4 KiB by 4 threads", PAGE, FOUR)
}

pub(super) fn large_by_four() -> Bench {
    bench("P12f", "arena write + release of 1 MiB by 4 threads", LARGE, FOUR)
}

fn bench(id: &'static str, what: &'static str, bytes: usize, threads: usize) -> Bench {
    let arena = Arena::anonymous(CAPACITY).unwrap_or_else(|error| fail("arena", error));
    let on_arena = ArenaStore { arena };
    Bench {
        verdicts: vec![Verdict { id, what, aim: Aim::Ratio(1.0, &[]) }],
        unit: Unit::Ns,
        topology: format!("{threads} threads on {} cores, not pinned, {KEPT} payloads kept by each", cores()),
        contenders: vec![
            Box::new(Churn { store: on_arena, bytes, threads }),
            Box::new(Churn { store: Heap { name: "system malloc", heap: System }, bytes, threads }),
            Box::new(Churn { store: Heap { name: "mimalloc", heap: MiMalloc }, bytes, threads }),
        ],
    }
}

/// Where payloads go.
trait Store: Sync {
    /// What stands for a payload that was taken in.
    type Kept<'a>
    where
        Self: 'a;

    fn name(&self) -> &'static str;
    /// Copies the payload in.
    fn write(&self, payload: &[u8]) -> Self::Kept<'_>;
    /// Gives it back.
    fn release(&self, kept: Self::Kept<'_>);
    /// Whether `kept` is `payload`.
    fn holds(&self, kept: &Self::Kept<'_>, payload: &[u8]) -> bool;
}

struct ArenaStore {
    arena: Arena,
}

// Inlined always, like the verbs that they call: a user's code calls those without anything in between.
#[allow(clippy::inline_always)]
impl Store for ArenaStore {
    type Kept<'a> = neuronbus_arena::ArenaRef;

    fn name(&self) -> &'static str {
        "arena"
    }

    #[inline(always)]
    fn write(&self, payload: &[u8]) -> Self::Kept<'_> {
        self.arena.write(payload).unwrap_or_else(|error| fail("arena write", error))
    }

    #[inline(always)]
    fn release(&self, kept: Self::Kept<'_>) {
        if !matches!(self.arena.release(kept), Ok(true)) {
            fail("arena release", "it was not the last reference");
        }
    }

    fn holds(&self, kept: &Self::Kept<'_>, payload: &[u8]) -> bool {
        self.arena.read(*kept).is_ok_and(|lease| *lease == *payload)
    }
}

struct Heap<A> {
    name: &'static str,
    heap: A,
}

impl<A: GlobalAlloc + Sync> Store for Heap<A> {
    type Kept<'a>
        = Block<'a, A>
    where
        A: 'a;

    fn name(&self) -> &'static str {
        self.name
    }

    #[inline]
    fn write(&self, payload: &[u8]) -> Block<'_, A> {
        Block::copy(&self.heap, payload)
    }

    #[inline]
    fn release(&self, kept: Block<'_, A>) {
        drop(kept);
    }

    fn holds(&self, kept: &Block<'_, A>, payload: &[u8]) -> bool {
        *kept.bytes() == *payload
    }
}

struct Churn<S> {
    store: S,
    bytes: usize,
    threads: usize,
}

impl<S: Store> Contender for Churn<S> {
    fn name(&self) -> &'static str {
        self.store.name()
    }

    /// The time of one operation of one thread while the others do the same: the wall over what all did.
    fn run(&mut self, count: u64) -> Sample {
        let each = count.div_ceil(self.threads as u64);
        let Self { store, bytes, .. } = self;
        verify(store, *bytes);
        if self.threads == 1 {
            return churn(store, *bytes, each);
        }
        let begun = Instant::now();
        thread::scope(|scope| {
            for _ in 0..self.threads {
                scope.spawn(|| churn(store, *bytes, each));
            }
        });
        Sample { count: each * self.threads as u64, elapsed: begun.elapsed() }
    }

    fn first_count(&self) -> u64 {
        64
    }
}

fn churn<S: Store>(store: &S, bytes: usize, count: u64) -> Sample {
    let payload = payload(bytes, 1);
    let mut kept: [Option<S::Kept<'_>>; KEPT] = [const { None }; KEPT];
    let begun = Instant::now();
    for turn in 0..count {
        let place = turn as usize % KEPT;
        if let Some(oldest) = kept[place].take() {
            store.release(oldest);
        }
        kept[place] = Some(store.write(&payload));
    }
    kept.into_iter().flatten().for_each(|kept| store.release(kept));
    Sample { count, elapsed: begun.elapsed() }
}

/// The same in small, and looked at: payloads that live side by side stay what they were. Not timed.
fn verify<S: Store>(store: &S, bytes: usize) {
    let payloads: [Vec<u8>; 2 * KEPT] = std::array::from_fn(|salt| payload(bytes, salt as u8));
    let kept: Vec<_> = payloads.iter().map(|payload| store.write(payload)).collect();
    for (kept, payload) in kept.into_iter().zip(&payloads) {
        if !store.holds(&kept, payload) {
            fail("verification", format!("{} holds other bytes than were written", store.name()));
        }
        store.release(kept);
    }
}

fn payload(bytes: usize, salt: u8) -> Vec<u8> {
    (0..bytes).map(|at| (at as u8).wrapping_mul(31) ^ salt).collect()
}
