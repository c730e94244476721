//! Gates: where the reliable readers stand, and how one comes to have a gate while the publisher runs on.
//!
//! **SYNC[join].** The publisher remembers gates, so a new gate could be overlooked. Two `SeqCst` fences exclude that: the
//! joiner sets its bit, fences, then reads commit and stands there; the publisher, whenever it looks for new bits, fences
//! after a commit store and before it reads the bitmap, and then does not go further than `slots` past that commit until
//! it looks again. Either the publisher's look sees the bit, or its fence came first, and then the joiner reads that commit
//! or a later one and stands at or after it: what the publisher may overwrite until its next look lies before the joiner.
//!
//! **SYNC[clone].** A clone stands where its original stands, which is older than commit, in a gate that the publisher may
//! have read already when somebody else had it. So the clone takes its gate, stands, counts itself, and only then the
//! original moves on: a publisher that has seen the later position (Acquire) sees the count too, and looks at all gates
//! again if it has changed; if it has not changed, the clone stood there before the look began.

use crate::{
    AxonError,
    header::{Header, ahead},
    layout::MAX_READERS,
};
use neuronbus_sync::{Ordering, fence};

/// Takes a free gate and stands at commit.
pub(crate) fn join(ring: &Header) -> Result<(usize, u64), AxonError> {
    let gate = claim(ring)?;
    // Acquire, partner: the Release store of SYNC[commit]. Release: the gate may hold anything (an older position, or what a
    // faulty owner left), and a publisher that looks after the fence must not find that.
    let early = ring.commit().load(Ordering::Acquire);
    ring.gate(gate).store(early, Ordering::Release);
    if cfg!(mutant = "join_no_recheck") {
        return Ok((gate, early));
    }
    if !cfg!(mutant = "join_no_fence") {
        // SYNC[join], partner: the fence in `Publisher::look_for_joiners`.
        fence(Ordering::SeqCst);
    }
    // Acquire, partner: the Release store of SYNC[commit]; what lies before is behind this reader.
    let position = ring.commit().load(Ordering::Acquire);
    // Release, partner: the Acquire load in `distance`.
    ring.gate(gate).store(position, Ordering::Release);
    Ok((gate, position))
}

/// Takes a free gate and stands at `position`, that of a reader that does not move meanwhile.
pub(crate) fn join_at(ring: &Header, position: u64) -> Result<usize, AxonError> {
    let gate = claim(ring)?;
    // Release, partner: the Acquire load in `distance`.
    ring.gate(gate).store(position, Ordering::Release);
    // SYNC[clone] Release, partner: the first load of the count in `furthest_behind`.
    ring.clones().fetch_add(1, Ordering::Release);
    Ok(gate)
}

/// Gives the gate back. Whoever reads through it must be done.
pub(crate) fn leave(ring: &Header, gate: usize) {
    // Release, partner: the Acquire load of the bitmap in `furthest_behind`: this reader's copies come before the
    // publisher overwrites.
    ring.bitmap().fetch_and(!(1 << gate), Ordering::Release);
}

/// Sets the lowest bit that is free. A fresh gate still holds the position of its last owner, which is not ahead of
/// commit: until the new owner has moved it, the publisher may find the ring full for that moment, but never free.
fn claim(ring: &Header) -> Result<usize, AxonError> {
    // Relaxed, also on failure: only a guess for the exchange.
    let mut bits = ring.bitmap().load(Ordering::Relaxed);
    loop {
        let gate = bits.trailing_ones() as usize;
        if gate >= MAX_READERS {
            return Err(AxonError::TooManyReaders);
        }
        // AcqRel: Acquire, partner `leave`, so that stores to the gate come after those of its last owner; Release,
        // partner the load of the bitmap in `furthest_behind`.
        match ring.bitmap().compare_exchange_weak(bits, bits | 1 << gate, Ordering::AcqRel, Ordering::Relaxed) {
            Ok(_) => return Ok(gate),
            Err(now) => bits = now,
        }
    }
}

/// How far the last gate, of those in `mask`, is behind `commit`; 0 if there is none. A gate that claims to be ahead of
/// commit (foreign memory) counts as being there.
pub(crate) fn furthest_behind(ring: &Header, commit: u64, mask: u64) -> u64 {
    // SYNC[clone] Acquire, partner: the Release count in `join_at`: clones counted here have taken their gates and stand.
    let mut clones = ring.clones().load(Ordering::Acquire);
    loop {
        // Acquire, partner: `leave` (the reader that left has copied all it wanted) and `claim`.
        let gates = bits(ring.bitmap().load(Ordering::Acquire) & mask);
        let behind = gates.map(|gate| distance(ring, commit, gate)).fold(0, u64::max);
        // As above; after the gates, because those are Acquire loads.
        let now = ring.clones().load(Ordering::Acquire);
        if now == clones || cfg!(mutant = "clone_no_rescan") {
            return behind;
        }
        clones = now;
    }
}

fn distance(ring: &Header, commit: u64, gate: usize) -> u64 {
    // SYNC[gate] Acquire, partner: the Release store in `Reader::release`: its copies come before the publisher overwrites.
    ahead(commit, ring.gate(gate).load(Ordering::Acquire))
}

/// The gates of a bitmap, in order.
fn bits(mut bitmap: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let gate = bitmap.trailing_zeros();
        bitmap &= bitmap.wrapping_sub(1);
        (gate < u64::BITS).then_some(gate as usize)
    })
    .filter(|gate| *gate < MAX_READERS)
}
