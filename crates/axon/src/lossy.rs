//! The lossy reader: it owns no gate, copies, and checks its copies against the intent cursor (NB-18).

use crate::{
    Cancel, LossyError, Stopped, Wait,
    axon::Lots,
    header::{Header, ahead},
    pace::Pace,
    seat::Seat,
    wait::{Waiter, wait},
};
use neuronbus_spike::{Spike, SpikeError, layout::SPIKE_WORDS};
use neuronbus_sync::{Arc, Ordering, fence};
use std::{cell::Cell, fmt, marker::PhantomData, time::Duration};

/// Sees the newest spikes and never holds the publisher back. What was overwritten before it came is counted exactly and
/// told ([`LossyError::Lagged`]); a torn spike is never given (SYNC\[intent\], see `publisher.rs`). It may move to another
/// thread; two threads cannot share it (NB-20):
///
/// ```compile_fail,E0277
/// let (_publisher, axon) = neuronbus_axon::Axon::new(8).unwrap();
/// let reader = axon.lossy_reader();
/// std::thread::scope(|scope| { scope.spawn(|| reader.read_pos()); });
/// ```
/// ```
/// let (_publisher, axon) = neuronbus_axon::Axon::new(8).unwrap();
/// let reader = axon.lossy_reader();
/// std::thread::scope(|scope| { scope.spawn(move || reader.read_pos()); });
/// ```
pub struct LossyReader {
    ring: Header,
    lots: Arc<Lots>,
    position: u64,
    /// What is known of the commit cursor.
    known: u64,
    pace: Pace,
    seat: Seat,
    /// The copies of the last batch.
    copies: Vec<[u64; SPIKE_WORDS]>,
    not_sync: PhantomData<Cell<()>>,
}

impl LossyReader {
    /// Stands at commit.
    pub(crate) fn new(ring: Header, lots: Arc<Lots>) -> Self {
        // Acquire, partner: the Release store in `Publisher::commit`.
        let position = ring.commit().load(Ordering::Acquire);
        Self::at(ring, lots, position)
    }

    fn at(ring: Header, lots: Arc<Lots>, position: u64) -> Self {
        let (pace, seat) = (Pace::new(ring.slots()), Seat::default());
        Self { ring, lots, position, known: position, pace, seat, copies: Vec::new(), not_sync: PhantomData }
    }

    /// Spikes between here and the commit cursor as far as it is known; looks only if there are none. Some of them may be
    /// overwritten before they are read.
    #[inline]
    pub fn available(&mut self) -> u64 {
        match self.known.wrapping_sub(self.position) {
            0 => {
                self.pace.before_look();
                self.look_at_commit()
            }
            some => some,
        }
    }

    /// The next spike, if there is one. Never blocks, never allocates (NB-9).
    ///
    /// # Errors
    /// [`LossyError::Lagged`], [`LossyError::Malformed`].
    #[inline]
    pub fn try_read_next(&mut self) -> Result<Option<Spike>, LossyError> {
        if self.available() == 0 {
            return Ok(None);
        }
        let words = self.ring.read(self.position);
        match self.overwritten() {
            0 => self.position = self.position.wrapping_add(1),
            lost => return Err(self.skip(lost)),
        }
        Ok(Some(Spike::from_words(words)?))
    }

    /// The next spike; waits for it as long as it takes.
    ///
    /// # Errors
    /// As [`Self::try_read_next`]; [`Stopped::Closed`] when the ring is closed and drained, [`Stopped::Cancelled`].
    pub fn read_next(&mut self, strategy: &mut impl Wait, cancel: &Cancel) -> Result<Spike, LossyError> {
        loop {
            if let Some(spike) = self.try_read_next()? {
                return Ok(spike);
            }
            wait(self, strategy, cancel)?;
        }
    }

    /// The next spikes, at most `max`, as copies of its own. What was lost before or while it copied is counted in the
    /// batch. Allocates only when `max` is larger than ever before.
    pub fn read_batch(&mut self, max: usize) -> LossyBatch<'_> {
        self.copies.clear();
        let mut lagged = 0;
        if self.available() > 0 {
            lagged = self.skip_overwritten();
            let count = self.available().min(max as u64);
            self.copies.extend((0..count).map(|index| self.ring.read(self.position.wrapping_add(index))));
            let torn = self.overwritten();
            self.copies.drain(..torn.min(count) as usize);
            self.position = self.position.wrapping_add(count.max(torn));
            self.known = self.position.wrapping_add(ahead(self.known, self.position));
            lagged += torn;
        }
        LossyBatch { copies: &self.copies, lagged }
    }

    /// The sequence that it reads next.
    pub fn read_pos(&self) -> u64 {
        self.position
    }

    /// How many spikes were ever published. The next moment it can be more.
    pub fn write_seq(&self) -> u64 {
        // Relaxed: a number; what it counts is read after a look.
        self.ring.commit().load(Ordering::Relaxed)
    }

    /// Whether the ring is closed. What is left can still be read.
    pub fn is_closed(&self) -> bool {
        // SYNC[close] Acquire, partner: `Axon::close`.
        self.ring.closed().load(Ordering::Acquire) != 0
    }

    /// As [`crate::Reader::expect_to_park`].
    pub fn expect_to_park(&mut self) {
        self.seat.announce(&self.ring);
        // SYNC[park]: from here on a publisher sees it, or this reader sees what it published.
        fence(Ordering::SeqCst);
    }

    fn look_at_commit(&mut self) -> u64 {
        // SYNC[commit] Acquire, partner: the Release store in `Publisher::commit`.
        let commit = self.ring.commit().load(Ordering::Acquire);
        let available = ahead(commit, self.position);
        self.known = self.position.wrapping_add(available);
        self.pace.after_look(available);
        self.seat.saw(&self.ring, commit);
        available
    }

    /// How many sequences from `position` on may have been overwritten before, or while, they were copied.
    #[inline]
    fn overwritten(&self) -> u64 {
        if cfg!(mutant = "lossy_unchecked") {
            return 0;
        }
        if !cfg!(mutant = "lossy_no_fence") {
            // SYNC[intent] Acquire, partner: the Release fence in `Publisher::raise_intent`.
            fence(Ordering::Acquire);
        }
        // Relaxed: the fence orders it after the copy.
        let intent = self.ring.intent().load(Ordering::Relaxed);
        let slots = self.ring.slots() + u64::from(cfg!(mutant = "lossy_off_by_one"));
        ahead(intent.wrapping_sub(slots), self.position)
    }

    /// Goes to the oldest intact spike, `lost` ahead.
    #[cold]
    fn skip(&mut self, lost: u64) -> LossyError {
        self.position = self.position.wrapping_add(lost);
        self.look_at_commit();
        LossyError::Lagged(lost)
    }

    /// Goes to the oldest intact spike, if that is ahead; returns how far.
    fn skip_overwritten(&mut self) -> u64 {
        let lost = self.overwritten();
        if lost > 0 {
            self.skip(lost);
        }
        lost
    }
}

/// A reader of its own that stands where this one stands.
impl Clone for LossyReader {
    fn clone(&self) -> Self {
        Self::at(self.ring.clone(), Arc::clone(&self.lots), self.position)
    }
}

impl Waiter for LossyReader {
    #[inline]
    fn look(&mut self) -> Option<Result<(), Stopped>> {
        if self.available() > 0 {
            return Some(Ok(()));
        }
        if !self.is_closed() {
            return None;
        }
        // Once more: what was committed before the close is seen now (SYNC[close]).
        Some(if self.look_at_commit() == 0 { Err(Stopped::Closed) } else { Ok(()) })
    }

    fn park(&mut self, cancel: &Cancel, limit: Duration) {
        let Self { ring, lots, position, seat, .. } = self;
        // Acquire, partner: `Axon::close`, which wakes after it.
        let closed = || ring.closed().load(Ordering::Acquire) != 0;
        seat.park(ring, &lots.readers, cancel, limit, |commit| ahead(commit, *position) != 0 || closed());
    }
}

impl Drop for LossyReader {
    fn drop(&mut self) {
        self.seat.retire(&self.ring);
    }
}

impl fmt::Debug for LossyReader {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("LossyReader")
            .field("position", &self.position)
            .field("known", &self.known)
            .finish_non_exhaustive()
    }
}

/// Copies of spikes, and how many were lost before them.
#[derive(Debug)]
pub struct LossyBatch<'a> {
    copies: &'a [[u64; SPIKE_WORDS]],
    lagged: u64,
}

impl LossyBatch<'_> {
    /// Exactly how many spikes, all before the first of this batch, are lost to the reader.
    pub fn lagged(&self) -> u64 {
        self.lagged
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.copies.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.copies.is_empty()
    }

    /// The spikes in order; an error stands for a frame that is none, which can happen in foreign memory only.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Result<Spike, SpikeError>> {
        self.copies.iter().map(|words| Spike::from_words(*words))
    }
}
