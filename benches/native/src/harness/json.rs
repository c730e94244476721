//! Just enough JSON to write results.

use std::fmt;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// A number; what JSON cannot write becomes null.
    Number(f64),
    /// True or false.
    Bool(bool),
    /// A string.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// Names and values, in this order.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// An object without members.
    pub fn object() -> Self {
        Self::Object(Vec::new())
    }

    /// A list of `values`.
    pub fn list(values: impl Iterator<Item = Self>) -> Self {
        Self::List(values.collect())
    }

    /// This object with one member more; anything else is returned as it is.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Self>) -> Self {
        if let Self::Object(members) = &mut self {
            members.push((name.to_owned(), value.into()));
        }
        self
    }

    /// The value of a member, if this is an object that has it.
    pub fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }
}

impl From<f64> for Json {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<&str> for Json {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl fmt::Display for Json {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(value) if value.is_finite() => write!(out, "{}", rounded(*value)),
            Self::Number(_) => out.write_str("null"),
            Self::Bool(value) => write!(out, "{value}"),
            Self::Text(text) => write_text(out, text),
            Self::List(values) => {
                out.write_str("[")?;
                write_joined(out, values, |out, value| write!(out, "{value}"))?;
                out.write_str("]")
            }
            Self::Object(members) => {
                out.write_str("{")?;
                write_joined(out, members, |out, (name, value)| {
                    write_text(out, name)?;
                    write!(out, ":{value}")
                })?;
                out.write_str("}")
            }
        }
    }
}

/// Four significant digits: more would claim too much.
fn rounded(value: f64) -> f64 {
    if value == 0.0 || value.abs() >= 10_000.0 {
        return value.round();
    }
    let scale = 10_f64.powi(3 - value.abs().log10().floor() as i32);
    (value * scale).round() / scale
}

fn write_joined<T>(
    out: &mut fmt::Formatter<'_>,
    values: &[T],
    write: impl Fn(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            out.write_str(",")?;
        }
        write(out, value)?;
    }
    Ok(())
}

fn write_text(out: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    out.write_str("\"")?;
    for char in text.chars() {
        match char {
            '"' | '\\' => write!(out, "\\{char}")?,
            char if char.is_control() => write!(out, "\\u{:04x}", u32::from(char))?,
            char => write!(out, "{char}")?,
        }
    }
    out.write_str("\"")
}
