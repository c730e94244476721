//! The bare ping-pong: two lines, two threads, nothing else. It tells how near the two cores are at this moment.

use super::{Sample, pin};
use neuronbus_sync::{Arc, AtomicU64, CachePadded, Ordering, spin_loop};
use std::{thread, time::Instant};

/// Two lines, each written by one side.
#[derive(Debug, Default)]
pub struct Lines {
    there: CachePadded<AtomicU64>,
    back: CachePadded<AtomicU64>,
}

impl Lines {
    /// `count` round trips between cores 0 and 1, the first tenth not timed.
    pub fn ping_pong(count: u64) -> Sample {
        let lines = Arc::new(Self::default());
        let other = Arc::clone(&lines);
        let total = count + count / 10;
        let (near, far) = (pin(0), pin(1));
        thread::scope(|scope| {
            scope.spawn(move || {
                far();
                (1..=total).for_each(|turn| pass(&other.there, &other.back, turn));
            });
            let timed = scope.spawn(move || {
                near();
                let mut begun = Instant::now();
                for turn in 1..=total {
                    if turn == total - count + 1 {
                        begun = Instant::now();
                    }
                    lines.there.store(turn, Ordering::Release);
                    await_turn(&lines.back, turn);
                }
                begun.elapsed()
            });
            Sample { count, elapsed: timed.join().unwrap_or_default() }
        })
    }
}

/// Waits for `turn` on one line, then shows it on the other.
fn pass(from: &AtomicU64, to: &AtomicU64, turn: u64) {
    await_turn(from, turn);
    // Release, partner: the Acquire load of the other thread.
    to.store(turn, Ordering::Release);
}

fn await_turn(line: &AtomicU64, turn: u64) {
    // Acquire, partner: the Release store of the other thread.
    while line.load(Ordering::Acquire) != turn {
        spin_loop();
    }
}

/// A round trip now, ns.
pub fn bare_ping_pong_ns() -> f64 {
    super::Unit::Ns.of(Lines::ping_pong(5_000))
}
