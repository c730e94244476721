//! A small number for each thread that writes to an arena, so that it finds its lane without a search.

use crate::lane::{LANES, SHARED};
use neuronbus_sync::{AtomicU64, Ordering};
use std::cell::Cell;

const UNSET: usize = usize::MAX;

/// Numbers that live threads have, one bit each; [`SHARED`] and above are nobody's own.
static TAKEN: AtomicU64 = AtomicU64::new(u64::MAX << SHARED);

thread_local! {
    /// Without a destructor, so that reading it is one instruction.
    static NUMBER: Cell<usize> = const { Cell::new(UNSET) };
    static TICKET: Cell<Option<Ticket>> = const { Cell::new(None) };
}

/// Gives the thread's number back when the thread ends.
struct Ticket(usize);

/// The number of this thread: its own while it lives, or [`SHARED`] if there are more threads than lanes.
#[inline]
pub(crate) fn number() -> usize {
    let number = NUMBER.get();
    if number == UNSET { first_time() } else { number }
}

#[cold]
fn first_time() -> usize {
    // Relaxed: the swap decides.
    let mut taken = TAKEN.load(Ordering::Relaxed);
    let number = loop {
        let number = (!taken).trailing_zeros() as usize;
        if number >= LANES {
            break SHARED;
        }
        // Acquire: partners the Release in `drop`: the new owner of the lane sees what the last one wrote into it.
        match TAKEN.compare_exchange_weak(taken, taken | 1 << number, Ordering::Acquire, Ordering::Relaxed) {
            Ok(_) => break number,
            Err(now) => taken = now,
        }
    };
    settle(number)
}

fn settle(number: usize) -> usize {
    if number != SHARED && TICKET.try_with(|ticket| ticket.set(Some(Ticket(number)))).is_err() {
        // The thread is ending: nothing would give the number back.
        give_back(number);
        return settle(SHARED);
    }
    NUMBER.set(number);
    number
}

fn give_back(number: usize) {
    // Release: partners the Acquire in `first_time`.
    TAKEN.fetch_and(!(1 << number), Ordering::Release);
}

impl Drop for Ticket {
    fn drop(&mut self) {
        NUMBER.set(SHARED);
        give_back(self.0);
    }
}
