//! From bytes to a slot with a block, and back: the paths on which nothing suitable lies at hand.

use crate::{
    ArenaError,
    class::{CLASSES, block_bytes},
    lane::{self, LANES, Lane, MARK, USED, first_slot_word},
    memory::Memory,
    record::Place,
    thread,
};
use neuronbus_sync::Ordering;

/// More than one thread writes: the high water is then looked at in steps of this fraction of the capacity.
const HIGH_WATER_STEP: u64 = 1_024;

impl Memory {
    /// A slot with a block for `len` bytes that this thread got back before, and where the block lies.
    #[inline]
    pub(crate) fn at_hand(&self, lane: Lane<'_>, len: u64) -> Option<(u16, u64)> {
        let class = self.geometry.class_for(len)?;
        let slot = lane.pop(class, self.thieves())?;
        self.count(lane, block_bytes(class));
        Some((slot, self.table().record(slot).place().offset()))
    }

    /// A slot with a block for `len` bytes, out of what all threads share, and where the block lies.
    #[cold]
    pub(crate) fn acquire(&self, lane: Lane<'_>, len: u64) -> Result<(u16, u64), ArenaError> {
        if len > self.geometry.usable_bytes() || len > u32::MAX.into() {
            return Err(self.out_of_space(len));
        }
        let class = self.geometry.class_for(len);
        if let Some(found) = class.filter(|&class| self.restock(lane, class)).and_then(|_| self.at_hand(lane, len)) {
            return Ok(found);
        }
        let slot = self.with_second_try(|| self.take_slot(first_slot_word(thread::number())));
        let slot = slot.ok_or(ArenaError::OutOfSlots)?;
        let Some(offset) = self.with_second_try(|| self.take_block(lane, len, class)) else {
            self.give_slot(slot);
            return Err(self.out_of_space(len));
        };
        let place = Place::new(class, offset);
        let bytes = place.bytes(&self.geometry, len as u32);
        self.table().record(slot).set_place(place);
        self.count(lane, bytes);
        self.raise_alloc_offset(offset + bytes);
        Ok((slot, offset))
    }

    /// Takes in what nobody refers to any more: keeps it at hand, or gives slot and block back to all. The caller owns
    /// `slot`.
    #[inline]
    pub(crate) fn retire(&self, lane: Lane<'_>, slot: u16) {
        let record = self.table().record(slot);
        match record.place().class() {
            Some(class)
                if record.name().generation() != u16::MAX && lane.push(class, slot, self.geometry.at_hand(class)) =>
            {
                lane.add(USED, block_bytes(class).wrapping_neg());
            }
            class => self.retire_to_all(lane, slot, class),
        }
    }

    #[cold]
    fn retire_to_all(&self, lane: Lane<'_>, slot: u16, class: Option<usize>) {
        let record = self.table().record(slot);
        lane.add(USED, record.place().bytes(&self.geometry, record.name().len()).wrapping_neg());
        let kept = class.is_some_and(|class| {
            // What was put at hand first is colder than what is now to come.
            self.depot().put(class, lane.split(class, self.thieves()), |older| self.detach(older));
            record.name().generation() != u16::MAX && lane.push(class, slot, self.geometry.at_hand(class))
        });
        if !kept {
            self.detach(slot);
        }
    }

    /// Puts a batch of slots at hand that other threads released; false if there is none.
    fn restock(&self, lane: Lane<'_>, class: usize) -> bool {
        let limit = self.geometry.at_hand(class);
        let keep = |slot| {
            if !lane.push(class, slot, limit) {
                self.detach(slot);
            }
        };
        lane.is_own() && self.depot().take(class, keep)
    }

    /// Counts what was handed out, and the most there ever was.
    #[inline]
    pub(crate) fn count(&self, lane: Lane<'_>, bytes: u64) {
        let used = lane.add(USED, bytes);
        if used.cast_signed() > lane.get(MARK).cast_signed() {
            self.look_at_high_water(lane, used);
        }
    }

    /// Bytes in use.
    pub(crate) fn used(&self) -> u64 {
        lane::sum(self.lanes(), USED)
    }

    /// Gives back what any thread has at hand, and what is on its way from one to another.
    pub(crate) fn reclaim(&self) {
        // SeqCst: before the fence and all that comes after it; partners the Acquire in `lane::take`.
        self.thieves().fetch_add(1, Ordering::SeqCst);
        if self.heavy_fence() {
            for number in 0..LANES {
                Lane::new(self.lanes(), number).steal().for_each(|slot| self.detach(slot));
            }
        }
        for class in 0..CLASSES {
            while self.depot().take(class, |slot| self.detach(slot)) {}
        }
        // Release: partners the Acquire in `lane::take`.
        self.thieves().fetch_sub(1, Ordering::Release);
    }

    /// Gives slot and block back to all. The caller owns `slot`.
    #[cold]
    pub(crate) fn detach(&self, slot: u16) {
        let record = self.table().record(slot);
        let place = record.place();
        match place.class() {
            Some(class) => self.spans().give(class, place.offset()),
            None => self.spans().give_run(place.offset(), record.name().len().into()),
        }
        self.give_slot(slot);
    }

    fn take_block(&self, lane: Lane<'_>, len: u64, class: Option<usize>) -> Option<u64> {
        let Some(class) = class else { return self.spans().take_run(len) };
        let mut span = if lane.is_own() { lane.span(class) } else { None };
        let offset = self.spans().take(class, &mut span)?;
        match span {
            Some(span) if !lane.is_own() => self.spans().offer(class, span),
            _ => lane.set_span(class, span),
        }
        Some(offset)
    }

    fn with_second_try<T>(&self, take: impl Fn() -> Option<T>) -> Option<T> {
        take().or_else(|| {
            self.reclaim();
            take()
        })
    }

    fn raise_alloc_offset(&self, end: u64) {
        // Relaxed, both: a mark for whoever looks at the file. Looked at first, because it seldom moves.
        if self.alloc_offset().load(Ordering::Relaxed) < end {
            self.alloc_offset().fetch_max(end, Ordering::Relaxed);
        }
    }

    fn out_of_space(&self, requested: u64) -> ArenaError {
        ArenaError::OutOfSpace { requested, available: self.geometry.usable_bytes().saturating_sub(self.used()) }
    }

    /// Raises the high water if it must be, and sets the mark to where it could be reached next by this lane alone.
    #[cold]
    fn look_at_high_water(&self, lane: Lane<'_>, used: u64) {
        let total = self.used();
        // Relaxed: a figure for reports.
        let high = self.high_water().fetch_max(total, Ordering::Relaxed).max(total);
        let alone = total == used;
        let step = if alone { 0 } else { self.capacity / HIGH_WATER_STEP };
        lane.set(MARK, used.wrapping_add((high - total).max(step)));
    }
}
