//! Where each part of a bridge's memory lies. The drawing and the protocols: `docs/boundary.md`.
//!
//! ```text
//!  byte 0      128      256        384      448       512
//!       ┌───────┬────────┬──────────┬────────┬─────────┬────────┬────────┬───────┬──────────┬──────┬─────────┐
//!       │ clock │ parked │ reader   │ events │ scratch │ outbox │ outbox │ inbox │ recipi-  │ done │ crossed │
//!       │ tick  │        │ parked   │        │         │ ring   │ flags  │ ring  │ ents     │      │         │
//!       │ …     │        │          │        │         │        │ u16    │       │ u16      │ u32  │ u32     │
//!       └───────┴────────┴──────────┴────────┴─────────┴────────┴────────┴───────┴──────────┴──────┴─────────┘
//! ```

use crate::BusError;
use neuronbus_axon::layout::ring_bytes;

/// Time of the bus, u64 ns.
pub const CLOCK_NS: usize = 0;
/// Ticks finished, u64.
pub const TICK: usize = 8;
/// Outbox records that are done, u64.
pub const SETTLED: usize = 16;
/// Spikes dropped, u64, as of the last tick.
pub const DROPPED: usize = 24;
/// Spikes in flight outside the inbox, u64, as of the last tick.
pub const IN_FLIGHT: usize = 32;
/// How the driver sleeps, u32: [`AWAKE`], [`ASLEEP`], [`ON_SCHEDULE`].
pub const PARKED: usize = 128;
/// What the sleeping reader wants to be rung for, u32 of `RING_…` bits; 0 while it is awake.
pub const READER_PARKED: usize = 256;
/// Events waiting, u32.
pub const EVENTS: usize = 384;
/// The reference that was stored last, four u32: offset low, offset high, length, `ref_slot`.
pub const SCRATCH: usize = 448;
/// Bytes before the first ring.
pub const CONTROL_BYTES: usize = 512;

/// [`PARKED`]: the driver is awake.
pub const AWAKE: u32 = 0;
/// [`PARKED`]: the driver sleeps until it is touched.
pub const ASLEEP: u32 = 1;
/// [`PARKED`]: there is no driver, or it sleeps until its next fixed tick.
pub const ON_SCHEDULE: u32 = 2;

/// [`READER_PARKED`]: ring when deliveries or events wait.
pub const RING_INBOX: u32 = 1;
/// [`READER_PARKED`]: ring when anything moved.
pub const RING_MOVED: u32 = 2;
/// [`READER_PARKED`]: ring after every tick.
pub const RING_TICK: u32 = 4;

/// Outbox flag: the spike needs no synapse.
pub const FLAG_DIRECT: u16 = 1;

const LINE: usize = 128;

/// The sizes that a layout follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BridgeSizes {
    /// Slots of the outbox, a power of two from 2.
    pub outbox_slots: usize,
    /// Slots of the inbox, a power of two from 2.
    pub inbox_slots: usize,
    /// Most neurons of the bus.
    pub max_neurons: usize,
}

/// Byte offsets of the parts that move with the sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BridgeLayout {
    /// The sizes it is for.
    pub sizes: BridgeSizes,
    /// The ring of fired spikes.
    pub outbox: usize,
    /// u16 beside each outbox slot.
    pub outbox_flags: usize,
    /// The ring of deliveries.
    pub inbox: usize,
    /// u16 beside each inbox slot: who receives it.
    pub recipients: usize,
    /// u32 per neuron: spikes that are through, wrapping.
    pub done: usize,
    /// u32 per neuron: threshold crossings, wrapping.
    pub crossed: usize,
    /// All of it.
    pub bytes: usize,
}

impl BridgeLayout {
    /// The layout for these sizes.
    ///
    /// # Errors
    /// [`BusError::OutOfRange`] for a ring that is no power of two from 2 to 2^24.
    pub fn new(sizes: BridgeSizes) -> Result<Self, BusError> {
        check("inboxSlots", sizes.inbox_slots)?;
        check("outboxSlots", sizes.outbox_slots)?;
        let mut end = CONTROL_BYTES;
        let mut part = |bytes: usize| {
            let start = end;
            end += bytes.next_multiple_of(LINE);
            start
        };
        let outbox = part(ring_bytes(sizes.outbox_slots));
        let outbox_flags = part(sizes.outbox_slots * 2);
        let inbox = part(ring_bytes(sizes.inbox_slots));
        let recipients = part(sizes.inbox_slots * 2);
        let done = part(sizes.max_neurons * 4);
        let crossed = part(sizes.max_neurons * 4);
        Ok(Self { sizes, outbox, outbox_flags, inbox, recipients, done, crossed, bytes: end })
    }
}

fn check(name: &'static str, slots: usize) -> Result<(), BusError> {
    let fits = slots.is_power_of_two() && (2..=1 << 24).contains(&slots);
    let error = || BusError::OutOfRange { name, value: slots.to_string(), allowed: "a power of two from 2 to 2^24" };
    fits.then_some(()).ok_or_else(error)
}
