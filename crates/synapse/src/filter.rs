//! Dendritic filters: what a synapse lets through (NB-30).

use crate::SynapseError;
use neuronbus_spike::{ArenaRef, Payload, Spike, SpikeKind};
use std::sync::Arc;

/// What a filter cannot see by itself. The router is one.
pub trait FilterHost {
    /// Whether the arena payload begins with `prefix`. Called only for spikes whose payload lies in the arena. A stale
    /// reference begins with nothing: answer false.
    fn arena_starts_with(&mut self, payload: ArenaRef, prefix: &[u8]) -> bool;

    /// Whether the predicate registered under `name` lets the spike through.
    fn custom(&mut self, name: &str, spike: &Spike) -> bool;
}

/// One condition on a spike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// Only spikes of this kind.
    Kind(SpikeKind),
    /// Only spikes of at least this priority.
    Priority {
        /// The least priority that passes.
        min: u8,
    },
    /// Only spikes whose payload begins with these bytes, inline or in the arena.
    Prefix(Arc<[u8]>),
    /// Only spikes that the predicate registered under this name lets through.
    Custom(Arc<str>),
}

impl Filter {
    /// A filter on the first bytes of the payload.
    pub fn prefix(bytes: impl AsRef<[u8]>) -> Self {
        Self::Prefix(Arc::from(bytes.as_ref()))
    }

    /// A filter by a registered predicate.
    pub fn custom(name: impl AsRef<str>) -> Self {
        Self::Custom(Arc::from(name.as_ref()))
    }

    fn passes(&self, spike: &Spike, host: &mut dyn FilterHost) -> bool {
        match self {
            Self::Kind(kind) => spike.kind() == *kind,
            Self::Priority { min } => spike.priority() >= *min,
            Self::Prefix(prefix) => match spike.payload() {
                Payload::Inline(bytes) => bytes.starts_with(prefix),
                Payload::Arena(payload) => host.arena_starts_with(payload, prefix),
            },
            Self::Custom(name) => host.custom(name, spike),
        }
    }
}

/// The filters of one synapse: a spike must pass all of them, asked in the order given. An empty set passes everything
/// and owns no memory.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FilterSet(Box<[Filter]>);

impl FilterSet {
    /// Whether it has no filter, so that every spike passes.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The filters, in the order given.
    pub fn as_slice(&self) -> &[Filter] {
        &self.0
    }

    /// Whether `spike` passes all of them; the first that refuses ends the asking.
    pub fn passes(&self, spike: &Spike, host: &mut dyn FilterHost) -> bool {
        self.0.iter().all(|filter| filter.passes(spike, host))
    }

    /// The names of the custom filters, in the order given.
    pub fn custom_names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.0.iter().filter_map(|filter| match filter {
            Filter::Custom(name) => Some(name),
            _ => None,
        })
    }

    /// Checks that each custom filter is known.
    ///
    /// # Errors
    /// [`SynapseError::UnknownFilter`] for the first name of which `known` says false.
    pub fn check_names(&self, mut known: impl FnMut(&str) -> bool) -> Result<(), SynapseError> {
        match self.custom_names().find(|name| !known(name)) {
            Some(name) => Err(SynapseError::UnknownFilter { name: name.to_string() }),
            None => Ok(()),
        }
    }
}

impl FromIterator<Filter> for FilterSet {
    fn from_iter<I: IntoIterator<Item = Filter>>(filters: I) -> Self {
        Self(filters.into_iter().collect())
    }
}

impl From<Vec<Filter>> for FilterSet {
    fn from(filters: Vec<Filter>) -> Self {
        Self(filters.into_boxed_slice())
    }
}
