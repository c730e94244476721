//! The arena: write bytes, pass the reference on, read them in place, give them back.

use crate::{
    ArenaError, Lease,
    lane::{self, IN_FLIGHT},
    layout::DATA,
    map::Map,
    memory::Memory,
    table::{Left, Table},
};
use neuronbus_spike::ArenaRef;
use neuronbus_sync::{Arc, AtomicBool, Ordering};
use std::{fmt, path::Path, ptr::NonNull};

/// Shared memory for payloads (NB-21 to NB-28). Clones are handles to the same arena; every method may be called from
/// any thread.
///
/// Nothing in it is ever locked. A payload lives as long as it has references or leases; then its bytes and its slot
/// serve others, of any size.
#[derive(Clone)]
pub struct Arena(Arc<Inner>);

struct Inner {
    memory: Memory,
    closed: AtomicBool,
}

impl Arena {
    /// An arena of `capacity` bytes (64 bytes to 64 GiB) without a file: a sealed `memfd` where the platform has it.
    /// Pages are allocated when first used.
    ///
    /// # Errors
    /// [`ArenaError::Capacity`]; [`ArenaError::Io`] if the system has no memory to give.
    pub fn anonymous(capacity: u64) -> Result<Self, ArenaError> {
        Memory::anonymous(capacity).map(Self::new)
    }

    /// An arena in a new file of 262,176 + `capacity` bytes (NB-23) at `path`, and `<path>.meta` beside it. All pages
    /// are allocated now. The files stay when the arena goes. A file that exists is refused and left as it is, whatever
    /// it holds.
    ///
    /// # Errors
    /// [`ArenaError::Capacity`]; [`ArenaError::Io`] if a file exists or cannot be made, or the file system is full.
    pub fn file(path: impl AsRef<Path>, capacity: u64) -> Result<Self, ArenaError> {
        Memory::file(path.as_ref(), capacity).map(Self::new)
    }

    fn new(memory: Memory) -> Self {
        Self(Arc::new(Inner { memory, closed: AtomicBool::new(false) }))
    }

    /// Copies `bytes` into the arena; the reference counts as one (NB-24, NB-25).
    ///
    /// # Errors
    /// [`ArenaError::EmptyPayload`], [`ArenaError::OutOfSpace`], [`ArenaError::OutOfSlots`], [`ArenaError::Closed`].
    // Always: the reference then travels in registers. Through memory it is stored in three pieces and loaded as one,
    // which stalls for 5 ns.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    pub fn write(&self, bytes: &[u8]) -> Result<ArenaRef, ArenaError> {
        self.open()?;
        if bytes.is_empty() {
            return Err(ArenaError::EmptyPayload);
        }
        self.place(bytes.len() as u64, |memory, offset| memory.copy_in(offset, bytes))
    }

    /// Whether a payload of `len` bytes would find room now. Found out by taking the room and giving it back.
    pub fn fits(&self, len: u64) -> bool {
        let taken = |at: ArenaRef| self.release(at).is_ok();
        !self.is_closed() && (len == 0 || self.place(len, |_, _| true).is_ok_and(taken))
    }

    /// Borrows the bytes that `at` names (NB-25); the lease counts as a reference until it is dropped.
    ///
    /// # Errors
    /// [`ArenaError::StaleRef`], [`ArenaError::InvalidRef`], [`ArenaError::TooManyRefs`], [`ArenaError::Closed`].
    pub fn read(&self, at: ArenaRef) -> Result<Lease, ArenaError> {
        self.open()?;
        Lease::new(self.clone(), at)
    }

    /// One reference more to what `at` names; how many references and leases it has then (NB-26).
    ///
    /// # Errors
    /// [`ArenaError::StaleRef`], [`ArenaError::InvalidRef`], [`ArenaError::TooManyRefs`], [`ArenaError::Closed`].
    pub fn add_ref(&self, at: ArenaRef) -> Result<u32, ArenaError> {
        self.open()?;
        self.table().add_ref(at)
    }

    /// Gives one reference back; true if nobody keeps the payload any more (NB-26). After [`Self::close`] it is quiet:
    /// never an error.
    ///
    /// # Errors
    /// [`ArenaError::StaleRef`] (also for one release too many), [`ArenaError::InvalidRef`].
    // As for `write`.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    pub fn release(&self, at: ArenaRef) -> Result<bool, ArenaError> {
        match self.table().release(at) {
            Ok(left) => Ok(self.settle(left, at.slot())),
            Err(_) if self.is_closed() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Turns a reference of the caller into one of a spike in flight: from here on [`Self::reset`] is refused until
    /// [`Self::drop_held`] gave it back.
    ///
    /// # Errors
    /// [`ArenaError::StaleRef`], [`ArenaError::InvalidRef`], [`ArenaError::Closed`].
    pub fn hold(&self, at: ArenaRef) -> Result<(), ArenaError> {
        self.open()?;
        self.table().check(at)?;
        self.0.memory.lane().add(IN_FLIGHT, 1);
        Ok(())
    }

    /// Gives a reference back that was turned by [`Self::hold`]; true if nobody keeps the payload any more. After
    /// [`Self::close`] it is quiet.
    ///
    /// # Errors
    /// As [`Self::release`].
    pub fn drop_held(&self, at: ArenaRef) -> Result<bool, ArenaError> {
        match self.table().release(at) {
            Ok(left) => {
                self.0.memory.lane().add(IN_FLIGHT, 1u64.wrapping_neg());
                Ok(self.settle(left, at.slot()))
            }
            Err(_) if self.is_closed() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Gives every payload back at once and begins a new epoch (NB-27): references from before are stale. For a moment
    /// when nobody else uses the arena: what others write, hold or read meanwhile is reclaimed or refused, but what
    /// they lease stays untouched.
    ///
    /// # Errors
    /// [`ArenaError::Busy`] while leases are open or spikes in flight hold references; [`ArenaError::Closed`].
    pub fn reset(&self) -> Result<(), ArenaError> {
        self.open()?;
        let memory = &self.0.memory;
        memory.quiet()?;
        memory.revoke_all();
        // Leases that were taken in between, if any, have kept their payloads.
        memory.quiet()?;
        // Relaxed: for whoever looks; stale references are known by their generation.
        memory.alloc_offset().store(0, Ordering::Relaxed);
        memory.epoch().fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Ends the arena: from here on every call is [`ArenaError::Closed`], but giving references and leases back still
    /// works. The memory stays mapped as long as a lease, a [`Map`] or a clone of the arena lives. Closing twice does
    /// nothing more.
    pub fn close(&self) {
        // Release: partners the Acquire in `is_closed`: who finds it closed sees what was done before.
        self.0.closed.store(true, Ordering::Release);
    }
}

/// Figures, of which other threads may change all but the capacity at once.
impl Arena {
    /// Bytes of payloads alive, each rounded up to its block (NB-28).
    pub fn used(&self) -> u64 {
        self.0.memory.used()
    }

    /// Bytes that payloads can take (NB-28).
    pub fn capacity(&self) -> u64 {
        self.0.memory.capacity
    }

    /// How often the arena was reset (NB-27).
    pub fn epoch(&self) -> u64 {
        // Relaxed: a figure for reports.
        self.0.memory.epoch().load(Ordering::Relaxed)
    }

    /// The most bytes that were in use at a time. Exact if one thread writes and releases; else up to a thousandth of
    /// the capacity per thread too low.
    pub fn high_water(&self) -> u64 {
        // Relaxed: a figure for reports.
        self.0.memory.high_water().load(Ordering::Relaxed).max(self.used())
    }

    /// References held by spikes in flight.
    pub fn in_flight(&self) -> u64 {
        lane::sum(self.0.memory.lanes(), IN_FLIGHT)
    }

    /// Spans that are not in the common pool, after what threads keep at hand was given back: 0 when no payload is
    /// alive and nobody writes. For tests of conservation; it slows the next writes down.
    pub fn spans_taken(&self) -> usize {
        self.0.memory.reclaim();
        self.0.memory.spans().taken()
    }

    /// Whether [`Self::close`] was called.
    pub fn is_closed(&self) -> bool {
        // Acquire: partners the Release in `close`.
        self.0.closed.load(Ordering::Acquire)
    }

    /// The first byte of the data and their length, for whoever shows the memory as one buffer. It stays valid while
    /// [`Self::map`] is held.
    pub fn base(&self) -> (NonNull<u8>, usize) {
        (self.data(0), self.0.memory.capacity as usize)
    }

    /// Keeps the memory mapped, and nothing else, as long as it lives.
    pub fn map(&self) -> Map {
        self.0.memory.map.clone()
    }
}

impl Arena {
    #[inline]
    pub(crate) fn table(&self) -> Table<'_> {
        self.0.memory.table()
    }

    pub(crate) fn data(&self, offset: u64) -> NonNull<u8> {
        self.0.memory.map.at(DATA + offset as usize)
    }

    /// Gives a lease back.
    pub(crate) fn unlease(&self, slot: u16) {
        let left = self.table().unlease(slot);
        self.settle(left, slot);
    }

    #[inline]
    fn open(&self) -> Result<(), ArenaError> {
        if self.is_closed() { Err(ArenaError::Closed) } else { Ok(()) }
    }

    #[inline]
    fn settle(&self, left: Left, slot: u16) -> bool {
        if left == Left::None {
            self.0.memory.retire(self.0.memory.lane(), slot);
        }
        left == Left::None
    }

    /// Takes a block of `len` bytes, lets `fill` write it, and publishes a reference to it.
    // As for `write`.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    fn place(&self, len: u64, fill: impl FnOnce(&Memory, u64) -> bool) -> Result<ArenaRef, ArenaError> {
        let (memory, lane) = (&self.0.memory, self.0.memory.lane());
        let (slot, offset) = match memory.at_hand(lane, len) {
            Some(found) => found,
            None => memory.acquire(lane, len)?,
        };
        fill(memory, offset);
        Ok(memory.table().publish(slot, offset, len as u32))
    }
}

impl fmt::Debug for Arena {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Arena")
            .field("capacity", &self.capacity())
            .field("used", &self.used())
            .field("epoch", &self.epoch())
            .field("closed", &self.is_closed())
            .finish_non_exhaustive()
    }
}
