//! The reliable reader: it owns a gate, and the publisher waits for it.

mod batch;
mod blocking;

pub use batch::{Batch, Iter};

use crate::{
    AxonError,
    axon::Lots,
    gates,
    header::{Header, ahead},
    pace::Pace,
    seat::Seat,
};
use neuronbus_spike::{Spike, SpikeError, layout::SPIKE_WORDS};
use neuronbus_sync::{Arc, Ordering, fence};
use std::{cell::Cell, fmt, marker::PhantomData};

/// Sees every spike from when it was made, in order, once (NB-14). It may move to another thread; two threads cannot
/// share it (NB-20):
///
/// ```compile_fail,E0277
/// let (_publisher, axon) = neuronbus_axon::Axon::new(8).unwrap();
/// let reader = axon.reader().unwrap();
/// std::thread::scope(|scope| { scope.spawn(|| reader.read_pos()); });
/// ```
/// ```
/// let (_publisher, axon) = neuronbus_axon::Axon::new(8).unwrap();
/// let reader = axon.reader().unwrap();
/// std::thread::scope(|scope| { scope.spawn(move || reader.read_pos()); });
/// ```
///
/// It reads in place: look how many are [`available`](Self::available), [`get`](Self::get) each of them, then
/// [`release`](Self::release) what is done. Released slots are room for the publisher.
pub struct Reader {
    ring: Header,
    lots: Arc<Lots>,
    gate: usize,
    position: u64,
    /// What is known of the commit cursor.
    known: u64,
    pace: Pace,
    seat: Seat,
    not_sync: PhantomData<Cell<()>>,
}

impl Reader {
    /// Joins at commit.
    pub(crate) fn new(ring: Header, lots: Arc<Lots>) -> Result<Self, AxonError> {
        let (gate, position) = gates::join(&ring)?;
        Ok(Self::at(ring, lots, gate, position))
    }

    fn at(ring: Header, lots: Arc<Lots>, gate: usize, position: u64) -> Self {
        let (pace, seat) = (Pace::new(ring.slots()), Seat::default());
        Self { ring, lots, gate, position, known: position, pace, seat, not_sync: PhantomData }
    }

    /// A second reader that stands where this one stands, with a gate of its own (NB-15).
    ///
    /// # Errors
    /// [`AxonError::TooManyReaders`].
    pub fn try_clone(&self) -> Result<Self, AxonError> {
        let gate = gates::join_at(&self.ring, self.position)?;
        Ok(Self::at(self.ring.clone(), Arc::clone(&self.lots), gate, self.position))
    }

    /// Spikes that can be read without another look at the ring; looks only if there are none. More can be there at once,
    /// see [`Self::poll`].
    #[inline]
    pub fn available(&mut self) -> usize {
        match self.known.wrapping_sub(self.position) {
            0 => {
                self.pace.before_look();
                self.poll()
            }
            some => some as usize,
        }
    }

    /// Looks at the ring; returns how many spikes are available now.
    #[inline]
    pub fn poll(&mut self) -> usize {
        // SYNC[commit] Acquire, partner: the Release store in `Publisher::commit`.
        let order = if cfg!(mutant = "read_relaxed") { Ordering::Relaxed } else { Ordering::Acquire };
        let commit = self.ring.commit().load(order);
        // Foreign memory may say anything: never back, never more than the ring holds.
        let available = ahead(commit, self.position).min(self.ring.slots());
        let news = available - self.known.wrapping_sub(self.position).min(available);
        self.known = self.position.wrapping_add(available);
        self.pace.after_look(news);
        self.seat.saw(&self.ring, commit);
        if available == 0 && self.lots.publisher.occupied() {
            self.wake_publisher();
        }
        available as usize
    }

    /// The words of the `index`-th available spike, unchecked, as they lie in the ring.
    #[inline]
    pub fn words(&self, index: usize) -> Option<[u64; SPIKE_WORDS]> {
        let known = (index as u64) < self.known.wrapping_sub(self.position);
        known.then(|| self.ring.read(self.position.wrapping_add(index as u64)))
    }

    /// The `index`-th available spike, if there are so many.
    ///
    /// # Errors
    /// What is wrong with the frame, which can happen in foreign memory only.
    #[inline]
    pub fn get(&self, index: usize) -> Result<Option<Spike>, SpikeError> {
        self.words(index).map(Spike::from_words).transpose()
    }

    /// Gives back the first `count` available spikes, or all if there are fewer: the publisher may overwrite them.
    #[inline]
    pub fn release(&mut self, count: usize) {
        let count = (count as u64).min(self.known.wrapping_sub(self.position));
        self.position = self.position.wrapping_add(count);
        // SYNC[gate] Release, partner: the Acquire load in `gates::distance`: the copies come before the overwriting.
        self.ring.gate(self.gate).store(self.position, Ordering::Release);
        if self.lots.publisher.occupied() {
            self.offer_room();
        }
    }

    /// The next spike, if there is one. Never blocks, never allocates (NB-9, NB-17).
    ///
    /// # Errors
    /// What is wrong with the frame, which can happen in foreign memory only. It is consumed.
    #[inline]
    pub fn try_read_next(&mut self) -> Result<Option<Spike>, SpikeError> {
        if self.available() == 0 {
            return Ok(None);
        }
        let words = self.ring.read(self.position);
        self.release(1);
        Spike::from_words(words).map(Some)
    }

    /// The next spikes, at most `max`, in place. Released together when the batch is dropped (NB-17).
    pub fn read_batch(&mut self, max: usize) -> Batch<'_> {
        let len = self.available().min(max);
        Batch::new(self, len)
    }

    /// How many spikes of the ring were released by this reader or came before it (NB-17).
    pub fn read_pos(&self) -> u64 {
        self.position
    }

    /// How many spikes were ever published (NB-17). The next moment it can be more.
    pub fn write_seq(&self) -> u64 {
        // Relaxed: a number; what it counts is read after a look.
        self.ring.commit().load(Ordering::Relaxed)
    }

    /// The number of its gate.
    pub fn gate(&self) -> usize {
        self.gate
    }

    /// Whether the ring is closed. What is left can still be read.
    pub fn is_closed(&self) -> bool {
        // SYNC[close] Acquire, partner: `Axon::close`.
        self.ring.closed().load(Ordering::Acquire) != 0
    }

    /// Announces now that this reader will sleep in a wait, so that even its first wake is prompt; otherwise the one after
    /// a run of spikes can come up to a millisecond late. The publisher pays a fence for each commit, until the reader
    /// gets a run of spikes.
    pub fn expect_to_park(&mut self) {
        self.seat.announce(&self.ring);
        // SYNC[park]: from here on a publisher sees it, or this reader sees what it published.
        fence(Ordering::SeqCst);
    }

    /// Wakes a publisher that sleeps, once half the ring is free: waking it for each slot would cost a switch each.
    #[cold]
    fn offer_room(&self) {
        let behind = gates::furthest_behind(&self.ring, self.write_seq(), u64::MAX);
        if behind <= self.ring.slots() / 2 {
            self.lots.publisher.wake();
        }
    }

    /// Wakes a publisher that sleeps.
    #[cold]
    fn wake_publisher(&self) {
        if !cfg!(mutant = "room_wake_no_fence") {
            // SYNC[park], partner: the fence in `sleep_in`.
            fence(Ordering::SeqCst);
        }
        if self.lots.publisher.occupied() {
            self.lots.publisher.wake();
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.seat.retire(&self.ring);
        gates::leave(&self.ring, self.gate);
        self.wake_publisher();
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Reader")
            .field("gate", &self.gate)
            .field("position", &self.position)
            .field("known", &self.known)
            .finish_non_exhaustive()
    }
}
