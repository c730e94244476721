//! Records of JavaScript ↔ values of Rust.

use crate::records::{BusConfig, Card, ConnectInit, FilterInit, Membrane, NativeEvent, RefInit, StdpInit, StdpPatch};
use neuronbus::{
    AgentCard, ArenaRef, BusError, Connection, CortexError, Event, Filter, FilterSet, NeuronId, SpikeKind, StdpChange,
    StdpOptions, WaitStrategy, bridge::layout::BridgeSizes,
};

/// The `f64` that is written with the fewest digits of all that round to `value`: 0.8 stays 0.8 on its way through `f32`.
pub fn shortest(value: f32) -> f64 {
    value.to_string().parse().unwrap_or_else(|_| value.into())
}

/// The neuron of this number.
pub fn id(raw: u32) -> Result<NeuronId, BusError> {
    let allowed = "0 to 65534";
    let id = u16::try_from(raw).ok().and_then(|raw| NeuronId::new(raw).ok());
    id.ok_or(BusError::OutOfRange { name: "neuron id", value: raw.to_string(), allowed })
}

impl BusConfig {
    /// The sizes of its bridge.
    pub fn sizes(&self) -> BridgeSizes {
        BridgeSizes {
            outbox_slots: self.outbox_slots as usize,
            inbox_slots: self.inbox_slots as usize,
            max_neurons: self.max_neurons as usize,
        }
    }

    /// How its cortex thread waits.
    pub fn strategy(&self) -> Result<WaitStrategy, BusError> {
        match self.wait.as_str() {
            "busy-spin" => Ok(WaitStrategy::BusySpin),
            "spin-hint" => Ok(WaitStrategy::SpinHint),
            "yield-then-park" => Ok(WaitStrategy::YieldThenPark),
            _ => Err(BusError::OutOfRange {
                name: "wait",
                value: self.wait.clone(),
                allowed: "busy-spin, spin-hint, yield-then-park",
            }),
        }
    }
}

/// A card, checked.
pub fn card(card: Card) -> Result<AgentCard, BusError> {
    let mut builder = AgentCard::builder(card.name).description(card.description).slots(card.slots);
    for capability in card.capabilities {
        builder = builder.capability(capability);
    }
    for region in card.regions {
        builder = builder.region(region);
    }
    Ok(builder.build().map_err(CortexError::from)?)
}

impl From<Membrane> for neuronbus::Membrane {
    fn from(membrane: Membrane) -> Self {
        Self {
            threshold: membrane.threshold as f32,
            rest: membrane.rest as f32,
            leak: membrane.leak as f32,
            refractory_ticks: membrane.refractory_ticks,
            floor: Some(membrane.floor as f32),
        }
    }
}

impl From<&StdpOptions> for StdpInit {
    fn from(options: &StdpOptions) -> Self {
        Self {
            a_plus: shortest(options.a_plus),
            a_minus: shortest(options.a_minus),
            tau_plus_ms: shortest(options.tau_plus_ms),
            tau_minus_ms: shortest(options.tau_minus_ms),
            w_min: shortest(options.w_min),
            w_max: shortest(options.w_max),
            decay_per_second: shortest(options.decay_per_second),
        }
    }
}

impl From<StdpPatch> for neuronbus::StdpPatch {
    fn from(patch: StdpPatch) -> Self {
        let narrow = |value: Option<f64>| value.map(|value| value as f32);
        Self {
            a_plus: narrow(patch.a_plus),
            a_minus: narrow(patch.a_minus),
            tau_plus_ms: narrow(patch.tau_plus_ms),
            tau_minus_ms: narrow(patch.tau_minus_ms),
            w_min: narrow(patch.w_min),
            w_max: narrow(patch.w_max),
            decay_per_second: narrow(patch.decay_per_second),
        }
    }
}

/// What `connect` is given.
pub fn connection(init: ConnectInit) -> Result<Connection, BusError> {
    let mut connection = Connection::new();
    if let Some(weight) = init.weight {
        connection = connection.weight(weight as f32);
    }
    connection = match (init.learns, init.stdp) {
        (Some(false), _) => connection.no_stdp(),
        (_, Some(patch)) => connection.stdp(neuronbus::StdpPatch::from(patch)),
        (Some(true), None) => connection.stdp(neuronbus::StdpPatch::default()),
        (None, None) => connection.stdp(StdpChange::Keep),
    };
    if let Some(filters) = init.filters {
        let filters: Result<FilterSet, BusError> = filters.into_iter().map(filter).collect();
        connection = connection.filters(filters?);
    }
    Ok(connection)
}

fn filter(init: FilterInit) -> Result<Filter, BusError> {
    let bad = || BusError::OutOfRange {
        name: "filter",
        value: init.type_.clone(),
        allowed: "kind with 0 to 2, priority with 0 to 255, prefix with bytes, custom with a name",
    };
    match (init.type_.as_str(), init.kind, init.min, &init.prefix, &init.name) {
        ("kind", Some(kind), ..) => {
            let kind = u8::try_from(kind).ok().and_then(|kind| SpikeKind::from_raw(kind).ok());
            Ok(Filter::Kind(kind.ok_or_else(bad)?))
        }
        ("priority", _, Some(min), ..) => Ok(Filter::Priority { min: u8::try_from(min).map_err(|_| bad())? }),
        ("prefix", _, _, Some(bytes), _) => Ok(Filter::prefix(bytes)),
        ("custom", .., Some(name)) => Ok(Filter::custom(name)),
        _ => Err(bad()),
    }
}

impl From<&Filter> for FilterInit {
    fn from(filter: &Filter) -> Self {
        let none = Self { type_: String::new(), kind: None, min: None, prefix: None, name: None };
        match filter {
            Filter::Kind(kind) => Self { type_: "kind".into(), kind: Some(kind.raw().into()), ..none },
            Filter::Priority { min } => Self { type_: "priority".into(), min: Some((*min).into()), ..none },
            Filter::Prefix(bytes) => Self { type_: "prefix".into(), prefix: Some(bytes.to_vec().into()), ..none },
            Filter::Custom(name) => Self { type_: "custom".into(), name: Some(name.to_string()), ..none },
        }
    }
}

impl From<Event> for NativeEvent {
    fn from(event: Event) -> Self {
        match event {
            Event::Drop { reason, source, target, sequence, count } => Self {
                type_: "drop".into(),
                reason: Some(reason.name().into()),
                source: source.into(),
                target: target.into(),
                sequence: Some(sequence),
                count: Some(count as f64),
                weight: None,
            },
            Event::Prune { pre, post, weight } => Self {
                type_: "prune".into(),
                reason: None,
                source: pre.raw().into(),
                target: post.raw().into(),
                sequence: None,
                count: None,
                weight: Some(shortest(weight)),
            },
        }
    }
}

impl RefInit {
    /// A reference as JavaScript sees it.
    pub fn from_ref(at: ArenaRef) -> Self {
        Self {
            offset: at.offset as f64,
            length: at.len.into(),
            slot: at.slot().into(),
            generation: at.generation().into(),
        }
    }

    /// The reference; one whose fields are no whole numbers in range names nothing, and the arena refuses it.
    pub fn to_ref(&self) -> ArenaRef {
        let whole = |value: f64, max: f64| (value.fract() == 0.0 && (0.0..=max).contains(&value)).then_some(value);
        let offset = whole(self.offset, 9_007_199_254_740_991.0).map_or(u64::MAX, |offset| offset as u64);
        let len = whole(self.length, f64::from(u32::MAX)).map_or(0, |len| len as u32);
        let slot = u16::try_from(self.slot);
        let generation = u16::try_from(self.generation);
        match (slot, generation) {
            (Ok(slot), Ok(generation)) => ArenaRef::new(offset, len, slot, generation),
            _ => ArenaRef::new(u64::MAX, 0, u16::MAX, u16::MAX),
        }
    }
}
