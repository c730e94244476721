//! The handle of a ring: hands out the roles, and answers what anybody may ask.

use crate::{
    AxonError, LossyReader, Publisher, Reader, Region, gates,
    header::{Header, check_capacity},
    layout::ring_bytes,
    lot::Lot,
};
use neuronbus_sync::{Arc, Ordering, fence};

/// A ring of spikes: one [`Publisher`], any number of readers (NB-13 to NB-20). Clones are the same ring.
///
/// Threads wait for each other through the handle, so two handles made by [`Self::over`] on the same memory do not wake
/// each other; neither does another language. A sleep there ends by its limit, at most 16 ms.
#[derive(Debug, Clone)]
pub struct Axon {
    pub(crate) ring: Header,
    pub(crate) lots: Arc<Lots>,
}

/// Who sleeps.
#[derive(Debug, Default)]
pub(crate) struct Lots {
    /// Readers that wait for spikes.
    pub(crate) readers: Lot,
    /// The publisher that waits for room.
    pub(crate) publisher: Lot,
}

impl Axon {
    /// A ring of `slots` spikes in memory of its own, and its publisher.
    ///
    /// # Errors
    /// [`AxonError::Capacity`] unless `slots` is a power of two from 2 to 2³⁰ (NB-12); [`AxonError::OutOfMemory`].
    pub fn new(slots: usize) -> Result<(Publisher, Self), AxonError> {
        check_capacity(slots)?;
        let axon = Self::over(Region::zeroed(ring_bytes(slots))?, slots)?;
        Ok((axon.publisher()?, axon))
    }

    /// The ring that starts at the start of `region`: made there if the memory is all zero, else attached to. What follows
    /// the ring's [`ring_bytes`] is left alone. The memory may be hostile: whatever it holds, there is no undefined
    /// behaviour and no panic, only wrong spikes.
    ///
    /// # Errors
    /// [`AxonError::Capacity`] as for [`Self::new`], [`AxonError::OutOfRegion`] if the region is too short,
    /// [`AxonError::OtherRing`] if it holds a ring of another size.
    pub fn over(region: Region, slots: usize) -> Result<Self, AxonError> {
        Ok(Self { ring: Header::over(region, slots)?, lots: Arc::default() })
    }

    /// The one publisher (NB-20). Dropping it frees the seat; what it staged and did not commit is gone then.
    ///
    /// # Errors
    /// [`AxonError::ProducerTaken`], [`AxonError::Closed`], [`AxonError::Corrupt`].
    pub fn publisher(&self) -> Result<Publisher, AxonError> {
        Publisher::new(self.ring.clone(), Arc::clone(&self.lots))
    }

    /// A reliable reader, from now on: it sees every spike, and a full ring holds the publisher back.
    ///
    /// # Errors
    /// [`AxonError::TooManyReaders`] if all 64 gates are in use.
    pub fn reader(&self) -> Result<Reader, AxonError> {
        Reader::new(self.ring.clone(), Arc::clone(&self.lots))
    }

    /// A lossy reader, from now on: it never holds the publisher back, and is told exactly what it missed.
    pub fn lossy_reader(&self) -> LossyReader {
        LossyReader::new(self.ring.clone(), Arc::clone(&self.lots))
    }

    /// Takes a gate, at now, for a reader outside Rust, which then moves it; nothing here does.
    ///
    /// # Errors
    /// [`AxonError::TooManyReaders`] if all 64 gates are in use.
    pub fn claim_gate(&self) -> Result<usize, AxonError> {
        gates::join(&self.ring).map(|(gate, _)| gate)
    }

    /// Gives back a gate of [`Self::claim_gate`]; one that does not exist is ignored.
    pub fn release_gate(&self, gate: usize) {
        if gate < crate::layout::MAX_READERS {
            gates::leave(&self.ring, gate);
            self.lots.publisher.wake();
        }
    }

    /// The position of the last reliable reader but `except`: sequences below are released by all those. The commit cursor
    /// if there are none. Positions move on while one looks, but no reader, also none that joins meanwhile, will ever read
    /// below the answer.
    pub fn gates_min(&self, except: Option<usize>) -> u64 {
        let commit = self.published();
        // SYNC[join], partner: the fence in `gates::join`: a joiner that is not seen here reads this commit or a later one.
        fence(Ordering::SeqCst);
        let mask = except.filter(|gate| *gate < u64::BITS as usize).map_or(u64::MAX, |gate| !(1 << gate));
        commit.wrapping_sub(gates::furthest_behind(&self.ring, commit, mask))
    }

    /// Capacity in spikes.
    pub fn slots(&self) -> usize {
        self.ring.slots() as usize
    }

    /// The commit cursor: how many spikes were ever published. The next moment it can be more.
    #[inline]
    pub fn published(&self) -> u64 {
        // Acquire, partner: the Release store of SYNC[commit].
        self.ring.commit().load(Ordering::Acquire)
    }

    /// Whether the ring is closed. It stays so.
    pub fn is_closed(&self) -> bool {
        // Acquire, partner: `close`.
        self.ring.closed().load(Ordering::Acquire) != 0
    }

    /// Closes the ring: publishing is refused from now on, readers get what is left, then
    /// [`Stopped::Closed`](crate::Stopped::Closed); waits end.
    ///
    /// A publish that runs at the same time in another thread may still go through; a reader finds it if it looks again.
    /// After the publisher was dropped, or in its thread, nothing can.
    pub fn close(&self) {
        // SYNC[close] Release, partner: the Acquire loads of `closed`; what was committed before is seen by whoever sees this.
        self.ring.closed().store(1, Ordering::Release);
        fence(Ordering::SeqCst);
        self.lots.readers.wake();
        self.lots.publisher.wake();
    }

    /// The memory, to show it to another language.
    pub fn region(&self) -> &Region {
        self.ring.region()
    }
}
