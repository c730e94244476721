//! Models of how the driver falls asleep and is woken: under every interleaving no wake is lost. A lost one is a sleep without
//! end, which loom reports as a deadlock.
//!
//! `RUSTFLAGS="--cfg loom" cargo test --release -p neuronbus --test loom`. The bell is that of production, the file itself;
//! of those around it each model has as much as the protocol knows of them. Seeded faults: `mutants.txt`.
#![cfg(loom)]
#![allow(clippy::unwrap_used, clippy::disallowed_types)]

#[path = "../src/bell.rs"]
#[allow(dead_code)]
mod bell;

use bell::Bell;
use loom::thread;
use neuronbus_sync::{Arc, AtomicU32, Mutex, Ordering, fence};

const AWAKE: u32 = 0;
const ASLEEP: u32 = 1;

fn model(body: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(body);
}

/// The memory of a bridge, as far as sleep goes, and the bell.
#[derive(Default)]
struct Bridge {
    commit: AtomicU32,
    parked: AtomicU32,
    bell: Bell,
}

impl Bridge {
    /// JavaScript fires the `seq`-th spike: the outbox first, then a look whether to ring.
    fn fire(&self, seq: u32) {
        // Release, partner: the Acquire in `look`.
        self.commit.store(seq, Ordering::Release);
        // SeqCst, partner: the fence in `bell::show`. In JavaScript both accesses are sequentially consistent; of that loom
        // knows only the fence.
        fence(Ordering::SeqCst);
        // Relaxed: as said above.
        if self.parked.load(Ordering::Relaxed) == ASLEEP {
            self.bell.ring();
        }
    }

    fn look(&self, collected: u32) -> bool {
        // Acquire, partner: the Release in `fire`.
        self.commit.load(Ordering::Acquire) != collected
    }

    /// `Shared::park`, over one outbox and without a lock, which JavaScript does not take.
    fn park(&self, collected: u32) {
        self.bell.sleep_unless(None, || {
            bell::show(&self.parked, ASLEEP);
            self.look(collected)
        });
        bell::show(&self.parked, AWAKE);
    }
}

#[test]
fn a_fire_wakes_the_driver() {
    model(|| {
        let bridge = Arc::new(Bridge::default());
        let javascript = {
            let bridge = Arc::clone(&bridge);
            thread::spawn(move || (1..=2).for_each(|seq| bridge.fire(seq)))
        };
        let mut collected = 0;
        while collected < 2 {
            if bridge.look(collected) {
                collected += 1;
            } else {
                bridge.park(collected);
            }
        }
        javascript.join().unwrap();
    });
}

/// Two words that are written before the bell is rung, by a thread each: as `stop` is.
#[derive(Default)]
struct Asked {
    words: [AtomicU32; 2],
    bell: Bell,
}

impl Asked {
    // Relaxed, both: the bell alone must order them.

    fn ask(&self, of: usize) {
        self.words[of].store(1, Ordering::Relaxed);
        self.bell.ring();
    }

    fn is_asked(&self, of: usize) -> bool {
        self.words[of].load(Ordering::Relaxed) == 1
    }

    /// Sleeps until the word is there.
    fn wait_for(&self, of: usize) {
        while !self.is_asked(of) {
            self.bell.sleep_unless(None, || self.is_asked(of));
        }
    }
}

#[test]
fn what_was_written_before_a_ring_ends_the_sleep() {
    model(|| {
        let asked = Arc::new(Asked::default());
        let other = Arc::clone(&asked);
        let ringer = thread::spawn(move || other.ask(0));
        asked.wait_for(0);
        ringer.join().unwrap();
    });
}

#[test]
fn a_ring_behind_another_is_not_lost() {
    model(|| {
        let asked = Arc::new(Asked::default());
        let ringers = [0, 1].map(|of| {
            let asked = Arc::clone(&asked);
            thread::spawn(move || asked.ask(of))
        });
        asked.wait_for(0);
        asked.wait_for(1);
        for ringer in ringers {
            ringer.join().unwrap();
        }
    });
}

/// The cortex behind its lock: verbs bring it work.
#[derive(Default)]
struct Cortex {
    work: Mutex<u32>,
    bell: Bell,
}

impl Cortex {
    /// `Shared::with`, for a verb that brings work.
    fn verb(&self) {
        let mut work = self.work.lock().unwrap();
        *work += 1;
        let ring = self.bell.has_sleeper();
        drop(work);
        if ring {
            self.bell.ring();
        }
    }
}

#[test]
fn a_verb_wakes_the_driver() {
    model(|| {
        let cortex = Arc::new(Cortex::default());
        let user = {
            let cortex = Arc::clone(&cortex);
            thread::spawn(move || (0..2).for_each(|_| cortex.verb()))
        };
        let mut done = 0;
        while done < 2 {
            let found = std::mem::take(&mut *cortex.work.lock().unwrap());
            done += found;
            if found == 0 {
                cortex.bell.sleep_unless(None, || *cortex.work.lock().unwrap() > 0);
            }
        }
        user.join().unwrap();
    });
}
