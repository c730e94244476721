//! The offsets of the shared memory, so that no TypeScript file knows a number.

use crate::{
    error::guard,
    pin,
    records::{BridgeLayout, BusConfig, RingLayout, SpikeLayout},
};
use napi::{
    Env,
    bindgen_prelude::{Result, Uint8Array},
};
use napi_derive::napi;
use neuronbus::{axon::layout as ring, bridge::layout as bridge, spike_layout as spike};

/// The memory of a bus of this configuration.
#[napi]
pub fn bridge_layout(env: Env, config: BusConfig) -> Result<BridgeLayout> {
    let layout = guard(env, || bridge::BridgeLayout::new(config.sizes()))?;
    let at = |offset: usize| offset as u32;
    Ok(BridgeLayout {
        bytes: at(layout.bytes),
        clock_ns: at(bridge::CLOCK_NS),
        tick: at(bridge::TICK),
        settled: at(bridge::SETTLED),
        dropped: at(bridge::DROPPED),
        in_flight: at(bridge::IN_FLIGHT),
        parked: at(bridge::PARKED),
        reader_parked: at(bridge::READER_PARKED),
        events: at(bridge::EVENTS),
        scratch: at(bridge::SCRATCH),
        outbox: at(layout.outbox),
        outbox_flags: at(layout.outbox_flags),
        inbox: at(layout.inbox),
        recipients: at(layout.recipients),
        done: at(layout.done),
        crossed: at(layout.crossed),
    })
}

/// Bytes to skip so that the memory starts at a multiple of 64: allocate 64 more than `bytes`, and hand over the aligned
/// part.
#[napi]
pub fn aligned_offset(memory: Uint8Array) -> u32 {
    pin::misalignment(&memory) as u32
}

/// The memory of a ring.
#[napi]
pub fn ring_layout() -> RingLayout {
    let at = |offset: usize| offset as u32;
    RingLayout {
        header_bytes: at(ring::HEADER_BYTES),
        slot_count: at(ring::SLOT_COUNT),
        slots: at(ring::SLOTS),
        closed: at(ring::CLOSED),
        producer: at(ring::PRODUCER),
        gate_bitmap: at(ring::GATE_BITMAP),
        clones: at(ring::CLONES),
        intent: at(ring::INTENT),
        commit: at(ring::COMMIT),
        waiters: at(ring::WAITERS),
        gates: at(ring::GATES),
        gate_stride: at(ring::GATE_STRIDE),
        max_readers: at(ring::MAX_READERS),
        intent_block: ring::INTENT_BLOCK as u32,
        slot_bytes: at(spike::SPIKE_BYTES),
    }
}

/// The 64 bytes of a spike.
#[napi]
pub fn spike_layout() -> SpikeLayout {
    let at = |offset: usize| offset as u32;
    SpikeLayout {
        timestamp_ns: at(spike::TIMESTAMP_NS),
        sequence: at(spike::SEQUENCE),
        source: at(spike::SOURCE),
        target: at(spike::TARGET),
        tag: at(spike::TAG),
        priority: at(spike::PRIORITY),
        payload: at(spike::PAYLOAD),
        inline_bytes: at(spike::INLINE_BYTES),
        kind_mask: spike::KIND_MASK.into(),
        length_shift: spike::LENGTH_SHIFT,
        length_legacy: spike::LENGTH_LEGACY.into(),
        length_empty: spike::LENGTH_EMPTY.into(),
        length_arena: spike::LENGTH_ARENA.into(),
        arena_marker: spike::ARENA_MARKER.into(),
        arena_offset: at(spike::ARENA_OFFSET),
        arena_len: at(spike::ARENA_LEN),
        arena_ref_slot: at(spike::ARENA_REF_SLOT),
        broadcast: spike::BROADCAST.into(),
    }
}
