//! The memory of a bridge, seen through its layout.

use super::layout::{ASLEEP, AWAKE, BridgeLayout, CLOCK_NS, CONTROL_BYTES, ON_SCHEDULE, PARKED};
use crate::{BusError, bell};
use neuronbus_axon::{AxonError, Region, layout::ring_bytes};
use neuronbus_cortex::Sleep;
use neuronbus_sync::{AtomicU16, AtomicU32, Ordering};

/// Memory that is as large as its layout says. Clones share it.
///
/// Stores to a place outside would be ignored and loads give 0; there are none, because [`Self::new`] checks that every
/// part lies inside.
#[derive(Debug, Clone)]
pub struct BridgeMemory {
    region: Region,
    layout: BridgeLayout,
}

impl BridgeMemory {
    /// Checks that all parts of `layout` lie in `region`.
    ///
    /// # Errors
    /// [`AxonError::OutOfRegion`] or [`AxonError::Misaligned`].
    pub fn new(region: Region, layout: BridgeLayout) -> Result<Self, BusError> {
        let sizes = layout.sizes;
        region.u64s(0, CONTROL_BYTES / 8)?;
        region.slice(layout.outbox, ring_bytes(sizes.outbox_slots))?;
        region.slice(layout.inbox, ring_bytes(sizes.inbox_slots))?;
        region.u16s(layout.outbox_flags, sizes.outbox_slots)?;
        region.u16s(layout.recipients, sizes.inbox_slots)?;
        region.u32s(layout.done, sizes.max_neurons)?;
        region.u32s(layout.crossed, sizes.max_neurons)?;
        Ok(Self { region, layout })
    }

    /// The layout.
    pub fn layout(&self) -> &BridgeLayout {
        &self.layout
    }

    /// How the driver sleeps, for the one who may wake it.
    pub fn sleep(&self) -> Sleep {
        // SeqCst, partner: `bell::show`.
        match self.u32(PARKED).map_or(ON_SCHEDULE, |word| word.load(Ordering::SeqCst)) {
            AWAKE => Sleep::Awake,
            ASLEEP => Sleep::UntilTouched,
            _ => Sleep::OnSchedule,
        }
    }

    /// Shows how the driver sleeps.
    pub fn set_sleep(&self, sleep: Sleep) {
        let state = match sleep {
            Sleep::Awake => AWAKE,
            Sleep::UntilTouched => ASLEEP,
            Sleep::OnSchedule => ON_SCHEDULE,
        };
        if let Some(word) = self.u32(PARKED) {
            bell::show(word, state);
        }
    }

    /// Shows a time; the other side may read it half way through, and reads again when the high half changed.
    pub fn store_u64(&self, offset: usize, value: u64) {
        if let Some(word) = self.region.words().get(offset / 8) {
            // Relaxed: each word stands for itself; what must be ordered goes through the rings' cursors.
            word.store(value, Ordering::Relaxed);
        }
    }

    /// Shows the time. The driver and the one who fires both do; whoever was held up between reading the clock and showing it
    /// does not turn it back.
    pub fn advance_clock(&self, now_ns: u64) {
        if let Some(word) = self.region.words().get(CLOCK_NS / 8) {
            // Relaxed: as in `store_u64`.
            word.fetch_max(now_ns, Ordering::Relaxed);
        }
    }

    pub(super) fn ring(&self, offset: usize, slots: usize) -> Result<Region, AxonError> {
        self.region.slice(offset, ring_bytes(slots))
    }

    /// Shows a word that stands for itself.
    pub fn store_u32(&self, offset: usize, value: u32) {
        if let Some(word) = self.u32(offset) {
            // Relaxed: as in `store_u64`.
            word.store(value, Ordering::Relaxed);
        }
    }

    pub(super) fn load_u32(&self, offset: usize) -> u32 {
        // Relaxed: the caller's fence orders it.
        self.u32(offset).map_or(0, |word| word.load(Ordering::Relaxed))
    }

    pub(super) fn swap_u32(&self, offset: usize, value: u32) -> u32 {
        // AcqRel, partner: the other side's store of this word.
        self.u32(offset).map_or(0, |word| word.swap(value, Ordering::AcqRel))
    }

    pub(super) fn load_u16(&self, offset: usize) -> u16 {
        // Relaxed: the cursor of the ring beside it was acquired.
        self.u16(offset).map_or(0, |word| word.load(Ordering::Relaxed))
    }

    pub(super) fn store_u16(&self, offset: usize, value: u16) {
        if let Some(word) = self.u16(offset) {
            // Relaxed: the cursor of the ring beside it is released later.
            word.store(value, Ordering::Relaxed);
        }
    }

    fn u32(&self, offset: usize) -> Option<&AtomicU32> {
        self.region.u32s(offset, 1).ok()?.first()
    }

    fn u16(&self, offset: usize) -> Option<&AtomicU16> {
        self.region.u16s(offset, 1).ok()?.first()
    }
}
