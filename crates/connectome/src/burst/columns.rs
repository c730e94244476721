//! Neurons and synapses as the caller has them: a column for each quantity (FE-22).

use crate::{
    ConnectomeError,
    area::as_many,
    cell::{is_potential, is_share},
};
use alloc::{string::ToString, vec::Vec};

/// Declares the columns of neurons once: lent, lent if they change, and owned.
macro_rules! neuron_columns {
    ($($(#[$doc:meta])* $name:ident: $type:ty,)*) => {
        /// Neurons in columns: entry n of each is a quantity of neuron n.
        #[derive(Debug, Clone, Copy, Default)]
        pub struct NeuronColumns<'a> {
            $($(#[$doc])* pub $name: &'a [$type],)*
        }

        /// What changes of some neurons: without a column that quantity stays.
        #[derive(Debug, Clone, Copy, Default)]
        pub struct NeuronPatch<'a> {
            $($(#[$doc])* pub $name: Option<&'a [$type]>,)*
        }

        /// Neurons with their ids, as an engine shows them.
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct NeuronTable {
            /// Their ids, ascending.
            pub ids: Vec<u32>,
            $($(#[$doc])* pub $name: Vec<$type>,)*
        }

        impl<'a> From<NeuronColumns<'a>> for NeuronPatch<'a> {
            fn from(columns: NeuronColumns<'a>) -> Self {
                Self { $($name: Some(columns.$name),)* }
            }
        }

        impl NeuronTable {
            /// The columns, without ids.
            pub fn columns(&self) -> NeuronColumns<'_> {
                NeuronColumns { $($name: &self.$name,)* }
            }
        }

        impl NeuronPatch<'_> {
            fn check_lengths(&self, other: &'static str, neurons: usize) -> Result<(), ConnectomeError> {
                $(as_many(stringify!($name), self.$name.map_or(neurons, <[_]>::len), other, neurons)?;)*
                Ok(())
            }
        }
    };
}

neuron_columns! {
    /// The area that a neuron lies in: any number.
    areas: u32,
    /// The potential at which it fires: any finite number. Potentials stay within ±10^37, so above that it never fires.
    thresholds: f32,
    /// The share of the gap to rest that it loses in a burst: 0 to 1.
    leaks: f32,
    /// The potential that it leaks to, and begins at: −10^37 to 10^37.
    rests: f32,
    /// The potential after it fired: −10^37 to 10^37.
    resets: f32,
    /// Bursts for which it is blocked after it fired.
    refractory: u16,
    /// The probability that it fires when it is at its threshold: 0 to 1.
    excitabilities: f32,
    /// Firings in a row, bursts in which it is blocked apart, after which it snoozes; 0 for no limit.
    consecutive_limits: u16,
    /// Bursts more for which it is blocked then.
    snoozes: u16,
    /// Whether its potential stays from burst to burst; 0 for one that begins each burst at rest.
    accumulate: u8,
}

impl NeuronPatch<'_> {
    /// That each column has as many entries as the column `other`, and numbers that a neuron can have.
    pub(super) fn check(&self, other: &'static str, neurons: usize) -> Result<(), ConnectomeError> {
        self.check_lengths(other, neurons)?;
        numbers("thresholds", self.thresholds, "finite numbers", f32::is_finite)?;
        numbers("leaks", self.leaks, "0 to 1", is_share)?;
        numbers("rests", self.rests, "-1e37 to 1e37", is_potential)?;
        numbers("resets", self.resets, "-1e37 to 1e37", is_potential)?;
        numbers("excitabilities", self.excitabilities, "0 to 1", is_share)
    }
}

/// That each number of a column is `right`.
pub(super) fn numbers(
    column: &'static str,
    values: Option<&[f32]>,
    allowed: &'static str,
    right: fn(f32) -> bool,
) -> Result<(), ConnectomeError> {
    match values.unwrap_or_default().iter().enumerate().find(|(_, value)| !right(**value)) {
        None => Ok(()),
        Some((index, value)) => Err(ConnectomeError::Number { column, index, value: value.to_string(), allowed }),
    }
}

/// What changes of some synapses: without a column that quantity stays.
#[derive(Debug, Clone, Copy, Default)]
pub struct SynapsePatch<'a> {
    /// As [`crate::SynapseColumns::sources`].
    pub sources: Option<&'a [u32]>,
    /// As [`crate::SynapseColumns::targets`].
    pub targets: Option<&'a [u32]>,
    /// As [`crate::SynapseColumns::weights`].
    pub weights: Option<&'a [u8]>,
    /// As [`crate::SynapseColumns::conductances`].
    pub conductances: Option<&'a [u8]>,
    /// As [`crate::SynapseColumns::types`].
    pub types: Option<&'a [u8]>,
}

impl SynapsePatch<'_> {
    /// That each column has as many entries as there are ids.
    pub(super) fn check(&self, ids: usize) -> Result<(), ConnectomeError> {
        as_many("sources", self.sources.map_or(ids, <[_]>::len), "ids", ids)?;
        as_many("targets", self.targets.map_or(ids, <[_]>::len), "ids", ids)?;
        as_many("weights", self.weights.map_or(ids, <[_]>::len), "ids", ids)?;
        as_many("conductances", self.conductances.map_or(ids, <[_]>::len), "ids", ids)?;
        as_many("types", self.types.map_or(ids, <[_]>::len), "ids", ids)
    }
}
