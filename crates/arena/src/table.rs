//! The life of a slot: given out, published, counted up and down, given back.
//!
//! Every step is one compare-and-swap of the slot's count word ([`crate::word`]). The thread whose swap makes the word
//! *free* owns the slot, its record and its block, until it stores the word again.

use crate::{
    error::ArenaError,
    record::{Name, Record, WORDS},
    word,
};
use neuronbus_spike::ArenaRef;
use neuronbus_sync::{AtomicU32, AtomicU64, Ordering};

/// The shared words, borrowed for a call.
#[derive(Clone, Copy)]
pub struct Table<'a> {
    counts: &'a [AtomicU32],
    records: &'a [[AtomicU64; WORDS]],
    bytes: u64,
}

/// Whether a reference that was given back was the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Left {
    /// Others keep the payload.
    Some,
    /// It was the last: the caller owns the slot now.
    None,
}

impl<'a> Table<'a> {
    /// One count and one record for each slot; payloads lie in the first `bytes` bytes.
    #[inline]
    pub fn new(counts: &'a [AtomicU32], records: &'a [[AtomicU64; WORDS]], bytes: u64) -> Self {
        Self { counts, records, bytes }
    }

    /// Publishes `len` bytes at `offset`, which is where the record of `slot` points; the caller owns the slot and has
    /// written the bytes.
    #[inline]
    pub fn publish(&self, slot: u16, offset: u64, len: u32) -> ArenaRef {
        let record = self.record(slot);
        let generation = record.name().next_generation();
        record.set_name(Name::new(len, generation));
        let order = if cfg!(mutant = "publish_relaxed") { Ordering::Relaxed } else { Ordering::Release };
        // Release: partners the Acquire in `alive`: who finds the payload alive sees its bytes and its record.
        self.count(slot).store(word::alive(generation), order);
        ArenaRef::new(offset, len, slot, generation)
    }

    /// One reference more; how many references and leases there are then (NB-26).
    pub fn add_ref(&self, at: ArenaRef) -> Result<u32, ArenaError> {
        let word = self.swap(at, |word| match word::refs(word) {
            word::MAX_REFS => Err(ArenaError::TooManyRefs { slot: at.slot() }),
            _ => Ok(word + 1),
        })?;
        Ok(word::refs(word) + word::leases(word) + 1)
    }

    /// One reference less (NB-26).
    #[inline]
    pub fn release(&self, at: ArenaRef) -> Result<Left, ArenaError> {
        let before = self.swap(at, |word| if word::refs(word) == 0 { Err(stale(at)) } else { Ok(word - 1) })?;
        Ok(left(before - 1))
    }

    /// One lease more.
    pub fn lease(&self, at: ArenaRef) -> Result<(), ArenaError> {
        self.swap(at, |word| match word::leases(word) {
            word::MAX_LEASES => Err(ArenaError::TooManyRefs { slot: at.slot() }),
            _ => Ok(word + word::LEASE),
        })?;
        Ok(())
    }

    /// Whether what a lease was taken on is what its reference names. The lease pins the record, so this answer stays
    /// true.
    pub fn is_named(&self, at: ArenaRef) -> bool {
        let record = self.record(at.slot());
        let (name, place) = (record.name(), record.place());
        name.generation() == at.generation() && name.len() == at.len && !place.is_none() && place.offset() == at.offset
    }

    /// One lease less. The caller had counted one more.
    pub fn unlease(&self, slot: u16) -> Left {
        // Release: what was read under the lease was read before the next owner writes. Acquire: the last one hands on
        // what all others did. Partner: the Acquire of whoever takes slot or block next (lane.rs, bitmap.rs).
        let order = if cfg!(mutant = "unlease_relaxed") { Ordering::Relaxed } else { Ordering::AcqRel };
        left(self.count(slot).fetch_sub(word::LEASE, order) - word::LEASE)
    }

    /// A check that changes nothing.
    #[inline]
    pub fn check(&self, at: ArenaRef) -> Result<(), ArenaError> {
        self.alive(at).map(drop)
    }

    /// Takes a slot from whoever refers to it, unless it is leased: the bulk reclamation of `reset` (NB-27). False if
    /// it is not alive, or leased.
    pub fn revoke(&self, slot: u16) -> bool {
        let count = self.count(slot);
        // Relaxed: the swap decides.
        let mut seen = count.load(Ordering::Relaxed);
        while word::is_alive(seen) && (word::leases(seen) == 0 || cfg!(mutant = "revoke_leased")) {
            let order = if cfg!(mutant = "revoke_relaxed") { Ordering::Relaxed } else { Ordering::AcqRel };
            // AcqRel: as in `swap`. Relaxed on failure: the swap decides.
            match count.compare_exchange_weak(seen, word::free(seen), order, Ordering::Relaxed) {
                Ok(_) => return true,
                Err(now) => seen = now,
            }
        }
        false
    }

    /// Leases of a slot, at the moment.
    pub fn leases(&self, slot: u16) -> u32 {
        // Relaxed: an answer that is at once out of date; `revoke` looks again.
        word::leases(self.count(slot).load(Ordering::Relaxed))
    }

    #[inline]
    pub(crate) fn record(&self, slot: u16) -> Record<'a> {
        Record::new(&self.records[slot as usize])
    }

    #[inline]
    fn count(&self, slot: u16) -> &'a AtomicU32 {
        &self.counts[slot as usize]
    }

    /// Changes the word of a live payload; the word before.
    #[inline]
    fn swap(&self, at: ArenaRef, next: impl Fn(u32) -> Result<u32, ArenaError>) -> Result<u32, ArenaError> {
        loop {
            let seen = self.alive(at)?;
            if cfg!(mutant = "count_unswapped") {
                self.count(at.slot()).store(next(seen)?, Ordering::Release);
                return Ok(seen);
            }
            // Release: what was done under the reference was done before the next owner writes. Acquire: the last one
            // hands on what all others did. Partner: the Acquire of whoever takes slot or block next (lane.rs,
            // bitmap.rs). Relaxed on failure: looked up again.
            let order = if cfg!(mutant = "count_relaxed") { Ordering::Relaxed } else { Ordering::AcqRel };
            let swapped = self.count(at.slot()).compare_exchange_weak(seen, next(seen)?, order, Ordering::Relaxed);
            if swapped.is_ok() {
                return Ok(seen);
            }
        }
    }

    /// The count word, if `at` names what the slot holds.
    #[inline]
    fn alive(&self, at: ArenaRef) -> Result<u32, ArenaError> {
        // Acquire: partners the Release in `publish`.
        let word = self.count(at.slot()).load(Ordering::Acquire);
        let record = self.record(at.slot());
        let (name, place) = (record.name(), record.place());
        let named = name == Name::new(at.len, at.generation()) && place.offset() == at.offset;
        if word::is_alive(word) && named { Ok(word) } else { Err(self.refusal(at, word, name)) }
    }

    /// Why a reference does not name what its slot holds: it never did, or it no longer does.
    #[cold]
    fn refusal(&self, at: ArenaRef, word: u32, name: Name) -> ArenaError {
        let fits = at.len > 0 && at.offset.checked_add(at.len.into()).is_some_and(|end| end <= self.bytes);
        let gone = at.generation() != name.generation() || (name.len() == at.len && !word::is_alive(word));
        if fits && name.is_used() && gone {
            stale(at)
        } else {
            ArenaError::InvalidRef { offset: at.offset, len: at.len }
        }
    }
}

fn left(word: u32) -> Left {
    if word::is_alive(word) { Left::Some } else { Left::None }
}

pub(crate) fn stale(at: ArenaRef) -> ArenaError {
    ArenaError::StaleRef { slot: at.slot(), generation: at.generation() }
}
