//! What can be wrong with a population, a connection or a file.

/// What was refused. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectomeError {
    /// A number outside its range.
    #[error("{name} is {value}; allowed: {min} to {max}")]
    OutOfRange {
        /// The name of the number, with its unit where it has one.
        name: &'static str,
        /// The number given.
        value: i64,
        /// The least that is allowed.
        min: i64,
        /// The most that is allowed.
        max: i64,
    },
    /// A density that is not a share.
    #[error("density is {found}; allowed: 0 to 1")]
    Density {
        /// What was given, as text: a float has no equality.
        found: alloc::string::String,
    },
    /// A range of neurons that is reversed or reaches past the end.
    #[error("the range {from} to {to} of neurons; allowed: ascending, within 0 to {neurons}")]
    Range {
        /// Its first neuron.
        from: usize,
        /// The one after its last.
        to: usize,
        /// Neurons there are.
        neurons: usize,
    },
    /// A column with another number of entries than it needs.
    #[error("{name} has {found} entries; allowed: {allowed}")]
    Length {
        /// The name of the column.
        name: &'static str,
        /// Entries given.
        found: usize,
        /// Entries that it may have, in words.
        allowed: alloc::string::String,
    },
    /// A row that is full (NP-20: `max_synapses`).
    #[error("neuron {source_id} has {max} synapses, the most that a row may hold")]
    RowFull {
        /// The neuron whose row it is.
        source_id: usize,
        /// Synapses that a row may hold.
        max: usize,
    },
    /// A number of a column that is not finite, or outside its range.
    #[error("{column} of entry {index} is {value}; allowed: {allowed}")]
    Number {
        /// The name of the column.
        column: &'static str,
        /// Its entry.
        index: usize,
        /// What stands there, as text: a float has no equality.
        value: alloc::string::String,
        /// What may stand there, in words.
        allowed: &'static str,
    },
    /// An id that nothing has, or that of something that was removed (FE-22).
    #[error("there is no {what} {id}")]
    Unknown {
        /// A neuron, or a synapse.
        what: &'static str,
        /// The id given.
        id: u32,
    },
    /// A neuron at which so many synapses end that one more could overflow what it gets in one burst.
    #[error("at neuron {target} end {max} synapses, the most that may")]
    TargetFull {
        /// The neuron.
        target: u32,
        /// Synapses that may end there.
        max: u32,
    },
    /// Bytes that are not what they should be (NP-25).
    #[error("the file is damaged at byte {at}: {what}")]
    Corrupt {
        /// Where, in bytes from its beginning.
        at: usize,
        /// What is wrong there.
        what: &'static str,
    },
}

impl ConnectomeError {
    /// The stable code, the same in both languages.
    pub fn code(&self) -> &'static str {
        match self {
            Self::RowFull { .. } | Self::TargetFull { .. } => "E_OUT_OF_SPACE",
            Self::Corrupt { .. } => "E_CORRUPT",
            _ => "E_OUT_OF_RANGE",
        }
    }
}

/// `value`, if it lies in `min..=max`. A number over 2^63 is quoted as that.
pub(crate) fn in_range<T>(name: &'static str, value: T, min: T, max: T) -> Result<T, ConnectomeError>
where
    T: Copy + PartialOrd + TryInto<i64>,
{
    if value >= min && value <= max {
        return Ok(value);
    }
    let [value, min, max] = [value, min, max].map(|number| number.try_into().unwrap_or(i64::MAX));
    Err(ConnectomeError::OutOfRange { name, value, min, max })
}
