//! Errors on their way to JavaScript: an `Error` with the stable `code` and the fields as `detail`.

use napi::{
    Env,
    bindgen_prelude::{Error, JsValue, Object, Result, Status},
};
use neuronbus::{ArenaError, BusError, CortexError, NeuronError, SynapseError};
use std::panic::{AssertUnwindSafe, catch_unwind};

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

fn number(value: impl TryInto<u64>) -> Field {
    Field::Number(value.try_into().map_or(f64::NAN, |value: u64| value as f64))
}

fn fields(error: &BusError) -> Vec<(&'static str, Field)> {
    match error {
        BusError::OutOfRange { name, value, allowed } => named(name, value, allowed),
        BusError::State { call, state } => {
            vec![("call", Field::Text((*call).into())), ("state", Field::Text((*state).into()))]
        }
        BusError::Cortex(error) => cortex_fields(error),
        BusError::Arena(error) => arena_fields(error),
        _ => Vec::new(),
    }
}

fn named(name: &str, value: &str, allowed: &str) -> Vec<(&'static str, Field)> {
    let text = |text: &str| Field::Text(text.into());
    vec![("name", text(name)), ("value", text(value)), ("allowed", text(allowed))]
}

fn cortex_fields(error: &CortexError) -> Vec<(&'static str, Field)> {
    match error {
        CortexError::OutOfRange { name, value, allowed } => named(name, value, allowed),
        CortexError::UnknownNeuron { id } => vec![("id", number(*id))],
        CortexError::TooManyNeurons { max } => vec![("max", number(*max))],
        CortexError::Arena(error) => arena_fields(error),
        CortexError::Synapse(SynapseError::OutOfRange { name, value, min, max })
        | CortexError::Neuron(NeuronError::OutOfRange { name, value, min, max }) => {
            named(name, &value.to_string(), &format!("{min} to {max}"))
        }
        CortexError::Synapse(SynapseError::UnknownFilter { name }) => vec![("name", Field::Text(name.clone()))],
        _ => Vec::new(),
    }
}

fn arena_fields(error: &ArenaError) -> Vec<(&'static str, Field)> {
    match error {
        ArenaError::OutOfSpace { requested, available } => {
            vec![("requested", number(*requested)), ("available", number(*available))]
        }
        ArenaError::Busy { leases, in_flight } => vec![("leases", number(*leases)), ("inFlight", number(*in_flight))],
        _ => Vec::new(),
    }
}
