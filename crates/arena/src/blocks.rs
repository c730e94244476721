//! From bytes to a slot with a block, and back: the paths on which nothing suitable lies at hand.

use crate::{
    ArenaError,
    lane::{self, Lane, MARK, USED, first_slot_word},
    memory::Memory,
    record::Place,
    thread,
};
use neuronbus_sync::Ordering;

/// More than one thread writes: the high water is then looked at in steps of this fraction of the capacity.
const HIGH_WATER_STEP: u64 = 1_024;

impl Memory {
    /// A slot with a block of `class` that this thread got back before, if others left it.
    #[inline]
    pub(crate) fn at_hand(&self, lane: Lane<'_>, class: usize) -> Option<(u16, Place)> {
        loop {
            let slot = lane.pop(class)?;
            if self.table().claim_kept(slot) {
                let place = self.table().record(slot).place();
                if place.is_class(class) {
                    return Some((slot, place));
                }
                // Somebody took it and kept it anew for another size: it stays kept.
                self.table().keep(slot);
            }
        }
    }

    /// A slot with a block for `len` bytes, out of what all threads share.
    #[cold]
    pub(crate) fn acquire(&self, lane: Lane<'_>, len: u64, class: Option<usize>) -> Result<(u16, Place), ArenaError> {
        if len > self.geometry.usable_bytes() || len > u32::MAX.into() {
            return Err(self.out_of_space(len));
        }
        let slot = self.with_second_try(|| self.take_slot(first_slot_word(thread::number())));
        let slot = slot.ok_or(ArenaError::OutOfSlots)?;
        let Some(offset) = self.with_second_try(|| self.take_block(lane, len, class)) else {
            self.give_slot(slot);
            return Err(self.out_of_space(len));
        };
        let place = Place::new(class, offset);
        self.table().record(slot).set_place(place);
        // Relaxed: a mark for whoever looks at the file.
        self.alloc_offset().fetch_max(offset + place.bytes(&self.geometry, len as u32), Ordering::Relaxed);
        Ok((slot, place))
    }

    /// Takes in what nobody refers to any more: keeps it at hand, or gives slot and block back to all. The caller owns `slot`.
    #[inline]
    pub(crate) fn retire(&self, lane: Lane<'_>, slot: u16) {
        let record = self.table().record(slot);
        let (place, name) = (record.place(), record.name());
        lane.add(USED, place.bytes(&self.geometry, name.len()).wrapping_neg());
        match place.class() {
            Some(class) if lane.is_own() && name.generation() != u16::MAX => self.keep(lane, class, slot),
            _ => self.detach(slot),
        }
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

    /// Takes every slot that is kept at hand anywhere, gives its block back to all; how many. Anyone may do so at any time.
    pub(crate) fn reclaim_kept(&self) -> usize {
        let kept = self.slots_taken().taken().filter(|&slot| self.table().claim_kept(slot as u16));
        kept.map(|slot| self.detach(slot as u16)).count()
    }

    /// Gives slot and block back to all. The caller owns `slot`.
    pub(crate) fn detach(&self, slot: u16) {
        let record = self.table().record(slot);
        let place = record.place();
        match place.class() {
            Some(class) => self.spans().give(class, place.offset()),
            None => self.spans().give_run(place.offset(), record.name().len().into()),
        }
        self.give_slot(slot);
    }

    #[inline]
    fn keep(&self, lane: Lane<'_>, class: usize, slot: u16) {
        let limit = self.geometry.at_hand(class);
        if !lane.push(class, slot, limit) {
            self.make_room_at_hand(lane, class);
            lane.push(class, slot, limit);
        }
        self.table().keep(slot);
    }

    #[cold]
    fn make_room_at_hand(&self, lane: Lane<'_>, class: usize) {
        lane.split(class).for_each(|older| self.let_go(older));
    }

    /// Gives back what a hint points at, if it is still kept.
    fn let_go(&self, slot: u16) {
        if self.table().claim_kept(slot) {
            self.detach(slot);
        }
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
            self.reclaim_kept();
            take()
        })
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
