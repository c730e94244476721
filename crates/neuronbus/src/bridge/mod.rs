//! The bridge: a [`Port`] whose other side is code in another language, behind shared memory and a doorbell.

pub mod layout;
mod memory;

use crate::BusError;
use layout::{
    BridgeLayout, DROPPED, EVENTS, FLAG_DIRECT, IN_FLIGHT, READER_PARKED, RING_INBOX, RING_MOVED, RING_TICK, SETTLED,
    TICK,
};
pub use memory::BridgeMemory;
use neuronbus_axon::{Axon, Publisher, Reader};
use neuronbus_cortex::{Notice, Port, Record, Sleep};
use neuronbus_spike::{NeuronId, Spike};
use neuronbus_sync::{Ordering, fence};

/// Wakes the other side. Must not block, and must not call back.
pub type Doorbell = Box<dyn Fn() + Send>;

/// The cortex's end of a bridge.
pub struct Bridge {
    memory: BridgeMemory,
    layout: BridgeLayout,
    outbox_axon: Axon,
    outbox: Reader,
    inbox_axon: Axon,
    inbox: Publisher,
    doorbell: Doorbell,
}

impl Bridge {
    /// Lays the rings into `memory`, which is all zero, and takes the cortex's ends of them. Gate 0 of the inbox is given to
    /// the other side.
    ///
    /// # Errors
    /// A ring that somebody else has taken already.
    pub fn new(memory: BridgeMemory, doorbell: Doorbell) -> Result<Self, BusError> {
        let layout = *memory.layout();
        let outbox_axon =
            Axon::over(memory.ring(layout.outbox, layout.sizes.outbox_slots)?, layout.sizes.outbox_slots)?;
        let inbox_axon = Axon::over(memory.ring(layout.inbox, layout.sizes.inbox_slots)?, layout.sizes.inbox_slots)?;
        let outbox = outbox_axon.reader()?;
        let inbox = inbox_axon.publisher()?;
        inbox_axon.claim_gate()?;
        memory.set_sleep(Sleep::OnSchedule);
        Ok(Self { memory, layout, outbox_axon, outbox, inbox_axon, inbox, doorbell })
    }

    fn waits_in_inbox(&self) -> bool {
        self.inbox_axon.gates_min(None) != self.inbox.published()
    }
}

impl Port for Bridge {
    fn front(&mut self) -> Option<Record> {
        // Without the pause of `available`: the cortex has other things to do.
        let words = self.outbox.words(0).or_else(|| (self.outbox.poll() > 0).then(|| self.outbox.words(0))?)?;
        let slot = self.outbox.read_pos() as usize & (self.layout.sizes.outbox_slots - 1);
        let flags = self.memory.load_u16(self.layout.outbox_flags + 2 * slot);
        Some(Record { spike: Spike::from_words(words), direct: flags & FLAG_DIRECT != 0 })
    }

    fn pop(&mut self) {
        self.outbox.release(1);
    }

    fn backlog(&self) -> usize {
        // The cursor is the other side's and may say anything: what lies behind this end, or further on than the ring is
        // long, is not there. Else one store would keep the cortex in a loop over it.
        let ahead = self.outbox_axon.published().wrapping_sub(self.outbox.read_pos());
        if ahead > u64::MAX / 2 { 0 } else { ahead.min(self.layout.sizes.outbox_slots as u64) as usize }
    }

    fn fired(&self) -> u64 {
        self.outbox.read_pos() + self.backlog() as u64
    }

    fn deliver(&mut self, recipient: NeuronId, spike: &Spike) -> bool {
        let Ok(slot) = self.inbox.stage(spike) else { return false };
        self.memory.store_u16(self.layout.recipients + 2 * slot, recipient.raw());
        true
    }

    fn publish(&mut self) {
        self.inbox.commit();
    }

    fn released(&mut self) -> u64 {
        self.inbox_axon.gates_min(None).min(self.inbox.published())
    }

    fn set_done(&mut self, sender: NeuronId, done: u32) {
        self.memory.store_u32(self.layout.done + 4 * sender.index(), done);
    }

    fn set_crossed(&mut self, neuron: NeuronId, crossed: u32) {
        self.memory.store_u32(self.layout.crossed + 4 * neuron.index(), crossed);
    }

    fn set_clock(&mut self, now_ns: u64) {
        self.memory.advance_clock(now_ns);
    }

    fn set_settled(&mut self, settled: u64) {
        self.memory.store_u64(SETTLED, settled);
    }

    fn set_sleep(&mut self, sleep: Sleep) {
        self.memory.set_sleep(sleep);
    }

    fn notify(&mut self, notice: Notice) {
        // Release, partner: the other side's load of TICK (its atomics acquire): who sees the new tick sees what it did to
        // the columns and the rings.
        fence(Ordering::Release);
        self.memory.store_u64(TICK, notice.tick);
        self.memory.store_u64(DROPPED, notice.dropped);
        self.memory.store_u64(IN_FLIGHT, notice.in_flight);
        self.memory.store_u32(EVENTS, notice.events as u32);
        // SeqCst, partner: the other side stores READER_PARKED and then looks at the inbox and these words once more; here
        // they were stored, and READER_PARKED is loaded. One of the two sees the other.
        fence(Ordering::SeqCst);
        let wanted = self.memory.load_u32(READER_PARKED);
        let ring = wanted & RING_INBOX != 0 && (notice.events > 0 || self.waits_in_inbox())
            || wanted & RING_MOVED != 0 && notice.moved
            || wanted & RING_TICK != 0;
        if ring && self.memory.swap_u32(READER_PARKED, 0) != 0 {
            (self.doorbell)();
        }
    }
}
