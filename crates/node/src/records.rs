//! What crosses the bridge by value. Field names are those of TypeScript; meanings are in `docs/boundary.md` and in the
//! crates that own them.
#![allow(missing_docs)]

use napi::bindgen_prelude::Uint8Array;
use napi_derive::napi;
use std::collections::BTreeMap;

#[napi(object)]
pub struct BusConfig {
    pub arena_bytes: f64,
    pub axon_slots: u32,
    pub max_neurons: u32,
    pub defer_slots: u32,
    pub inbox_slots: u32,
    pub outbox_slots: u32,
    #[napi(ts_type = "'busy-spin' | 'spin-hint' | 'yield-then-park'")]
    pub wait: String,
    pub manual_clock: bool,
    pub prune_below: f64,
    pub prune_every_ticks: f64,
}

#[napi(object, object_from_js = false)]
pub struct BridgeLayout {
    pub bytes: u32,
    pub clock_ns: u32,
    pub tick: u32,
    pub settled: u32,
    pub dropped: u32,
    pub in_flight: u32,
    pub parked: u32,
    pub reader_parked: u32,
    pub events: u32,
    pub scratch: u32,
    pub outbox: u32,
    pub outbox_flags: u32,
    pub inbox: u32,
    pub recipients: u32,
    pub done: u32,
    pub crossed: u32,
}

#[napi(object, object_from_js = false)]
pub struct RingLayout {
    pub header_bytes: u32,
    pub slot_count: u32,
    pub slots: u32,
    pub closed: u32,
    pub producer: u32,
    pub gate_bitmap: u32,
    pub clones: u32,
    pub intent: u32,
    pub commit: u32,
    pub waiters: u32,
    pub gates: u32,
    pub gate_stride: u32,
    pub max_readers: u32,
    pub intent_block: u32,
    pub slot_bytes: u32,
}

#[napi(object, object_from_js = false)]
pub struct SpikeLayout {
    pub timestamp_ns: u32,
    pub sequence: u32,
    pub source: u32,
    pub target: u32,
    pub tag: u32,
    pub priority: u32,
    pub payload: u32,
    pub inline_bytes: u32,
    pub kind_mask: u32,
    pub length_shift: u32,
    pub length_legacy: u32,
    pub length_empty: u32,
    pub length_arena: u32,
    pub arena_marker: u32,
    pub arena_offset: u32,
    pub arena_len: u32,
    pub arena_ref_slot: u32,
    pub broadcast: u32,
}

#[napi(object)]
pub struct Card {
    pub name: String,
    pub description: String,
    pub capabilities: Vec<String>,
    pub regions: Vec<String>,
    pub slots: u32,
}

#[napi(object)]
pub struct Membrane {
    pub threshold: f64,
    pub rest: f64,
    pub leak: f64,
    pub refractory_ticks: u32,
    pub floor: f64,
}

#[napi(object, object_from_js = false)]
pub struct StdpInit {
    pub a_plus: f64,
    pub a_minus: f64,
    pub tau_plus_ms: f64,
    pub tau_minus_ms: f64,
    pub w_min: f64,
    pub w_max: f64,
    pub decay_per_second: f64,
}

/// What is absent keeps its value.
#[napi(object, object_to_js = false)]
pub struct StdpPatch {
    pub a_plus: Option<f64>,
    pub a_minus: Option<f64>,
    pub tau_plus_ms: Option<f64>,
    pub tau_minus_ms: Option<f64>,
    pub w_min: Option<f64>,
    pub w_max: Option<f64>,
    pub decay_per_second: Option<f64>,
}

#[napi(object)]
pub struct FilterInit {
    #[napi(js_name = "type", ts_type = "'kind' | 'priority' | 'prefix' | 'custom'")]
    pub type_: String,
    pub kind: Option<u32>,
    pub min: Option<u32>,
    pub prefix: Option<Uint8Array>,
    pub name: Option<String>,
}

/// What is absent keeps its value, or is the default of a new synapse. `learns: false` turns learning off.
#[napi(object, object_to_js = false)]
pub struct ConnectInit {
    pub weight: Option<f64>,
    pub learns: Option<bool>,
    pub stdp: Option<StdpPatch>,
    pub filters: Option<Vec<FilterInit>>,
}

/// `stdp` is absent if the synapse does not learn.
#[napi(object, object_from_js = false)]
pub struct SynapseState {
    pub weight: f64,
    pub stdp: Option<StdpInit>,
    pub filters: Vec<FilterInit>,
}

#[napi(object, object_from_js = false)]
pub struct NativeEvent {
    #[napi(js_name = "type", ts_type = "'drop' | 'prune'")]
    pub type_: String,
    pub reason: Option<String>,
    pub source: u32,
    pub target: u32,
    pub sequence: Option<u32>,
    pub count: Option<f64>,
    pub weight: Option<f64>,
}

#[napi(object, object_from_js = false)]
pub struct NativeStats {
    pub fired: f64,
    pub delivered: f64,
    pub deferred: f64,
    pub in_flight: f64,
    pub inbox_written: f64,
    pub ticks: f64,
    pub late_ticks: f64,
    #[napi(ts_type = "Record<string, number>")]
    pub dropped: BTreeMap<String, f64>,
    pub events_lost: f64,
}

#[napi(object)]
pub struct RefInit {
    pub offset: f64,
    pub length: f64,
    pub slot: u32,
    pub generation: u32,
}

#[napi(object, object_from_js = false)]
pub struct ArenaStats {
    pub used: f64,
    pub capacity: f64,
    /// The longest payload that an empty arena takes.
    pub largest: f64,
    pub epoch: f64,
    pub high_water: f64,
    pub leases: u32,
}
