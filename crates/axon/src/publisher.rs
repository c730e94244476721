//! The writing side: room, intent, words, commit.
//!
//! **SYNC[commit].** Words are stored, then commit (Release); a reader loads commit (Acquire), then the words.
//! **SYNC[intent].** Intent is stored, then a Release fence, then words; a lossy reader loads words, then an Acquire fence,
//! then intent: if it saw any new word, it sees the intent that warned of it.
//! **SYNC[gate].** A reader loads words, then stores its gate (Release); the publisher loads the gate (Acquire), then
//! overwrites. SYNC[join]: see [`crate::gates`]. SYNC[park]: see [`crate::lot`].
//!
//! What bounds a stream between two cores is how many spikes fit into the store buffer while they wait for their cache lines
//! (64 stores on Zen 4). So a publish that finds room does as few stores as it can, and is inlined: a spike that the caller
//! builds then goes from registers to its slot, and takes no room for a copy on the stack.

use crate::{
    AxonError, BatchError, Cancel, PublishError, Stopped, Wait,
    axon::Lots,
    gates::furthest_behind,
    header::{Header, ahead},
    layout::intent_block,
    lot::{Parker, sleep_in},
    pace::Pace,
    wait::{Waiter, wait},
};
use neuronbus_spike::Spike;
use neuronbus_sync::{Arc, Ordering, fence};
use std::{cell::Cell, fmt, marker::PhantomData, time::Duration};

/// The one who publishes (NB-20). It may move to another thread, but cannot be cloned or shared:
///
/// ```compile_fail,E0599
/// let (publisher, _axon) = neuronbus_axon::Axon::new(8).unwrap();
/// let second = publisher.clone();
/// ```
/// ```
/// let (publisher, _axon) = neuronbus_axon::Axon::new(8).unwrap();
/// let second = publisher;
/// ```
/// ```compile_fail,E0277
/// let (publisher, _axon) = neuronbus_axon::Axon::new(8).unwrap();
/// std::thread::scope(|scope| { scope.spawn(|| publisher.published()); });
/// ```
/// ```
/// let (publisher, _axon) = neuronbus_axon::Axon::new(8).unwrap();
/// std::thread::scope(|scope| { scope.spawn(move || publisher.published()); });
/// ```
pub struct Publisher {
    ring: Header,
    lots: Arc<Lots>,
    /// What the commit cursor says.
    committed: u64,
    /// Spikes written behind it.
    pending: u64,
    /// What the intent cursor says.
    intent: u64,
    /// Where the last reader stands, or stood when last looked at.
    limit: u64,
    /// Commit at the last fenced look for new gates; `limit` is never beyond it (SYNC[join]).
    joined: u64,
    /// One more than the sequence whose slot was last touched by `warm`.
    warmed: u64,
    pace: Pace,
    parker: Arc<Parker>,
    not_sync: PhantomData<Cell<()>>,
}

impl Publisher {
    /// Takes the seat.
    pub(crate) fn new(ring: Header, lots: Arc<Lots>) -> Result<Self, AxonError> {
        // Acquire, partner: the Release store in `drop`: the cursors are where the last publisher left them. Relaxed on
        // failure: nothing is read then.
        if ring.producer().compare_exchange(0, 1, Ordering::Acquire, Ordering::Relaxed).is_err() {
            return Err(AxonError::ProducerTaken);
        }
        // Relaxed twice: only publishers write them, and the seat orders those.
        let committed = ring.commit().load(Ordering::Relaxed);
        let intent = ring.intent().load(Ordering::Relaxed);
        let pace = Pace::new(ring.slots());
        let mut publisher = Self {
            ring,
            lots,
            committed,
            pending: 0,
            intent,
            limit: committed,
            joined: committed,
            warmed: committed,
            pace,
            parker: Arc::default(),
            not_sync: PhantomData,
        };
        if publisher.is_closed() {
            return Err(AxonError::Closed);
        }
        if intent.wrapping_sub(committed) > publisher.ring.slots() {
            return Err(AxonError::Corrupt { commit: committed, intent });
        }
        publisher.look_for_joiners();
        Ok(publisher)
    }

    /// Publishes one spike, and with it all that is staged. Never blocks, never allocates (NB-9).
    ///
    /// # Errors
    /// [`PublishError::Full`], [`PublishError::Closed`].
    #[expect(clippy::inline_always, reason = "see the module: stores are what a stream costs")]
    #[inline(always)]
    pub fn try_publish(&mut self, spike: &Spike) -> Result<(), PublishError> {
        self.stage(spike)?;
        self.show();
        Ok(())
    }

    /// Publishes one spike, and waits for room as long as it takes; what is staged is published before it waits.
    ///
    /// # Errors
    /// [`PublishError::Closed`], [`PublishError::Cancelled`].
    #[expect(clippy::inline_always, reason = "see the module: stores are what a stream costs")]
    #[inline(always)]
    pub fn publish(&mut self, spike: &Spike, strategy: &mut impl Wait, cancel: &Cancel) -> Result<(), PublishError> {
        if !self.has_room(1) {
            self.wait_for_room(strategy, cancel)?;
        }
        self.try_publish(spike)
    }

    #[cold]
    fn wait_for_room(&mut self, strategy: &mut impl Wait, cancel: &Cancel) -> Result<(), Stopped> {
        self.commit();
        wait(self, strategy, cancel)
    }

    /// Publishes all spikes by one commit, or none (NB-16): a reader sees all or nothing. Staged ones go with them.
    ///
    /// # Errors
    /// [`BatchError`]; nothing was staged or published then.
    pub fn publish_batch(&mut self, spikes: &[Spike]) -> Result<(), BatchError> {
        let (len, slots) = (spikes.len(), self.ring.slots() as usize);
        if len > slots {
            return Err(BatchError::TooLong { len, slots });
        }
        if self.is_closed() {
            return Err(BatchError::Closed);
        }
        if !self.has_room(len as u64) {
            return Err(BatchError::Full { len, room: self.room() });
        }
        self.warn(self.next().wrapping_add(len as u64));
        for spike in spikes {
            self.write(spike);
            if cfg!(mutant = "batch_commits_each") {
                self.commit();
            }
        }
        self.commit();
        Ok(())
    }

    /// Writes one spike behind those staged before, without showing it; [`Self::commit`] shows all at once. Returns the
    /// number of its slot, for a column beside the ring: what is written there before the commit is seen with it.
    ///
    /// # Errors
    /// [`PublishError::Full`], [`PublishError::Closed`].
    #[expect(clippy::inline_always, reason = "see the module: stores are what a stream costs")]
    #[inline(always)]
    pub fn stage(&mut self, spike: &Spike) -> Result<usize, PublishError> {
        if self.is_closed() || !self.has_room(1) {
            return Err(self.refusal());
        }
        let next = self.next();
        self.warn(next.wrapping_add(1));
        let slot = self.ring.slot_index(next);
        self.write(spike);
        Ok(slot)
    }

    /// Shows what is staged, by one store (NB-13), and wakes readers that sleep.
    #[inline]
    pub fn commit(&mut self) {
        if self.pending > 0 {
            self.show();
        }
    }

    #[inline]
    fn show(&mut self) {
        self.committed = self.next();
        self.pending = 0;
        // SYNC[commit] Release, partner: the Acquire loads of commit by readers.
        let order = if cfg!(mutant = "commit_relaxed") { Ordering::Relaxed } else { Ordering::Release };
        self.ring.commit().store(self.committed, order);
        // Relaxed: see `crate::seat`, which also bounds what a stale 0 can cost.
        if self.ring.waiters().load(Ordering::Relaxed) != 0 {
            self.wake();
        }
    }

    /// Forgets what is staged.
    pub fn discard(&mut self) {
        self.pending = 0;
    }

    /// Slots that can be staged now, exactly: it can be more at once, never less. Looks at all gates, which costs a cache
    /// miss for each reader that has moved, and perhaps a fence; between spikes [`Self::has_room`] is the cheap question.
    pub fn room(&mut self) -> usize {
        self.look_at_gates();
        if self.limit == self.joined && self.joined != self.committed {
            self.look_for_joiners();
        }
        self.free() as usize
    }

    /// Whether `spikes` more can be staged. Looks at the gates only if what it knew does not suffice.
    #[inline]
    pub fn has_room(&mut self, spikes: u64) -> bool {
        self.free() >= spikes || self.find_room(spikes)
    }

    /// Takes the line of the next free slot to this core, if there is one, so that the next publish finds it here: for a
    /// thread that waits and will then publish one spike, as in a round trip (P3). Between spikes of a stream it only costs.
    #[inline]
    pub fn warm(&mut self) {
        let next = self.next().wrapping_add(1);
        if self.warmed != next && self.has_room(1) {
            self.warn(next);
            self.ring.touch(self.next());
            self.warmed = next;
        }
    }

    /// How many spikes were ever published.
    pub fn published(&self) -> u64 {
        self.committed
    }

    /// How many are staged.
    pub fn staged(&self) -> usize {
        self.pending as usize
    }

    /// Whether the ring is closed. It stays so.
    #[inline]
    pub fn is_closed(&self) -> bool {
        // Relaxed: nothing is read behind it; a publish may run beside a `close`, see there.
        self.ring.closed().load(Ordering::Relaxed) != 0
    }

    #[cold]
    fn refusal(&self) -> PublishError {
        if self.is_closed() { PublishError::Closed } else { PublishError::Full }
    }

    /// The next sequence to write.
    #[inline]
    fn next(&self) -> u64 {
        self.committed.wrapping_add(self.pending)
    }

    /// Makes sure that intent covers all sequences below `end`, which come next to be overwritten.
    #[inline]
    fn warn(&mut self, end: u64) {
        if ahead(end, self.intent) != 0 {
            self.raise_intent(end);
        }
    }

    #[cold]
    fn raise_intent(&mut self, end: u64) {
        let slots = self.ring.slots();
        let block = intent_block(slots as usize) as u64;
        // A block from the first slot on, but never more than a ring ahead of commit: no lossy reader is then sent past it.
        let most = self.committed.wrapping_add(slots).wrapping_sub(end);
        self.intent = end.wrapping_add((block - 1).min(most));
        if cfg!(mutant = "intent_late") {
            return;
        }
        // Relaxed: the fence orders it.
        self.ring.intent().store(self.intent, Ordering::Relaxed);
        if !cfg!(mutant = "intent_no_fence") {
            // SYNC[intent] Release, partner: the Acquire fence in `LossyReader`; the words are stored after it.
            fence(Ordering::Release);
        }
    }

    /// Writes the next slot, which has room and is inside the intent window.
    #[inline]
    fn write(&mut self, spike: &Spike) {
        self.ring.write(self.next(), &spike.to_words());
        self.pending += 1;
        if cfg!(mutant = "intent_late") {
            self.ring.intent().store(self.intent, Ordering::Relaxed);
        }
    }

    /// Slots that are free by what is known.
    #[inline]
    fn free(&self) -> u64 {
        let used = self.next().wrapping_sub(self.limit);
        let slots = self.ring.slots() + u64::from(cfg!(mutant = "gate_off_by_one"));
        slots.saturating_sub(used)
    }

    /// Looks at the gates, and only if they are not what is in the way, for new ones.
    #[cold]
    fn find_room(&mut self, spikes: u64) -> bool {
        self.pace.before_look();
        let before = self.free();
        self.look_at_gates();
        if self.free() < spikes && self.limit == self.joined {
            self.look_for_joiners();
        }
        self.pace.after_look(self.free().saturating_sub(before));
        self.free() >= spikes
    }

    /// Renews `joined`, by one fence for about a ring of spikes.
    fn look_for_joiners(&mut self) {
        if !cfg!(mutant = "join_no_publisher_fence") {
            // SYNC[join], partner: the fence in `gates::join`.
            fence(Ordering::SeqCst);
        }
        self.joined = self.committed;
        self.look_at_gates();
    }

    fn look_at_gates(&mut self) {
        let behind = furthest_behind(&self.ring, self.committed, u64::MAX);
        let horizon = self.committed.wrapping_sub(self.joined);
        self.limit = self.committed.wrapping_sub(behind.max(horizon));
    }

    #[cold]
    fn wake(&self) {
        if !cfg!(mutant = "wake_no_fence") {
            // SYNC[park], partner: the fence in `sleep_in`.
            fence(Ordering::SeqCst);
        }
        if self.lots.readers.occupied() {
            self.lots.readers.wake();
        }
    }
}

impl Waiter for Publisher {
    fn look(&mut self) -> Option<Result<(), Stopped>> {
        if self.is_closed() {
            return Some(Err(Stopped::Closed));
        }
        self.has_room(1).then_some(Ok(()))
    }

    fn park(&mut self, cancel: &Cancel, limit: Duration) {
        let (lots, parker) = (Arc::clone(&self.lots), Arc::clone(&self.parker));
        sleep_in(&lots.publisher, cancel, &parker, limit, || self.look().is_none());
    }
}

impl Drop for Publisher {
    fn drop(&mut self) {
        // Release, partner: the Acquire exchange in `new`.
        let order = if cfg!(mutant = "seat_relaxed") { Ordering::Relaxed } else { Ordering::Release };
        self.ring.producer().store(0, order);
    }
}

impl fmt::Debug for Publisher {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Publisher")
            .field("committed", &self.committed)
            .field("staged", &self.pending)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}
