//! Errors on their way to JavaScript: an `Error` with the stable `code` and the fields as `detail`.

use napi::{
    Env,
    bindgen_prelude::{Error, JsValue, Object, Result, Status},
};
use neuronbus::{
    ArenaError, BusError, CortexError, NeuronError, SynapseError,
    axon::{AxonError, layout::MAX_READERS},
    connectome::ConnectomeError,
};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Payloads that can be alive at a time: a reference names its slot by 16 bits.
const MAX_PAYLOADS: u64 = 1 << 16;

/// A field of an error.
pub enum Field {
    /// A quantity.
    Number(f64),
    /// A name or an unusual value.
    Text(String),
}

/// Runs `call`; its error, or its panic, becomes a JavaScript error.
pub fn guard<R>(env: Env, call: impl FnOnce() -> std::result::Result<R, BusError>) -> Result<R> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(to_js(env, error.code(), &error.to_string(), fields(&error))),
        Err(_) => Err(to_js(env, "E_PANIC", "the native core panicked; this bus should be closed", Vec::new())),
    }
}

fn to_js(env: Env, code: &str, message: &str, fields: Vec<(&'static str, Field)>) -> Error {
    let build = || {
        let mut error = env.create_error(Error::new(Status::GenericFailure, message))?;
        error.set("code", code)?;
        let mut detail = Object::new(&env)?;
        for (name, field) in fields {
            match field {
                Field::Number(number) => detail.set(name, number)?,
                Field::Text(text) => detail.set(name, text)?,
            }
        }
        error.set("detail", detail)?;
        Ok(error.to_unknown())
    };
    match build() {
        Ok(error) => Error::from(error),
        Err(error) => error,
    }
}

fn number(value: impl Into<u64>) -> Field {
    Field::Number(value.into() as f64)
}

type Fields = Vec<(&'static str, Field)>;

fn text(value: impl Into<String>) -> Field {
    Field::Text(value.into())
}

fn fields(error: &BusError) -> Fields {
    match error {
        BusError::OutOfRange { name, value, allowed } => named(name, value, allowed),
        BusError::State { call, state } => vec![("call", text(*call)), ("state", text(*state))],
        BusError::Thread(source) => vec![("cause", text(source.to_string()))],
        BusError::Cortex(error) => cortex_fields(error),
        BusError::Arena(error) => arena_fields(error),
        BusError::Axon(error) => axon_fields(error),
        BusError::Connectome(error) => connectome_fields(error),
        _ => Vec::new(),
    }
}

fn named(name: &str, value: &str, allowed: &str) -> Fields {
    vec![("name", text(name)), ("value", text(value)), ("allowed", text(allowed))]
}

fn ranged(name: &str, value: f32, min: f32, max: f32) -> Fields {
    named(name, &value.to_string(), &format!("{min} to {max}"))
}

fn connectome_fields(error: &ConnectomeError) -> Fields {
    match error {
        ConnectomeError::OutOfRange { name, value, min, max } => {
            named(name, &value.to_string(), &format!("{min} to {max}"))
        }
        ConnectomeError::Length { name, found, allowed } => named(name, &found.to_string(), allowed),
        ConnectomeError::Number { column, index, value, allowed } => {
            let mut fields = named(column, value, allowed);
            fields.push(("index", number(*index as u64)));
            fields
        }
        ConnectomeError::Unknown { what, id } => vec![("name", text(*what)), ("id", number(*id))],
        ConnectomeError::TargetFull { target, max } => vec![("id", number(*target)), ("max", number(*max))],
        _ => Vec::new(),
    }
}

fn cortex_fields(error: &CortexError) -> Fields {
    match error {
        CortexError::OutOfRange { name, value, allowed } => named(name, value, allowed),
        CortexError::UnknownNeuron { id } => vec![("id", number(*id))],
        CortexError::NotConnected { pre, post } => vec![("pre", number(*pre)), ("post", number(*post))],
        CortexError::TooManyNeurons { max } => vec![("max", number(*max as u64))],
        CortexError::Arena(error) => arena_fields(error),
        CortexError::Axon(error) => axon_fields(error),
        CortexError::Synapse(error) => synapse_fields(error),
        CortexError::Neuron(error) => neuron_fields(error),
        _ => Vec::new(),
    }
}

fn synapse_fields(error: &SynapseError) -> Fields {
    match error {
        SynapseError::OutOfRange { name, value, min, max } => ranged(name, *value, *min, *max),
        SynapseError::UnknownNeuron { id, .. } => vec![("id", number(id.raw()))],
        SynapseError::UnknownFilter { name } => vec![("name", text(name))],
        _ => Vec::new(),
    }
}

fn neuron_fields(error: &NeuronError) -> Fields {
    match error {
        NeuronError::OutOfRange { name, value, min, max } => ranged(name, *value, *min, *max),
        NeuronError::ThresholdNotAboveRest { threshold, rest } => {
            named("threshold", &threshold.to_string(), &format!("finite numbers above rest ({rest})"))
        }
        NeuronError::BadCapability { found } => named("capability", found, "words joined by single slashes"),
        NeuronError::BadRegion { found } => named("region", found, "words joined by single slashes"),
        NeuronError::NoSlots { found } => named("slots", &found.to_string(), "1 and more"),
        _ => Vec::new(),
    }
}

fn axon_fields(error: &AxonError) -> Fields {
    match error {
        AxonError::Capacity { slots } => vec![("slots", number(*slots as u64))],
        AxonError::OutOfMemory { bytes } => vec![("requested", number(*bytes as u64))],
        AxonError::TooManyReaders => vec![("max", number(MAX_READERS as u64))],
        _ => Vec::new(),
    }
}

/// By the names that references have in TypeScript.
fn arena_fields(error: &ArenaError) -> Fields {
    match error {
        ArenaError::OutOfSpace { requested, available } => {
            vec![("requested", number(*requested)), ("available", number(*available))]
        }
        ArenaError::OutOfSlots => vec![("max", number(MAX_PAYLOADS))],
        ArenaError::InvalidRef { offset, len } => vec![("offset", number(*offset)), ("length", number(*len))],
        ArenaError::StaleRef { slot, generation } => {
            vec![("slot", number(*slot)), ("generation", number(*generation))]
        }
        ArenaError::TooManyRefs { slot } => vec![("slot", number(*slot))],
        ArenaError::Busy { leases, in_flight } => vec![("leases", number(*leases)), ("inFlight", number(*in_flight))],
        ArenaError::Capacity { found } => vec![("name", text("arenaBytes")), ("value", number(*found))],
        ArenaError::Io { path, source } => {
            vec![("path", text(path.to_string_lossy())), ("cause", text(source.to_string()))]
        }
        _ => Vec::new(),
    }
}
